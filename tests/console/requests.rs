use polyfn_tests::{get, post};
use serde_json::json;

use crate::{browser::Browser, shop::Shop};

#[tokio::test]
async fn a_request_is_sent_seen_in_four_panes_and_replayed_as_another_provider() {
    let shop = Shop::open("request");
    let browser = Browser::open(shop.port).await;
    browser.until_text(".stage h2", "price").await;
    browser.until_text(".stage .doc", "Says what a thing costs, in cents.").await;
    browser.until_text(".paste code", &format!("curl 'http://127.0.0.1:{}/prices/", shop.port)).await;

    // The fields and the event's JSON are two views of one thing.
    browser.fill(".fields label:nth-child(2) input", "/prices/cup").await;
    let event = browser.run("return JSON.parse(document.getElementById('event').value).http.path").await;
    assert_eq!(event, "/prices/cup");
    browser.choose("#as", "aws/http-api-2").await;
    browser.press("Send").await;

    browser.until_text(".stage h2", "#1 GET /prices/cup").await;
    browser.until_text("#rows .row", "aws/http-api-2 → price").await;
    for (pane, part) in [
        ("Native delivery", "\"rawPath\": \"/prices/cup\""),
        ("Common event", "\"provider\": \"aws\""),
        ("Outcome", "price ✓ done"),
        ("Native reply", "\"body\": \"1200\""),
        ("Native reply", "What the caller gets"),
    ] {
        let text = browser.pane(pane).await;
        assert!(text.contains(part), "{pane}: {text}");
    }
    let widths =
        browser.run("return [...document.querySelectorAll('.bars .fill')].map(fill => fill.getBoundingClientRect().width)").await;
    let widths: Vec<_> = widths.as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64).collect();
    assert!(matches!(widths.as_slice(), [all, call] if call <= all && *call > 0.0), "{widths:?}");

    browser.choose("#replay-as", "azure/json").await;
    browser.press("Replay").await;
    browser.until_text(".stage h2", "#2 GET /prices/cup").await;
    browser.until_text("#rows .row", "azure/json → price").await;
    assert!(browser.pane("Native delivery").await.contains("x-azure-functions-invocationid"));
    assert!(browser.text("body").await.contains("#1"), "the replay names what it repeats");
    browser.press("Replay").await;
    browser.until_text(".stage .same", "the reply is the same").await;
    browser.close().await;
}

#[tokio::test]
async fn an_error_of_the_build_is_shown_until_it_is_mended() {
    let shop = Shop::open("note");
    let browser = Browser::open(shop.port).await;
    let hidden = "return document.getElementById('note').hidden";
    assert_eq!(browser.run(hidden).await, true);
    let note =
        |level: &str, text: &str| post(shop.port, "/_polyfn/api/notes", &json!({"level": level, "text": text}).to_string());
    assert_eq!(note("error", "error[E0425]: <b>cannot</b> find `x`").status(), 204);
    browser.until_text("#note-text", "error[E0425]: <b>cannot</b> find `x`").await;
    // It is there for who comes later, too.
    browser.load().await;
    browser.until_text("#note-text", "error[E0425]").await;
    assert_eq!(note("info", "mended").status(), 204);
    browser.until("it is gone", hidden).await;
    browser.close().await;
}

#[tokio::test]
async fn what_others_send_appears_by_itself_and_can_be_filtered() {
    let shop = Shop::open("live");
    let browser = Browser::open(shop.port).await;
    for _ in 0..3 {
        assert_eq!(get(shop.port, "/prices/tea").status(), 200);
    }
    shop.order("unknown");
    browser.until("four invocations", "return document.querySelectorAll('#rows .row:not([hidden])').length === 4").await;
    browser.choose("#by-outcome", "drop").await;
    browser.until_text("#count", "1 of 4").await;
    assert!(browser.text("#rows").await.contains("fulfil"));
    browser.choose("#by-outcome", "").await;
    browser.choose("#by-function", "price").await;
    browser.until_text("#count", "3 of 4").await;
    browser.choose("#by-outcome", "retry").await;
    browser.until_text("#empty", "No invocation fits the filter.").await;
    browser.close().await;
}

#[tokio::test]
async fn where_changes_do_not_come_the_page_asks_for_them() {
    let shop = Shop::open("polling");
    let browser = Browser::start(shop.port).await;
    browser.chromium("Network.enable", serde_json::json!({})).await;
    browser.chromium("Network.setBlockedURLs", serde_json::json!({"urls": ["*/_polyfn/api/changes"]})).await;
    browser.load().await;
    browser.until_text("#link", "polling").await;
    get(shop.port, "/prices/tea");
    browser.until_text("#rows .row", "GET /prices/tea").await;
    browser.quit().await;
}

#[tokio::test]
async fn the_page_finds_a_program_that_was_started_again() {
    let shop = Shop::open("again");
    let browser = Browser::open(shop.port).await;
    get(shop.port, "/prices/tea");
    get(shop.port, "/prices/tea");
    browser.until_text("#count", "2").await;
    let shop = shop.restart(async || browser.until_text("#link", "not running").await).await;
    browser.until_text("#link", "live").await;
    get(shop.port, "/prices/cup");
    browser.until_text("#rows .row", "#1").await;
    browser.until_text("#count", "1").await;
    assert!(!browser.text("#rows").await.contains("/prices/tea"));
    browser.quit().await;
}
