use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// What was written for a provider.
#[derive(Clone, Debug)]
pub(super) struct Artefacts {
    /// The folder of `cargo polyfn manifest`.
    pub(super) manifests: PathBuf,
    /// The folder of `cargo polyfn build`.
    pub(super) built: PathBuf,
    /// The name of the program, which a unit of all its functions has.
    pub(super) program: String,
    /// Whom the manifests are for.
    pub(super) provider: &'static str,
    /// Whom the program was built for.
    pub(super) built_for: &'static str,
}

impl Artefacts {
    /// The path of a manifest, which has to be there.
    pub(super) fn manifest(&self, name: &str) -> Result<String, Failure> {
        let path = self.manifests.join(name);
        if path.is_file() { text(&path) } else { Err(missing(&path, "manifest", self.provider)) }
    }

    /// The units that end like this, such as `.zip` or `/oci-layout`: each one's name and path, without what follows the name.
    pub(super) fn units(&self, end: &str) -> Result<Vec<(String, PathBuf)>, Failure> {
        let entries = fs::read_dir(&self.built).into_iter().flatten().filter_map(Result::ok);
        let mut units: Vec<_> = entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                if end.starts_with('.') {
                    return Some((name.strip_suffix(end)?.to_owned(), entry.path()));
                }
                entry.path().join(end.trim_start_matches('/')).is_file().then(|| (name, entry.path()))
            })
            .collect();
        units.sort();
        if units.is_empty() { Err(missing(&self.built.join(format!("*{end}")), "build", self.built_for)) } else { Ok(units) }
    }

    /// Those of these units that the manifests name: other programs of the workspace, and what was built in another way before,
    /// may stand beside them.
    ///
    /// # Errors
    /// If one was not built.
    pub(super) fn named(&self, end: &str, names: &[String]) -> Result<Vec<(String, PathBuf)>, Failure> {
        if names.is_empty() {
            return self.units(end);
        }
        let built = self.units(end).unwrap_or_default();
        let one = |name: &String| {
            let unit = built.iter().find(|(unit, _)| unit == name);
            unit.cloned().ok_or_else(|| self.unbuilt(&self.built.join(format!("{name}{end}")), name))
        };
        names.iter().map(one).collect()
    }

    /// A unit that the manifests name, and that is not there.
    pub(super) fn unbuilt(&self, path: &Path, name: &str) -> Failure {
        let command = if name == self.program { "build" } else { "build --split" };
        missing(path, command, self.built_for)
    }

    /// The unit of all functions.
    pub(super) fn unit(&self, end: &str) -> Result<(String, PathBuf), Failure> {
        let units = self.units(end)?;
        if let Some(unit) = units.iter().find(|(name, _)| *name == self.program) {
            return Ok(unit.clone());
        }
        match units.as_slice() {
            [_] => Err(missing(&self.built.join(format!("{}{end}", self.program)), "build", self.built_for)),
            several => {
                let names: Vec<_> = several.iter().map(|(name, _)| name.as_str()).collect();
                Err(Failure::new(format!(
                    "{} holds several units, {}; this wants one: build without `--split`, or say with `--artefacts` where one is",
                    self.built.display(),
                    names.join(", ")
                )))
            }
        }
    }
}

fn missing(path: &Path, command: &str, provider: &str) -> Failure {
    Failure::new(format!("there is no {}; first run `cargo polyfn {command} --provider {provider}`", path.display()))
}

/// A path as a word of a command.
pub(super) fn text(path: &Path) -> Result<String, Failure> {
    path.to_str().map(str::to_owned).ok_or_else(|| Failure::new(format!("{} is no text that a command can have", path.display())))
}
