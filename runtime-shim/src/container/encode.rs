use http::Response;

use crate::{Body, Outcome, function::response};

/// The response to a request, made from the outcome of its event.
pub fn encode(outcome: Outcome) -> Response<Body> {
    response(outcome)
}
