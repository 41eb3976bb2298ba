use crate::event::Headers;

/// Whether these headers say that a body is compressed, in whatever way.
pub(in super::super) fn is_encoded(headers: &Headers) -> bool {
    headers.get_all("content-encoding").any(|value| !value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity"))
}

/// Whether a delivery or an event speaks of such a header, as the JSON of a provider does.
pub(in super::super) fn speaks_of_encoding(text: &[u8]) -> bool {
    const NAME: &[u8] = b"content-encoding";
    text.windows(NAME.len()).any(|window| window.eq_ignore_ascii_case(NAME))
}

/// Whether bytes begin as something compressed does that says so itself: gzip (RFC 1952), zlib (RFC 1950), Zstandard (RFC 8878)
/// or a zip archive. Brotli has no such beginning.
pub(super) fn is_compressed(bytes: &[u8]) -> bool {
    match bytes {
        [0x1f, 0x8b, 8, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [b'P', b'K', 3, 4, ..] => true,
        // The second byte makes a multiple of 31 of both.
        [0x78, second, ..] => {
            bytes.len() >= 16 && (0x7800 + u16::from(*second)).is_multiple_of(31) && std::str::from_utf8(bytes).is_err()
        }
        _ => false,
    }
}

/// Whether a member of this name holds a body in the JSON of a provider.
pub(super) fn holds_body(name: &str) -> bool {
    ["body", "data", "value", "message"].iter().any(|body| name.eq_ignore_ascii_case(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_says_so_in_its_first_bytes() {
        for (bytes, want) in [
            (&b"\x1f\x8b\x08\0\0\0\0\0\0\x03"[..], true),
            (b"\x28\xb5\x2f\xfd\x04", true),
            (b"PK\x03\x04", true),
            (b"\x78\x9c\xab\x56\x2a\x48\x2c\x2e\x2e\xcf\x2f\x4a\x51\xb2\x52\xff", true),
            // Texts, and what is too short to be sure of.
            (b"x^2 + y^2 = z^2, as everybody knows", false),
            (b"\x78\x9c", false),
            (b"\x1f\x8b", false),
            (b"", false),
        ] {
            assert_eq!(is_compressed(bytes), want, "{bytes:?}");
        }
    }
}
