//! An outcome becomes the answer to the host.

mod output;

use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use serde::Serialize;

use self::output::Output;
use super::{Declaration, Mode, TriggerType};
use crate::{Body, Outcome, Reply, function::response};

/// An answer to the host, and what has to be said in the log about it.
#[derive(Debug)]
pub struct Encoded {
    /// The answer.
    pub response: Response<Body>,
    /// Why it is not what the function wanted to answer.
    pub error: Option<String>,
}

/// Makes the host's answer of an outcome.
///
/// In the raw modes it is the HTTP response itself. In JSON mode the response goes out as the HTTP output, whose body
/// must be whole by now; a failure that has no status of its own is a 500 of the handler, so that the host counts the
/// invocation as failed.
///
/// JSON mode cannot carry a body that is no text, or several `Set-Cookie` headers: the answer is a 500 then, and the error
/// says so.
///
/// ```
/// use http::Response;
/// use polyfn_shim::{Outcome, Reply, azure::{Bindings, Declaration, Mode, encode}, event::Kind};
///
/// let bindings = Bindings::read(br#"[{"type": "httpTrigger", "name": "req"}]"#).unwrap();
/// let function = Declaration::new("Greet", Kind::Http, bindings);
/// let hello = Response::builder().header("content-type", "text/plain").body("hello".into()).unwrap();
///
/// let encoded = encode(Outcome::Done(Reply::Http(hello)), &function, Mode::Json);
/// assert_eq!(
///     encoded.response.body().bytes().unwrap(),
///     r#"{"Outputs":{"res":{"statusCode":200,"headers":{"content-type":"text/plain"},"body":"hello"}},"Logs":[],"ReturnValue":null}"#
/// );
/// ```
///
/// Source: [custom handler response payload](https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#response-payload).
pub fn encode(outcome: Outcome, function: &Declaration, mode: Mode) -> Encoded {
    let is_http = function.bindings().trigger_type() == TriggerType::Http;
    match outcome {
        outcome if mode != Mode::Json => Encoded { response: response(outcome), error: None },
        // The caller would get an empty 500 either way; this one also counts as a failed invocation.
        Outcome::Retry(failure) if failure.status().is_none() || !is_http => {
            Encoded { response: failed(failure.name()), error: None }
        }
        outcome if is_http => match Output::of(&response(outcome)) {
            Ok(output) => Encoded { response: answer(Some((function.bindings().http_output(), &output))), error: None },
            Err(error) => Encoded { response: failed(&error), error: Some(error) },
        },
        _ => Encoded { response: answer(None), error: None },
    }
}

/// The one outcome of a delivery: the host knows no partial result, so that one event to be delivered again fails them all.
///
/// What comes again then are the done ones too.
pub fn combine(outcomes: Vec<Outcome>) -> Outcome {
    match <[Outcome; 1]>::try_from(outcomes) {
        Ok([outcome]) => outcome,
        Err(outcomes) => {
            let failed = outcomes.into_iter().find(|outcome| matches!(outcome, Outcome::Retry(_)));
            failed.unwrap_or(Outcome::Done(Reply::Empty))
        }
    }
}

/// The answer that fails an invocation; the host reads nothing of it but the status.
pub(crate) fn failed(text: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The answer that ends an invocation well. It is never empty: the host would wait until the function's timeout.
fn answer(http: Option<(&str, &Output<'_>)>) -> Response<Body> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer<'a> {
        outputs: Outputs<'a>,
        logs: [&'a str; 0],
        return_value: Option<&'a Output<'a>>,
    }
    struct Outputs<'a>(Option<(&'a str, &'a Output<'a>)>);
    impl Serialize for Outputs<'_> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0)
        }
    }
    let (outputs, return_value) = match http {
        Some(("$return", output)) => (None, Some(output)),
        other => (other, None),
    };
    let Ok(json) = serde_json::to_vec(&Answer { outputs: Outputs(outputs), logs: [], return_value }) else {
        return failed("the answer cannot be written as JSON");
    };
    let mut response = Response::new(Body::default());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(json.len()));
    *response.body_mut() = Body::from(json);
    response
}
