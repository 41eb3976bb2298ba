use http::{HeaderName, HeaderValue, Response};

use crate::{Body, Outcome, function::response};

/// Tells Google's front end, and people, that the function failed rather than answered.
const STATUS: HeaderName = HeaderName::from_static("x-google-status");

/// Makes the response of an outcome; that of a failed one says `X-Google-Status`: `crash` for a panic, else `error`.
pub fn encode(outcome: Outcome) -> Response<Body> {
    let status = match &outcome {
        Outcome::Retry(failure) | Outcome::Drop(failure) if failure.status().is_none() => {
            Some(if failure.name() == "Function.Panic" { "crash" } else { "error" })
        }
        _ => None,
    };
    let mut response = response(outcome);
    if let Some(status) = status {
        response.headers_mut().insert(STATUS, HeaderValue::from_static(status));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Failure, Reply};

    #[test]
    fn a_failure_is_told_from_an_answer() {
        let status = |outcome| {
            let response = encode(outcome);
            let google = response.headers().get("x-google-status").map(|value| value.to_str().unwrap().to_owned());
            (response.status().as_u16(), google)
        };
        assert_eq!(status(Outcome::Retry(Failure::new("Error", "secret"))), (500, Some("error".into())));
        assert_eq!(status(Outcome::from_panic(&"boom")), (500, Some("crash".into())));
        let bad_input = Failure::new("BadInput", "x").with_status(http::StatusCode::BAD_REQUEST);
        assert_eq!(status(Outcome::Retry(bad_input)), (400, None));
        assert_eq!(status(Outcome::Done(Reply::Empty)), (204, None));
    }
}
