use polyfn::{Provider, event};
use serde_json::json;

use super::*;

fn request() -> Event {
    let request = event::Http::new(polyfn::Method::GET, "/a%20b", Some("q=1"));
    Event::new(Provider::Local, event::Trigger::Http(Box::new(request))).with_id("7")
}

#[tokio::test]
async fn a_request_comes_back_as_the_common_event() {
    let Json(event) = http(request()).await;
    let json = serde_json::to_value(event).unwrap();
    let request = json!({"method": "GET", "path": "/a%20b", "raw_path": "/a%20b", "query": "q=1", "headers": []});
    assert_eq!((&json["trigger"], &json["id"], &json["http"]), (&json!("http"), &json!("7"), &request));
}

#[tokio::test]
async fn a_call_comes_back_as_the_common_event() {
    let call = Event::new(Provider::Local, event::Trigger::Direct).with_data("[1]", Some("application/json"));
    let Json(event) = direct(IgnoredAny, call).await;
    let json = serde_json::to_value(event).unwrap();
    assert_eq!((&json["type"], &json["data"], &json["direct"]), (&json!("polyfn.direct.call"), &json!([1]), &json!({})));
}
