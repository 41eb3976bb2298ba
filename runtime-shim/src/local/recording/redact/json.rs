use serde_json::value::RawValue;

use super::{
    REDACTED, Redactor, base64,
    compressed::holds_body,
    is_text,
    name::{is_count, is_query, is_query_text, is_secret, is_secret_in_query},
};
use crate::{
    event::{HeaderPairs, compact, read_headers, string},
    members::Members,
};

/// What is known of a value from the names above it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing.
    Open,
    /// It is a parameter of a query.
    Query,
    /// It is a secret, or part of one.
    Secret,
}

/// Fields of an event that are of a few words or digits each; one that happened to look like a secret would be no event.
const FIXED: [&str; 11] =
    ["provider", "trigger", "type", "time", "attempt", "action", "size", "scheduled_for", "method", "client_ip", "scheme"];

/// What stands beside a value in a provider's typed encoding and says what it is, or has a form of its own.
const LABELS: [&str; 9] =
    ["type", "datatype", "timestampvalue", "$date", "$oid", "subtype", "geopointvalue", "nullvalue", "booleanvalue"];

impl Redactor {
    /// JSON on one line; every number that is no secret keeps its digits.
    pub(super) fn json(&mut self, json: &str) -> String {
        let mut out = String::with_capacity(json.len());
        self.value("", json, Place::Open, &mut out);
        out
    }

    /// The JSON form of an event.
    pub(in super::super) fn event(&mut self, json: &str) -> String {
        self.fields(json, |redactor, name, value, is_form, out| match name {
            _ if FIXED.contains(&name) => out.push_str(value),
            "http" | "object" | "schedule" | "change" => {
                let fields = redactor.fields(value, |redactor, name, value, _, out| match (name, text(value)) {
                    _ if FIXED.contains(&name) => out.push_str(value),
                    ("query", Some(query)) => string(&redactor.query(&query), out),
                    ("headers", _) => out.push_str(&redactor.pairs(value).unwrap_or_else(|| format!("\"{REDACTED}\""))),
                    _ => redactor.value("", value, if name == "params" { Place::Query } else { Place::Open }, out),
                });
                out.push_str(&fields);
            }
            "data" if is_form => string(&redactor.query(&text(value).unwrap_or_default()), out),
            "data_base64" => {
                let bytes = text(value).and_then(|text| crate::base64::decode(text).ok()).unwrap_or_default();
                string(&crate::base64::encode(redactor.body(&bytes, None, redactor.encoded)), out);
            }
            _ => redactor.value(name, value, Place::Open, out),
        })
    }

    /// An object of ours, member by member; the closure is told whether its data is a form.
    fn fields(&mut self, json: &str, each: impl Fn(&mut Self, &str, &str, bool, &mut String)) -> String {
        let Ok(Members(members)) = serde_json::from_str(json) else { return format!("\"{REDACTED}\"") };
        let is_form =
            members.iter().any(|(name, value)| name == "datacontenttype" && value.get().contains("x-www-form-urlencoded"));
        let mut out = String::from("{");
        for (name, value) in members {
            comma(&mut out);
            string(&name, &mut out);
            out.push(':');
            each(self, &name, value.get(), is_form, &mut out);
        }
        out.push('}');
        out
    }

    /// Headers as an array of pairs.
    fn pairs(&mut self, json: &str) -> Option<String> {
        let headers = read_headers(serde_json::from_str(json).ok()?, "").ok()?;
        serde_json::to_string(&HeaderPairs(&self.headers(&headers))).ok()
    }

    fn value(&mut self, name: &str, json: &str, place: Place, out: &mut String) {
        match json.bytes().next() {
            Some(b'{' | b'[') => {
                let redacted = self.deeper(|deeper| {
                    let mut inner = String::with_capacity(json.len());
                    if json.starts_with('{') {
                        deeper.object(json, place, &mut inner)
                    } else {
                        deeper.array(name, json, place, &mut inner)
                    }
                    inner
                });
                out.push_str(&redacted);
            }
            Some(b'"') => match text(json) {
                Some(text) if place == Place::Secret => string(&self.typed(name, &text), out),
                // A lone half of a surrogate pair is JSON and no text; it stays as it was written.
                None if place != Place::Secret => out.push_str(json),
                None => string(REDACTED, out),
                // What is said to be compressed may be this.
                Some(text)
                    if self.encoded
                        && holds_body(name)
                        && base64(&text).is_some_and(|bytes| std::str::from_utf8(&bytes).map_or(true, |text| !is_text(text))) =>
                {
                    string(&crate::base64::encode(REDACTED), out)
                }
                Some(text) => {
                    let redacted = if is_query_text(name) { self.query(&text) } else { self.text(&text) };
                    // Escapes stay as they are where nothing has to change.
                    if redacted == text { out.push_str(json) } else { string(&redacted, out) }
                }
            },
            Some(b'-' | b'0'..=b'9') if place == Place::Secret && !is_count(name) => match name {
                "doubleValue" => out.push('0'),
                _ => string(&self.secret(json), out),
            },
            _ => out.push_str(json),
        }
    }

    fn object(&mut self, json: &str, place: Place, out: &mut String) {
        let Ok(Members(members)) = serde_json::from_str(json) else { return string(REDACTED, out) };
        // A pair that is written as an object: `{"Key":"token","Value":"..."}`.
        let is_pair = members.iter().any(|(name, value)| {
            matches!(&*name.to_ascii_lowercase(), "key" | "name") && text(value.get()).is_some_and(|name| is_secret(&name))
        });
        let is_binary = members.iter().any(|(name, value)| matches!(&**name, "Type" | "dataType") && value.get() == "\"Binary\"");
        out.push('{');
        for (name, value) in members {
            comma(out);
            string(&name, out);
            out.push(':');
            let lower = name.to_ascii_lowercase();
            let of = match place {
                Place::Secret if LABELS.contains(&&*lower) => Place::Open,
                Place::Secret => Place::Secret,
                Place::Query if is_secret_in_query(&name) => Place::Secret,
                _ if is_secret(&name) || (is_pair && lower == "value") => Place::Secret,
                _ if is_query(&name) => Place::Query,
                _ => Place::Open,
            };
            // The values of some pairs, as of Kafka's headers on Azure, are in base64.
            let in_base64 = is_pair && text(value.get()).and_then(|text| base64(&text)).is_some();
            let name = if (is_binary || in_base64) && of == Place::Secret { "binaryValue" } else { &name };
            self.value(name, value.get(), of, out);
        }
        out.push('}');
    }

    fn array(&mut self, name: &str, json: &str, place: Place, out: &mut String) {
        let Ok(values) = serde_json::from_str::<Vec<&RawValue>>(json) else { return string(REDACTED, out) };
        // Bytes as numbers, signed or not, as in the headers of Kafka's records.
        let bytes: Option<Vec<u8>> = values.iter().map(|value| byte(value.get())).collect();
        let bytes = bytes.filter(|bytes| !bytes.is_empty() && values.iter().any(|value| value.get().len() > 1));
        out.push('[');
        if let Some(bytes) = &bytes {
            let redacted = if place == Place::Secret {
                self.secret(&String::from_utf8_lossy(bytes)).into_bytes()
            } else {
                self.body(bytes, None, false)
            };
            if redacted != *bytes {
                for byte in redacted {
                    comma(out);
                    out.push_str(&byte.to_string());
                }
                return out.push(']');
            }
        }
        for value in values {
            comma(out);
            self.value(name, value.get(), if place == Place::Query { Place::Open } else { place }, out);
        }
        out.push(']');
    }

    /// A secret in the form that its place asks for.
    fn typed(&mut self, name: &str, value: &str) -> String {
        if let Some(json) = compact(value).filter(|_| value.starts_with(['{', '['])) {
            // What is within is as secret as the whole, and may stand elsewhere by itself.
            let mut inside = String::new();
            self.value(name, json.get(), Place::Secret, &mut inside);
        }
        let secret = self.secret(value);
        if secret == value {
            return secret;
        }
        let is_number = matches!(name, "N" | "NS" | "integerValue") || name.starts_with("$number");
        let is_binary =
            matches!(name, "B" | "BS" | "bytesValue" | "base64" | "$binary") || name.to_ascii_lowercase().starts_with("binary");
        if is_number {
            "0".to_owned()
        } else if is_binary {
            crate::base64::encode(REDACTED)
        } else {
            secret
        }
    }
}

fn text(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn byte(json: &str) -> Option<u8> {
    json.parse::<u8>()
        .ok()
        .or_else(|| json.parse::<i8>().ok().map(|signed| signed.to_le_bytes().into_iter().next().unwrap_or_default()))
}

fn comma(out: &mut String) {
    if !out.ends_with(['{', '[']) {
        out.push(',');
    }
}
