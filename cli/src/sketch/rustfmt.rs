use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// A Rust file's text as rustfmt writes it in this folder; `None` if there is no rustfmt, or it does not take the text.
pub(crate) fn formatted(text: &str, folder: &Path) -> Option<String> {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--emit", "stdout", "--quiet"]).current_dir(folder);
    let mut child = rustfmt.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    // It reads all of it before it writes any.
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).ok()).flatten()
}
