use polyfn_shim::local::{Form, Settled};
use serde_json::json;

use super::{Answer, Wanted};
use crate::suite::{Does, Entry};

/// The answer of a call, and of a request that the function fails.
pub(super) fn wanted(form: Form, entry: &Entry, does: &Does) -> Wanted {
    let name = form.to_string();
    let data = entry.event.data().map(|data| data.to_vec()).unwrap_or_default();
    let done = matches!(does, Does::Done);
    // Whoever waits for an answer tries again themselves, if at all.
    let settled = Settled::Acknowledged;
    match name.as_str() {
        "aws/direct" => {
            let native = if done { Answer::invoked(data) } else { of_lambda(does) };
            Wanted { response: Some(native.clone()), native, settled }
        }
        // A front end hands on what the function says of its failure: an answer, so the invocation is done.
        _ if name.starts_with("aws/") => {
            let response = problem(does);
            let native = super::request::of_front_end(&name, &response);
            Wanted { native, response: Some(super::request::past_front_end(&name, response)), settled }
        }
        "azure/json" if done => {
            let text = String::from_utf8(data.clone()).expect("a call is JSON");
            let body = json!({"Outputs": {"res": {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": text}},
                "Logs": [], "ReturnValue": null});
            let response = Answer::new(200, &[("content-type", "application/json")], data);
            Wanted { native: super::request::of_handler(body), response: Some(response), settled }
        }
        // The caller gets nothing of what a handler says beside a status of 500.
        "azure/json" if !matches!(does, Does::Drop) => {
            Wanted { native: of_handler(does), response: Some(Answer::new(500, &[], "")), settled }
        }
        "azure/json" => {
            let response = problem(does);
            let body = json!({"Outputs": {"res": {"statusCode": 500, "headers": {"content-type": "application/problem+json"},
                "body": problem_text(does)}}, "Logs": [], "ReturnValue": null});
            Wanted { native: super::request::of_handler(body), response: Some(response), settled }
        }
        _ => {
            let mut native = if done { Answer::new(200, &[("content-type", "application/json")], data) } else { problem(does) };
            if name.starts_with("gcp/") && !done {
                native.headers = google(does);
            }
            Wanted { response: Some(native.clone()), native, settled }
        }
    }
}

/// Why a function has failed: the name and the words.
fn failure(does: &Does) -> (&'static str, &'static str) {
    does.ends().1.and_then(|text| text.split_once(": ")).expect("a failure")
}

/// An invocation that failed.
pub(super) fn of_lambda(does: &Does) -> Answer {
    let (name, message) = failure(does);
    let body = format!(r#"{{"errorType":"{name}","errorMessage":"{message}"}}"#);
    let [kind, version] = super::INVOKED;
    Answer::new(200, &[kind, version, ("x-amz-function-error", "Unhandled")], body)
}

/// A failure as RFC 9457 has it: its name, and none of its words.
pub(super) fn problem(does: &Does) -> Answer {
    Answer::new(500, &[("content-type", "application/problem+json")], problem_text(does))
}

fn problem_text(does: &Does) -> String {
    format!(r#"{{"type":"about:blank","title":"Internal Server Error","status":500,"error":"{}"}}"#, failure(does).0)
}

/// The same for Google's front end, which counts crashes.
pub(super) fn google(does: &Does) -> Vec<(String, String)> {
    let status = if matches!(does, Does::Panic) { "crash" } else { "error" };
    let headers = [("content-type", "application/problem+json"), ("x-google-status", status)];
    headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// A failure in JSON mode, of which the host reads the status alone.
pub(super) fn of_handler(does: &Does) -> Answer {
    Answer::new(500, &[("content-type", "text/plain; charset=utf-8")], failure(does).0)
}
