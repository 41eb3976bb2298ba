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
    let (end, length) = write(text.as_bytes(), start, &mut to, start);
    if end < text.len() {
        return None;
    }
    to.truncate(length);
    String::from_utf8(to).ok().map(Cow::Owned)
}

/// Writes what stands at a place of a text, to a place of a buffer, up to a quote or the end, while there is room and what
/// follows may stand there. Where that is in both.
pub(crate) fn write(from: &[u8], mut at: usize, to: &mut [u8], mut length: usize) -> (usize, usize) {
    while let Some(room) = to.get_mut(length..).and_then(<[u8]>::first_chunk_mut::<8>) {
        let mut run = 0;
        // Between escapes there are a few bytes in most texts: to write eight and take some back is quicker than to copy just those.
        if let Some(word) = from.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            *room = *word;
            run = scan::word_of(*word);
            at += run;
            length += run;
            if run == 8 {
                continue;
            }
            // Of JSON inside of JSON, nearly all that is escaped is quotes.
            if let (Some([b'\\', b'"', ..]), Some(place)) = (word.get(run..), room.get_mut(run)) {
                *place = b'"';
                at += 2;
                length += 1;
                continue;
            }
        }
        let Some(byte) = from.get(at).copied().filter(|byte| *byte != b'"') else { break };
        let written = match from.get(at + 1) {
            _ if byte != b'\\' => Some(byte).filter(|byte| !scan::is_special(*byte)),
            Some(b'u') => {
                let Some((char, taken)) = from.get(at + 2..).and_then(code) else { break };
                let Some(place) = to.get_mut(length..length + 4) else { break };
                length += char.encode_utf8(place).len();
                at += 2 + taken;
                continue;
            }
            Some(mark) => single(*mark),
            None => None,
        };
        let (Some(written), Some(place)) = (written, room.get_mut(run)) else { break };
        *place = written;
        at += if byte == b'\\' { 2 } else { 1 };
        length += 1;
    }
    (at, length)
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

/// A character by its code in UTF-16, and how many bytes say so: past 16 bits it takes two escapes, neither of which stands alone.
#[inline(never)]
pub(crate) fn code(digits: &[u8]) -> Option<(char, usize)> {
    let first = unit(digits)?;
    if let Some(char) = char::from_u32(u32::from(first)) {
        return Some((char, 4));
    }
    let second = unit(digits.get(4..)?.strip_prefix(b"\\u")?)?;
    Some((char::decode_utf16([first, second]).next()?.ok()?, 10))
}

/// Four hexadecimal digits.
fn unit(digits: &[u8]) -> Option<u16> {
    digits.first_chunk::<4>()?.iter().try_fold(0, |unit: u16, digit| {
        let digit = u16::try_from(char::from(*digit).to_digit(16)?).ok()?;
        Some(unit << 4 | digit)
    })
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
