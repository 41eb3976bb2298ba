//! `cargo polyfn check` and `manifest`, as a person runs them on the examples.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// The workspace, where the examples are.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Runs the command there.
fn polyfn(args: &[&str]) -> Ran {
    let ran =
        Command::new(env!("CARGO_BIN_EXE_cargo-polyfn")).arg("polyfn").args(args).current_dir(workspace()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: ran.status.code(), out: text(&ran.stdout), err: text(&ran.stderr) }
}

/// An empty folder for manifests.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("check-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn errors_are_written_where_they_are_made() {
    // Of `inspect` every function takes any resource, which no cloud can bind.
    let ran = polyfn(&["check", "-p", "inspect", "--provider", "aws", "--format", "json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let findings: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let functions: Vec<_> = findings.iter().map(|finding| finding["function"].as_str().unwrap()).collect();
    assert_eq!(functions, ["queue", "topic", "object", "change", "stream"]);
    let source = include_str!("../../examples/inspect/src/main.rs");
    for finding in &findings {
        assert_eq!(
            (&finding["code"], &finding["level"], &finding["provider"]),
            (&"PF001".into(), &"error".into(), &"aws".into())
        );
        assert_eq!(finding["file"], "examples/inspect/src/main.rs");
        let line = source.lines().nth(usize::try_from(finding["line"].as_u64().unwrap()).unwrap() - 1).unwrap();
        let function = finding["function"].as_str().unwrap();
        assert_eq!(line, format!("#[function({function} = \"*\")]"));
    }
    assert!(ran.err.ends_with("polyfn: 5 errors, 0 warnings; there are no manifests to compare with\n"), "{}", ran.err);

    let ran = polyfn(&["check", "-p", "inspect", "--provider", "aws", "--format", "github"]);
    assert!(ran.out.starts_with("::error file=examples/inspect/src/main.rs,line="), "{}", ran.out);
    let ran = polyfn(&["check", "-p", "inspect", "--allow", "pf001", "--allow", "pf006"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
}

#[test]
fn a_lint_that_does_not_exist_is_a_wrong_use() {
    let ran = polyfn(&["check", "--allow", "PF999"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("there is no lint `PF999`; there are PF001, "), "{}", ran.err);
}

#[test]
fn manifests_that_are_not_what_the_program_says_are_told() {
    let out = folder("manifests");
    let out = out.to_str().unwrap();
    let all = ["--provider", "aws", "--provider", "gcp", "--provider", "azure", "--provider", "container"];
    for target in ["aws", "gcp", "azure", "container"] {
        let ran = polyfn(&["manifest", "-p", "fulfil-orders", "--provider", target, "--out", out]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.out.lines().count() > 0 && ran.out.lines().all(|file| workspace().join(file).is_file()), "{}", ran.out);
    }
    let check = || polyfn(&[&["check", "-p", "fulfil-orders", "--out", out], &all[..]].concat());
    let ran = check();
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);

    let host = Path::new(out).join("azure/host.json");
    let text = fs::read_to_string(&host).unwrap();
    fs::write(&host, text.replace("\"handler\"", "\"other\"")).unwrap();
    let template = Path::new(out).join("aws/template.yaml");
    fs::remove_file(&template).unwrap();
    let ran = check();
    assert_eq!(ran.code, Some(1));
    let line = text.lines().position(|line| line.contains("\"handler\"")).unwrap() + 1;
    assert!(
        ran.out.contains("error[PF011] on aws: this manifest is not there; run `cargo polyfn manifest --provider aws --out ")
    );
    assert!(ran.out.contains(&format!("error[PF012] on azure: this is not what the program says of itself; run `cargo polyfn manifest --provider azure --out {out} -p fulfil-orders`\n  --> {}:{line}\n", host.strip_prefix(workspace()).unwrap_or(&host).display())), "{}", ran.out);

    // Written anew, they agree again.
    assert_eq!(polyfn(&["manifest", "-p", "fulfil-orders", "--provider", "azure", "--out", out]).code, Some(0));
    assert_eq!(fs::read_to_string(&host).unwrap(), text);
}

#[test]
fn what_writes_manifests_anew_is_told_as_they_were_written() {
    let out = folder("split");
    let written = out.to_str().unwrap();
    for target in ["aws", "gcp"] {
        let ran = polyfn(&["manifest", "-p", "fulfil-orders", "--provider", target, "--split", "--out", written]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    for file in ["aws/template.yaml", "gcp/fulfil/service.yaml"] {
        let text = fs::read_to_string(out.join(file)).unwrap();
        fs::write(out.join(file), format!("{text}more: 1\n")).unwrap();
    }
    let ran = polyfn(&["check", "-p", "fulfil-orders", "--out", written]);
    let findings: Vec<_> = ran.out.lines().filter(|line| line.starts_with("error")).collect();
    let [aws, gcp] = findings[..] else { panic!("{}", ran.out) };
    assert!(
        aws.ends_with(&format!("; run `cargo polyfn manifest --provider aws --split --out {written} -p fulfil-orders`")),
        "{aws}"
    );
    assert!(gcp.starts_with("error[PF012] on gcp") && gcp.contains(" --split "), "{gcp}");
}

#[test]
fn a_folder_of_manifests_that_is_not_there_is_told() {
    let ran = polyfn(&["check", "-p", "fulfil-orders", "--out", "no/such"]);
    assert_eq!(ran.code, Some(1));
    let told = "error: there is no folder no/such; `cargo polyfn manifest --provider PROVIDER --out no/such -p fulfil-orders` writes manifests there\n";
    assert!(ran.err.ends_with(told), "{}", ran.err);
}
