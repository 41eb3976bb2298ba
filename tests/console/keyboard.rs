use thirtyfour::Key;

use crate::{browser::Browser, shop::Shop};

/// Where the focus is, in a word.
const FOCUS: &str = "const active = document.activeElement; return active.id || active.getAttribute('aria-label') || active.textContent.slice(0, 40)";
/// Whether it can be seen.
const SEEN: &str = "const active = document.activeElement; const style = getComputedStyle(active);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'";

/// Presses Tab until the focus is there; every stop on the way can be seen.
async fn tab_to(browser: &Browser, place: &str) {
    for _ in 0..60 {
        browser.keys(Key::Tab).await;
        let focus = browser.run(FOCUS).await;
        assert_eq!(browser.run(SEEN).await, true, "the focus on {focus} cannot be seen");
        if focus.as_str().is_some_and(|focus| focus.starts_with(place)) {
            return;
        }
    }
    panic!("Tab never comes to {place}");
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() {
    let shop = Shop::open("keyboard");
    let browser = Browser::open(shop.port).await;
    tab_to(&browser, "skip").await;
    tab_to(&browser, "fulfil").await;
    browser.keys(Key::Enter).await;
    browser.until_text(".stage h2", "fulfil").await;
    assert_eq!(browser.run(FOCUS).await, "fulfil", "what was opened has the focus");

    tab_to(&browser, "event").await;
    browser.keys(Key::Control + "a").await;
    browser.keys(r#"{"trigger":"queue","queue":{"name":"orders"},"datacontenttype":"application/json","data":{"sku":"tea","count":1}}"#).await;
    for sent in ["message 1", "message 2"] {
        browser.keys(Key::Control + Key::Enter).await;
        browser.until_text(".results", sent).await;
    }
    browser.until_text("#count", "2").await;

    browser.run("document.activeElement.blur(); document.getElementById('by-outcome').focus()").await;
    tab_to(&browser, "rows").await;
    browser.keys(Key::Down).await;
    browser.until_text(".stage h2", "#2 orders").await;
    assert_eq!(browser.run(FOCUS).await, "rows", "who passes through the list stays in it");
    browser.keys(Key::Down).await;
    browser.until_text(".stage h2", "#1 orders").await;
    let active = "const rows = document.getElementById('rows'); return document.getElementById(rows.getAttribute('aria-activedescendant'))?.getAttribute('aria-label')";
    assert!(browser.run(active).await.as_str().is_some_and(|label| label.starts_with("Invocation 1, orders, done")));
    browser.keys(Key::Enter).await;
    browser.until("the detail has the focus", "return document.activeElement.tagName === 'H2'").await;
    tab_to(&browser, "Replay").await;
    browser.keys(Key::Enter).await;
    browser.until_text(".stage .same", "the reply is the same").await;
    browser.close().await;
}
