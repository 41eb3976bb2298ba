use std::collections::HashMap;

use http::Method;
use matchit::{InsertError, Router};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What cannot stand in an encoded path; a route's literal text is compared in its encoded form.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'\\').add(b'^').add(b'`').add(b'|');

/// Every route of a binary; finding one costs the same however many there are.
#[derive(Default)]
pub(super) struct Routes {
    router: Router<usize>,
    places: Vec<Place>,
    by_pattern: HashMap<String, usize>,
    /// What answers on every path that no route names.
    rest: Place,
}

/// All that answers on one path.
#[derive(Default)]
struct Place(Vec<Entry>);

/// One function on one path; `methods` is empty for any.
struct Entry {
    methods: Vec<Method>,
    params: Vec<String>,
    function: usize,
}

/// What a request leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// This function, with the route's parameters percent-decoded.
    Function { index: usize, params: Vec<(String, String)> },
    /// The path is known, the method is not; these are.
    Method { allow: String },
    /// Nothing answers on this path.
    Nothing,
}

impl Routes {
    /// Adds a function. `path` is its route, `None` for every path; `methods` is empty for any.
    ///
    /// # Errors
    /// The function that already has these requests, if there is one.
    pub(super) fn add(&mut self, methods: &[&str], path: Option<&str>, function: usize) -> Result<(), usize> {
        let methods = methods.iter().filter_map(|method| Method::from_bytes(method.as_bytes()).ok()).collect();
        let Some(path) = path else {
            return self.rest.add(Entry { methods, params: Vec::new(), function });
        };
        let (pattern, params) = normalize(path);
        let index = match self.by_pattern.get(&pattern) {
            Some(index) => *index,
            None => self.insert(pattern)?,
        };
        match self.places.get_mut(index) {
            Some(place) => place.add(Entry { methods, params, function }),
            None => Ok(()),
        }
    }

    fn insert(&mut self, pattern: String) -> Result<usize, usize> {
        let index = self.places.len();
        match self.router.insert(pattern.clone(), index) {
            Ok(()) => {}
            Err(InsertError::Conflict { with }) => {
                let place = self.by_pattern.get(&with).and_then(|index| self.places.get(*index));
                return Err(place.and_then(|place| place.0.first()).map_or(0, |entry| entry.function));
            }
            // The macro refuses such a route; a hand-made one answers nothing.
            Err(_) => {}
        }
        self.places.push(Place::default());
        self.by_pattern.insert(pattern, index);
        Ok(index)
    }

    /// Whether a route matches this path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.router.at(path).is_ok()
    }

    /// What answers a request for this path, which is percent-encoded as it came.
    pub(super) fn find(&self, method: &Method, path: &str) -> Found {
        let matched = self.router.at(path).ok();
        let place = matched.as_ref().and_then(|matched| self.places.get(*matched.value));
        let entry = place.and_then(|place| place.find(method)).or_else(|| self.rest.find(method));
        match (entry, place) {
            (Some(entry), _) => {
                let values = matched.as_ref().map(|matched| matched.params.iter()).into_iter().flatten();
                let params = entry.params.iter().zip(values).map(|(name, (_, value))| (name.clone(), decode(value))).collect();
                Found::Function { index: entry.function, params }
            }
            (None, Some(place)) => Found::Method { allow: place.allow() },
            (None, None) if self.rest.0.is_empty() => Found::Nothing,
            (None, None) => Found::Method { allow: self.rest.allow() },
        }
    }
}

impl Routes {
    /// Whether a route names this path without parameters, for this method.
    pub(super) fn names(&self, method: &Method, path: &str) -> bool {
        let index = self.by_pattern.get(path).copied();
        index.and_then(|index| self.places.get(index)).is_some_and(|place| place.find(method).is_some())
    }
}

impl Place {
    fn add(&mut self, entry: Entry) -> Result<(), usize> {
        let clash = self.0.iter().find(|have| {
            let same = |method| have.methods.contains(method);
            if have.methods.is_empty() || entry.methods.is_empty() {
                have.methods.is_empty() && entry.methods.is_empty()
            } else {
                entry.methods.iter().any(same)
            }
        });
        match clash {
            Some(have) => Err(have.function),
            None => {
                self.0.push(entry);
                Ok(())
            }
        }
    }

    fn find(&self, method: &Method) -> Option<&Entry> {
        let named = |method: &Method| self.0.iter().find(|entry| entry.methods.contains(method));
        let get = || if *method == Method::HEAD { named(&Method::GET) } else { None };
        named(method).or_else(get).or_else(|| self.0.iter().find(|entry| entry.methods.is_empty()))
    }

    /// The value of an `Allow` header.
    fn allow(&self) -> String {
        let mut methods: Vec<&str> = self.0.iter().flat_map(|entry| entry.methods.iter().map(Method::as_str)).collect();
        if methods.contains(&"GET") && !methods.contains(&"HEAD") {
            methods.push("HEAD");
        }
        if !methods.contains(&"OPTIONS") {
            methods.push("OPTIONS");
        }
        methods.join(", ")
    }
}

/// A route with its parameters named by position, so that routes that differ in names alone share a place, and the names.
fn normalize(route: &str) -> (String, Vec<String>) {
    let mut params = Vec::new();
    let segments = route.split('/').map(|segment| {
        let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return utf8_percent_encode(segment, PATH).to_string();
        };
        let (star, name) = name.strip_prefix('*').map_or(("", name), |name| ("*", name));
        params.push(name.to_owned());
        format!("{{{star}p{}}}", params.len())
    });
    let pattern = segments.collect::<Vec<_>>().join("/");
    (pattern, params)
}

/// A parameter percent-decoded; one whose bytes are no UTF-8 stays as it came, so that no two become the same.
fn decode(value: &str) -> String {
    percent_decode_str(value).decode_utf8().map_or_else(|_| value.to_owned(), |text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(list: &[(&[&str], Option<&str>)]) -> Result<Routes, (usize, usize)> {
        let mut routes = Routes::default();
        for (index, (methods, path)) in list.iter().enumerate() {
            routes.add(methods, *path, index).map_err(|with| (with, index))?;
        }
        Ok(routes)
    }

    fn found(index: usize, params: &[(&str, &str)]) -> Found {
        Found::Function { index, params: params.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect() }
    }

    #[test]
    fn a_path_leads_to_its_function() {
        let routes = routes(&[
            (&["GET"], Some("/hello/{name}")),
            (&["POST"], Some("/hello/{who}")),
            (&[], Some("/files/{dir}/{*rest}")),
            (&["GET"], Some("/café au lait")),
            (&["GET"], Some("/")),
        ])
        .unwrap();
        assert_eq!(routes.find(&Method::GET, "/hello/a%2Fb%20c"), found(0, &[("name", "a/b c")]));
        assert_eq!(routes.find(&Method::HEAD, "/hello/x"), found(0, &[("name", "x")]));
        assert_eq!(routes.find(&Method::POST, "/hello/x"), found(1, &[("who", "x")]));
        assert_eq!(routes.find(&Method::PUT, "/hello/x"), Found::Method { allow: "GET, POST, HEAD, OPTIONS".into() });
        assert_eq!(routes.find(&Method::DELETE, "/files/a/b/c%25"), found(2, &[("dir", "a"), ("rest", "b/c%")]));
        assert_eq!(routes.find(&Method::GET, "/caf%C3%A9%20au%20lait"), found(3, &[]));
        assert_eq!(routes.find(&Method::GET, "/"), found(4, &[]));
        assert_eq!(routes.find(&Method::GET, "/hello/x/"), Found::Nothing);
        assert_eq!(routes.find(&Method::GET, ""), Found::Nothing);
    }

    #[test]
    fn every_path_is_the_last_resort() {
        let routes = routes(&[(&["POST"], None), (&["GET"], Some("/a"))]).unwrap();
        assert_eq!(routes.find(&Method::POST, "/anything"), found(0, &[]));
        assert_eq!(routes.find(&Method::POST, "/a"), found(0, &[]));
        assert_eq!(routes.find(&Method::GET, "/b"), Found::Method { allow: "POST, OPTIONS".into() });
    }

    #[test]
    fn two_functions_for_the_same_requests_conflict() {
        for list in [
            [(&["GET"][..], Some("/a/{x}")), (&["GET"][..], Some("/a/{y}"))],
            [(&[], None), (&[], None)],
            [(&["GET", "PUT"], Some("/a")), (&["PUT"], Some("/a"))],
            [(&["GET"], None), (&["GET"], None)],
        ] {
            assert_eq!(routes(&list).err(), Some((0, 1)), "{list:?}");
        }
    }

    #[test]
    fn escapes_that_are_no_utf8_do_no_harm() {
        let routes = routes(&[(&["GET"], Some("/{x}"))]).unwrap();
        assert_eq!(routes.find(&Method::GET, "/%FF%zz"), found(0, &[("x", "%FF%zz")]));
    }
}
