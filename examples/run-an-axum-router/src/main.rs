//! An axum `Router` that exists already, run by polyfn on every provider without a change.

use axum::{Router, extract::Path, http::StatusCode, routing::get};

/// The router, as it would be given to `axum::serve`.
fn router() -> Router {
    Router::new()
        .route("/hello/{name}", get(async |Path(name): Path<String>| format!("Hello, {name}!")))
        .fallback(async || (StatusCode::IM_A_TEAPOT, "short and stout"))
}

polyfn::main!(service = router);

#[cfg(test)]
mod tests;
