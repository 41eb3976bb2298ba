//! A test that runs as a process of its own, started by the test beside it.

use std::process::{Child, Command, Stdio};

/// What its environment has.
const ROLE: &str = "POLYFN_TEST_CHILD";

/// Whether this process is the one that was started.
pub(crate) fn is_here() -> bool {
    std::env::var_os(ROLE).is_some()
}

/// Starts the test that is called `child`.
pub(crate) fn start() -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--include-ignored", "--nocapture"])
        .env(ROLE, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Sends it SIGTERM.
pub(crate) fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}
