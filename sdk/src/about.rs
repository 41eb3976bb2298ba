use std::any::TypeId;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use polyfn_shim::function::{Binding, Sample};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::sample;

/// What the parameters of a function say of themselves before any event.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct About {
    needs: Vec<Need>,
    path: Option<Value>,
    misfit: Option<Misfit>,
    query: Option<Value>,
    form: Option<Value>,
    body: Option<String>,
    batch: bool,
}

/// What is wrong with a type for a route's parameters, if they can never be it.
type Misfit = fn(&[(String, String)]) -> Option<String>;

/// What the parameters of a function said.
pub(crate) struct Gathered {
    pub(crate) needs: Vec<Need>,
    pub(crate) sample: Sample,
    /// Why the function can never be called.
    pub(crate) mistake: Option<String>,
}

/// A type that a function needs the program's `init` to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) id: TypeId,
    pub(crate) name: &'static str,
}

impl About {
    pub(crate) fn needs<T: 'static>(&mut self) {
        self.needs.push(Need { id: TypeId::of::<T>(), name: std::any::type_name::<T>() });
    }

    pub(crate) fn path<T: DeserializeOwned>(&mut self, misfit: Misfit) {
        self.path = value::<T>();
        self.misfit = Some(misfit);
    }

    pub(crate) fn form<T: DeserializeOwned>(&mut self) {
        self.form = value::<T>();
    }

    pub(crate) fn query<T: DeserializeOwned>(&mut self) {
        self.query = value::<T>();
    }

    pub(crate) fn body<T: DeserializeOwned>(&mut self) {
        self.body = sample::json::<T>();
    }

    pub(crate) fn batch(&mut self) {
        self.batch = true;
    }

    pub(crate) fn is_batch(&self) -> bool {
        self.batch
    }

    /// The needs, a request that fits the parameters and the route, and what does not fit.
    pub(crate) fn finish(self, binding: &Binding) -> Gathered {
        let route = match binding {
            Binding::Http { path: Some(path), .. } => path,
            _ => "",
        };
        let names = route.split('/').filter_map(name).map(|name| (name.to_owned(), "1".to_owned()));
        let mistake = self.misfit.and_then(|misfit| misfit(&names.collect::<Vec<_>>()));
        let (body, form) = match self.form {
            Some(form) => (Some(pairs(&form)), true),
            None => (self.body, false),
        };
        let query = self.query.as_ref().map(pairs).unwrap_or_default();
        Gathered { needs: self.needs, sample: Sample { path: fill(route, self.path.as_ref()), query, body, form }, mistake }
    }
}

/// The name of a route's segment, if it is a parameter.
fn name(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'))?;
    Some(name.trim_start_matches('*'))
}

/// The fields of an object as `a=1&b=2`.
fn pairs(object: &Value) -> String {
    let Value::Object(fields) = object else { return String::new() };
    let pairs = fields.iter().filter_map(|(name, value)| Some(format!("{}={}", encode(name), scalar(value)?)));
    pairs.collect::<Vec<_>>().join("&")
}

fn value<T: DeserializeOwned>() -> Option<Value> {
    sample::json::<T>().and_then(|json| serde_json::from_str(&json).ok())
}

/// A route with a value for each parameter: the sample's, else the parameter's own name.
fn fill(route: &str, sample: Option<&Value>) -> String {
    let mut index = 0;
    let segments = route.split('/').map(|segment| {
        let Some(name) = name(segment) else { return segment.to_owned() };
        let value = match sample {
            Some(Value::Array(values)) => values.get(index).and_then(scalar),
            Some(Value::Object(fields)) => fields.get(name).and_then(scalar),
            // One text can be anything: the parameter's name says more.
            Some(value) if !value.is_string() => scalar(value),
            _ => None,
        };
        index += 1;
        value.unwrap_or_else(|| encode(name))
    });
    segments.collect::<Vec<_>>().join("/")
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(encode(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// All but the unreserved characters (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its shape is asked for")]
    struct Search {
        q: String,
        page: u8,
        tags: Vec<String>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its shape is asked for")]
    struct Place {
        page: u32,
        book: String,
    }

    fn path<T: DeserializeOwned>(route: &'static str) -> String {
        let mut about = About::default();
        about.path::<T>(|_| None);
        about.finish(&Binding::Http { methods: &["GET"], path: Some(route) }).sample.path
    }

    #[test]
    fn a_sample_fits_the_route() {
        assert_eq!(path::<String>("/hello/{name}"), "/hello/name");
        assert_eq!(path::<u8>("/n/{n}"), "/n/1");
        assert_eq!(path::<(u8, String)>("/{a}/x/{*rest}"), "/1/x/text");
        assert_eq!(path::<Place>("/books/{book}/{page}"), "/books/text/1");
    }

    #[test]
    fn a_sample_has_the_query_and_the_body() {
        let mut about = About::default();
        about.query::<Search>();
        about.body::<(u8, u8)>();
        let sample = about.finish(&Binding::Direct).sample;
        assert_eq!((sample.query.as_str(), sample.body.as_deref()), ("page=1&q=text", Some("[1,1]")));
    }
}
