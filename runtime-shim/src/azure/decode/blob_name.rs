//! Container and name of a blob, from its address.

use percent_encoding::percent_decode_str;

use super::url::Url;

/// Splits an address. `container` is the declared one; it tells an address whose first segment is the account, as the
/// emulator's is, from one with the account in the host's name.
pub(super) fn split(url: &str, container: Option<&str>) -> Option<(String, String)> {
    let path = Url::split(url)?.path.trim_start_matches('/');
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let (second, last) = rest.split_once('/').unwrap_or((rest, ""));
    let (bucket, key) = match container {
        Some(container) if decoded(first) == container => (first, rest),
        Some(container) if decoded(second) == container => (second, last),
        // The root container has no segment of its own.
        Some("$root") => ("$root", path),
        Some(_) => return None,
        None if first == "devstoreaccount1" => (second, last),
        None => (first, rest),
    };
    Some((decoded(bucket), decoded(key))).filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty())
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_declared_container_tells_where_the_name_begins() {
        let names = |bucket: &str, key: &str| Some((bucket.to_owned(), key.to_owned()));
        for (url, container, want) in [
            (
                "https://a.blob.core.windows.net/in/dir%20x/100%25%20f%231+%C3%A9.txt",
                Some("in"),
                names("in", "dir x/100% f#1+é.txt"),
            ),
            ("http://azurite:10000/devstoreaccount1/in/a", Some("in"), names("in", "a")),
            ("https://a.blob.core.windows.net/in/in/in.txt", Some("in"), names("in", "in/in.txt")),
            ("http://127.0.0.1:10000/devstoreaccount1/in/a", None, names("in", "a")),
            ("https://a.blob.core.windows.net/in/a/b", None, names("in", "a/b")),
            ("https://a.blob.core.windows.net/a.txt", Some("$root"), names("$root", "a.txt")),
            ("https://a.blob.core.windows.net/out/a", Some("in"), None),
            ("https://a.blob.core.windows.net/in", Some("in"), None),
            ("in/a", Some("in"), None),
        ] {
            assert_eq!(split(url, container), want, "{url}");
        }
    }
}
