use std::fmt::Write as _;

use super::{
    Ended, FORMAT, Recording, body,
    pretty::pretty,
    redact::{Redactor, is_encoded, speaks_of_encoding},
};
use crate::{
    Event,
    event::{HeaderPairs, Headers, string},
};

impl Recording {
    /// The recording as it stands in a file: JSON for people, always in the same order, with `[redacted]` for secrets.
    ///
    /// What is a secret:
    /// - the value of a header, attribute, JSON member, query key or form field whose name says so: `authorization`, `cookie`,
    ///   `x-functions-key`, `api_key`, a password, token, secret, signature or credential; a `key`, a `partition_key` and the
    ///   like are none
    /// - `code` and `sig` in a query, as Azure has them
    /// - credentials that stand in a text: behind `Bearer` and `Basic`, in front of the host of a URL, a JSON Web Token
    ///
    /// JSON within strings and what is in base64 are looked into. A secret of at least eight bytes is taken out everywhere else in
    /// the recording too, also where it stands percent-encoded or in base64. Bytes that are no text keep their length, so that
    /// what counts them still reads them. The fields of a multipart form are looked into, and one that cannot be read goes whole.
    ///
    /// What is compressed is not looked into: it is `[redacted]` as a whole, be it that a `content-encoding` says so, or its first
    /// bytes (gzip, zlib, Zstandard, zip). A replay of such a delivery is no replay of its body. What is encrypted stays.
    pub fn to_json(&self) -> String {
        let mut redactor = Redactor::default();
        // The first round only finds the secrets: one may be seen before its name is.
        self.render(&mut redactor);
        pretty(&self.render(&mut redactor))
    }

    fn render(&self, redactor: &mut Redactor) -> String {
        let mut out =
            format!("{{\"format\":{FORMAT},\"at\":\"{}\",\"duration_us\":{},\"provider\":", self.at, self.duration.as_micros());
        string(self.provider.as_str(), &mut out);
        for (name, value) in [("form", &self.form), ("function", &self.function)] {
            member(name, value, &mut out);
        }

        // What is compressed on the way in may be so in the JSON of a provider, and in the events.
        let of_an_event = |event: &Event| event.http().is_some_and(|http| is_encoded(&http.headers));
        redactor.set_encoded(
            is_encoded(&self.delivery.headers) || speaks_of_encoding(&self.delivery.body) || self.events.iter().any(of_an_event),
        );
        out.push_str(",\"delivery\":{\"method\":");
        string(self.delivery.method.as_str(), &mut out);
        member("path", &redactor.path(&self.delivery.path), &mut out);
        message(&self.delivery.headers, &self.delivery.body, redactor, &mut out);

        out.push_str("},\"events\":[");
        for (at, event) in self.events.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            // An event's names are texts and its values are JSON, so that there is nothing to fail.
            out.push_str(&serde_json::to_string(event).map(|json| redactor.event(&json)).unwrap_or_default());
        }
        out.push_str("],\"outcomes\":[");
        for (at, ended) in self.outcomes.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push_str("{\"outcome\":");
            string(ended.as_str(), &mut out);
            if let Ended::Retry { name, message } | Ended::Drop { name, message } = ended {
                member("name", name, &mut out);
                member("message", &redactor.text(message), &mut out);
            }
            out.push('}');
        }

        redactor.set_encoded(is_encoded(&self.reply.headers) || speaks_of_encoding(&self.reply.body));
        // Writing to a String cannot fail.
        let _written = write!(out, "],\"reply\":{{\"status\":{}", self.reply.status.as_u16());
        message(&self.reply.headers, &self.reply.body, redactor, &mut out);
        out.push_str("}}");
        out
    }
}

/// Headers and body, of a delivery or a reply.
fn message(headers: &Headers, body: &[u8], redactor: &mut Redactor, out: &mut String) {
    let redacted = redactor.headers(headers);
    out.push_str(",\"headers\":");
    out.push_str(&serde_json::to_string(&HeaderPairs(&redacted)).unwrap_or_default());
    body::write(&redactor.body(body, headers.text("content-type"), is_encoded(headers)), out);
}

fn member(name: &str, value: &str, out: &mut String) {
    out.push(',');
    string(name, out);
    out.push(':');
    string(value, out);
}
