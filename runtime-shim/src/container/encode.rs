use http::Response;

use crate::{Body, Outcome, function::response};

/// Makes the response of an outcome: the function's own, a value as JSON, or problem+json for a failure.
pub fn encode(outcome: Outcome) -> Response<Body> {
    response(outcome)
}
