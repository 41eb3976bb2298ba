use std::io::Write;

use flate2::{Compression, GzBuilder};

use crate::{
    build::{content::Content, digest::Digest, tar::tar, time::Time},
    failure::Failure,
};

/// A part of an image's root, packed.
pub(super) struct Layer {
    /// The gzip of a tar.
    pub(super) bytes: Vec<u8>,
    /// The digest of the tar itself, by which an image's configuration knows it.
    pub(super) unpacked: Digest,
}

impl Layer {
    pub(super) fn of(contents: &[Content<'_>], time: Time) -> Result<Self, Failure> {
        let tar = tar(contents, time)?;
        // Without a name, without a time, of no system in particular.
        let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
        let bytes = gzip.write_all(&tar).and_then(|()| gzip.finish());
        let bytes = bytes.map_err(|error| Failure::new(format!("a layer cannot be made: {error}")))?;
        Ok(Self { bytes, unpacked: Digest::of(&tar) })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn it_is_known_by_what_it_unpacks_to() {
        let layer = Layer::of(&[Content::file("a", b"b".as_slice())], Time::default()).unwrap();
        let mut tar = Vec::new();
        flate2::read::GzDecoder::new(layer.bytes.as_slice()).read_to_end(&mut tar).unwrap();
        assert_eq!(layer.unpacked, Digest::of(&tar));
        // RFC 1952: no flags, no time, and 255 for an unknown system.
        assert_eq!(layer.bytes[3..8], [0; 5]);
        assert_eq!(layer.bytes[9], 255);
    }
}
