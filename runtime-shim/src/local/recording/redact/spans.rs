use std::{borrow::Cow, ops::Range};

use percent_encoding::percent_decode_str;

use super::name::{is_secret, is_secret_in_query};

/// A value with a name in a text: `name=value` of a query, a form, a connection string.
pub(super) struct Pair<'a> {
    /// Where the value stands.
    pub(super) value: Range<usize>,
    /// Whether the name says that it is a secret.
    pub(super) is_secret: bool,
    /// The value, percent-decoded, if it stands in a query and has escapes.
    pub(super) decoded: Option<Cow<'a, str>>,
}

/// The pairs of a text, which is all query or not.
pub(super) fn pairs(text: &str, is_query: bool) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    let mut done = 0;
    for (at, _) in text.match_indices('=') {
        let Some(before) = text.get(done..at) else { continue };
        let start = before
            .rfind(|c: char| !is_of_name(c))
            .map_or(done, |last| done + last + before.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8));
        let name = text.get(start..at).unwrap_or_default();
        let in_query = if start == 0 { is_query } else { text.get(..start).is_some_and(|head| head.ends_with(['?', '&'])) };
        let rest = text.get(at + 1..).unwrap_or_default();
        let ends: &[char] = if is_query || in_query { &['&', '#', ' ', '\t', '\r', '\n', '"', '<', '>', '\\'] } else { ENDS };
        let length = rest.find(ends).unwrap_or(rest.len());
        let value = at + 1..at + 1 + length;
        if name.is_empty() || length == 0 {
            continue;
        }
        let name = percent_decode_str(name).decode_utf8_lossy();
        let is_secret = if in_query { is_secret_in_query(&name) } else { is_secret(&name) };
        let text = rest.get(..length).filter(|value| in_query && !is_secret && value.contains('%'));
        if is_secret || text.is_some() {
            done = value.end;
            pairs.push(Pair { value, is_secret, decoded: text.and_then(|value| percent_decode_str(value).decode_utf8().ok()) });
        }
    }
    pairs
}

const ENDS: &[char] = &['&', ';', ',', ' ', '\t', '\r', '\n', '"', '\'', '<', '>', ')', '\\'];

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '%' | '[' | ']')
}

/// What stands in front of the host in the URLs of a text: `name:password`.
pub(super) fn userinfo(text: &str) -> Vec<Range<usize>> {
    let of = |(at, _): (usize, &str)| {
        let start = at + 3;
        let rest = text.get(start..)?;
        let authority =
            rest.get(..rest.find(['/', '?', '#', ' ', '\t', '\r', '\n', '"', '\'', '<', '>', '\\']).unwrap_or(rest.len()))?;
        authority.rfind('@').filter(|length| *length > 0).map(|length| start..start + length)
    };
    text.match_indices("://").filter_map(of).collect()
}

/// The credentials behind the names of HTTP's schemes, with whether they are `Basic`.
pub(super) fn credentials(text: &str) -> Vec<(Range<usize>, bool)> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (scheme, is_basic) in [("bearer ", false), ("basic ", true)] {
        for (at, _) in lower.match_indices(scheme) {
            if text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric())) {
                continue;
            }
            let start = at + scheme.len();
            let length = run(text, start, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+' | '/' | '='));
            let token = text.get(start..start + length).unwrap_or_default();
            // "bearer certificates" and "basic training" are no credentials.
            let is_one = if is_basic {
                crate::base64::decode(token).is_ok_and(|bytes| bytes.contains(&b':'))
            } else {
                length >= 20 || (length >= 8 && token.contains(|c: char| c.is_ascii_digit()))
            };
            if is_one {
                found.push((start..start + length, is_basic));
            }
        }
    }
    found
}

/// JSON Web Tokens: three parts of base64, of which the first begins as every JSON object does.
pub(super) fn web_tokens(text: &str) -> Vec<Range<usize>> {
    let of = |(at, _): (usize, &str)| {
        let length = run(text, at, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let token = text.get(at..at + length)?;
        (length > 30 && token.matches('.').count() == 2).then_some(at..at + length)
    };
    text.match_indices("eyJ").filter_map(of).collect()
}

/// How many bytes from `start` on are of these.
fn run(text: &str, start: usize, of: impl Fn(char) -> bool) -> usize {
    text.get(start..).map_or(0, |rest| rest.find(|c| !of(c)).unwrap_or(rest.len()))
}
