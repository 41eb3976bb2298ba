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

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    ENGINE.encode(bytes)
}
