use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header::CONTENT_TYPE};

use super::{CloudEvent, Dialect, attributes::Attributes, percent};
use crate::DecodeError;

/// The event of a request in binary mode.
///
/// # Errors
/// A required attribute that is missing or empty, one that came twice, or a value that is no text; the header is named.
pub fn decode_binary(headers: &HeaderMap, body: &Bytes, dialect: Dialect) -> Result<CloudEvent, DecodeError> {
    let mut attributes = Attributes::at("headers.ce-");
    for (header, value) in headers {
        let Some(name) = header.as_str().strip_prefix("ce-") else { continue };
        // Senders add it, though it may not be: the Content-Type says the same.
        if name.is_empty() || name == "datacontenttype" && headers.contains_key(CONTENT_TYPE) {
            continue;
        }
        let value = percent::decode(value.as_bytes(), dialect);
        attributes.set(name, value.map_err(|reason| DecodeError::at(format!("headers.{header}"), reason))?)?;
    }
    let mut event = attributes.finish()?;
    if let Some(value) = headers.get(CONTENT_TYPE) {
        let text = std::str::from_utf8(value.as_bytes()).map_err(|_| DecodeError::at("headers.content-type", "not UTF-8"))?;
        event.datacontenttype = Some(text.to_owned());
    }
    event.data = Some(body.clone()).filter(|body| !body.is_empty());
    Ok(event)
}

/// The headers and the body of a request in binary mode.
///
/// # Errors
/// An extension whose name is no header name, or a media type that is no header value.
pub fn encode_binary(event: &CloudEvent) -> Result<(HeaderMap, Bytes), DecodeError> {
    let mut headers = HeaderMap::new();
    let time = event.time.map(|time| time.to_string());
    let attributes = [
        ("specversion", Some("1.0")),
        ("id", Some(event.id.as_str())),
        ("source", Some(&event.source)),
        ("type", Some(&event.ty)),
        ("subject", event.subject.as_deref()),
        ("time", time.as_deref()),
        ("dataschema", event.dataschema.as_deref()),
    ];
    let attributes = attributes.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let extensions = event.extensions.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in attributes.chain(extensions) {
        let header = HeaderName::try_from(format!("ce-{name}")).map_err(|_| DecodeError::at(name, "not a header name"))?;
        let value = HeaderValue::try_from(percent::encode(value)).map_err(|_| DecodeError::at(name, "not a header value"))?;
        headers.append(header, value);
    }
    if let Some(media_type) = &event.datacontenttype {
        let value = HeaderValue::from_str(media_type).map_err(|_| DecodeError::at("datacontenttype", "not a header value"))?;
        headers.insert(CONTENT_TYPE, value);
    }
    Ok((headers, event.data.clone().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(extra: &[(&'static str, &'static str)]) -> HeaderMap {
        let given = [("ce-id", "1"), ("ce-source", "/a"), ("ce-specversion", "1.0"), ("ce-type", "t")];
        let mut headers = HeaderMap::new();
        for (name, value) in given.iter().chain(extra) {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn each_required_header_is_named_when_it_is_missing_empty_or_doubled() {
        for name in ["ce-id", "ce-source", "ce-specversion", "ce-type"] {
            let refused = |headers: &HeaderMap| decode_binary(headers, &Bytes::new(), Dialect::Strict).unwrap_err();
            let mut without = headers(&[]);
            without.remove(name);
            assert_eq!(refused(&without).path(), format!("headers.{name}"));
            assert_eq!(refused(&headers(&[(name, "1.0")])).path(), format!("headers.{name}"));
            without.insert(name, HeaderValue::from_static(""));
            assert_eq!(refused(&without).path(), format!("headers.{name}"));
        }
    }

    #[test]
    fn the_content_type_outranks_the_attribute_of_its_name() {
        let decode = |extra: &[_]| decode_binary(&headers(extra), &"x".into(), Dialect::Strict).unwrap();
        let attribute = ("ce-datacontenttype", "text/plain");
        assert_eq!(decode(&[attribute]).datacontenttype.as_deref(), Some("text/plain"));
        let both = decode(&[attribute, ("content-type", "application/vnd.x+json;v=1")]);
        assert_eq!(both.datacontenttype.as_deref(), Some("application/vnd.x+json;v=1"));
        assert_eq!(both.extensions, []);
    }

    #[test]
    fn the_data_is_the_body_alone() {
        for name in ["ce-data", "ce-data_base64"] {
            let refused = decode_binary(&headers(&[(name, "e30=")]), &"{}".into(), Dialect::Strict).unwrap_err();
            assert_eq!(refused.path(), format!("headers.{name}"));
        }
    }

    #[test]
    fn a_trace_of_the_producer_is_an_extension() {
        let event = decode_binary(&headers(&[("traceparent", "hop"), ("ce-traceparent", "own")]), &Bytes::new(), Dialect::Strict);
        assert_eq!(event.unwrap().extension("traceparent"), Some("own"));
    }

    #[test]
    fn what_is_sent_is_what_is_read() {
        let event = CloudEvent {
            id: "a b".into(),
            source: "/ü".into(),
            ty: "t".into(),
            subject: Some("100% \"sure\" ".into()),
            time: crate::event::Time::parse("2020-09-29T04:32:00.100-07:00"),
            datacontenttype: Some("text/plain; charset=utf-8".into()),
            extensions: vec![("tenant".into(), "€".into())],
            data: Some("hi".into()),
            ..CloudEvent::default()
        };
        let (headers, body) = encode_binary(&event).unwrap();
        assert_eq!(headers["ce-subject"], "100%25%20%22sure%22%20");
        assert_eq!(headers["ce-time"], "2020-09-29T11:32:00.100Z");
        assert_eq!(decode_binary(&headers, &body, Dialect::Strict).unwrap(), event);
    }
}
