use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// A folder that is written beside its place, and then put there whole; what is not put leaves nothing.
pub(super) struct Draft {
    folder: PathBuf,
    parent: PathBuf,
    place: PathBuf,
}

impl Draft {
    /// Begins one. Fails if there is something at its place, or nothing around it.
    pub(super) fn begin(place: &Path) -> Result<Self, Failure> {
        is_free(place)?;
        let parent = match place.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        if !parent.is_dir() {
            return Err(Failure::new(format!("there is no folder {}", parent.display())));
        }
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let folder = parent.join(format!(".{name}.{}", std::process::id()));
        let draft = Self { folder, parent, place: place.to_owned() };
        fs::create_dir(&draft.folder).map_err(|error| cannot(&draft.place, &error))?;
        Ok(draft)
    }

    /// Where it is written.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder around it.
    pub(super) fn parent(&self) -> &Path {
        &self.parent
    }

    /// Writes a file of it.
    pub(super) fn write(&self, path: &str, text: &str) -> Result<(), Failure> {
        let path = self.folder.join(path);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| cannot(&path, &error))
    }

    /// Puts it in its place.
    pub(super) fn put(self) -> Result<(), Failure> {
        // A rename would take the place of an empty folder.
        is_free(&self.place)?;
        fs::rename(&self.folder, &self.place).map_err(|error| cannot(&self.place, &error))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn is_free(place: &Path) -> Result<(), Failure> {
    match place.symlink_metadata() {
        Ok(_) => Err(Failure::new(format!("{} exists already, and is left as it is", place.display()))),
        Err(_) => Ok(()),
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}
