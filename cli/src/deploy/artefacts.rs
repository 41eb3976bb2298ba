use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::failure::Failure;

/// What was written for a provider.
#[derive(Clone, Debug)]
pub(super) struct Artefacts {
    /// The folder of `cargo polyfn manifest`.
    pub(super) manifests: PathBuf,
    /// The folder of `cargo polyfn build`.
    pub(super) built: PathBuf,
    pub(super) provider: &'static str,
}

impl Artefacts {
    /// The path of a manifest, which has to be there.
    pub(super) fn manifest(&self, name: &str) -> Result<String, Failure> {
        let path = self.manifests.join(name);
        if path.is_file() { text(&path) } else { Err(self.missing(&path, "manifest")) }
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
        if units.is_empty() { Err(self.missing(&self.built.join(format!("*{end}")), "build")) } else { Ok(units) }
    }

    /// The only unit of these.
    pub(super) fn unit(&self, end: &str) -> Result<(String, PathBuf), Failure> {
        match self.units(end)?.as_slice() {
            [unit] => Ok(unit.clone()),
            several => {
                let names: Vec<_> = several.iter().map(|(name, _)| name.as_str()).collect();
                Err(Failure::new(format!(
                    "{} holds several units, {}; build with one, or deploy each with `--artefacts` and a folder of its own",
                    self.built.display(),
                    names.join(", ")
                )))
            }
        }
    }

    fn missing(&self, path: &Path, command: &str) -> Failure {
        Failure::new(format!("there is no {}; first run `cargo polyfn {command} --provider {}`", path.display(), self.provider))
    }
}

/// A path as a word of a command.
pub(super) fn text(path: &Path) -> Result<String, Failure> {
    path.to_str().map(str::to_owned).ok_or_else(|| Failure::new(format!("{} is no text that a command can have", path.display())))
}

/// An image that was built.
pub(super) struct Image {
    /// As `skopeo` reads it.
    pub(super) layout: String,
    /// `sha256:` and 64 digits.
    pub(super) digest: String,
}

impl Image {
    /// The image of this OCI layout.
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Index {
            manifests: Vec<Manifest>,
        }
        #[derive(Deserialize)]
        struct Manifest {
            digest: String,
        }
        let path = folder.join("index.json");
        let unread = |why: String| Failure::new(format!("{}: {why}", path.display()));
        let index: Index = serde_json::from_slice(&fs::read(&path).map_err(|error| unread(error.to_string()))?)
            .map_err(|error| unread(error.to_string()))?;
        let [Manifest { digest }] = index.manifests.as_slice() else { return Err(unread("this is not one image".to_owned())) };
        let hex =
            digest.strip_prefix("sha256:").filter(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if hex.is_none() {
            return Err(unread("its digest is none of sha256".to_owned()));
        }
        Ok(Self { layout: format!("oci:{}", text(folder)?), digest: digest.clone() })
    }

    /// A tag for it: the beginning of its digest.
    pub(super) fn tag(&self) -> &str {
        self.digest.get(7..19).unwrap_or_default()
    }
}
