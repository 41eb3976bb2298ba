use http::{HeaderValue, Response};

use crate::{Body, Failure, Outcome, function::response};

/// The response to a request, made from the outcome of its event.
///
/// A failure of the function's own is told to the front end in `X-Google-Status`.
pub fn encode(outcome: Outcome) -> Response<Body> {
    let status = match &outcome {
        Outcome::Retry(failure) | Outcome::Drop(failure) => google_status(failure),
        Outcome::Done(_) => None,
    };
    let mut response = response(outcome);
    if let Some(status) = status {
        response.headers_mut().insert("x-google-status", HeaderValue::from_static(status));
    }
    response
}

fn google_status(failure: &Failure) -> Option<&'static str> {
    // A status of the function's choice below 500 is an answer, not a failure.
    let failed = failure.status().is_none_or(|status| status.is_server_error());
    let status = if failure.name() == "Function.Panic" { "crash" } else { "error" };
    failed.then_some(status)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::Reply;

    #[test]
    fn the_front_end_is_told_of_errors_and_crashes() {
        let failure = |status: Option<u16>| {
            let failure = Failure::new("Error", "secret");
            status.map_or(Failure::new("Error", "secret"), |status| failure.with_status(StatusCode::from_u16(status).unwrap()))
        };
        for (outcome, status, google) in [
            (Outcome::Done(Reply::Empty), 204, None),
            (Outcome::Retry(failure(None)), 500, Some("error")),
            (Outcome::Drop(failure(Some(503))), 503, Some("error")),
            (Outcome::Retry(failure(Some(404))), 404, None),
            (Outcome::from_panic(&"boom"), 500, Some("crash")),
        ] {
            let response = encode(outcome);
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers().get("x-google-status").map(|value| value.to_str().unwrap()), google);
        }
    }
}
