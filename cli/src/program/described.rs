use std::{fs, path::PathBuf};

use object::{Object, ObjectSection};
use polyfn_shim::manifest::Manifest;

use super::{Build, Unbuilt, Workspace};
use crate::failure::Failure;

/// A program's own description, the folder of its package, and the workspace around that.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) manifest: Manifest,
    pub(crate) package: PathBuf,
    pub(crate) workspace: Workspace,
}

impl Build {
    /// Builds the program and asks its file what it says of its functions.
    pub(crate) async fn described(&self) -> Result<Described, Failure> {
        let workspace = self.workspace().await?;
        let chosen = workspace.chosen(self)?;
        let built = self.build(&chosen).await.map_err(Unbuilt::into_failure)?;
        let file = fs::read(&built.executable)
            .map_err(|error| Failure::new(format!("`{}` cannot be read: {error}", built.executable.display())))?;
        let package = workspace.folders(&chosen).into_iter().next().unwrap_or_default();
        Ok(Described { manifest: described(&file)?, package, workspace })
    }
}

/// What a program says of its functions, from the bytes of its file. The program is not run: it may be for another processor.
///
/// # Errors
/// If the file is no program for Linux, macOS or Windows, or none that `polyfn::main!` wrote.
pub(crate) fn described(file: &[u8]) -> Result<Manifest, Failure> {
    let program = object::File::parse(file).map_err(|error| Failure::new(format!("this is no program: {error}")))?;
    let data = program.sections().filter_map(|section| section.data().ok());
    let manifest = data.filter(|data| !data.is_empty()).find_map(Manifest::find);
    manifest
        .ok_or_else(|| Failure::new("this program carries no description of functions; write its `main` with `polyfn::main!`"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::described;

    #[test]
    fn the_file_says_what_the_program_prints() {
        let program = polyfn_tests::example("inspect");
        let printed = Command::new(&program).env("POLYFN_MANIFEST", "1").output().unwrap();
        assert!(printed.status.success() && printed.stderr.is_empty());
        let manifest = described(&std::fs::read(&program).unwrap()).unwrap();
        assert_eq!(manifest, serde_json::from_slice(&printed.stdout).unwrap());
        let triggers: Vec<_> = manifest.functions.iter().map(|function| function.trigger.as_str()).collect();
        assert_eq!(triggers, ["http", "direct", "queue", "topic", "object", "schedule", "change", "stream", "event"]);
    }

    #[test]
    fn what_says_nothing_of_functions_is_refused() {
        let failure = described(b"#!/bin/sh").unwrap_err();
        assert!(failure.to_string().starts_with("this is no program"), "{failure}");
        // This test is a program, which reads manifests and carries none.
        let itself = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let failure = described(&itself).unwrap_err();
        assert!(failure.to_string().contains("write its `main` with `polyfn::main!`"), "{failure}");
    }
}
