use polyfn_tests::get;

use crate::{browser::Browser, shop::Shop};

/// More than the list keeps.
const MANY: usize = 1200;

#[tokio::test]
async fn a_thousand_invocations_stay_smooth() {
    let shop = Shop::open("many");
    let browser = Browser::open(shop.port).await;
    browser
        .run(
            "window.tasks = []; new PerformanceObserver(list => tasks.push(...list.getEntries().map(task => Math.round(task.duration)))).observe({ type: 'longtask' });
            window.frames_ = []; let before = performance.now();
            const frame = now => { frames_.push(now - before); before = now; requestAnimationFrame(frame); }; requestAnimationFrame(frame);",
        )
        .await;
    let port = shop.port;
    let senders: Vec<_> = (0..2)
        .map(|_| std::thread::spawn(move || (0..MANY / 2).for_each(|_| assert_eq!(get(port, "/prices/tea").status(), 200))))
        .collect();
    browser.until_text("#rows .row", &format!("#{MANY} ")).await;
    senders.into_iter().for_each(|sender| sender.join().expect("every request is answered"));
    browser.until_text("#count", "1000").await;
    let elements = browser.run("return document.querySelectorAll('#rows *').length").await;
    // Rows that are seen, however many there are: about 18 of seven elements each, and a few beyond both edges.
    assert!(elements.as_u64().is_some_and(|elements| elements < 400), "{elements}");

    // The list scrolls to its end; the oldest that is kept is there, and none is missing.
    browser.run("document.getElementById('rows').scrollTop = 1e9").await;
    browser.until_text("#rows .row", &format!("#{} ", MANY - 999)).await;
    let drawn = browser.run("return Array.from({ length: 60 }, (_, step) => { const from = performance.now(); document.getElementById('rows').scrollTop = step * 700; draw(); return performance.now() - from; }).sort((one, other) => one - other)").await;
    let figures = browser
        .run("const sorted = [...frames_].sort((one, other) => one - other); return { frames: sorted.length, median: sorted[sorted.length >> 1], p99: sorted[Math.floor(sorted.length * 0.99)], longest: sorted.at(-1), tasks }")
        .await;
    println!("{MANY} invocations: {figures}; a redraw takes {} ms in the middle, {} at most", drawn[30], drawn[59]);
    // A bound that only a redraw of everything for each event would break, whatever the machine does besides.
    assert!(figures["tasks"].as_array().is_some_and(|tasks| tasks.iter().all(|task| task.as_u64() < Some(2_000))), "{figures}");
    browser.close().await;
}
