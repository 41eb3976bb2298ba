//! `cargo polyfn queues` and `dead`, as a person runs them.

mod shim;

use serde_json::{Value, json};

use shim::{StandIn, polyfn};

fn queue(name: &str, consumer: &str, dead: u64) -> Value {
    json!({"kind": "queue", "name": name, "consumer": consumer, "waiting": 12, "delayed": 0, "running": 1, "dead": dead})
}

fn letter(id: &str) -> Value {
    json!({"id": id, "died": "2026-01-01T00:00:00Z", "attempts": 4, "reason": "Function.Error: no\nstock",
        "event": {"provider": "local", "trigger": "queue", "type": "polyfn.queue.message", "attempt": 4, "data": "x", "queue": {"name": "orders"}}})
}

/// Two queues, of which one has 101 dead letters.
fn shim() -> StandIn {
    StandIn::start(|line, _| match line {
        "GET /_polyfn/api/queues" => (200, json!({"queues": [queue("orders/eu", "fulfil", 101), queue("clicks", "count", 0)]})),
        "GET /_polyfn/api/dead?kind=queue&name=orders%2Feu&consumer=fulfil&limit=100" => {
            (200, json!({"dead": (1..=100).map(|id| letter(&id.to_string())).collect::<Vec<_>>()}))
        }
        "GET /_polyfn/api/dead?kind=queue&name=orders%2Feu&consumer=fulfil&after=100&limit=100" => {
            (200, json!({"dead": [letter("101")]}))
        }
        "POST /_polyfn/api/dead/7/resend" => (200, json!({"queued": ["102"]})),
        "POST /_polyfn/api/dead/resend-all" => (200, json!({"resent": 101})),
        line if line.ends_with("/discard") => (204, json!("")),
        line => (404, json!({"title": "no such letter", "status": 404, "detail": line})),
    })
}

#[test]
fn queues_are_a_table_or_json_lines() {
    let shim = shim();
    let ran = polyfn(&shim.address, &["queues"]);
    let out = "\
kind   name       function  waiting  delayed  running  dead
queue  orders/eu  fulfil         12        0        1   101
queue  clicks     count          12        0        1     0
";
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), out));
    let ran = polyfn(&shim.address, &["queues", "--json"]);
    let lines: Vec<Value> = ran.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(lines, [queue("orders/eu", "fulfil", 101), queue("clicks", "count", 0)]);
}

#[test]
fn dead_letters_are_listed_page_by_page() {
    let shim = shim();
    let ran = polyfn(&shim.address, &["dead", "list"]);
    let first =
        "1  queue `orders/eu` for fulfil, tried 4 times until 2026-01-01T00:00:00Z\n  Function.Error: no\\nstock\n  x\n2  queue";
    assert!(ran.code == Some(0) && ran.out.starts_with(first), "{ran:?}");
    assert_eq!(ran.out.lines().count(), 303);
    let ran = polyfn(&shim.address, &["dead", "list", "--json", "--of", "orders/eu", "--function", "fulfil"]);
    let last: Option<Value> = ran.out.lines().last().and_then(|line| serde_json::from_str(line).ok());
    assert_eq!(last.map(|line| (line["id"].clone(), line["consumer"].clone())), Some((json!("101"), json!("fulfil"))));
    let ran = polyfn(&shim.address, &["dead", "list", "--of", "clicks"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "no dead letters\n"));
    let ran = polyfn(&shim.address, &["dead", "list", "--of", "order"]);
    let err = "error: there is no such queue, topic or stream; there are: orders/eu (fulfil), clicks (count)\n";
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), err));
}

#[test]
fn dead_letters_are_sent_again() {
    let shim = shim();
    let ran = polyfn(&shim.address, &["dead", "resend", "7"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "7 queued as 102\n"));
    let ran = polyfn(&shim.address, &["dead", "resend", "--all", "--of", "orders/eu"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "101 queued again\n"));
    let asked = shim.requests().into_iter().find(|request| request.line.ends_with("resend-all"));
    assert_eq!(asked.map(|asked| asked.body), Some(json!({"kind": "queue", "name": "orders/eu", "consumer": "fulfil"})));
    let ran = polyfn(&shim.address, &["dead", "resend", "9"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), "error: no such letter: POST /_polyfn/api/dead/9/resend\n"));
}

#[test]
fn dead_letters_are_discarded() {
    let shim = shim();
    let ran = polyfn(&shim.address, &["dead", "discard", "7", "a/b"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "2 discarded\n"));
    let lines: Vec<_> = shim.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["POST /_polyfn/api/dead/7/discard", "POST /_polyfn/api/dead/a%2Fb/discard"]);
    let ran = polyfn(&shim.address, &["dead", "discard", "--all"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "101 discarded\n"));
}
