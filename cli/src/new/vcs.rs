use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::failure::Failure;

/// Whether a folder is in a repository already.
pub(super) fn is_inside(folder: &Path) -> bool {
    git(folder, &["rev-parse", "--is-inside-work-tree"]).is_ok_and(|inside| inside)
}

/// Starts a repository in a folder. Without git there is none, unless it `must` be.
pub(super) fn begin(folder: &Path, must: bool) -> Result<(), Failure> {
    match git(folder, &["init", "--quiet"]) {
        Ok(true) => Ok(()),
        Err(_) if !must => Ok(()),
        Ok(false) => Err(Failure::new("`git init` has failed; `--vcs none` does without")),
        Err(error) => Err(Failure::new(format!("`git` cannot be run: {error}; `--vcs none` does without"))),
    }
}

fn git(folder: &Path, args: &[&str]) -> std::io::Result<bool> {
    let mut git = Command::new("git");
    git.args(args).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    git.status().map(|status| status.success())
}
