/// The path without the route prefix, or `None` if it does not begin with it.
///
/// The prefix is whole segments, and the host ignores its letter case. An empty prefix is every path's.
pub(crate) fn strip<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    let prefix = prefix.trim_matches('/');
    if prefix.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix('/')?;
    let head = rest.get(..prefix.len())?;
    let tail = rest.get(prefix.len()..)?;
    if !head.eq_ignore_ascii_case(prefix) {
        None
    } else if tail.is_empty() {
        Some("/")
    } else {
        Some(tail).filter(|tail| tail.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn whole_segments_in_any_letter_case_are_removed_once() {
        for (path, prefix, want) in [
            ("/api/orders", "api", Some("/orders")),
            ("/API/Orders/7", "api", Some("/Orders/7")),
            ("/api/apiary/1", "api", Some("/apiary/1")),
            ("/api/api/1", "api", Some("/api/1")),
            ("/api", "api", Some("/")),
            ("/api/", "api", Some("/")),
            ("/api//x", "api", Some("//x")),
            ("/apiary/1", "api", None),
            ("/ap", "api", None),
            ("/", "api", None),
            ("", "api", None),
            ("/é", "api", None),
            ("/aéi/x", "api", None),
            ("/v1/api/x", "/v1/api/", Some("/x")),
            ("/api/x", "", Some("/api/x")),
            ("/api/x", "/", Some("/api/x")),
        ] {
            assert_eq!(strip(path, prefix), want, "{path} {prefix}");
        }
    }
}
