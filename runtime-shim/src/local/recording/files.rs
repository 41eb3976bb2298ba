use std::{
    fs::{self, File},
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use super::{Recording, RecordingError};

/// The largest file that is read: more than the largest delivery of any host in all its forms.
const LARGEST: u64 = 256 << 20;

impl Recording {
    /// The name of its file as the `number`th of a folder, which sorts by time and tells trigger and function:
    /// `0001-queue-fulfil.json`. A recording that became no event is `none`.
    pub fn file_name(&self, number: u32) -> String {
        let trigger = self.events.first().map_or("none", |event| event.trigger().kind().as_str());
        let function: String =
            self.function.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).take(80).collect();
        let dash = if function.is_empty() { "" } else { "-" };
        format!("{number:04}-{trigger}{dash}{function}.json")
    }

    /// Writes it as the last one of a folder, which is made if it is missing; the file's path comes back.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_to(&self, folder: &Path) -> Result<PathBuf, RecordingError> {
        fs::create_dir_all(folder).map_err(|error| RecordingError::io(folder, "cannot make the folder", error))?;
        let last = numbered(folder)?.into_iter().map(|(number, _)| number).max().unwrap_or_default();
        let json = self.to_json();
        // Another process may be recording into the same folder: the name is ours once the file is.
        for number in last.saturating_add(1)..=u32::MAX {
            let path = folder.join(self.file_name(number));
            match File::create_new(&path) {
                Ok(mut file) => {
                    file.write_all(json.as_bytes()).map_err(|error| RecordingError::io(&path, "cannot write", error))?;
                    return Ok(path);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(RecordingError::io(&path, "cannot make the file", error)),
            }
        }
        Err(RecordingError::new(folder, "no number is free; take another folder"))
    }

    /// Reads one file.
    ///
    /// # Errors
    /// What the file system says, and what [`from_json`](Self::from_json) refuses.
    pub fn read(path: &Path) -> Result<Self, RecordingError> {
        let cannot = |error| RecordingError::io(path, "cannot read", error);
        let mut json = String::new();
        File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut json)).map_err(cannot)?;
        if u64::try_from(json.len()).is_ok_and(|length| length > LARGEST) {
            return Err(RecordingError::new(path, "more than 256 MiB, which no recording has"));
        }
        Self::from_json(&json).map_err(|error| RecordingError::decode(path, error))
    }

    /// Reads all recordings of a folder, in the order in which they were written; other files are left alone.
    ///
    /// # Errors
    /// A folder that cannot be read, and the first recording that cannot.
    pub fn read_all(folder: &Path) -> Result<Vec<(PathBuf, Self)>, RecordingError> {
        let mut files = numbered(folder)?;
        files.sort();
        files.into_iter().map(|(_, path)| Self::read(&path).map(|recording| (path, recording))).collect()
    }
}

/// The recordings of a folder with their numbers, in no order.
fn numbered(folder: &Path) -> Result<Vec<(u32, PathBuf)>, RecordingError> {
    let cannot = |error| RecordingError::io(folder, "cannot read the folder", error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let number = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")?.split_once('-')?.0.parse().ok());
        files.extend(number.map(|number| (number, path)));
    }
    Ok(files)
}
