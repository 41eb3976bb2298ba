use std::{borrow::Cow, collections::HashMap};

use http::{
    HeaderName, Response,
    header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE, TRANSFER_ENCODING},
};
use serde::{Serialize, Serializer};

use crate::Body;

/// An HTTP response as the host takes it in JSON mode.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output<'a> {
    status_code: u16,
    #[serde(serialize_with = "pairs")]
    headers: Vec<(&'a str, Cow<'a, str>)>,
    /// Always there: without it the host takes the whole object for the body of a 200.
    body: &'a str,
}

/// What the host sets itself for the body that it writes.
const OF_THE_CONNECTION: [HeaderName; 3] = [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION];

impl<'a> Output<'a> {
    /// The output that says what the response says.
    ///
    /// # Errors
    /// What JSON mode cannot carry.
    pub(super) fn of(response: &'a Response<Body>) -> Result<Self, String> {
        let needs_proxying = |what: &str| format!("{what} needs proxying: remove the extra binding");
        let bytes = response.body().bytes().ok_or_else(|| needs_proxying("a streamed response"))?;
        let body = std::str::from_utf8(bytes).map_err(|_| needs_proxying("a response whose body is no text"))?;
        let mut headers: Vec<(&str, Cow<'_, str>)> = Vec::with_capacity(response.headers().len() + 1);
        let mut places = HashMap::new();
        for (name, value) in response.headers() {
            if OF_THE_CONNECTION.contains(name) {
                continue;
            }
            let value = std::str::from_utf8(value.as_bytes())
                .map_err(|_| needs_proxying(&format!("a header `{name}` that is no text")))?;
            match places.get(name).and_then(|place: &usize| headers.get_mut(*place)) {
                Some(_) if name == SET_COOKIE => return Err(needs_proxying("a response with several `Set-Cookie` headers")),
                Some((_, values)) => *values = Cow::Owned(format!("{values}, {value}")),
                None => {
                    places.insert(name, headers.len());
                    headers.push((name.as_str(), Cow::Borrowed(value)));
                }
            }
        }
        if !body.is_empty() && !places.contains_key(&CONTENT_TYPE) {
            headers.push(("content-type", Cow::Borrowed("text/plain; charset=utf-8")));
        }
        Ok(Self { status_code: response.status().as_u16(), headers, body })
    }
}

fn pairs<S: Serializer>(headers: &[(&str, Cow<'_, str>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(headers.iter().map(|(name, value)| (name, value)))
}
