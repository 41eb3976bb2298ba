use percent_encoding::percent_decode_str;

use crate::DecodeError;

/// A route as function.json declares it, such as `orders/{id:int?}` or `files/{*rest}`.
///
/// Its constraints are not looked at: the host has enforced them before it sends the request.
///
/// Source: [ASP.NET Core routing](https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    Literal(String),
    Parameter {
        name: String,
        optional: bool,
        default: Option<String>,
    },
    /// The last segment that takes all the rest.
    Rest {
        name: String,
    },
}

impl Route {
    /// Reads a route.
    ///
    /// # Errors
    /// A parameter that is a part of a segment only, or a `{*rest}` that is not the last.
    pub(crate) fn read(route: &str) -> Result<Self, DecodeError> {
        let mut segments = Vec::new();
        for text in split(route.trim_matches('/')) {
            if matches!(segments.last(), Some(Segment::Rest { .. })) {
                return Err(DecodeError::at("route", format!("`{text}` comes after a parameter that takes all the rest")));
            }
            segments.push(Segment::read(text)?);
        }
        Ok(Self(segments))
    }

    /// The parameters of a path without the route prefix, each percent-decoded once; `None` if the path does not match.
    pub(crate) fn params(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut rest = Some(path.trim_start_matches('/').trim_end_matches('/')).filter(|rest| !rest.is_empty());
        let mut params = Vec::new();
        for segment in &self.0 {
            let (value, after) = match (segment, rest) {
                (Segment::Rest { .. }, rest) => (rest, None),
                (_, Some(rest)) => rest.split_once('/').map_or((Some(rest), None), |(value, after)| (Some(value), Some(after))),
                (_, None) => (None, None),
            };
            rest = after;
            match (segment, value) {
                (Segment::Literal(literal), Some(value)) if decode(value).to_lowercase() == *literal => {}
                (Segment::Literal(_), _) => return None,
                (Segment::Parameter { name, .. } | Segment::Rest { name }, Some(value)) if !value.is_empty() => {
                    params.push((name.clone(), decode(value)));
                }
                (Segment::Parameter { name, default: Some(default), .. }, _) => params.push((name.clone(), default.clone())),
                (Segment::Parameter { optional: true, .. } | Segment::Rest { .. }, _) => {}
                (Segment::Parameter { .. }, _) => return None,
            }
        }
        rest.is_none().then_some(params)
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// How particular the route is, for sorting: of two that match, the host takes the one with more literals in front.
    #[cfg(test)]
    pub(crate) fn rank(&self) -> Vec<u8> {
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Parameter { .. } => 1,
            Segment::Rest { .. } => 2,
        };
        self.0.iter().map(rank).collect()
    }
}

impl Segment {
    fn read(text: &str) -> Result<Self, DecodeError> {
        let Some(inner) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            if text.contains(['{', '}']) {
                return Err(DecodeError::at("route", format!("`{text}`: a parameter must be a whole segment")));
            }
            // The declared text is compared with the decoded path, so an escape in it means itself.
            return Ok(Self::Literal(text.to_lowercase()));
        };
        let (rest, inner) = (inner.starts_with('*'), inner.trim_start_matches('*'));
        let end = inner.find([':', '=', '?']).unwrap_or(inner.len());
        let (name, tail) = (inner.get(..end).unwrap_or_default().to_owned(), inner.get(end..).unwrap_or_default());
        if name.contains(['{', '}']) {
            return Err(DecodeError::at("route", format!("`{text}`: a parameter must be a whole segment")));
        }
        if name.is_empty() {
            return Err(DecodeError::at("route", format!("`{text}`: a parameter needs a name")));
        }
        if rest {
            return Ok(Self::Rest { name });
        }
        // A `?` or `=` inside of a constraint's parentheses belongs to the constraint.
        let tail = tail.rsplit_once(')').map_or(tail, |(_, tail)| tail);
        let default = tail.split_once('=').map(|(_, default)| default.to_owned());
        Ok(Self::Parameter { name, optional: default.is_none() && tail.ends_with('?'), default })
    }
}

/// The segments of a route; a slash inside of braces (in a constraint) parts nothing.
fn split(route: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (at, c) in route.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                segments.extend(route.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    segments.extend(route.get(start..));
    segments.retain(|segment| !segment.is_empty());
    segments
}

/// A segment of a path as text.
pub(crate) fn decode(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(route: &str, path: &str) -> Option<String> {
        let params = Route::read(route).unwrap().params(path)?;
        Some(params.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";"))
    }

    #[test]
    fn a_path_gives_the_parameters_of_its_route() {
        for (route, path, want) in [
            ("orders/{id:int?}", "/orders/7", Some("id=7")),
            ("orders/{id:int?}", "/ORDERS/7/", Some("id=7")),
            ("orders/{id:int?}", "/orders", Some("")),
            ("orders/{id:int?}", "/orders/7/8", None),
            ("orders/{id}", "/orders", None),
            ("orders/{id}", "/orders/a%2Fb%2520c+d", Some("id=a/b%20c+d")),
            ("/{a}/x/{b}", "/1/X/2", Some("a=1;b=2")),
            ("/{a}/x/{b}", "/1/y/2", None),
            ("files/{*rest}", "/files/a/b%20c", Some("rest=a/b c")),
            ("files/{**rest}", "/files/", Some("")),
            ("p/{page:range(1,9)=1}", "/p", Some("page=1")),
            ("p/{n:regex(^a?/b$)}", "/p/ab", Some("n=ab")),
            ("p/{n:regex(^a?/b$)}", "/p", None),
            ("caf\u{e9}", "/caf%C3%A9", Some("")),
            ("", "/", Some("")),
            ("", "/x", None),
            ("{*path}", "/", Some("")),
        ] {
            assert_eq!(params(route, path).as_deref(), want, "{route} {path}");
        }
    }

    #[test]
    fn a_route_that_cannot_be_matched_is_an_error_that_shows_it() {
        for (route, part) in [
            ("a/{x}-{y}", "`{x}-{y}`"),
            ("v{x}", "`v{x}`"),
            ("{x}{y}", "`{x}{y}`"),
            ("{*a}/b", "`b`"),
            ("{}", "`{}`"),
            ("{:int}", "name"),
        ] {
            let message = Route::read(route).unwrap_err().to_string();
            assert!(message.contains(part), "{route}: {message}");
        }
    }

    #[test]
    fn a_hostile_route_does_no_harm() {
        for route in ["{", "}", "{{", "}}", "{a", "{}/{}", "{a:(?}", "//", "{*}", "%FF", "{é:é=é}"] {
            if let Ok(route) = Route::read(route) {
                route.params("/%FF/é//");
            }
        }
    }
}
