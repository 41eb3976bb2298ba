use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::BoxError;

/// A built program.
pub(crate) struct Program {
    /// Its name, which is also the feature that builds it.
    pub(crate) name: &'static str,
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// Its stripped size in bytes.
    pub(crate) size: u64,
    /// How many crates are in it, itself left out.
    pub(crate) crates: usize,
}

/// Builds each program on its own, or finds what an earlier run has built.
pub(crate) fn programs(names: &[&'static str], build: bool) -> Result<Vec<Program>, BoxError> {
    names.iter().map(|name| program(name, build)).collect()
}

fn program(name: &'static str, build: bool) -> Result<Program, BoxError> {
    let alone = ["-p", "polyfn-benches", "--no-default-features", "--features", name];
    if build {
        run(Command::new(cargo()).args(["build", "--release", "--quiet", "--bin", name]).args(alone))?;
    }
    let tree = run(Command::new(cargo()).args(["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}"]).args(alone))?;
    let mut crates: Vec<_> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    crates.sort_unstable();
    crates.dedup();
    // This program lies beside those it measures.
    let path = env::current_exe()?.with_file_name(name);
    let size = path.metadata().map_err(|error| format!("{}: {error}; leave --no-build out", path.display()))?.len();
    Ok(Program { name, path, size, crates: crates.len().saturating_sub(1) })
}

/// The versions of these crates, as they are locked.
pub(crate) fn versions(names: &[&str]) -> Result<String, BoxError> {
    let tree = run(Command::new(cargo()).args([
        "tree",
        "-p",
        "polyfn-benches",
        "--all-features",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let mut found: Vec<_> = names
        .iter()
        .filter_map(|name| tree.lines().find_map(|line| line.strip_prefix(&format!("{name} v")).map(|v| (name, v))))
        .collect();
    found.dedup();
    let versions = found.iter().map(|(name, version)| format!("{name} {}", version.trim_end_matches(" (*)")));
    Ok(format!("versions: {}", versions.collect::<Vec<_>>().join(", ")))
}

fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

fn run(command: &mut Command) -> Result<String, BoxError> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    if output.status.success() { Ok(String::from_utf8(output.stdout)?) } else { Err(format!("{command:?} failed").into()) }
}
