use std::borrow::Cow;

use http::HeaderMap;

/// The trace of a request in W3C form: `traceparent` if there is one, else `X-Cloud-Trace-Context` rewritten.
///
/// Google's own form is `TRACE/SPAN;o=1` with a decimal span, each part but the first optional; what is neither is no
/// trace, and no error. Source: <https://cloud.google.com/trace/docs/trace-context>.
pub(super) fn trace(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(parent) = text("traceparent") {
        return Some(parent.into());
    }
    let (trace, options) = match text("x-cloud-trace-context")?.split_once(';') {
        Some((trace, options)) => (trace, options),
        None => (text("x-cloud-trace-context")?, ""),
    };
    let (trace, span) = trace.split_once('/').unwrap_or((trace, ""));
    let span: u64 = if span.is_empty() { 0 } else { span.parse().ok()? };
    let legal = trace.len() == 32 && trace.bytes().all(|b| b.is_ascii_hexdigit());
    let sampled = u8::from(options.trim() == "o=1");
    legal.then(|| format!("00-{}-{span:016x}-{sampled:02x}", trace.to_ascii_lowercase()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn googles_form_becomes_w3cs() {
        const TRACE: &str = "105445aa7843bc8bf206b12000100000";
        for (value, want) in [
            (format!("{TRACE}/18446744073709551615;o=1"), Some(format!("00-{TRACE}-ffffffffffffffff-01"))),
            (format!("{TRACE}/1"), Some(format!("00-{TRACE}-0000000000000001-00"))),
            (TRACE.to_owned(), Some(format!("00-{TRACE}-0000000000000000-00"))),
            (format!("{TRACE};o=1"), Some(format!("00-{TRACE}-0000000000000000-01"))),
            (format!("{TRACE}/;o=1"), Some(format!("00-{TRACE}-0000000000000000-01"))),
            ("nonsense".to_owned(), None),
            (format!("{TRACE}/x"), None),
            (format!("{TRACE}/18446744073709551616"), None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-cloud-trace-context", value.parse().unwrap());
            assert_eq!(trace(&headers).map(Cow::into_owned), want, "{value}");
        }
    }

    #[test]
    fn w3cs_own_form_comes_first() {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", "00-a-b-01".parse().unwrap());
        headers.insert("x-cloud-trace-context", "105445aa7843bc8bf206b12000100000/1".parse().unwrap());
        assert_eq!(trace(&headers).as_deref(), Some("00-a-b-01"));
    }
}
