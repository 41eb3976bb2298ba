use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::File;
use crate::{failure::Failure, whole};

/// The folder of the manifests of all providers: what was said, or `polyfn` in the package's own.
pub(crate) fn folder_of(said: Option<&Path>, package: &Path) -> Result<PathBuf, Failure> {
    let Some(said) = said else { return Ok(package.join("polyfn")) };
    std::path::absolute(said).map_err(|error| Failure::new(format!("{}: {error}", said.display())))
}

/// Where the files of a provider are.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// It need not be there.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where this file is in it.
    pub(crate) fn path(&self, file: &File) -> PathBuf {
        self.path.join(&file.path)
    }

    /// The text of a file in it, and its path; `None` if there is none.
    pub(crate) fn read(&self, name: impl AsRef<Path>) -> Result<Option<(PathBuf, String)>, Failure> {
        let path = self.path.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some((path, text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::new(format!("{}: {error}", path.display()))),
        }
    }

    /// What an earlier run wrote that is not among these files. A user's own files are left alone: they have other names.
    pub(crate) fn left_over(&self, made: &[File]) -> Vec<PathBuf> {
        const NAMES: [&str; 9] = [
            "template.yaml",
            "fargate.yaml",
            "service.yaml",
            "triggers.yaml",
            "deploy.sh",
            "host.json",
            "function.json",
            "local.settings.json",
            "azuredeploy.json",
        ];
        let mut left = Vec::new();
        // A unit's folder, and in it a function's.
        let mut folders = vec![(self.path.clone(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let is_ours = entry.file_name().to_str().is_some_and(|name| NAMES.contains(&name));
                if path.is_dir() && depth < 2 {
                    folders.push((path, depth + 1));
                } else if is_ours && !made.iter().any(|file| self.path(file) == path) {
                    left.push(path);
                }
            }
        }
        left.sort();
        left
    }

    /// Writes a file as a whole, or leaves what was there.
    pub(crate) fn write(&self, file: &File) -> Result<(), Failure> {
        let path = self.path(file);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| whole::write(&path, &file.text, |aside| mark(aside, file.executable)));
        written.map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
    }
}

/// Marks a file as a program where files have such a mark.
#[cfg(unix)]
fn mark(path: &Path, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    if executable { fs::set_permissions(path, fs::Permissions::from_mode(0o755)) } else { Ok(()) }
}

#[cfg(not(unix))]
fn mark(_: &Path, _: bool) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_run_wrote_is_known_from_what_a_user_has_there() {
        let path = std::env::temp_dir().join(format!("polyfn-left-over-{}", std::process::id()));
        let folder = Folder::new(&path);
        for name in ["service.yaml", "hello/service.yaml", "hello/overlay.yaml", "hello/add/function.json", "notes.yaml"] {
            folder.write(&File::new(name, "")).unwrap();
        }
        let left = folder.left_over(&[File::new("service.yaml", ""), File::new("deploy.sh", "")]);
        fs::remove_dir_all(&path).unwrap();
        assert_eq!(left, ["hello/add/function.json", "hello/service.yaml"].map(|name| path.join(name)));
        assert_eq!(folder.left_over(&[]), Vec::<PathBuf>::new());
    }
}
