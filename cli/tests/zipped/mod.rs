//! What is in a zip; sizes and checksums are verified.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::{collections::BTreeMap, io::Read};

/// The mode and the bytes of each entry.
pub(crate) fn zip(bytes: &[u8]) -> BTreeMap<String, (u32, Vec<u8>)> {
    let archive = rawzip::ZipArchive::from_slice(bytes).unwrap();
    let (mut entries, mut read) = (archive.entries(), BTreeMap::new());
    while let Some(entry) = entries.next_entry().unwrap() {
        let data = archive.get_entry(entry.wayfinder()).unwrap();
        let mut bytes = Vec::new();
        data.verifying_reader(flate2::read::DeflateDecoder::new(data.data())).read_to_end(&mut bytes).unwrap();
        read.insert(String::from_utf8(entry.file_path().as_ref().to_vec()).unwrap(), (entry.mode().value(), bytes));
    }
    read
}
