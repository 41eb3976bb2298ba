use std::borrow::Cow;

use http::{HeaderName, HeaderValue};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{DecodeError, event::Headers, text::Text};

/// What stands behind a value that is no UTF-8.
const LATIN: &str = "iso-8859-1";

/// Headers as an array of `[name, value]`, in their order.
///
/// A value that is no UTF-8 has each byte as the character of the same number (RFC 9110, 5.5), and says so in a third
/// element: `["x-town", "Malmö", "iso-8859-1"]`.
pub(crate) struct HeaderPairs<'a>(pub(crate) &'a Headers);

impl Serialize for HeaderPairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(name, value)| match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => vec![name.as_str().into(), Cow::Borrowed(text)],
            Err(_) => {
                vec![name.as_str().into(), value.as_bytes().iter().copied().map(char::from).collect(), LATIN.into()]
            }
        }))
    }
}

/// The way back. Errors name their place under `path`.
pub(crate) fn read_headers(json: &RawValue, path: &str) -> Result<Headers, DecodeError> {
    let pairs: Vec<&RawValue> =
        serde_json::from_str(json.get()).map_err(|_| DecodeError::at(path, "expected an array of [name, value]"))?;
    let mut headers = Headers::with_capacity(pairs.len());
    for (at, pair) in pairs.into_iter().enumerate() {
        let wrong = |reason| DecodeError::at(format!("{path}[{at}]"), reason);
        let texts: Vec<Text<'_>> = serde_json::from_str(pair.get()).map_err(|_| wrong("expected [name, value]"))?;
        let (name, value) = match texts.as_slice() {
            [name, value] => (name, HeaderValue::from_bytes(value.0.as_bytes())),
            [name, value, charset] if charset.0 == LATIN => {
                let bytes: Option<Vec<u8>> = value.0.chars().map(|letter| u8::try_from(letter).ok()).collect();
                (name, HeaderValue::from_bytes(&bytes.ok_or_else(|| wrong("a letter that is not in iso-8859-1"))?))
            }
            [_, _, _] => return Err(wrong("expected iso-8859-1 as the third element")),
            _ => return Err(wrong("expected [name, value]")),
        };
        let name = HeaderName::from_bytes(name.0.as_bytes()).map_err(|_| wrong("not an HTTP header name"))?;
        headers.append(name, value.map_err(|_| wrong("not an HTTP header value"))?);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_come_back() {
        let value = |bytes: &[u8]| (HeaderName::from_static("x-town"), HeaderValue::from_bytes(bytes).unwrap());
        let headers: Headers = [value(b"Malm\xf6"), value("Malmö".as_bytes()), value(b"")].into_iter().collect();
        let json = serde_json::to_string(&HeaderPairs(&headers)).unwrap();
        assert_eq!(json, r#"[["x-town","Malmö","iso-8859-1"],["x-town","Malmö"],["x-town",""]]"#);
        assert_eq!(read_headers(&RawValue::from_string(json).unwrap(), "headers").unwrap(), headers);
    }

    #[test]
    fn what_is_no_header_names_its_place() {
        for (json, want) in [
            (r#"{"a":"b"}"#, "h: expected an array of [name, value]"),
            (r#"[["a","b"],["a"]]"#, "h[1]: expected [name, value]"),
            (r#"[["a",1]]"#, "h[0]: expected [name, value]"),
            (r#"[["a b","1"]]"#, "h[0]: not an HTTP header name"),
            (r#"[["a","1\n2"]]"#, "h[0]: not an HTTP header value"),
            (r#"[["a","é","utf-7"]]"#, "h[0]: expected iso-8859-1 as the third element"),
            (r#"[["a","€","iso-8859-1"]]"#, "h[0]: a letter that is not in iso-8859-1"),
        ] {
            let json = RawValue::from_string(json.to_owned()).unwrap();
            assert_eq!(read_headers(&json, "h").unwrap_err().to_string(), want);
        }
    }
}
