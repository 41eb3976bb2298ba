use http::{HeaderMap, header::CONTENT_TYPE};

use crate::DecodeError;

/// How a CloudEvent lies in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Attributes are headers, the body is the data.
    Binary,
    /// The body is the event.
    Structured,
    /// The body is an array of events.
    Batch,
}

const REQUIRED: [&str; 4] = ["ce-id", "ce-source", "ce-specversion", "ce-type"];

impl Mode {
    /// The mode of a request with these headers; `None` if it is no CloudEvent.
    ///
    /// # Errors
    /// A format other than JSON; [`DecodeError::is_unsupported_format`] tells it.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, DecodeError> {
        let content_type = headers.get(CONTENT_TYPE).map(|value| value.as_bytes()).unwrap_or_default();
        if let Some(rest) = after(content_type, b"application/cloudevents") {
            // Batch first: `application/cloudevents` begins its name too.
            return match after(rest, b"-batch") {
                Some(format) => json(format).map(|()| Some(Self::Batch)),
                None => json(rest).map(|()| Some(Self::Structured)),
            };
        }
        Ok(REQUIRED.iter().any(|name| headers.contains_key(*name)).then_some(Self::Binary))
    }
}

/// What comes after a prefix in any letter case.
fn after<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    text.split_at_checked(prefix.len()).filter(|(start, _)| start.eq_ignore_ascii_case(prefix)).map(|(_, rest)| rest)
}

/// Without a format it is JSON.
fn json(format: &[u8]) -> Result<(), DecodeError> {
    let format = format.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    if format.is_empty() || format.eq_ignore_ascii_case(b"+json") {
        return Ok(());
    }
    Err(DecodeError::unsupported_format("headers.content-type", "a CloudEvents format other than JSON"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(name: &'static str, value: &'static str) -> Result<Option<Mode>, DecodeError> {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        Mode::of(&headers)
    }

    #[test]
    fn the_content_type_tells_then_the_headers() {
        for (name, value, mode) in [
            ("content-type", "application/cloudevents-batch+json", Some(Mode::Batch)),
            ("content-type", "Application/CloudEvents+JSON; Charset=UTF-8", Some(Mode::Structured)),
            ("content-type", "application/cloudevents", Some(Mode::Structured)),
            ("content-type", "application/json", None),
            ("ce-type", "t", Some(Mode::Binary)),
            ("ce-foo", "1", None),
        ] {
            assert_eq!(of(name, value).unwrap(), mode, "{value}");
        }
    }

    #[test]
    fn another_format_is_not_supported() {
        for format in ["application/cloudevents+avro", "application/cloudevents-batch+protobuf", "application/cloudeventsx"] {
            assert!(of("content-type", format).unwrap_err().is_unsupported_format(), "{format}");
        }
    }
}
