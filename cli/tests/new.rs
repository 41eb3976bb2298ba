//! `cargo polyfn new`, `add`, `list`, `completions` and `deploy --dry-run`, on real projects.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

const TRIGGERS: [&str; 9] = ["http", "direct", "queue", "topic", "object", "schedule", "change", "stream", "event"];

/// The clone that these tests are in.
fn clone() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("new-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A program in a folder, with no network, and with what the workspace has built so far.
fn run(program: impl AsRef<OsStr>, folder: &Path, args: &[&str]) -> Output {
    prepared(program, folder, args).output().unwrap()
}

fn prepared(program: impl AsRef<OsStr>, folder: &Path, args: &[&str]) -> Command {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command.env("CARGO_TARGET_DIR", tmp.parent().unwrap()).env("CARGO_NET_OFFLINE", "true").env("CARGO_TERM_COLOR", "never");
    // As the workspace has it, so that its dependencies are not built again.
    command.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
    command.env("GIT_CEILING_DIRECTORIES", tmp).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    command
}

fn polyfn(folder: &Path, args: &[&str]) -> Output {
    let args: Vec<_> = ["polyfn"].iter().chain(args).copied().collect();
    run(env!("CARGO_BIN_EXE_cargo-polyfn"), folder, &args)
}

#[track_caller]
fn succeeded(output: Output) -> String {
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    out
}

/// The one line that says why not.
#[track_caller]
fn refused(output: &Output, code: i32) -> String {
    // Cargo indents what it does meanwhile, such as waiting for another Cargo.
    let err = String::from_utf8_lossy(&output.stderr);
    let err: String = err.split_inclusive('\n').filter(|line| !line.starts_with(' ')).collect();
    assert_eq!((output.status.code(), err.lines().count(), output.stdout.len()), (Some(code), 1, 0), "{err}");
    err
}

/// What is in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A new project that stands alone, wherever it is, and has the workspace's versions of all that it depends on.
fn project(test: &str, name: &str, triggers: &[&str]) -> PathBuf {
    let folder = folder(test);
    let clone = clone();
    let mut args = vec!["new", name, "--vcs", "none", "--polyfn-path", clone.to_str().unwrap()];
    args.extend(triggers.iter().flat_map(|trigger| ["--trigger", trigger]));
    assert_eq!(succeeded(polyfn(&folder, &args)).lines().next(), Some(&*format!("cd {name}")));
    let project = folder.join(name);
    assert_eq!(names(&project), [".gitignore", "Cargo.toml", "README.md", "src"]);
    let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
    fs::write(project.join("Cargo.toml"), format!("{manifest}\n[workspace]\n")).unwrap();
    fs::copy(clone.join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    project
}

/// A project with a function of each trigger, and one more of each that was added.
fn with_everything(test: &str) -> PathBuf {
    let project = project(test, "shop-of-everything", &TRIGGERS);
    for trigger in TRIGGERS {
        succeeded(polyfn(&project, &["add", &format!("more_{trigger}"), "--trigger", trigger]));
    }
    project
}

#[test]
fn a_project_of_every_trigger_is_built_tested_and_listed() {
    let project = with_everything("everything");
    succeeded(run("cargo", &project, &["fmt", "--check"]));
    let tested = run("cargo", &project, &["test", "--offline"]);
    let err = String::from_utf8_lossy(&tested.stderr).into_owned();
    let out = succeeded(tested);
    // Six of the project, one for each provider and one for all, and six for each function that was added.
    assert!(out.contains("test result: ok. 60 passed; 0 failed; 0 ignored"), "{out}");
    assert!(!err.contains("warning:"), "{err}");

    let table = succeeded(polyfn(&project, &["list", "--offline"]));
    let lines: Vec<_> = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(lines.len(), 19, "{table}");
    assert_eq!(lines[0], "name trigger of options portable");
    for line in [
        "hello http GET /hello/{person} yes",
        "add direct - yes",
        "thumbnail object uploads on = created, suffix = \".png\" yes",
        "nightly schedule 0 5 * * * yes",
        "paid event shop.order.paid yes",
        "more_queue queue more-queue yes",
    ] {
        assert!(lines.iter().any(|listed| listed == line), "{line}: {table}");
    }
    let json: Value = serde_json::from_str(&succeeded(polyfn(&project, &["list", "--offline", "--format", "json"]))).unwrap();
    assert_eq!((&json["program"], json["functions"].as_array().unwrap().len()), (&Value::from("shop-of-everything"), 18));
    assert_eq!(json["functions"][2]["resource"], "orders");
}

#[test]
#[ignore = "clippy checks all dependencies once more"]
fn clippy_has_nothing_to_say_of_what_is_written() {
    let project = with_everything("clippy");
    succeeded(run("cargo", &project, &["clippy", "--offline", "--all-targets", "--", "-D", "warnings"]));
}

#[test]
fn a_project_is_in_a_repository_and_of_a_registry_s_crate() {
    let folder = folder("git");
    let has_git = Command::new("git").arg("--version").output().is_ok_and(|git| git.status.success());
    let made = polyfn(&folder, &["new", "shop"]);
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(told.contains("made shop, with the function `hello` (http)"), "{told}");
    succeeded(made);
    assert_eq!(folder.join("shop/.git").is_dir(), has_git);
    // In a repository there is none of its own.
    succeeded(polyfn(&folder.join("shop"), &["new", "inner", "--trigger", "queue,schedule,queue"]));
    assert!(!folder.join("shop/inner/.git").is_dir());
    let main = fs::read_to_string(folder.join("shop/inner/src/main.rs")).unwrap();
    assert!(main.contains("\npolyfn::main!(fulfil, nightly);\n"), "{main}");
    let manifest = fs::read_to_string(folder.join("shop/Cargo.toml")).unwrap();
    assert!(manifest.contains(&format!("polyfn = {{ version = \"{}\",", env!("CARGO_PKG_VERSION"))), "{manifest}");
    assert!(fs::read_to_string(folder.join("shop/.gitignore")).unwrap().lines().any(|line| line == "/.polyfn"));
    assert_eq!(names(&folder), ["shop"]);
}

#[test]
fn a_project_that_a_workspace_does_not_know_yet_is_told_of() {
    let folder = folder("workspace");
    fs::write(folder.join("Cargo.toml"), "[workspace]\nmembers = []\n").unwrap();
    fs::create_dir(folder.join("services")).unwrap();
    let made = polyfn(&folder, &["new", "services/shop", "--vcs", "none"]);
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(told.ends_with("Cargo.toml; add `services/shop` to the `members` there\n"), "{told}");
    succeeded(made);
}

#[test]
fn what_cannot_be_made_leaves_nothing() {
    let folder = folder("refused");
    fs::create_dir(folder.join("there")).unwrap();
    fs::write(folder.join("there/mine"), "1").unwrap();
    fs::create_dir(folder.join("empty")).unwrap();
    for (args, code, told) in [
        (&["new", "there"][..], 1, "error: there exists already, and is left as it is\n"),
        (&["new", "empty"], 1, "error: empty exists already, and is left as it is\n"),
        (&["new", "no/shop"], 1, "error: there is no folder no\n"),
        (&["new", "My_Shop"], 2, "`my-shop` would do\n"),
        (&["new", "struct"], 2, "`struct-functions` would do\n"),
        (&["new"], 2, "`cargo polyfn new NAME`\n"),
        (&["new", "shop", "--polyfn-path", "there"], 2, "error: there is no crate `polyfn` in there\n"),
    ] {
        let err = refused(&polyfn(&folder, args), code);
        assert!(err.ends_with(told), "{args:?}: {err}");
    }
    // Where this runs may be below the folder of a project, since Cargo builds there.
    let err = refused(&polyfn(&std::env::temp_dir(), &["list"]), 1);
    assert_eq!(err, "error: this is no folder of a project; go into one, or make one with `cargo polyfn new NAME`\n");
    // Half of it is written by then.
    let mut without_git = prepared(env!("CARGO_BIN_EXE_cargo-polyfn"), &folder, &["polyfn", "new", "shop", "--vcs", "git"]);
    let err = refused(&without_git.env("PATH", "").output().unwrap(), 1);
    assert!(err.starts_with("error: `git` cannot be run") && err.ends_with("; `--vcs none` does without\n"), "{err}");
    let wrong = polyfn(&folder, &["new", "shop", "--trigger", "kafka"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert_eq!(names(&folder), ["empty", "there"]);
    assert_eq!(names(&folder.join("there")), ["mine"]);
}

#[test]
fn a_function_is_added_to_what_is_formatted_in_another_way() {
    let project = project("add", "shop", &["http"]);
    let odd = "use polyfn::{function, Path};\n\n\n  #[function(http = \"GET /hello/{person}\")]\nasync fn hello(Path(person): Path<String>)->String { person }\n\
               polyfn::main!{ hello ; init = || async { 1 } }  // runs them\n#[cfg(test)] mod tests;\n";
    let main = project.join("src/main.rs");
    fs::write(&main, odd).unwrap();
    succeeded(polyfn(&project, &["add", "nightly", "--trigger", "schedule"]));
    let added = odd.replace("use polyfn", "mod nightly;\n\nuse polyfn").replace("{ hello ;", "{ hello, nightly::nightly ;");
    assert_eq!(fs::read_to_string(&main).unwrap(), added);
    assert_eq!(names(&project.join("src")), ["main.rs", "nightly.rs", "tests.rs"]);

    fs::write(project.join("src/taken.rs"), "").unwrap();
    for (args, code, told) in [
        (&["add", "nightly", "--trigger", "queue"][..], 1, "src/nightly.rs exists already, and is left as it is\n"),
        (&["add", "taken", "--trigger", "queue"], 1, "src/taken.rs exists already, and is left as it is\n"),
        (&["add", "hello", "--trigger", "queue"], 1, "something called `hello` already\n"),
        (&["add", "send-mail", "--trigger", "queue"], 2, "`send_mail` would do\n"),
        (&["add", "mail"], 2, "change, stream or event\n"),
    ] {
        let err = refused(&polyfn(&project, args), code);
        assert!(err.ends_with(told), "{args:?}: {err}");
    }
    fs::write(&main, "fn main() {}\n").unwrap();
    let err = refused(&polyfn(&project, &["add", "mail", "--trigger", "queue"]), 1);
    assert!(err.contains("there is no `polyfn::main!(..)` in it"), "{err}");
    let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
    fs::write(project.join("Cargo.toml"), manifest.replace("http = \"1\"\n", "")).unwrap();
    let err = refused(&polyfn(&project, &["add", "mail", "--trigger", "http"]), 1);
    assert!(err.ends_with("first run: cargo add http --dev\n"), "{err}");
    assert_eq!(names(&project.join("src")), ["main.rs", "nightly.rs", "taken.rs", "tests.rs"]);
    assert_eq!(fs::read_to_string(&main).unwrap(), "fn main() {}\n");
}

#[test]
fn a_deployment_is_shown_and_needs_what_is_deployed() {
    let project = project("deploy", "shop", &["queue"]);
    let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
    let settings = "[package.metadata.polyfn.deploy.azure]\nresource-group = \"my shop\"\n";
    fs::write(project.join("Cargo.toml"), format!("{manifest}\n{settings}")).unwrap();
    let deploy = |more: &[&str]| {
        let args = ["deploy", "--provider", "azure", "--artefacts", "built", "--dry-run"];
        polyfn(&project, &[&args, more].concat())
    };
    let err = refused(&deploy(&[]), 1);
    assert!(
        err.ends_with("there is no polyfn/azure/azuredeploy.json; first run `cargo polyfn manifest --provider azure`\n"),
        "{err}"
    );
    fs::create_dir_all(project.join("polyfn/azure")).unwrap();
    fs::write(project.join("polyfn/azure/azuredeploy.json"), "{}").unwrap();
    let err = refused(&deploy(&[]), 1);
    assert!(err.ends_with("there is no built/*.zip; first run `cargo polyfn build --provider azure`\n"), "{err}");
    fs::create_dir(project.join("built")).unwrap();
    fs::write(project.join("built/shop.zip"), "").unwrap();
    let shown = succeeded(deploy(&["--app", "shop-of-ada"]));
    assert_eq!(
        shown,
        "az deployment group create --resource-group 'my shop' --name shop-of-ada --template-file polyfn/azure/azuredeploy.json \
         --parameters name=shop-of-ada\n\
         az functionapp deployment source config-zip --resource-group 'my shop' --name shop-of-ada --src built/shop.zip\n"
    );
    let err = refused(&deploy(&["--app", "shop-of-ada", "--parameter", "POLYFN_NO_SUCH"]), 2);
    assert!(err.contains("`--parameter POLYFN_NO_SUCH` has no value"), "{err}");
}

#[test]
fn shells_complete_every_command() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = succeeded(polyfn(here, &["completions", shell]));
        for word in ["cargo-polyfn", "new", "deploy", "completions"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(polyfn(here, &["completions", "tcsh"]).status.code(), Some(2));
}

#[test]
fn help_says_what_each_command_is_for_with_examples() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = succeeded(polyfn(here, &["--help"]));
    for command in ["new", "add", "list", "deploy", "completions"] {
        assert!(all.lines().any(|line| line.trim_start().starts_with(command)), "{all}");
        let help = succeeded(polyfn(here, &[command, "--help"]));
        assert!(help.contains(&format!("\nExamples:\n  cargo polyfn {command}")), "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 130), "{help}");
    }
}
