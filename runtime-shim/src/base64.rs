//! Standard base64 with padding, by the processor's widest instructions.

use std::sync::LazyLock;

use ::base64::{Engine, engine::general_purpose::PAD};

// The crate's general engine takes four times as long; its fast one exists for these processors only.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
static ENGINE: LazyLock<::base64::engine::Simd> = LazyLock::new(|| ::base64::engine::Simd::standard(PAD));
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
static ENGINE: LazyLock<::base64::engine::GeneralPurpose> =
    LazyLock::new(|| ::base64::engine::GeneralPurpose::new(&::base64::alphabet::STANDARD, PAD));

pub(crate) fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, ::base64::DecodeError> {
    ENGINE.decode(text)
}

/// Decodes to the end of what is there.
#[cfg(feature = "aws")]
pub(crate) fn append(text: &[u8], to: &mut Vec<u8>) -> Result<(), ::base64::DecodeError> {
    ENGINE.decode_vec(text, to)
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    ENGINE.encode(bytes)
}

/// The same as a JSON string.
#[cfg(feature = "aws")]
pub(crate) fn encode_quoted(bytes: &[u8]) -> String {
    let mut json = String::with_capacity(bytes.len().div_ceil(3) * 4 + 2);
    json.push('"');
    ENGINE.encode_string(bytes, &mut json);
    json.push('"');
    json
}

#[cfg(all(test, feature = "aws"))]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_the_json_string_of_the_text() {
        let bytes: Vec<u8> = (0..=255).cycle().take(5_000).collect();
        for length in [0, 1, 2, 3, 4, 1_023, 1_024, 1_025, 5_000] {
            let quoted = encode_quoted(&bytes[..length]);
            assert_eq!(quoted, format!("\"{}\"", encode(&bytes[..length])));
            assert_eq!(quoted.capacity(), quoted.len(), "{length}");
        }
    }
}
