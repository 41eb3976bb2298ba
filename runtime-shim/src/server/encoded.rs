use std::borrow::Cow;

/// The path with everything percent-encoded that cannot stand in one, and every other byte as it is.
///
/// No dot segment is removed and no slash merged; an empty path is `/`.
///
/// ```
/// use polyfn_shim::server::encoded_path;
///
/// assert_eq!(encoded_path("//a/../b%2Fc/"), "//a/../b%2Fc/");
/// assert_eq!(encoded_path("/{é} 100%"), "/%7B%C3%A9%7D%20100%25");
/// ```
pub fn encoded_path(path: &str) -> Cow<'_, str> {
    let bytes = path.as_bytes();
    if bytes.is_empty() {
        return Cow::Borrowed("/");
    }
    let illegal = |(at, byte): (usize, &u8)| match byte {
        b'%' => !bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        b'"' | b'#' | b'<' | b'>' | b'?' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => true,
        byte => !byte.is_ascii_graphic(),
    };
    if !bytes.iter().enumerate().any(illegal) {
        return Cow::Borrowed(path);
    }
    let mut encoded = String::with_capacity(path.len() + 16);
    for (at, byte) in bytes.iter().enumerate() {
        if illegal((at, byte)) {
            encoded.push_str(percent_encoding::percent_encode_byte(*byte));
        } else {
            encoded.push(char::from(*byte));
        }
    }
    Cow::Owned(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_stand_in_a_path_is_encoded() {
        for (path, expected) in [
            ("", "/"),
            ("/", "/"),
            ("/a%2fb", "/a%2fb"),
            ("/%", "/%25"),
            ("/%4", "/%254"),
            ("/%zz", "/%25zz"),
            ("/a:b@c!$&'()*+,;=~[]", "/a:b@c!$&'()*+,;=~[]"),
            ("/\"#<>?\\^`{|}", "/%22%23%3C%3E%3F%5C%5E%60%7B%7C%7D"),
            ("/\u{7f}\n", "/%7F%0A"),
        ] {
            assert_eq!(encoded_path(path), expected, "{path:?}");
        }
    }
}
