use std::borrow::Cow;

use http::HeaderMap;

use crate::server::traceparent;

/// The trace of a request in the form of a `traceparent`: that header, else what `X-Cloud-Trace-Context` says.
///
/// Google's header has the span as a decimal number. Without one it is no `traceparent`, and stands as it came; garbage
/// is as good as none.
///
/// ```
/// let headers = http::HeaderMap::from_iter([(
///     "x-cloud-trace-context".parse().unwrap(),
///     "105445aa7843bc8bf206b12000100000/18446744073709551615;o=1".parse().unwrap(),
/// )]);
/// assert_eq!(
///     polyfn_shim::gcp::trace(&headers).as_deref(),
///     Some("00-105445aa7843bc8bf206b12000100000-ffffffffffffffff-01")
/// );
/// ```
///
/// Source: [Trace context](https://cloud.google.com/trace/docs/trace-context).
pub fn trace(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    if let Some(text) = traceparent(headers) {
        return Some(Cow::Borrowed(text));
    }
    let text = headers.get("x-cloud-trace-context")?.to_str().ok()?.trim();
    let (ids, options) = text.split_once(';').map_or((text, None), |(ids, options)| (ids, Some(options)));
    let (trace, span) = ids.split_once('/').map_or((ids, ""), |(trace, span)| (trace, span));
    let sampled = match options {
        None | Some("o=0") => "00",
        Some("o=1") => "01",
        Some(_) => return None,
    };
    if trace.len() != 32 || !trace.bytes().all(|byte| byte.is_ascii_hexdigit()) || trace.bytes().all(|byte| byte == b'0') {
        return None;
    }
    if span.is_empty() {
        return Some(Cow::Borrowed(text));
    }
    let digits = span.bytes().all(|byte| byte.is_ascii_digit());
    match span.parse::<u64>() {
        Ok(0) => Some(Cow::Borrowed(text)),
        Ok(span) if digits => Some(Cow::Owned(format!("00-{}-{span:016x}-{sampled}", trace.to_ascii_lowercase()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: &str = "105445aa7843bc8bf206b12000100000";

    #[test]
    fn partial_forms_are_legal_and_garbage_is_ignored() {
        for (value, expected) in [
            (format!("{T}/18446744073709551615;o=1"), Some(format!("00-{T}-ffffffffffffffff-01"))),
            (format!("{}/10;o=0", T.to_uppercase()), Some(format!("00-{T}-000000000000000a-00"))),
            (format!("{T}/9007199254740993"), Some(format!("00-{T}-0020000000000001-00"))),
            (T.to_owned(), Some(T.to_owned())),
            (format!("{T};o=1"), Some(format!("{T};o=1"))),
            (format!("{T}/;o=1"), Some(format!("{T}/;o=1"))),
            (format!("{T}/18446744073709551616;o=1"), None),
            (format!("{T}/+5"), None),
            (format!("{T}/ff"), None),
            (format!("{T}/5;x"), None),
            ("abc/5".to_owned(), None),
            (String::new(), None),
        ] {
            let headers = HeaderMap::from_iter([("x-cloud-trace-context".parse().unwrap(), value.parse().unwrap())]);
            assert_eq!(trace(&headers).as_deref(), expected.as_deref(), "{value}");
        }
    }

    #[test]
    fn traceparent_is_preferred_if_it_is_one() {
        let own = format!("00-{T}-00f067aa0ba902b7-01");
        for (parent, expected) in [(own.as_str(), own.as_str()), ("garbage", T)] {
            let headers = HeaderMap::from_iter([
                ("traceparent".parse().unwrap(), parent.parse().unwrap()),
                ("x-cloud-trace-context".parse().unwrap(), T.parse().unwrap()),
            ]);
            assert_eq!(trace(&headers).as_deref(), Some(expected));
        }
    }
}
