/// A checked `METHOD /path`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// In upper case; empty for any.
    pub(crate) methods: Vec<String>,
    pub(crate) path: String,
}

impl Route {
    /// Reads `GET /hello/{name}`, `GET|POST /orders` or `ANY /files/{*rest}`; the error says what to write.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('/') {
            return Err(format!("a route starts with its method; write `ANY {text}` for every method"));
        }
        let Some((methods, path)) = text.split_once(' ') else {
            return Err("a route is a method and a path; write it as `GET /hello/{name}`".to_owned());
        };
        Ok(Self { methods: self::methods(methods, path)?, path: self::path(path)? })
    }
}

fn methods(text: &str, path: &str) -> Result<Vec<String>, String> {
    if text == "ANY" {
        return Ok(Vec::new());
    }
    if text == "*" {
        return Err(format!("write `ANY {path}` for every method"));
    }
    if text.contains(',') {
        let (methods, path) = path.split_at(path.find('/').unwrap_or_default());
        let all: Vec<&str> = text.split(',').chain(methods.split([',', ' '])).filter(|method| !method.is_empty()).collect();
        return Err(format!("several methods stand with `|` between them; write `{} {path}`", all.join("|")));
    }
    let mut methods: Vec<String> = Vec::new();
    for method in text.split('|') {
        let upper = method.to_ascii_uppercase();
        if method != upper {
            return Err(format!("methods are in upper case; write `{} {path}`", text.to_ascii_uppercase()));
        }
        if method == "ANY" {
            return Err(format!("`ANY` stands alone; write `ANY {path}`"));
        }
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_' | b'0'..=b'9'))
        {
            return Err(format!("`{method}` is not an HTTP method; write one such as `GET`, or `GET|POST`, or `ANY`"));
        }
        if methods.contains(&upper) {
            return Err(format!("the method `{method}` is listed twice; keep one"));
        }
        methods.push(upper);
    }
    Ok(methods)
}

fn path(text: &str) -> Result<String, String> {
    let Some(rest) = text.strip_prefix('/') else {
        return Err(if text.trim_start().starts_with('/') {
            "one space stands between the method and the path".to_owned()
        } else {
            format!("a path starts with `/`; write `/{}`", text.trim())
        });
    };
    if let Some(mark) = text.chars().find(|c| matches!(c, '?' | '#')) {
        return Err(format!("a route ends before `{mark}`; take `Query<T>` for what follows a `?`"));
    }
    if text.contains('%') {
        return Err("a route is plain text; write the character itself, not its percent escape".to_owned());
    }
    if text.ends_with(' ') || text.chars().any(char::is_control) {
        return Err("a route has no space at its end and no control character".to_owned());
    }
    let mut names: Vec<&str> = Vec::new();
    let mut segments = rest.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        if let Some(name) = self::segment(segment, last)? {
            if names.contains(&name) {
                return Err(format!("two parameters are called `{name}`; rename one"));
            }
            names.push(name);
        }
    }
    Ok(text.to_owned())
}

/// The name of the parameter that a segment is, if it is one.
fn segment(segment: &str, last: bool) -> Result<Option<&str>, String> {
    if segment.is_empty() && !last {
        return Err("a segment of the path is empty; write one `/` between segments".to_owned());
    }
    if matches!(segment, "." | "..") {
        return Err(format!("no request has the segment `{segment}`: clients resolve it before they send; leave it out"));
    }
    if let Some(name) =
        segment.strip_prefix(':').or_else(|| segment.strip_prefix('<')?.strip_suffix('>')).filter(|name| is_name(name))
    {
        return Err(format!("parameters stand in braces; write `{{{name}}}`"));
    }
    let Some(inner) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return if segment.contains(['{', '}']) {
            Err(format!("`{segment}`: a parameter is a whole segment; write `/{{name}}/`"))
        } else if segment.starts_with('*') {
            Err(format!("`{segment}`: the rest of a path is `{{*rest}}`"))
        } else {
            Ok(None)
        };
    };
    let name = inner.strip_prefix('*').unwrap_or(inner);
    if !is_name(name) {
        return Err(format!("`{segment}`: a parameter has a name of letters, digits and `_`, such as `{{name}}` or `{{*rest}}`"));
    }
    if inner.starts_with('*') && !last {
        return Err(format!("`{segment}` takes the rest of the path; it stands at the end"));
    }
    Ok(Some(name))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn a_route_has_methods_and_a_path() {
        for (text, methods, path) in [
            ("GET /", &["GET"][..], "/"),
            ("GET|POST /a/{b}/{*rest}", &["GET", "POST"], "/a/{b}/{*rest}"),
            ("ANY /a/", &[], "/a/"),
            ("M-SEARCH /café au lait", &["M-SEARCH"], "/café au lait"),
            ("OPTIONS|TRACE /{type}", &["OPTIONS", "TRACE"], "/{type}"),
        ] {
            let methods = methods.iter().map(|method| (*method).to_owned()).collect();
            assert_eq!(Route::parse(text), Ok(Route { methods, path: path.to_owned() }), "{text}");
        }
    }

    #[test]
    fn a_wrong_route_says_what_to_write() {
        for (text, message) in [
            ("/hello", "write `ANY /hello`"),
            ("GET", "write it as `GET /hello/{name}`"),
            ("get /a", "write `GET /a`"),
            ("Get|post /a", "write `GET|POST /a`"),
            ("GET,POST /a", "write `GET|POST /a`"),
            ("GET, POST /a", "write `GET|POST /a`"),
            ("* /a", "write `ANY /a`"),
            ("ANY|GET /a", "`ANY` stands alone"),
            ("GET|GET /a", "`GET` is listed twice"),
            ("GET| /a", "`` is not an HTTP method"),
            ("G€T /a", "is not an HTTP method"),
            ("GET a", "write `/a`"),
            ("GET  /a", "one space"),
            ("GET /a?b=c", "before `?`"),
            ("GET /a#b", "before `#`"),
            ("GET /a%20b", "percent escape"),
            ("GET /a ", "no space at its end"),
            ("GET /a\tb", "control character"),
            ("GET /a//b", "is empty"),
            ("GET //", "is empty"),
            ("GET /a/../b", "`..`"),
            ("GET /:id", "write `{id}`"),
            ("GET /<id>", "write `{id}`"),
            ("GET /{id}.json", "a whole segment"),
            ("GET /a{", "a whole segment"),
            ("GET /*", "`{*rest}`"),
            ("GET /{}", "has a name"),
            ("GET /{1a}", "has a name"),
            ("GET /{*}", "has a name"),
            ("GET /{a b}", "has a name"),
            ("GET /{*rest}/a", "stands at the end"),
            ("GET /{a}/{a}", "two parameters are called `a`"),
        ] {
            let error = Route::parse(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
