use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use polyfn_shim::{event::Headers, local::recording::Reply};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::terminal::{Paint, on_one_line};

/// All that came of one event, as the shim tells it.
#[derive(Debug, Deserialize)]
pub(crate) struct Detail {
    pub(crate) summary: Summary,
    /// What [`Recording::from_json`](polyfn_shim::local::recording::Recording::from_json) reads.
    pub(crate) recording: Box<RawValue>,
    #[serde(default)]
    pub(crate) calls: Vec<Call>,
    #[serde(default)]
    pub(crate) logs: Vec<String>,
    /// What the caller of a request or a call got.
    pub(crate) response: Option<Response>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Summary {
    id: u64,
    form: String,
    trigger: String,
    #[serde(default)]
    name: String,
    /// `done`, `retry`, `drop`, or `none` if no function was called.
    pub(crate) ended: String,
    #[serde(default)]
    took_us: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    function: String,
    ended: String,
    #[serde(default)]
    failure: Option<String>,
    #[serde(default)]
    took_us: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Response {
    pub(crate) status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body_text: Option<String>,
    body_base64: Option<String>,
}

impl Detail {
    /// Whether every function did what it was called for.
    pub(crate) fn is_done(&self) -> bool {
        self.summary.ended == "done" && self.response.as_ref().is_none_or(|response| response.status < 400)
    }

    /// For people: how it ended, each call, the log.
    pub(crate) fn text(&self, paint: Paint) -> String {
        let Paint { bold, dim, red, green, plain } = paint;
        let Summary { id, form, trigger, name, ended, took_us } = &self.summary;
        let colour = if ended == "done" { green } else { red };
        let name = if name.is_empty() { String::new() } else { format!(" `{}`", on_one_line(name)) };
        let what = match ended.as_str() {
            "none" => "no function was called",
            ended => ended,
        };
        let took = milliseconds(*took_us);
        let (trigger, form) = (on_one_line(trigger), on_one_line(form));
        let mut text = format!("{bold}{colour}{what}{plain}  {trigger}{name} as {form}, {took} {dim}(invocation {id}){plain}\n");
        for Call { function, ended, failure, took_us } in &self.calls {
            let failure = failure.as_deref().map(|failure| format!(": {}", on_one_line(failure))).unwrap_or_default();
            // Writing to a String cannot fail.
            let _written = writeln!(text, "  {}  {ended} in {}{failure}", on_one_line(function), milliseconds(*took_us));
        }
        for line in &self.logs {
            let _written = writeln!(text, "  {dim}log{plain}  {}", on_one_line(line));
        }
        text
    }
}

impl Response {
    /// The same with its body as bytes; what is no base64 stays as it is.
    pub(crate) fn reply(&self) -> Reply {
        let headers: Headers = self
            .headers
            .iter()
            .filter_map(|(name, value)| Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?)))
            .collect();
        let body = match (&self.body_text, &self.body_base64) {
            (Some(text), _) => Bytes::from(text.clone()),
            (None, Some(base64)) => STANDARD.decode(base64).map_or_else(|_| base64.clone().into(), Bytes::from),
            (None, None) => Bytes::new(),
        };
        Reply { status: StatusCode::from_u16(self.status).unwrap_or_default(), headers, body }
    }
}

/// As people say it: `0.3 ms`, `1250 ms`.
pub(crate) fn milliseconds(us: u64) -> String {
    if us >= 100_000 { format!("{} ms", us / 1_000) } else { format!("{}.{} ms", us / 1_000, us % 1_000 / 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_told_on_few_lines() {
        let detail: Detail = serde_json::from_str(
            r#"{"summary":{"id":12,"at":"2026-01-01T00:00:00Z","form":"aws/sqs","trigger":"queue","name":"orders","functions":["fulfil"],
                "ended":"retry","settled":"again","status":200,"took_us":1234,"attempt":1},
                "recording":{}, "calls":[{"function":"fulfil","ended":"retry","failure":"Function.Error: no \u001b[1mstock","took_us":950}],
                "logs":["a line"]}"#,
        )
        .unwrap();
        assert!(!detail.is_done());
        let text = "retry  queue `orders` as aws/sqs, 1.2 ms (invocation 12)
  fulfil  retry in 0.9 ms: Function.Error: no \\u{1b}[1mstock
  log  a line
";
        assert_eq!(detail.text(Paint::default()), text);
    }

    #[test]
    fn a_binary_body_is_bytes() {
        let response: Response =
            serde_json::from_str(r#"{"status":200,"headers":[["a","b"],["no name","x"]],"body_base64":"AP8="}"#).unwrap();
        let reply = response.reply();
        assert_eq!((&reply.body[..], reply.headers.iter().count()), (&b"\x00\xff"[..], 1));
        assert_eq!((milliseconds(99), milliseconds(1_250_000)), ("0.0 ms".to_owned(), "1250 ms".to_owned()));
    }
}
