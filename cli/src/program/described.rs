use object::{Object, ObjectSection};
use polyfn_shim::manifest::Manifest;

use crate::failure::Failure;

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
