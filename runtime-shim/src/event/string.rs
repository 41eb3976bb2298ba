use std::fmt::Write as _;

#[cfg(feature = "gcp")]
use crate::{scan, unescape::code};

/// Writes a text as a JSON string.
pub(crate) fn string(text: &str, to: &mut String) {
    to.reserve(text.len() + 2);
    to.push('"');
    let mut rest = text;
    // Most texts have nothing to escape, which is seen fastest without a stop on the way.
    let has_any = text.bytes().fold(false, |any, byte| any | is_escaped(byte));
    while let Some(at) = rest.bytes().position(is_escaped).filter(|_| has_any) {
        // What is escaped is one byte long, so that both sides of it are text.
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let mut chars = from.chars();
        to.push_str(before);
        escaped(chars.next().unwrap_or_default(), to);
        rest = chars.as_str();
    }
    to.push_str(rest);
    to.push('"');
}

/// Writes what a JSON string says as [`string`] would, from its JSON: without the text in between, which may be long. What is no
/// JSON string is not taken.
#[cfg(feature = "gcp")]
pub(crate) fn rewrite(json: &str, to: &mut String) -> Option<()> {
    let mut rest = json.strip_prefix('"')?.strip_suffix('"')?;
    to.push('"');
    loop {
        let (plain, from) = rest.split_at_checked(scan::plain(rest.as_bytes()))?;
        to.push_str(plain);
        let taken = match from.as_bytes() {
            [] => break,
            [b'\\', b'u', digits @ ..] => {
                let (char, taken) = code(digits)?;
                escaped(char, to);
                2 + taken
            }
            [b'\\', b'/', ..] => {
                to.push('/');
                2
            }
            [b'\\', b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => {
                to.push_str(from.get(..2)?);
                2
            }
            _ => return None,
        };
        rest = from.get(taken..)?;
    }
    to.push('"');
    Some(())
}

/// Writes a character, escaped if it must be.
fn escaped(char: char, to: &mut String) {
    match char {
        '"' => to.push_str("\\\""),
        '\\' => to.push_str("\\\\"),
        '\n' => to.push_str("\\n"),
        '\r' => to.push_str("\\r"),
        '\t' => to.push_str("\\t"),
        '\u{8}' => to.push_str("\\b"),
        '\u{c}' => to.push_str("\\f"),
        control if control < ' ' => {
            // Writing to a String cannot fail.
            let _written = write!(to, "\\u{:04x}", u32::from(control));
        }
        other => to.push(other),
    }
}

fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, b'"' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::string;

    #[test]
    fn every_text_comes_back() {
        for (text, want) in [
            ("", r#""""#),
            ("é\"€\\𝄞", r#""é\"€\\𝄞""#),
            ("\n\r\t\u{8}\u{c}/", r#""\n\r\t\b\f/""#),
            ("\u{0}\u{b}\u{1f}\u{7f}", "\"\\u0000\\u000b\\u001f\u{7f}\""),
            ("a\"", r#""a\"""#),
        ] {
            let mut json = String::new();
            string(text, &mut json);
            assert_eq!(json, want);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            assert_eq!(serde_json::to_string(text).unwrap(), json);
        }
    }

    #[cfg(feature = "gcp")]
    proptest::proptest! {
        #[test]
        fn rewritten_is_what_is_read_and_written(json in r#"("([a\"/\\é]|\\[u/nb"\\x]|\\u(00[0-2][29cC]|d83d\\udc2a|d83d|[0-9a-f]{4})){0,6}"?|[1a])"#) {
            let mut to = String::new();
            let rewritten = super::rewrite(&json, &mut to).map(|()| to);
            let want = serde_json::from_str::<String>(&json).ok().map(|text| serde_json::to_string(&text).unwrap());
            proptest::prop_assert_eq!(rewritten, want);
        }
    }
}
