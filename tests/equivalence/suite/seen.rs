use std::fmt::Debug;

use polyfn_shim::{Event, Provider, Trigger};

/// All that a function sees of an event, to be compared and to be changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) provider: Provider,
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) ty: String,
    pub(crate) subject: Option<String>,
    pub(crate) time: Option<String>,
    pub(crate) datacontenttype: Option<String>,
    pub(crate) dataschema: Option<String>,
    pub(crate) attempt: u32,
    pub(crate) via: Vec<String>,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) data: Vec<u8>,
    pub(crate) trigger: Trigger,
}

impl From<&Event> for Seen {
    fn from(event: &Event) -> Self {
        Self {
            provider: event.provider(),
            id: event.id().to_owned(),
            source: event.source().to_owned(),
            ty: event.ty().to_owned(),
            subject: event.subject().map(str::to_owned),
            time: event.time().map(|time| time.to_string()),
            datacontenttype: event.datacontenttype().map(str::to_owned),
            dataschema: event.dataschema().map(str::to_owned),
            attempt: event.attempt(),
            via: event.via().to_vec(),
            attributes: event.attributes().to_vec(),
            data: event.data().map(|data| data.to_vec()).unwrap_or_default(),
            trigger: event.trigger().clone(),
        }
    }
}

impl Seen {
    /// What is not as it should be, a line for each field.
    pub(crate) fn differences(&self, want: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut compare = |name: &str, have: &dyn Debug, want: &dyn Debug| {
            let (have, want) = (format!("{have:?}"), format!("{want:?}"));
            if have != want {
                lines.push(format!("{name}: {have} in place of {want}"));
            }
        };
        compare("provider", &self.provider, &want.provider);
        compare("id", &self.id, &want.id);
        compare("source", &self.source, &want.source);
        compare("type", &self.ty, &want.ty);
        compare("subject", &self.subject, &want.subject);
        compare("time", &self.time, &want.time);
        compare("datacontenttype", &self.datacontenttype, &want.datacontenttype);
        compare("dataschema", &self.dataschema, &want.dataschema);
        compare("attempt", &self.attempt, &want.attempt);
        compare("via", &self.via, &want.via);
        compare("attributes", &self.attributes, &want.attributes);
        compare("data", &self.data.escape_ascii().to_string(), &want.data.escape_ascii().to_string());
        match (&self.trigger, &want.trigger) {
            (Trigger::Http(have), Trigger::Http(want)) => {
                compare("method", &have.method, &want.method);
                compare("path", &have.path, &want.path);
                compare("raw_path", &have.raw_path, &want.raw_path);
                compare("query", &have.query, &want.query);
                compare("headers", &pairs(&have.headers), &pairs(&want.headers));
                compare("params", &have.params, &want.params);
                compare("scheme", &have.scheme, &want.scheme);
                compare("host", &have.host, &want.host);
                compare("client_ip", &have.client_ip, &want.client_ip);
            }
            (have, want) => compare("trigger", have, want),
        }
        lines
    }
}

/// Headers as text, in their order.
pub(crate) fn pairs(headers: &polyfn_shim::event::Headers) -> Vec<(String, String)> {
    let text = |value: &http::HeaderValue| value.as_bytes().escape_ascii().to_string();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}
