//! Shows what reaches a function: every event comes back as the common event in JSON.

use polyfn::{Event, Json, function};
use serde::de::IgnoredAny;

/// Answers any HTTP request with the common event.
#[function(http)]
async fn http(event: Event) -> Json<Event> {
    Json(event)
}

/// Answers a direct call with the common event.
#[function]
async fn direct(_: IgnoredAny, event: Event) -> Json<Event> {
    Json(event)
}

polyfn::main!(http, direct);

#[cfg(test)]
mod tests;
