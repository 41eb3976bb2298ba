use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// How a sender writes text that a header cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// As the specification says: the value is percent-encoded UTF-8.
    Strict,
    /// As senders do that never encode `%`: a value that no encoder would have made is taken as it stands.
    Lenient,
}

/// Space, `"`, `%`, and what is not printable ASCII.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

/// The text as a header value.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// The text of a header value, or why there is none.
pub(super) fn decode(value: &[u8], dialect: Dialect) -> Result<String, &'static str> {
    let value = std::str::from_utf8(value).map_err(|_| "not UTF-8")?;
    let value = unquote(value)?;
    if dialect == Dialect::Lenient && !was_encoded(&value) {
        return Ok(value.into_owned());
    }
    percent_decode_str(&value).decode_utf8().map(Cow::into_owned).map_err(|_| "not UTF-8 after percent-decoding")
}

/// A value in double quotes, without them and their backslashes.
fn unquote(value: &str) -> Result<Cow<'_, str>, &'static str> {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return Ok(value.into()) };
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        text.push(if char == '\\' { chars.next().ok_or("a quoted value that does not end")? } else { char });
    }
    Ok(text.into())
}

/// Whether each `%` is what an encoder would have written.
fn was_encoded(value: &str) -> bool {
    value.split('%').skip(1).all(|rest| {
        let byte = rest.get(..2).filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let byte = byte.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        byte.is_some_and(|byte| !byte.is_ascii_graphic() || matches!(byte, b'"' | b'%'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_round_of_decoding() {
        for (value, text) in [
            ("Euro%20%E2%82%AC", "Euro €"),
            ("%e2%82%ac", "€"),
            ("%2525", "%25"),
            (r#""a \"b\"""#, r#"a "b""#),
            ("50% off", "50% off"),
            ("%zz", "%zz"),
            ("plain", "plain"),
        ] {
            for dialect in [Dialect::Strict, Dialect::Lenient] {
                assert_eq!(decode(value.as_bytes(), dialect).as_deref(), Ok(text), "{value}");
            }
        }
    }

    #[test]
    fn what_no_encoder_writes_stays_for_the_lenient() {
        let value = b"cloudaudit.googleapis.com%2Factivity-1";
        assert_eq!(decode(value, Dialect::Strict).as_deref(), Ok("cloudaudit.googleapis.com/activity-1"));
        assert_eq!(decode(value, Dialect::Lenient).as_deref(), Ok("cloudaudit.googleapis.com%2Factivity-1"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for value in [&b"%C0%A0"[..], b"%E2%82", b"\xff", br#""a\""#] {
            for dialect in [Dialect::Strict, Dialect::Lenient] {
                assert!(decode(value, dialect).is_err(), "{value:?}");
            }
        }
    }

    #[test]
    fn exactly_what_must_be_encoded_is() {
        assert_eq!(encode("a \"%€~!"), "a%20%22%25%E2%82%AC~!");
    }
}
