use std::io;

use super::{
    content::{Content, Kind},
    time::Time,
};
use crate::failure::Failure;

/// A tar that is the same bytes whenever and wherever it is made: all in it is root's, with one time.
pub(super) fn tar(contents: &[Content<'_>], time: Time) -> Result<Vec<u8>, Failure> {
    written(contents, time).map_err(|error| Failure::new(format!("the tar cannot be made: {error}")))
}

fn written(contents: &[Content<'_>], time: Time) -> io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    for Content { path, mode, kind } in contents {
        let mut header = tar::Header::new_gnu();
        header.set_mode(*mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(time.seconds());
        let bytes = match kind {
            Kind::Folder => {
                header.set_entry_type(tar::EntryType::Directory);
                &[]
            }
            Kind::File(bytes) => {
                header.set_entry_type(tar::EntryType::Regular);
                bytes.as_ref()
            }
        };
        header.set_size(u64::try_from(bytes.len()).map_err(io::Error::other)?);
        let path = if *kind == Kind::Folder { format!("{path}/") } else { path.clone() };
        tar.append_data(&mut header, path, bytes)?;
    }
    tar.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_in_it_is_roots_and_has_one_time() {
        let contents =
            [Content::folder("app"), Content::program("app/hello", b"\x7fELF"), Content::file("etc/passwd", b"x".as_slice())];
        let made = tar(&contents, Time::read(Some("7")).unwrap()).unwrap();
        let mut read = tar::Archive::new(made.as_slice());
        let entries: Vec<_> = read
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                assert_eq!((header.uid().unwrap(), header.gid().unwrap(), header.mtime().unwrap()), (0, 0, 7));
                let path = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
                (path, header.mode().unwrap(), header.entry_type(), header.size().unwrap())
            })
            .collect();
        assert_eq!(
            entries,
            [
                ("app/".to_owned(), 0o755, tar::EntryType::Directory, 0),
                ("app/hello".to_owned(), 0o755, tar::EntryType::Regular, 4),
                ("etc/passwd".to_owned(), 0o644, tar::EntryType::Regular, 1),
            ]
        );
    }
}
