use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::File;
use crate::failure::Failure;

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

    /// Writes a file as a whole, or leaves what was there.
    pub(crate) fn write(&self, file: &File) -> Result<(), Failure> {
        let path = self.path(file);
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.new", std::process::id()));
        let aside = path.with_file_name(name);
        let written = (|| {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&aside, &file.text)?;
            mark(&aside, file.executable)?;
            fs::rename(&aside, &path)
        })();
        written.map_err(|error| {
            let _ = fs::remove_file(&aside);
            Failure::new(format!("cannot write {}: {error}", path.display()))
        })
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
