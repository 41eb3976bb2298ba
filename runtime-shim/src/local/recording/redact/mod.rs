//! What is secret in a recording, taken out of it.

mod compressed;
mod json;
mod known;
mod multipart;
mod name;
mod spans;

use std::borrow::Cow;

use http::HeaderValue;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub(super) use self::compressed::{is_encoded, speaks_of_encoding};
use self::{
    compressed::is_compressed,
    known::{Known, replace},
    name::is_secret,
    spans::{credentials, pairs, userinfo, web_tokens},
};
use crate::event::{Headers, compact};

/// What stands where a secret stood.
const REDACTED: &str = "[redacted]";
/// How deep JSON and base64 are looked into within one another; what is deeper is taken out whole.
const DEPTH: usize = 100;

/// What a cookie says of itself: https://www.rfc-editor.org/rfc/rfc6265#section-5.2
const OF_COOKIES: [&str; 5] = ["path", "domain", "expires", "max-age", "samesite"];

/// Takes secrets out, and remembers them: what it finds in one place it takes out of all that it sees later.
#[derive(Default)]
pub(super) struct Redactor {
    known: Known,
    depth: usize,
    /// Whether something is compressed in a way that its bytes need not tell.
    encoded: bool,
}

impl Redactor {
    /// What comes next is told to be compressed somewhere, or not.
    pub(super) fn set_encoded(&mut self, encoded: bool) {
        self.encoded = encoded;
    }

    /// A path with its query.
    pub(super) fn path(&mut self, path: &str) -> String {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let path = self.text(path);
        match query {
            Some(query) => format!("{path}?{}", self.query(query)),
            None => path,
        }
    }

    /// The query of a URL, or a form.
    pub(super) fn query(&mut self, query: &str) -> String {
        self.plain(query, true)
    }

    /// Headers by their names, and what stands in the others.
    pub(super) fn headers(&mut self, headers: &Headers) -> Headers {
        let redacted = headers.iter().map(|(name, value)| {
            let new = match std::str::from_utf8(value.as_bytes()) {
                Ok(text) if is_secret(name.as_str()) => self.secret(text).into_bytes(),
                Ok(text) => self.text(text).into_bytes(),
                Err(_) if is_secret(name.as_str()) => REDACTED.into(),
                Err(_) => self.bytes(value.as_bytes()),
            };
            (name.clone(), HeaderValue::from_bytes(&new).unwrap_or_else(|_| HeaderValue::from_static(REDACTED)))
        });
        redacted.collect()
    }

    /// A body of this type, which its headers may call compressed: nobody can tell what is in it then, so that all of it goes.
    pub(super) fn body(&mut self, body: &[u8], media_type: Option<&str>, is_encoded: bool) -> Vec<u8> {
        if is_encoded && !body.is_empty() {
            return REDACTED.into();
        }
        let is = |ty: &str| media_type.is_some_and(|media_type| media_type.to_ascii_lowercase().contains(ty));
        if let Some(redacted) = self.multipart(body) {
            return redacted;
        }
        match std::str::from_utf8(body) {
            // A form in parts that cannot be read.
            _ if is("multipart/form-data") && !body.is_empty() => REDACTED.into(),
            Ok(form) if is("x-www-form-urlencoded") => self.query(form).into_bytes(),
            Ok(_) | Err(_) => self.plain_bytes(body),
        }
    }

    /// Bytes of which nothing is known but what stands in them.
    fn plain_bytes(&mut self, bytes: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text(text).into_bytes(),
            Err(_) => self.bytes(bytes),
        }
    }

    /// A text whose name says nothing: JSON, base64, or words in which credentials may stand.
    pub(super) fn text(&mut self, text: &str) -> String {
        if text.trim_start().starts_with(['{', '[', '"'])
            && let Some(json) = compact(text)
        {
            let redacted = self.deeper(|deeper| deeper.json(json.get()));
            // White space stays if nothing else has to change.
            return if redacted == json.get() { text.to_owned() } else { redacted };
        }
        if let Some(bytes) = base64(text) {
            let redacted = match String::from_utf8(bytes) {
                Ok(inner) if is_text(&inner) => {
                    let redacted = self.deeper(|deeper| deeper.text(&inner));
                    (redacted != inner).then(|| redacted.into_bytes())
                }
                Ok(inner) => self.changed(inner.as_bytes()),
                Err(error) => self.changed(error.as_bytes()),
            };
            if let Some(redacted) = redacted {
                return crate::base64::encode(redacted);
            }
        }
        if let Some(redacted) = self.multipart(text.as_bytes()).and_then(|redacted| String::from_utf8(redacted).ok()) {
            return redacted;
        }
        self.plain(text, false)
    }

    /// Goes one level deeper; at the end of all depth the whole value goes.
    fn deeper(&mut self, redact: impl FnOnce(&mut Self) -> String) -> String {
        if self.depth >= DEPTH {
            return format!("\"{REDACTED}\"");
        }
        self.depth += 1;
        let redacted = redact(self);
        self.depth -= 1;
        redacted
    }

    /// A text that is neither JSON nor base64.
    fn plain(&mut self, text: &str, is_query: bool) -> String {
        let mut spans = Vec::new();
        for pair in pairs(text, is_query) {
            let value = text.get(pair.value.clone()).unwrap_or_default();
            if pair.is_secret {
                spans.push((pair.value, Cow::Owned(self.secret(value))));
            } else if let Some(decoded) = pair.decoded {
                let redacted = self.deeper(|deeper| deeper.text(&decoded));
                if redacted != decoded {
                    spans.push((pair.value, utf8_percent_encode(&redacted, NON_ALPHANUMERIC).to_string().into()));
                }
            }
        }
        for span in userinfo(text) {
            let (_, password) = text.get(span.clone()).unwrap_or_default().split_once(':').unwrap_or_default();
            self.remember(password);
            self.remember(text.get(span.clone()).unwrap_or_default());
            spans.push((span, REDACTED.into()));
        }
        for (span, is_basic) in credentials(text) {
            let token = text.get(span.clone()).unwrap_or_default();
            if is_basic {
                self.remember_basic(token)
            } else {
                self.remember(token)
            }
            spans.push((span, REDACTED.into()));
        }
        for span in web_tokens(text) {
            self.remember(text.get(span.clone()).unwrap_or_default());
            spans.push((span, REDACTED.into()));
        }
        let text = replace(text, spans);
        let known = self.known.find_in_text(&text).into_iter().map(|span| (span, REDACTED.into())).collect();
        replace(&text, known).into_owned()
    }

    /// Bytes that are no text, if something is to change in them.
    fn changed(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let redacted = self.multipart(bytes).unwrap_or_else(|| self.bytes(bytes));
        (redacted != bytes).then_some(redacted)
    }

    /// Bytes that are no text: a secret in them becomes as many other bytes, and what is compressed goes as a whole.
    fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        if is_compressed(bytes) {
            return REDACTED.into();
        }
        let mut redacted = bytes.to_vec();
        for span in self.known.find(bytes) {
            let filler = REDACTED.bytes().chain(std::iter::repeat(b'*'));
            redacted.get_mut(span).into_iter().flatten().zip(filler).for_each(|(byte, new)| *byte = new);
        }
        redacted
    }

    /// The value of something whose name says that it is a secret: what stands there instead.
    fn secret(&mut self, value: &str) -> String {
        // These tell nothing, and more often than not they are no secrets at all.
        if matches!(value, "" | "true" | "false" | "null" | "*") {
            return value.to_owned();
        }
        self.remember(value);
        if let Some((scheme, rest)) = value.split_once(' ') {
            if scheme.eq_ignore_ascii_case("basic") { self.remember_basic(rest.trim()) } else { self.remember(rest.trim()) }
        }
        // The values of cookies, of which a header may hold several.
        for (name, value) in value.split(';').filter_map(|pair| pair.split_once('=')) {
            if !OF_COOKIES.iter().any(|known| known.eq_ignore_ascii_case(name.trim())) {
                self.remember(value.trim().trim_matches('"'));
            }
        }
        if let Some(text) = base64(value).and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| is_text(text)) {
            self.remember(&text);
        }
        REDACTED.to_owned()
    }

    fn remember(&mut self, secret: &str) {
        self.known.add(secret);
        if secret.contains('%') {
            self.known.add(&percent_encoding::percent_decode_str(secret).decode_utf8_lossy());
        }
    }

    /// Name and password in base64: https://www.rfc-editor.org/rfc/rfc7617#section-2
    fn remember_basic(&mut self, token: &str) {
        self.remember(token);
        let decoded = crate::base64::decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((_, password)) = decoded.as_deref().and_then(|decoded| decoded.split_once(':')) {
            self.remember(password);
        }
    }
}

/// The bytes of a text in base64; nothing short is taken for it.
fn base64(text: &str) -> Option<Vec<u8>> {
    if text.len() < 8 || !text.len().is_multiple_of(4) { None } else { crate::base64::decode(text).ok() }
}

fn is_text(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}
