use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};

use super::{
    content::{Content, Kind},
    time::Time,
};
use crate::failure::Failure;

/// A zip that is the same bytes whenever and wherever it is made: order, times and permissions are those that are given.
///
/// Its entries are made by Unix, whatever this machine is, since only then a host takes over their permissions.
pub(super) fn zip(contents: &[Content<'_>], time: Time) -> Result<Vec<u8>, Failure> {
    written(contents, time).map_err(|error| Failure::new(format!("the zip cannot be made: {error}")))
}

fn written(contents: &[Content<'_>], time: Time) -> Result<Vec<u8>, rawzip::Error> {
    let mut zip = ZipArchiveWriter::new(Vec::new());
    for content in contents {
        // Those who unpack it make the folders that files name.
        let Kind::File(bytes) = &content.kind else { continue };
        let file = zip.new_file(content.path.as_str()).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.last_modified(time.in_zips()).unix_permissions(content.mode).start()?;
        let mut data = config.wrap(DeflateEncoder::new(&mut entry, Compression::best()));
        data.write_all(bytes)?;
        let (encoder, descriptor) = data.finish()?;
        encoder.finish()?;
        entry.finish(descriptor)?;
    }
    zip.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// The name, mode, time and bytes of each entry.
    fn read(zip: &[u8]) -> Vec<(String, u32, String, Vec<u8>)> {
        let archive = rawzip::ZipArchive::from_slice(zip).unwrap();
        let (mut entries, mut read) = (archive.entries(), Vec::new());
        while let Some(entry) = entries.next_entry().unwrap() {
            let data = archive.get_entry(entry.wayfinder()).unwrap();
            let mut bytes = Vec::new();
            data.verifying_reader(flate2::read::DeflateDecoder::new(data.data())).read_to_end(&mut bytes).unwrap();
            let name = String::from_utf8(entry.file_path().as_ref().to_vec()).unwrap();
            read.push((name, entry.mode().value(), format!("{}", entry.last_modified()), bytes));
        }
        read
    }

    #[test]
    fn entries_have_their_order_modes_and_time() {
        let contents = [Content::program("handler", b"\x7fELF"), Content::file("add/function.json", b"{}".as_slice())];
        let made = zip(&contents, Time::default()).unwrap();
        let time = || "1980-01-01T00:00:00Z".to_owned();
        assert_eq!(
            read(&made),
            [
                ("handler".to_owned(), 0o100_755, time(), b"\x7fELF".to_vec()),
                ("add/function.json".to_owned(), 0o100_644, time(), b"{}".to_vec()),
            ]
        );
        // APPNOTE 4.4.2: the upper byte of "version made by" in the central directory, 3 for Unix.
        let directory = made.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        assert_eq!(made[directory + 5], 3);
    }

    #[test]
    fn nothing_but_the_contents_decides_the_bytes() {
        let contents = [Content::program("bootstrap", b"a program")];
        let made = || zip(&contents, Time::default()).unwrap();
        assert_eq!(made(), made());
        assert_ne!(made(), zip(&contents, Time::read(Some("1709210096")).unwrap()).unwrap());
    }
}
