use super::{leaf::Leaf, pairs::Pairs};

/// What may be in front of the path that routes match, and how to tell.
pub(super) struct Base<'a> {
    /// The route's template: REST's `resource`, or a route key after its method.
    pub(super) template: Option<&'a str>,
    pub(super) parameters: &'a Pairs<'a>,
    pub(super) stage: Option<&'a str>,
    /// Whether the stage can be in the path at all: not behind a custom domain.
    pub(super) has_stage: bool,
}

impl Base<'_> {
    /// The path without the base: stage, API mapping or both.
    pub(super) fn remove<'p>(&self, path: &'p str) -> &'p str {
        let template = self.template.and_then(|template| template.strip_prefix('/'));
        if let Some(rest) = template.and_then(|template| self.after_base(template, path)) {
            return rest;
        }
        let stage = self.stage.filter(|stage| self.has_stage && !stage.is_empty() && *stage != "$default");
        let rest = stage.and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage));
        rest.filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path)
    }

    /// What of the path matches all of the template, from the right; `None` if not all of it does.
    fn after_base<'p>(&self, template: &str, path: &'p str) -> Option<&'p str> {
        let mut left = path.strip_suffix('/').unwrap_or(path);
        let template = template.strip_suffix('/').unwrap_or(template);
        for part in template.rsplit('/').filter(|_| !template.is_empty()) {
            let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let count = match name.and_then(|name| name.strip_suffix('+')) {
                Some(name) => match self.parameters.text(name)?.trim_matches('/') {
                    "" => 0,
                    value => value.split('/').count(),
                },
                None => 1,
            };
            for _ in 0..count {
                let (before, segment) = left.rsplit_once('/')?;
                if name.is_none() && segment != part {
                    return None;
                }
                left = before;
            }
        }
        path.get(left.len()..)
    }
}

/// The path with all escaped that cannot stand in an encoded path, and every other byte as it is.
///
/// A path that came encoded passes unchanged, and one that the gateway decoded becomes legal, so it need not be known
/// which one it was. Empty becomes `/`.
pub(super) fn encode(path: &str) -> String {
    if path.is_empty() {
        return "/".to_owned();
    }
    let bytes = path.as_bytes();
    if bytes.iter().enumerate().all(|(at, byte)| stays(bytes, at, *byte)) {
        return path.to_owned();
    }
    let mut encoded = String::with_capacity(path.len() + 32);
    for (at, byte) in bytes.iter().enumerate() {
        if stays(bytes, at, *byte) {
            encoded.push(char::from(*byte));
        } else {
            escape(*byte, &mut encoded);
        }
    }
    encoded
}

fn stays(bytes: &[u8], at: usize, byte: u8) -> bool {
    match byte {
        0..=0x20 | 0x7f.. | b'"' | b'#' | b'<' | b'>' | b'?' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        _ => true,
    }
}

/// One byte as `%` and two upper-case hex digits.
pub(super) fn escape(byte: u8, to: &mut String) {
    to.push('%');
    for digit in [byte >> 4, byte & 15] {
        to.push(char::from(digit + if digit < 10 { b'0' } else { b'A' - 10 }));
    }
}

/// A route key's template: what follows its first space.
pub(super) fn template<'a>(route_key: &'a Leaf<'_>) -> Option<&'a str> {
    route_key.text().and_then(|key| key.split_once(' ')).map(|(_, template)| template)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(pairs: &str) -> Pairs<'_> {
        crate::aws::decode::value::whole(pairs).unwrap()
    }

    #[test]
    fn a_template_is_matched_from_the_right() {
        for (template, values, path, want) in [
            ("/{proxy+}", r#"{"proxy":"a/b"}"#, "/svc/a/b", "/a/b"),
            ("/{proxy+}", r#"{"proxy":"/a/b/"}"#, "/svc/a/b/", "/a/b/"),
            ("/{proxy+}", r#"{"proxy":"a"}"#, "/a", "/a"),
            ("/users/{id}", "{}", "/v1/users/a%2Fb/", "/users/a%2Fb/"),
            ("/a/{x+}/z", r#"{"x":"b/c"}"#, "/base/a/b/c/z", "/a/b/c/z"),
            ("/", "{}", "/prod", ""),
            ("/", "{}", "/prod/", "/"),
            ("/", "{}", "/", "/"),
            ("/users/", "{}", "/v1/users/", "/users/"),
            // Not all of it matches: nothing is removed.
            ("/{proxy+}", "{}", "/svc/a", "/svc/a"),
            ("/{proxy+}", r#"{"proxy":"a/b/c"}"#, "/a/b", "/a/b"),
            ("/users/{id}", "{}", "/v1/people/7", "/v1/people/7"),
            ("/a/b", "{}", "/b", "/b"),
            ("$default", "{}", "/x", "/x"),
        ] {
            let parameters = parameters(values);
            let base = Base { template: Some(template), parameters: &parameters, stage: None, has_stage: true };
            assert_eq!(base.remove(path), want, "{template} {path}");
        }
    }

    #[test]
    fn a_stage_is_removed_as_a_whole_segment() {
        let none = Pairs::Absent;
        let base = |has_stage| Base { template: None, parameters: &none, stage: Some("prod"), has_stage };
        for (path, want) in [("/prod", ""), ("/prod/", "/"), ("/prod/x", "/x"), ("/production/x", "/production/x"), ("", "")] {
            assert_eq!(base(true).remove(path), want, "{path}");
            assert_eq!(base(false).remove(path), path);
        }
    }

    #[test]
    fn a_path_becomes_legal_and_no_more() {
        for (path, want) in [
            ("", "/"),
            ("/a b/ü", "/a%20b/%C3%BC"),
            ("/me?x=1#y", "/me%3Fx=1%23y"),
            ("/100%", "/100%25"),
            ("/%4", "/%254"),
            ("/%zz%e4", "/%25zz%e4"),
            ("/a%2Fb", "/a%2Fb"),
            ("/a/../b//c/", "/a/../b//c/"),
            ("/\u{1}\u{7f}\"<>\\^`{|}", "/%01%7F%22%3C%3E%5C%5E%60%7B%7C%7D"),
            ("/~!$&'()*+,;=:@-._", "/~!$&'()*+,;=:@-._"),
        ] {
            assert_eq!(encode(path), want, "{path}");
        }
    }
}
