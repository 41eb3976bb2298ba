use std::borrow::Cow;

use crate::scan;

/// The text of a JSON string: a piece of it, or in one buffer that is no longer, if anything in it is escaped; `None` if it is none.
///
/// serde_json gathers a string that has escapes in a buffer of its own, which grows as it goes and is copied in the end: for
/// megabytes that is three times as much.
#[cfg(any(test, feature = "azure", feature = "cloudevents-sdk", feature = "container", feature = "gcp"))]
pub(crate) fn unescape(json: &str) -> Option<Cow<'_, str>> {
    unquoted(json.trim_matches([' ', '\n', '\r', '\t']).strip_prefix('"')?.strip_suffix('"')?)
}

/// The same of what stands between the quotes.
pub(crate) fn unquoted(text: &str) -> Option<Cow<'_, str>> {
    let start = scan::plain(text.as_bytes());
    if start == text.len() {
        return Some(Cow::Borrowed(text));
    }
    // What is written is never longer than what is read, and eight bytes are written at once.
    let mut to = vec![0; text.len() + 8];
    to.get_mut(..start)?.copy_from_slice(text.as_bytes().get(..start)?);
    let (end, length) = write(text, start, &mut to, start)?;
    if end < text.len() {
        return None;
    }
    to.truncate(length);
    String::from_utf8(to).ok().map(Cow::Owned)
}

/// Writes what stands at a place of a text, to a place of a buffer, up to a quote or the end or while there is room. Where that
/// is in both.
pub(crate) fn write(text: &str, mut at: usize, to: &mut [u8], mut length: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    while let Some(room) = to.get_mut(length..).and_then(<[u8]>::first_chunk_mut::<8>) {
        // Between escapes there are a few bytes in most texts: to write eight and take some back is quicker than to copy just those.
        if let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            *room = *word;
            let run = scan::word_of(*word);
            at += run;
            length += run;
            if run == 8 {
                continue;
            }
        }
        match bytes.get(at) {
            None | Some(b'"') => break,
            Some(b'\\') => match single(*bytes.get(at + 1)?) {
                Some(byte) => {
                    *to.get_mut(length)? = byte;
                    (at, length) = (at + 2, length + 1);
                }
                None => {
                    let (char, rest) = code(text.get(at + 1..)?.strip_prefix('u')?)?;
                    length += char.encode_utf8(to.get_mut(length..length + 4)?).len();
                    at = text.len() - rest.len();
                }
            },
            Some(byte) if scan::is_special(*byte) => return None,
            Some(byte) => {
                *to.get_mut(length)? = *byte;
                (at, length) = (at + 1, length + 1);
            }
        }
    }
    Some((at, length))
}

/// What a single character stands for behind a backslash.
#[inline]
fn single(char: u8) -> Option<u8> {
    Some(match char {
        b'"' | b'\\' | b'/' => char,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

/// A character by its code in UTF-16: past 16 bits it takes two escapes, neither of which stands alone.
fn code(text: &str) -> Option<(char, &str)> {
    let (first, rest) = unit(text)?;
    if let Some(char) = char::from_u32(u32::from(first)) {
        return Some((char, rest));
    }
    let (second, rest) = unit(rest.strip_prefix("\\u")?)?;
    Some((char::decode_utf16([first, second]).next()?.ok()?, rest))
}

/// Four hexadecimal digits.
fn unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    // The standard library takes a sign too.
    let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_number)?;
    Some((unit, rest))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::unescape;

    #[test]
    fn each_escape_is_its_character() {
        for (json, text) in [
            (r#""""#, Some("")),
            (r#" "é" "#, Some("é")),
            (r#""\"\\\/\b\f\n\r\t""#, Some("\"\\/\u{8}\u{c}\n\r\t")),
            (r#""a\u00e9b\u00E9\u0000""#, Some("aébé\u{0}")),
            (r#""\ud834\udd1e\\ud834""#, Some("𝄞\\ud834")),
            // Half a pair, the halves in the wrong order, and a half beside another character.
            (r#""\ud834""#, None),
            (r#""\udd1e""#, None),
            (r#""\udd1e\ud834""#, None),
            (r#""\ud834\u0061""#, None),
            (r#""\ud834a""#, None),
            (r#""\ud834\n""#, None),
            (r#""\u+0e9""#, None),
            (r#""\u00""#, None),
            (r#""\u00éé""#, None),
            (r#""\x""#, None),
            (r#""\""#, None),
            ("\"\n\"", None),
            (r#""a"b""#, None),
            (r#"""#, None),
            ("5", None),
            ("", None),
        ] {
            assert_eq!(unescape(json).as_deref(), text, "{json}");
            assert_eq!(serde_json::from_str::<String>(json).ok().as_deref(), text, "{json}");
        }
    }

    /// Pieces of strings, some of which fit together and some of which do not.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            8 => r#"[^"\\\x00-\x1f]{0,4}"#,
            8 => r#"\\["\\/bfnrt]"#,
            8 => r"\\u[0-9a-fA-F]{4}",
            8 => r"\\u[dD][89abAB][0-9a-f]{2}\\u[dD][c-fC-F][0-9a-f]{2}",
            1 => r"\\u[dD][89a-fA-F][0-9a-f]{2}",
            1 => any::<String>(),
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
    }

    proptest! {
        #[test]
        fn a_text_comes_back(text: String) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(unescape(&json), Some(Cow::Owned(text)));
        }

        #[test]
        fn what_serde_reads_is_read_and_nothing_else(json in pieces()) {
            prop_assert_eq!(unescape(&json), serde_json::from_str::<String>(&json).ok().map(Cow::Owned));
        }
    }
}
