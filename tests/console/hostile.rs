use polyfn_tests::{call, post};
use serde_json::json;

use crate::{browser::Browser, shop::Shop};

/// Markup that would run a script by itself, wherever it became elements.
const MARKUP: &str =
    "</script></pre><img src=x onerror=\"window.pwned=1;alert(1)\"><script>window.pwned=1;alert(1)</script><svg onload=alert(1)>";

/// What the page has become, if a message is more than text.
const BECAME: &str = "return { elements: document.querySelectorAll('img, svg, iframe, object, embed, base, form[action], a[href^=\"javascript\"]').length,
    scripts: document.scripts.length, pwned: window.pwned ?? null,
    handlers: [...document.querySelectorAll('*')].filter(found => found.getAttributeNames().some(name => name.startsWith('on'))).length }";

#[tokio::test]
async fn what_a_message_holds_is_text_and_never_markup() {
    let shop = Shop::open("hostile");
    let unseen = "a\u{0}b\u{202e}gnp.exe\u{2066}\u{200b}\u{1b}[31m";
    // In a path and a reply ...
    let path = format!("/prices/{}", MARKUP.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>());
    assert_eq!(call(shop.port, "GET", &path, &[("x-evil", MARKUP)], b"").status(), 404);
    // ... and in a body, attributes, a group and a line of the log.
    shop.send(&json!({"trigger": "queue", "queue": {"name": "orders", "group": MARKUP}, "datacontenttype": "application/json",
        "attributes": {"evil": MARKUP}, "data": {"sku": format!("{MARKUP}{unseen}"), "count": 1, MARKUP: MARKUP}}));
    let browser = Browser::open(shop.port).await;
    browser.until_text("#count", "2").await;
    // ... and in the name that the list and the title have.
    let named = json!({"function": "fulfil", "event": {"trigger": "queue", "queue": {"name": MARKUP},
        "datacontenttype": "application/json", "data": {"sku": "tea", "count": 1}}});
    assert_eq!(post(shop.port, "/_polyfn/api/send", &named.to_string()).status(), 200);
    browser.until_text("#rows .row", MARKUP).await;
    let want = json!({"elements": 0, "scripts": 1, "pwned": null, "handlers": 0});
    assert_eq!(browser.run(BECAME).await, want);

    for id in [1, 3, 2] {
        browser.run(&format!("location.hash = '#/invocation/{id}'")).await;
        browser.until_text(".stage h2", &format!("#{id} ")).await;
        for pane in ["Native delivery", "Common event", "Outcome", "Native reply", "Logs"] {
            let text = browser.pane(pane).await;
            assert!(!text.is_empty(), "{pane}");
        }
        assert_eq!(browser.run(BECAME).await, want, "invocation {id}");
        assert!(!browser.has_dialog().await);
        let reply = browser.pane("Native reply").await;
        assert!(id != 1 || reply.contains("<img src=x onerror="), "{reply}");
    }
    let event = browser.pane("Common event").await;
    assert!(event.contains("<img src=x onerror=") && event.contains("</script>"), "{event}");
    // JSON has an escape for a control character; what would turn the line around gets one.
    assert!(event.contains(r"a\u0000b\u202egnp.exe\u2066\u200b\u001b[31m"), "{event}");
    assert!(!event.contains(['\u{0}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{1b}']), "{event}");
    assert!(browser.pane("Logs").await.contains("<img src=x"), "{}", browser.pane("Logs").await);

    // The form takes the same event to edit it.
    browser.press("Edit and send").await;
    browser.until_text(".stage h2", "fulfil").await;
    assert_eq!(browser.run(BECAME).await, want);
    let edited = browser.run("return document.getElementById('event').value").await;
    let edited = edited.as_str().expect("a text");
    assert!(edited.contains(r"b\u202egnp") && !edited.contains('\u{202e}'), "{edited}");

    // A message that nobody could handle is no more than text either.
    shop.send(&json!({"trigger": "queue", "queue": {"name": "orders", "group": MARKUP}, "datacontenttype": "application/json",
        "attributes": {"evil": MARKUP}, "data": {"sku": "sold-out", "count": 1}}));
    browser.until_text("#queues .depth", "1 dead").await;
    browser.click("#queues button").await;
    browser.click(".dead summary").await;
    browser.until_text(".dead pre", "<img src=x onerror=").await;
    assert_eq!(browser.run(BECAME).await, want);
    browser.click("#functions li:nth-child(2) button").await;
    browser.until_text(".stage h2", "fulfil").await;
    // A name of a queue that no function has is in the message of the error.
    browser.run("const event = JSON.parse(document.getElementById('event').value); event.queue.name = '<img src=x onerror=alert(1)>'; const field = document.getElementById('event'); field.value = JSON.stringify(event); field.dispatchEvent(new Event('input'));").await;
    browser.press("Send").await;
    browser.until("the error is told", "return document.getElementById('say').innerText !== ''").await;
    assert_eq!(browser.run(BECAME).await, want);
    assert!(!browser.has_dialog().await);
    // The browser logs the 404 that this test asked for; nothing else.
    browser.quit().await;
}

#[tokio::test]
async fn a_line_of_a_megabyte_is_shown_a_piece_at_a_time() {
    let shop = Shop::open("long");
    let line = format!("{}end", "<b>x".repeat(256 * 1024));
    shop.order(&line);
    let browser = Browser::open(shop.port).await;
    browser.until_text("#count", "1").await;
    browser.click("#rows .row:not([hidden])").await;
    browser.until_text(".stage h2", "#1 orders").await;
    let shown = |text: &str| text.len();
    let first = browser.pane("Common event").await;
    assert!(first.contains("<b>x<b>x") && shown(&first) < 40_000, "{}", shown(&first));
    assert_eq!(browser.run("return document.querySelectorAll('b').length === [...document.querySelectorAll('b')].filter(found => !found.closest('pre')).length").await, true);
    browser.click("section[aria-label=\"Common event\"] pre button").await;
    let more = browser.pane("Common event").await;
    assert!(shown(&more) > shown(&first) + 50_000, "{} {}", shown(&first), shown(&more));
    // To the last character, if somebody wants it.
    browser
        .until(
            "all of it is shown",
            "const more = document.querySelector('section[aria-label=\"Common event\"] pre button'); more?.click(); return !more",
        )
        .await;
    let all = browser.run("return document.querySelector('section[aria-label=\"Common event\"] pre').textContent").await;
    assert!(all.as_str().is_some_and(|text| text.contains(&line)), "the whole line is there");
    browser.close().await;
}
