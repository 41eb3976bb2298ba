use bytes::Bytes;
use http::Request;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};

use super::{Caller, HOST_VERSION, Refused, finish, query};

/// What the host's HTTP client takes for headers of the content, of which it sends two only.
const CONTENT: [&str; 9] = [
    "allow",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-location",
    "content-md5",
    "content-range",
    "expires",
    "last-modified",
];

/// What stays unescaped in a path: unreserved characters, sub-delimiters, `:`, `@` and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// What stays unescaped in a key or value of the query that the host builds anew.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

/// The caller's request, sent again.
pub(super) fn delivery(caller: &Caller<'_>) -> Result<Request<Bytes>, Refused> {
    if caller.is_chunked() {
        return Err(Refused(
            "'Transfer-Encoding: chunked' header can not be used when content object is not specified: the caller gets a 500"
                .to_owned(),
        ));
    }
    let joined = query::joined(caller.query.unwrap_or_default());
    let pairs: Vec<_> = joined
        .iter()
        .map(|(key, value)| format!("{}={}", utf8_percent_encode(key, QUERY), utf8_percent_encode(value, QUERY)))
        .collect();
    let target = caller.target(&escaped_again(&caller.raw_path), Some(pairs.join("&")).filter(|q| !q.is_empty()).as_deref())?;
    let replaced = ["user-agent", "x-azure-functions-hostversion", "x-azure-functions-invocationid"];
    let mut builder = caller.request(target, |name| !CONTENT.contains(&name) && !replaced.contains(&name));
    let before = |name: &str, separator: &str, own: String| {
        let values = caller.headers.iter().find(|(have, _)| *have == name).map(|(_, values)| values.as_slice());
        let sent = values.unwrap_or_default().iter().filter_map(|value| value.to_str().ok());
        sent.map(str::to_owned).chain([own]).collect::<Vec<_>>().join(separator)
    };
    builder = builder
        .header("user-agent", before("user-agent", " ", format!("Azure-Functions-Host/{HOST_VERSION}")))
        .header("x-azure-functions-hostversion", before("x-azure-functions-hostversion", ", ", HOST_VERSION.to_owned()))
        .header("x-azure-functions-invocationid", before("x-azure-functions-invocationid", ", ", caller.id.to_owned()));
    finish(builder, caller.body.clone())
}

/// The path as it is after the host has decoded and encoded it; an escaped slash is not decoded.
fn escaped_again(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for (index, part) in split_escaped_slashes(path).into_iter().enumerate() {
        if index > 0 {
            escaped.push_str("%2F");
        }
        let bytes: Vec<u8> = percent_encoding::percent_decode_str(part).collect();
        escaped.extend(percent_encode(&bytes, PATH));
    }
    escaped
}

fn split_escaped_slashes(path: &str) -> Vec<&str> {
    path.split("%2F").flat_map(|part| part.split("%2f")).collect()
}

#[cfg(test)]
mod tests {
    use super::escaped_again;

    #[test]
    fn unusual_escapes_change_and_an_escaped_slash_stays() {
        for (path, want) in [
            ("/api/a%20b", "/api/a%20b"),
            ("/%41%2Fb%2fc", "/A%2Fb%2Fc"),
            ("/a:b@c", "/a:b@c"),
            ("/%FF", "/%FF"),
            ("/%7Ex", "/~x"),
        ] {
            assert_eq!(escaped_again(path), want);
        }
    }
}
