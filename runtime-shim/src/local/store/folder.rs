use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

use super::StoreError;

/// The folder of a store, locked for as long as this lives.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Unlocked when it closes, also by a crash.
    _lock: File,
}

impl Folder {
    /// Makes it, if it is not there, in such a way that Git leaves it alone.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let cannot = |what: &str| format!("cannot {what} `{}`, where messages are kept", path.display());
        fs::create_dir_all(path).map_err(|error| StoreError::failed(cannot("make the folder"), error))?;
        let lock = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path.join("lock"));
        let mut lock = lock.map_err(|error| StoreError::failed(cannot("write in"), error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::locked(path, owner(&lock))),
            Err(TryLockError::Error(error)) => return Err(StoreError::failed(cannot("lock"), error)),
        }
        let ignore = path.join(".gitignore");
        let written = sign(&mut lock).and_then(|()| if ignore.exists() { Ok(()) } else { fs::write(ignore, "*\n") });
        written.map_err(|error| StoreError::failed(cannot("write in"), error))?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// A file in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Says in the lock whose it is, for the message that another process gives.
fn sign(lock: &mut File) -> std::io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    writeln!(lock, "{}", std::process::id())
}

/// Who holds the lock, where a locked file can be read.
fn owner(lock: &File) -> Option<u32> {
    let mut text = String::new();
    lock.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
