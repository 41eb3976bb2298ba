//! `cargo polyfn dev` and `record`, as a person runs them.

mod project;
mod shim;

use std::{fs, net::TcpListener, path::Path};

use polyfn_tests::{answered, free_port, get};
use project::Project;

/// Whether the port can be listened on.
fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

#[test]
fn a_change_is_built_and_runs_on_the_same_port() {
    let project = Project::new("change");
    let port = free_port();
    let text = port.to_string();
    let dev = project.polyfn(&["dev", "--offline", "--port", &text, "--provider", "aws", "--", "a", "b"]);
    dev.until("clerk one as Some(\"aws\") in Some(\"local\") with [\"a\", \"b\"]");
    assert_eq!(get(port, "/").text(), "one");

    // A path dependency.
    project.version("two");
    dev.until("src/lib.rs changed, building");
    dev.until("clerk two");
    assert_eq!(get(port, "/").text(), "two");

    // A mistake: the compiler's words, here and in the console, and the old program goes on.
    project.version("three\" + 1 + \"");
    let lines = dev.until("`clerk` does not build; the program before this change goes on");
    assert!(lines.iter().any(|line| line.starts_with("error[E0369]")), "{lines:#?}");
    let note = dev.until("asked POST /_polyfn/api/notes").pop().unwrap_or_default();
    assert!(note.contains(r#""level":"error""#) && note.contains("error[E0369]"), "{note}");
    assert_eq!(get(port, "/").text(), "two");

    project.version("three");
    dev.until("clerk three");

    // A mistake that is undone: what runs is what would be built, and the console is told.
    let manifest = fs::read_to_string(project.folder().join("Cargo.toml")).unwrap_or_default();
    project.write("clerk/Cargo.toml", "[package");
    dev.until("asked POST /_polyfn/api/notes");
    project.write("clerk/Cargo.toml", &manifest);
    let lines = dev.until("asked POST /_polyfn/api/notes");
    assert!(lines.last().is_some_and(|line| line.contains(r#""level":"info""#)), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.starts_with("clerk")), "{lines:#?}");

    // A new file in a new folder, that the manifest names.
    project.write("parts/more/lib.rs", "pub const VERSION: &str = \"four\";\n");
    let manifest = fs::read_to_string(project.folder().join("../parts/Cargo.toml")).unwrap_or_default();
    project.write("parts/Cargo.toml", &manifest.replace("[workspace]", "[lib]\npath = \"more/lib.rs\"\n[workspace]"));
    dev.until("clerk four");
    project.write("parts/more/lib.rs", "pub const VERSION: &str = \"five\";\n");
    dev.until("clerk five");

    dev.signal("-INT");
    let (status, _) = dev.end();
    assert_eq!(status.code(), Some(0));
    assert!(is_free(port));
}

#[test]
fn what_never_built_is_a_page() {
    let project = Project::new("page");
    project.version("<b>\" + 1 + \"");
    let port = free_port();
    let dev = project.polyfn(&["dev", "--offline", "--port", &port.to_string()]);
    dev.until("`clerk` does not build; waiting for a change");
    let page = loop {
        // It listens a moment later; and where the file system tells of a write late, it builds and listens once more.
        if !is_free(port)
            && let Some(page) = answered(port, "GET", "/", &[("accept", "text/html")], b"")
        {
            break page;
        }
    };
    assert_eq!((page.status(), page.header("content-type")), (503, Some("text/html; charset=utf-8")));
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
    let text = page.text();
    assert!(text.contains("`clerk` does not build") && text.contains("&lt;b&gt;") && !text.contains("<b>"), "{text}");
    let problem = get(port, "/_polyfn/api/queues");
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
    assert_eq!(problem.json()["detail"], "`clerk` does not build; the terminal of `cargo polyfn dev` shows more");

    project.version("one");
    dev.until("clerk one as None");
    assert_eq!(get(port, "/").text(), "one");
    dev.signal("-TERM");
    assert_eq!(dev.end().0.code(), Some(0));
    assert!(is_free(port));
}

#[test]
fn a_program_that_ends_is_told_of_and_starts_after_a_change() {
    let project = Project::new("ends");
    let port = free_port();
    let dev = project.polyfn(&["dev", "--offline", "--port", &port.to_string(), "--", "fail"]);
    dev.until("`clerk` ended (exit status: 3); it starts again after a change");
    project.version("two");
    dev.until("building");
    dev.until("`clerk` ended (exit status: 3)");
    dev.signal("-INT");
    assert_eq!(dev.end().0.code(), Some(0));
}

/// A command that ends by itself: its exit code, and its last line.
fn refused(project: &Project, args: &[&str]) -> (Option<i32>, String) {
    let (status, lines) = project.polyfn(args).end();
    (status.code(), lines.last().cloned().unwrap_or_default())
}

#[test]
fn what_cannot_be_run_is_one_line() {
    let project = Project::new("refused");
    let taken = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| Ok((listener.local_addr()?.port(), listener)));
    let (port, _listener) = taken.unwrap_or_else(|error| unreachable!("{error}"));
    let line = format!("error: port {port} is in use; stop what listens there, or take another with `--port`");
    assert_eq!(refused(&project, &["dev", "--offline", "--port", &port.to_string()]), (Some(1), line));
    let line = "error: there is no package `clark` in this workspace; there are `clerk`".to_owned();
    assert_eq!(refused(&project, &["dev", "--offline", "-p", "clark"]), (Some(2), line));
    let line = "error: there is no program `x`; there are `clerk`".to_owned();
    assert_eq!(refused(&project, &["dev", "--offline", "--bin", "x"]), (Some(2), line));
    let (code, _) = refused(&project, &["dev", "--provider", "heroku"]);
    assert_eq!(code, Some(2));
    project.write("clerk/Cargo.toml", "[package");
    assert_eq!(refused(&project, &["dev", "--offline"]), (Some(1), "error: cargo cannot read the workspace".to_owned()));
}

#[test]
fn a_recorded_run_tells_how_much_was_written() {
    let project = Project::new("record");
    project.write("clerk/recordings/0001-queue-clerk.json", "{}");
    project.write("clerk/recordings/README.md", "");
    let port = free_port().to_string();
    let run = project.polyfn(&["record", "recordings", "--offline", "--port", &port]);
    run.until("clerk one");
    run.signal("-INT");
    let (status, lines) = run.end();
    assert_eq!(status.code(), Some(0));
    assert_eq!(lines.last().map(String::as_str), Some("polyfn: 1 recording written to recordings"), "{lines:#?}");
    let line = "error: `clerk` ended by itself (exit status: 3)".to_owned();
    assert_eq!(refused(&project, &["record", "recordings", "--offline", "--port", &port, "--", "fail"]), (Some(1), line));
    project.version("\" + 1 + \"");
    assert_eq!(
        refused(&project, &["record", "recordings", "--offline"]),
        (Some(1), "error: the program does not build".to_owned())
    );
    project.write("clerk/file", "");
    let (code, line) = refused(&project, &["record", "file/recordings", "--offline"]);
    assert!(code == Some(1) && line.starts_with("error: cannot make "), "{line}");
}

/// A crate of a user's: `polyfn` by its path, what it needs as this workspace has it.
fn shop() -> Project {
    let project = Project::new("shop");
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let manifest = format!(
        "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\npolyfn = {{ path = \"{workspace}/sdk\" }}\n\
         [workspace]\nresolver = \"3\"\n[profile.dev]\ndebug = \"line-tables-only\"\n"
    );
    project.write("clerk/Cargo.toml", &manifest);
    project.write("clerk/Cargo.lock", &fs::read_to_string(format!("{workspace}/Cargo.lock")).unwrap_or_default());
    project
}

const SHOP: &str = r#"
use polyfn::{Error, function};

#[function]
fn price(_: String) -> u32 { 450 }

#[function(queue = "orders")]
fn fulfil(order: String) -> Result<(), Error> {
    if order == "coal" { Err(Error::msg("sold out")) } else { Ok(()) }
}

polyfn::main!(price, fulfil);
"#;

#[test]
fn functions_are_changed_while_they_run() {
    let project = shop();
    project.write("clerk/src/main.rs", SHOP);
    let port = free_port();
    let text = port.to_string();
    // Beside this test, where what it needs is built already.
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/..");
    let dev = project::Running::start(&project.folder(), Path::new(target), &["dev", "--offline", "--port", &text]);
    dev.until("polyfn serves 2 functions");
    let polyfn = |args: &[&str]| shim::polyfn(&text, args);
    let ran = polyfn(&["invoke", "price", "\"tea\""]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "450\n"), "{ran:?}");
    let ran = polyfn(&["send", "queue", "orders", "coal", "--as", "azure"]);
    assert!(ran.code == Some(1) && ran.out.contains("Function.Error: sold out"), "{ran:?}");

    // A mistake in an attribute is under the user's own word.
    project.write("clerk/src/main.rs", &SHOP.replace("queue =", "que ="));
    let lines = dev.until("`shop` does not build; the program before this change goes on");
    assert!(lines.iter().any(|line| line.contains("unknown key `que`")), "{lines:#?}");
    assert_eq!(polyfn(&["invoke", "price", "\"tea\""]).out, "450\n");

    project.write("clerk/src/main.rs", &SHOP.replace("450", "500"));
    dev.until("polyfn serves 2 functions");
    assert_eq!(polyfn(&["invoke", "price", "\"tea\""]).out, "500\n");
    dev.signal("-INT");
    let (status, lines) = dev.end();
    assert_eq!(status.code(), Some(0), "{lines:#?}");
    assert!(is_free(port));
}
