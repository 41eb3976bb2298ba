use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::content::{Content, Kind};
use crate::failure::Failure;

/// What is being written, in a folder beside the place where it will be: it is there as a whole, or not at all.
pub(super) struct Staged {
    out: PathBuf,
    folder: PathBuf,
    /// What is to be moved to its place, relative.
    ready: Vec<PathBuf>,
}

impl Staged {
    pub(super) fn below(out: &Path) -> Result<Self, Failure> {
        // On the same file system, where a file is moved in one step.
        let folder = out.join(format!(".build-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| cannot(&folder, &error))?;
        Ok(Self { out: out.to_owned(), folder, ready: Vec::new() })
    }

    /// Writes a file.
    pub(super) fn file(&mut self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.put(Path::new(path), bytes, 0o644)
    }

    /// Writes a folder: what was in one of this name before is gone.
    pub(super) fn folder(&mut self, path: &str, contents: &[Content<'_>]) -> Result<(), Failure> {
        for content in contents {
            let inside = Path::new(path).join(&content.path);
            match &content.kind {
                Kind::File(bytes) => self.write(&inside, bytes, content.mode)?,
                Kind::Folder => self.make(&inside, content.mode)?,
            }
        }
        self.ready.push(PathBuf::from(path));
        Ok(())
    }

    /// Moves everything to its place.
    pub(super) fn commit(self) -> Result<(), Failure> {
        for (number, path) in self.ready.iter().enumerate() {
            let place = self.out.join(path);
            let moved = || {
                if let Some(folder) = place.parent() {
                    fs::create_dir_all(folder)?;
                }
                // A folder can only take the place of none.
                if place.is_dir() {
                    fs::rename(&place, self.folder.join(format!("before-{number}")))?;
                }
                fs::rename(self.folder.join(path), &place)
            };
            moved().map_err(|error| cannot(&place, &error))?;
        }
        Ok(())
    }

    fn put(&mut self, path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
        self.write(path, bytes, mode)?;
        self.ready.push(path.to_owned());
        Ok(())
    }

    fn make(&self, path: &Path, mode: u32) -> Result<(), Failure> {
        let place = self.folder.join(path);
        let made = fs::create_dir_all(&place).and_then(|()| permit(&place, mode));
        made.map_err(|error| cannot(&self.out.join(path), &error))
    }

    fn write(&self, path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
        let place = self.folder.join(path);
        let written = || {
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = fs::File::create(&place)?;
            file.write_all(bytes)?;
            // A disk may say only now that it is full.
            file.sync_all()?;
            permit(&place, mode)
        };
        written().map_err(|error| cannot(&self.out.join(path), &error))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // What is left of it is of no use, and there is nobody to tell.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Elsewhere files have no such permissions; those in archives have.
#[cfg(not(unix))]
fn permit(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("polyfn-staged-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_there_is_replaced_as_a_whole() {
        let out = empty("whole");
        for (name, text) in [("old", "1"), ("new", "2")] {
            let mut staged = Staged::below(&out).unwrap();
            staged.file("shop.tar", text.as_bytes()).unwrap();
            staged.folder("shop", &[Content::folder("blobs"), Content::file(format!("blobs/{name}"), b"x".as_slice())]).unwrap();
            staged.file("aws/bootstrap.zip", text.as_bytes()).unwrap();
            staged.commit().unwrap();
        }
        assert_eq!(names(&out), ["aws", "shop", "shop.tar"]);
        assert_eq!(names(&out.join("shop/blobs")), ["new"]);
        assert_eq!(fs::read_to_string(out.join("aws/bootstrap.zip")).unwrap(), "2");
        fs::remove_dir_all(&out).unwrap();
    }

    #[test]
    fn what_fails_leaves_what_was_there() {
        let out = empty("fails");
        let mut staged = Staged::below(&out).unwrap();
        staged.file("a", b"before").unwrap();
        staged.commit().unwrap();

        let mut staged = Staged::below(&out).unwrap();
        staged.file("a", b"after").unwrap();
        // A folder cannot be where a file is.
        let failure = staged.file("a/b", b"").unwrap_err();
        assert!(failure.to_string().starts_with(&format!("cannot write {}: ", out.join("a/b").display())), "{failure}");
        drop(staged);
        assert_eq!(names(&out), ["a"]);
        assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "before");
        fs::remove_dir_all(&out).unwrap();
    }
}
