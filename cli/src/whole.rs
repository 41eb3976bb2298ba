use std::{fs, io, path::Path};

/// Writes a file as a whole, or leaves what was there. Before it takes its place, `finish` may change what was written beside it.
pub(crate) fn write(file: &Path, text: &str, finish: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let aside = file.with_file_name(name);
    let written = fs::write(&aside, text).and_then(|()| finish(&aside)).and_then(|()| fs::rename(&aside, file));
    if written.is_err() {
        // It may not be there.
        let _ = fs::remove_file(&aside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_leaves_what_was_there() {
        let folder = std::env::temp_dir().join(format!("polyfn-whole-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a.txt");
        write(&file, "one", |_| Ok(())).unwrap();
        assert!(write(&file, "two", |_| Err(io::Error::other("no"))).is_err());
        let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let text = fs::read_to_string(&file).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((text.as_str(), names), ("one", vec!["a.txt".into()]));
    }
}
