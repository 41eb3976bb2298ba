use crate::{browser::Browser, shop::Shop};

#[tokio::test]
async fn a_message_is_stored_and_linked_to_what_became_of_it() {
    let shop = Shop::open("message");
    let browser = Browser::open(shop.port).await;
    browser.click("#functions li:nth-child(2) button").await;
    browser.until_text(".stage h2", "fulfil").await;
    let event =
        r#"{"trigger":"queue","queue":{"name":"orders"},"datacontenttype":"application/json","data":{"sku":"cup","count":3}}"#;
    browser.fill("#event", event).await;
    // What is written as JSON stands in the fields.
    let data = browser.run("return [...document.querySelectorAll('.fields textarea')].at(-1).value").await;
    assert_eq!(data, "{\n  \"sku\": \"cup\",\n  \"count\": 3\n}");
    browser.fill("#event", "{\"trigger\":").await;
    assert_eq!(browser.run("return document.querySelector('button.main').disabled").await, true);
    browser.fill("#event", event).await;
    browser.press("Send").await;
    browser.until_text(".results li", "Stored as message 1.").await;
    browser.click(".results a").await;
    browser.until_text(".stage h2", "#1 orders").await;
    let logs = browser.pane("Logs").await;
    assert!(logs.contains("sent") && logs.contains("cup"), "{logs}");
    browser.close().await;
}

#[tokio::test]
async fn dead_letters_are_listed_sent_again_and_discarded() {
    let shop = Shop::open("dead");
    for _ in 0..3 {
        shop.order("sold-out");
    }
    let browser = Browser::open(shop.port).await;
    browser.until_text("#queues .depth", "3 dead").await;
    browser.click("#queues button").await;
    browser.until_text(".dead .reason", "no `sold-out` left, attempt 2").await;
    browser.until_text(".depths", "3").await;
    let ids = "return [...document.querySelectorAll('.dead')].map(letter => letter.dataset.id)";
    let before = browser.run(ids).await;
    let first = before[0].as_str().expect("a letter has a number").to_owned();

    browser.click(".dead summary").await;
    browser.until_text(".dead pre", "\"sku\": \"sold-out\"").await;
    browser.click(&format!(".dead[data-id=\"{first}\"] button")).await;
    browser.until_text("#say", "Sent again as").await;
    // It fails again, and is a dead letter by another number; the others are still there.
    browser
        .until(
            "the first letter died again",
            &format!("const ids = (() => {{ {ids} }})(); return ids.length === 3 && !ids.includes('{first}')"),
        )
        .await;

    let discarded = browser.run(ids).await[0].as_str().expect("a letter has a number").to_owned();
    let discard = format!(".dead[data-id=\"{discarded}\"] .buttons button:last-child");
    browser.click(&discard).await;
    assert_eq!(browser.text(&discard).await, "Discard for good");
    browser.click(&discard).await;
    browser.until_text("#queues .depth", "2 dead").await;
    browser.press("Resend all").await;
    browser.until_text("#say", "Sent 2 again.").await;
    browser.until("both have died again", "return document.querySelectorAll('.dead').length === 2").await;
    browser.close().await;
}
