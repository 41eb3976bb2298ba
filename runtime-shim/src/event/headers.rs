use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers of a request: every value, in the order they came.
///
/// A [`HeaderMap`] groups the values of one name; this keeps the whole order, as rule 1 of the common type asks.
///
/// ```
/// use polyfn_shim::event::Headers;
/// use http::{HeaderValue, header::COOKIE};
///
/// let mut headers = Headers::default();
/// headers.append(COOKIE, HeaderValue::from_static("a=1"));
/// headers.append(COOKIE, HeaderValue::from_static("b=2"));
/// assert_eq!(headers.get("cookie").unwrap(), "a=1");
/// assert_eq!(headers.get_all("cookie").count(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    /// No headers, with room for `capacity` of them.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// Adds a value after all others.
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.push((name, value));
    }

    /// Puts a value in the place of the first of its name, or after all others; further ones of the name go.
    pub fn set(&mut self, name: HeaderName, value: HeaderValue) {
        match self.0.iter_mut().find(|(have, _)| *have == name) {
            Some((_, old)) => *old = value,
            None => return self.append(name, value),
        }
        let mut seen = false;
        self.0.retain(|(have, _)| *have != name || !std::mem::replace(&mut seen, true));
    }

    /// The first value of this name, which is compared in lower case.
    pub fn get(&self, name: &str) -> Option<&HeaderValue> {
        self.0.iter().find(|(have, _)| have.as_str() == name).map(|(_, value)| value)
    }

    /// The first value of this name if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|value| value.to_str().ok())
    }

    /// Every value of this name, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a HeaderValue> + 'a {
        self.0.iter().filter(move |(have, _)| have.as_str() == name).map(|(_, value)| value)
    }

    /// Every header, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&HeaderName, &HeaderValue)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// Removes every value of this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(have, _)| have.as_str() != name);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same headers in the `http` crate's map.
    pub fn to_map(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(self.0.len());
        for (name, value) in &self.0 {
            map.append(name.clone(), value.clone());
        }
        map
    }
}

impl From<HeaderMap> for Headers {
    fn from(map: HeaderMap) -> Self {
        let mut headers = Self::with_capacity(map.len());
        let mut last = None;
        for (name, value) in map {
            // The map's iterator names only the first of several values.
            last = name.or(last);
            if let Some(name) = &last {
                headers.append(name.clone(), value);
            }
        }
        headers
    }
}

impl FromIterator<(HeaderName, HeaderValue)> for Headers {
    fn from_iter<I: IntoIterator<Item = (HeaderName, HeaderValue)>>(headers: I) -> Self {
        Self(headers.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_keeps_every_value() {
        let mut map = HeaderMap::new();
        for (name, value) in [("b", "1"), ("a", "2"), ("b", "3")] {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let headers = Headers::from(map.clone());
        assert_eq!(headers.len(), 3);
        assert_eq!(headers.get_all("b").collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(headers.to_map(), map);
    }
}
