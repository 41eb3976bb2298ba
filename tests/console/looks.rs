use serde_json::Value;

use crate::{browser::Browser, shop::Shop};

/// The lowest contrast of a text with what is behind it, over all texts that are shown, with that text.
const CONTRAST: &str = "
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const rgb = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
    const behind = found => { for (; found; found = found.parentElement) { const color = getComputedStyle(found).backgroundColor; if (rgb(color)[3] > 250) return color; } return 'white'; };
    const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
    let lowest = [99, ''];
    for (const found of document.querySelectorAll('body *')) {
        const own = [...found.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!own || !found.checkVisibility() || found.closest(':disabled, .skip, noscript')) continue;
        const [one, other] = [light(rgb(getComputedStyle(found).color)), light(rgb(behind(found)))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < lowest[0]) lowest = [ratio, found.className + ': ' + found.textContent.slice(0, 60)];
    }
    return lowest";

/// Controls without a name that a screen reader could say.
const NAMELESS: &str = "return [...document.querySelectorAll('button, input, select, textarea, [role=listbox]')]
    .filter(found => !(found.getAttribute('aria-label') || found.closest('label') || found.textContent.trim()) || (/^(INPUT|SELECT|TEXTAREA)$/.test(found.tagName) && !found.getAttribute('aria-label') && !found.closest('label')))
    .map(found => found.outerHTML.slice(0, 120))";

#[tokio::test]
async fn it_can_be_read_in_light_and_dark_and_at_any_width() {
    let shop = Shop::open("looks");
    shop.order("tea");
    shop.order("sold-out");
    shop.order("unknown");
    let browser = Browser::open(shop.port).await;
    browser.until_text("#queues .depth", "1 dead").await;
    for dark in [false, true] {
        browser.dark(dark).await;
        let paper = browser.run("return getComputedStyle(document.body).backgroundColor").await;
        assert_eq!(paper, if dark { "rgb(21, 23, 24)" } else { "rgb(251, 251, 250)" });
        for width in [1600, 1000, 360] {
            browser.size(width, 900).await;
            for place in [
                "#/function/fulfil_orders%3A%3Afulfil",
                "#/invocation/1",
                "#/invocation/2",
                "#/queue/queue/orders/fulfil",
                "#/schedule/report",
            ] {
                browser.run(&format!("location.hash = '{place}'")).await;
                browser
                    .until(
                        "it is shown",
                        "return !document.getElementById('stage').ariaBusy && document.querySelector('.stage h2') !== null",
                    )
                    .await;
                // A transition may be on its way.
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                let found = browser.run(CONTRAST).await;
                assert!(found[0].as_f64().is_some_and(|ratio| ratio >= 4.5), "{place} at {width}, dark {dark}: {found}");
                let wide = browser
                    .run("return Math.max(document.documentElement.scrollWidth, document.getElementById('stage').scrollWidth)")
                    .await;
                assert!(wide.as_u64().is_some_and(|wide| wide <= u64::from(width)), "{place} at {width}: {wide}");
                assert_eq!(browser.run(NAMELESS).await, Value::Array(Vec::new()), "{place}");
            }
        }
    }
    // Narrow: a part at a time, and what is opened is shown.
    browser.press("Functions").await;
    assert_eq!(browser.run("return document.getElementById('stage').checkVisibility()").await, false);
    browser.press("Invocations").await;
    browser.click("#rows .row:not([hidden])").await;
    browser.until("the detail is shown", "return document.getElementById('stage').checkVisibility()").await;
    let landmarks = browser.run("return ['header', 'nav', 'main', '[role=status]'].map(css => document.querySelectorAll(css).length > 0).every(Boolean)").await;
    assert_eq!(landmarks, true);
    browser.close().await;
}
