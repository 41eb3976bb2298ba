//! The other way round: functions mounted in a router.

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use polyfn::{Context, Error, Json, Path, State, function, functions};
use tower_service::Service;

use super::*;

/// Multiplies by what the program was started with.
#[function(http = "GET /times/{n}")]
async fn times(Path(n): Path<u32>, factor: State<u32>, cx: Context) -> Result<Json<u32>, Error> {
    assert_eq!(cx.function(), "times");
    n.checked_mul(*factor).map(Json).ok_or_else(|| Error::status(422, "too large"))
}

async fn get_text(router: &mut Router, path: &str) -> (u16, String) {
    let response = router.call(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1024).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn functions_are_a_service_of_a_router() {
    let service = functions![times].with_state(3_u32).into_service().await.unwrap();
    let mut router = Router::new().route("/own", get(async || "axum")).fallback_service(service);
    assert_eq!(get_text(&mut router, "/own").await, (200, "axum".into()));
    assert_eq!(get_text(&mut router, "/times/7").await, (200, "21".into()));
    assert_eq!(get_text(&mut router, "/times/4294967295").await.0, 422);
    assert_eq!(get_text(&mut router, "/times/x").await.0, 400);
    assert_eq!(get_text(&mut router, "/nothing").await.0, 404);
}

#[tokio::test]
async fn a_state_that_is_missing_is_told_at_once() {
    let error = functions![times].into_service().await.unwrap_err().to_string();
    assert!(error.contains("`times` takes `State<u32>`"), "{error}");
}
