use std::{
    ffi::OsString,
    path::PathBuf,
    process::{ExitStatus, Stdio},
};

use tokio::{io::AsyncWriteExt, process::Command};

use super::step::{Step, Word};
use crate::failure::Failure;

/// The programs that are there.
#[derive(Debug)]
pub(super) struct Tools {
    path: OsString,
}

impl Tools {
    /// Those of these folders, as `PATH` has them.
    pub(super) fn new(path: OsString) -> Self {
        Self { path }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        let ends: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
        let files =
            std::env::split_paths(&self.path).flat_map(|folder| ends.iter().map(move |end| folder.join(format!("{name}{end}"))));
        files.into_iter().find(|file| is_program(file))
    }

    /// Runs a step to its end, before the eyes of whoever runs this command.
    pub(super) async fn run(&self, step: &Step) -> Result<ExitStatus, Failure> {
        let mut command = self.command(step.program)?;
        command.args(step.arguments.iter().map(Word::text)).envs(step.env.iter().map(|(name, value)| (name, value)));
        let cannot = |error: std::io::Error| Failure::new(format!("`{}` cannot be run: {error}", step.program));
        let Some((input, _)) = &step.input else { return command.status().await.map_err(cannot) };
        let mut child = command.stdin(Stdio::piped()).spawn().map_err(cannot)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that reads nothing says by its exit code how it ended.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        child.wait().await.map_err(cannot)
    }

    /// Asks a program something; its answer, if it had one. What else it says is not shown.
    pub(super) async fn ask(&self, program: &'static str, arguments: &[&str]) -> Result<Option<String>, Failure> {
        let mut command = self.command(program)?;
        let asked = command.args(arguments).stdin(Stdio::null()).output().await;
        let output = asked.map_err(|error| Failure::new(format!("`{program}` cannot be run: {error}")))?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned()))
    }

    fn command(&self, name: &'static str) -> Result<Command, Failure> {
        let program = self
            .find(name)
            .ok_or_else(|| Failure::new(format!("there is no `{name}` on this machine; install {}", what(name))))?;
        let mut command = Command::new(program);
        command.kill_on_drop(true);
        Ok(command)
    }

    /// Fails unless they are all there.
    pub(super) fn need<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Failure> {
        match names.into_iter().find(|name| !self.has(name)) {
            Some(missing) => Err(Failure::new(format!("there is no `{missing}` on this machine; install {}", what(missing)))),
            None => Ok(()),
        }
    }
}

fn what(name: &str) -> &str {
    match name {
        "aws" => "the AWS CLI",
        "sam" => "the AWS SAM CLI",
        "gcloud" => "the Google Cloud CLI",
        "az" => "the Azure CLI",
        other => other,
    }
}

#[cfg(unix)]
fn is_program(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    file.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &std::path::Path) -> bool {
    file.is_file()
}
