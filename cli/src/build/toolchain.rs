use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use tokio::process::Command;

use super::triple::Triple;
use crate::failure::Failure;

/// The compiler of the program, as its folder has it.
pub(super) struct Toolchain {
    folder: PathBuf,
    /// What this machine's own programs are compiled for.
    pub(super) machine: String,
    pub(super) sysroot: PathBuf,
}

impl Toolchain {
    /// `folder` is that of the workspace, which may say which toolchain it wants.
    pub(super) async fn of(folder: &Path) -> Result<Self, Failure> {
        let lines = asked(folder, &["--print", "host-tuple", "--print", "sysroot"]).await?;
        let mut lines = lines.lines();
        let mut next = || lines.next().ok_or_else(|| Failure::new("`rustc` does not say what it compiles for"));
        Ok(Self { machine: next()?.to_owned(), sysroot: PathBuf::from(next()?), folder: folder.to_owned() })
    }

    /// Whether it can compile for this target.
    pub(super) async fn check(&self, triple: &Triple) -> Result<(), Failure> {
        let unknown =
            |_| Failure::usage(format!("rustc knows no target `{}`; `rustup target list` shows those it has", triple.name()));
        let folder = asked(&self.folder, &["--print", "target-libdir", "--target", triple.name()]).await.map_err(unknown)?;
        if !Path::new(folder.trim()).is_dir() {
            return Err(Failure::new(format!("the target `{0}` is not installed; run: rustup target add {0}", triple.name())));
        }
        Ok(())
    }

    /// Whether this machine's own linker and C compiler are for the target.
    pub(super) fn links(&self, triple: &Triple) -> bool {
        let processor = |name: &str| name.split('-').next().map(str::to_owned);
        self.machine.contains("-linux-") && processor(&self.machine) == processor(triple.name())
    }
}

async fn asked(folder: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let mut command = Command::new(env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc")));
    command.args(arguments).current_dir(folder).kill_on_drop(true);
    let output = command.output().await.map_err(|error| Failure::new(format!("`rustc` cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether there is a program of this name on `PATH`.
pub(super) fn is_on_path(program: &str) -> bool {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&name).is_file()))
}

/// Whether Cargo's configuration for this folder speaks of linkers: then the user knows better.
pub(super) fn has_own_linker(folder: &Path, home: Option<&Path>) -> bool {
    let files = folder.ancestors().map(|folder| folder.join(".cargo")).chain(home.map(Path::to_owned));
    let speaks = |folder: PathBuf| {
        let read = |name| std::fs::read_to_string(folder.join(name)).is_ok_and(|text| text.contains("linker"));
        read("config.toml") || read("config")
    };
    let variable = |(name, _): (OsString, _)| {
        name.to_str().is_some_and(|name| name.starts_with("CARGO_TARGET_") && name.ends_with("_LINKER"))
    };
    env::vars_os().any(variable) || files.into_iter().any(speaks)
}
