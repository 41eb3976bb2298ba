//! Imports point down: between crates, and between the rooms of the shim.

#![expect(clippy::expect_used, clippy::panic, reason = "a source file that is not there fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Rooms of the shim that know their own provider only. `local` may know all.
const PROVIDERS: [&str; 4] = ["aws", "azure", "container", "gcp"];

/// A line of code that names something it must not.
fn offences(files: &[PathBuf], forbidden: &[&str]) -> Vec<String> {
    let mut offences = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).expect("a source file is readable");
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for name in forbidden.iter().filter(|name| names(code, name)) {
                offences.push(format!("{}:{}: names `{name}`", file.display(), index + 1));
            }
        }
    }
    offences
}

fn none(offences: &[String]) {
    assert!(offences.is_empty(), "{offences:#?}");
}

/// Whether `code` has `name` as a whole word or path segment.
fn names(code: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code.get(at + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(word) && (name.ends_with(':') || !after.is_some_and(word))
    })
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "{folder} holds no source file; was it moved?");
    files
}

fn manifest(folder: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder).join("Cargo.toml")).expect("a manifest")
}

#[test]
fn event_names_no_provider() {
    let rooms = PROVIDERS.map(|provider| format!("{provider}::"));
    let mut forbidden: Vec<_> = rooms.iter().map(String::as_str).collect();
    forbidden.extend(["local::", "Provider::Aws", "Provider::Azure", "Provider::Container", "Provider::Gcp", "Provider::Local"]);
    // Tests need an event of some provider; they stand last in a file.
    let files: Vec<_> = sources("runtime-shim/src/event").into_iter().filter(|file| !file.ends_with("tests.rs")).collect();
    let offences: Vec<_> = offences(&files, &forbidden).into_iter().filter(|offence| !in_tests(offence)).collect();
    none(&offences);
}

/// Whether an offence stands below `mod tests`.
fn in_tests(offence: &str) -> bool {
    let mut parts = offence.split(':');
    let (Some(file), Some(line)) = (parts.next(), parts.next().and_then(|line| line.parse::<usize>().ok())) else { return false };
    let text = fs::read_to_string(file).expect("a source file is readable");
    text.lines().position(|line| line.starts_with("mod tests")).is_some_and(|tests| tests < line)
}

#[test]
fn no_provider_names_another() {
    for provider in PROVIDERS {
        let others: Vec<_> =
            PROVIDERS.iter().chain(&["local"]).filter(|other| **other != provider).map(|other| format!("{other}::")).collect();
        let forbidden: Vec<_> = others.iter().map(String::as_str).collect();
        none(&offences(&sources(&format!("runtime-shim/src/{provider}")), &forbidden));
    }
}

#[test]
fn crates_point_down() {
    let ours = ["polyfn", "polyfn-macros", "polyfn-shim", "cargo-polyfn"];
    for (folder, allowed) in [("macros", &[][..]), ("runtime-shim", &[]), ("sdk", &["polyfn-macros", "polyfn-shim"])] {
        let manifest = manifest(folder);
        for line in manifest.lines() {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            assert!(!ours.contains(&dependency) || allowed.contains(&dependency), "{folder} depends on {dependency}");
        }
    }
    none(&offences(&sources("runtime-shim/src"), &["polyfn::"]));
}

#[test]
fn only_generated_code_names_private() {
    let mut files = sources("examples");
    for folder in ["cli/src", "runtime-shim/src", "tests/src"] {
        files.extend(sources(folder));
    }
    // The facade declares it and shows it nowhere.
    files
        .extend(sources("sdk/src").into_iter().filter(|file| !file.ends_with("src/lib.rs") && !file.ends_with("src/private.rs")));
    none(&offences(&files, &["__private"]));
}

#[test]
fn a_name_is_a_whole_word() {
    assert!(names("use crate::aws::Frame;", "aws::"));
    assert!(!names("use crate::laws::Frame;", "aws::"));
    assert!(!names("let provider = Provider::AwsGov;", "Provider::Aws"));
}
