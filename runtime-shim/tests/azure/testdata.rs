use std::{fs, path::Path};

use polyfn_shim::{
    Event,
    azure::{Bindings, Declaration, decode},
    event::Kind,
};
use serde_json::json;

use crate::wire::{difference, mode, printed, request};

fn decoded(name: &str) -> Vec<Event> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/azure/testdata");
    let bindings = Bindings::read(&fs::read(dir.join("find-book.function.json")).unwrap()).unwrap();
    let (parts, body) = request(&fs::read(dir.join(format!("{name}.http"))).unwrap());
    decode(&parts, &body, &Declaration::new("FindBook", Kind::Http, bindings), mode(name), "api").unwrap()
}

#[test]
fn each_file_becomes_what_it_says() {
    for (name, want) in [
        (
            "json-lookup",
            json!({
                "provider": "azure", "trigger": "http", "type": "polyfn.http.request", "attempt": 1,
                "id": "0c1d2e3f-0000-4000-8000-00000000000a",
                "http": {
                    "method": "GET", "path": "/books/a%20b/2", "raw_path": "/API/books/a%20b/2", "query": "lang=en&lang=fr&q",
                    "headers": [["accept", "text/html"], ["accept", "*/*"], ["host", "library.example"]],
                    "params": {"title": "a b", "part": "2"}, "scheme": "https", "host": "library.example",
                },
            }),
        ),
        (
            "json-upload",
            json!({
                "datacontenttype": "application/octet-stream", "data_base64": "/wCA",
                "http": {"method": "PUT", "path": "/books/x/1", "scheme": "http", "host": "localhost:7071"},
            }),
        ),
        (
            "json-order",
            json!({
                "datacontenttype": "application/vnd.book+json; v=1", "data": {"isbn": 9_007_199_254_740_993_u64},
                "http": {"method": "POST", "path": "/books/x/1"},
            }),
        ),
        (
            "forward-lookup",
            json!({
                "id": "0c1d2e3f-0000-4000-8000-00000000000b",
                "http": {
                    "method": "GET", "path": "/Books/a%20b/2", "raw_path": "/api/Books/a%20b/2", "query": "lang=en,fr&q=",
                    "params": {"title": "a b", "part": "2"}, "host": "library.example",
                },
            }),
        ),
        (
            "proxy-upload",
            json!({
                "id": "0c1d2e3f-0000-4000-8000-00000000000c", "datacontenttype": "image/png", "data_base64": "iVBORw==",
                "http": {
                    "method": "POST", "path": "/books/x%2Fy", "params": {"title": "x/y"},
                    "headers": [
                        ["host", "library.example"], ["content-type", "image/png"], ["content-encoding", "br"], ["cookie", "a=1"],
                        ["cookie", "b=2"], ["x-ms-invocation-id", "0c1d2e3f-0000-4000-8000-00000000000c"],
                        ["x-azure-functions-invocationid", "0c1d2e3f-0000-4000-8000-00000000000c"], ["content-length", "4"],
                    ],
                },
            }),
        ),
    ] {
        assert_eq!(difference(&json!([want]), &printed(&decoded(name)), name), None);
    }
}

#[test]
fn absent_members_are_left_out() {
    let event = &printed(&decoded("json-lookup"))[0];
    for name in ["data", "data_base64", "time", "source", "attributes", "datacontenttype"] {
        assert_eq!(event.get(name), None, "{name}");
    }
    assert_eq!(event["http"].get("client_ip"), None);
}

/// The events of a delivery beside its own function.json.
fn delivered(name: &str) -> Vec<Event> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/azure/testdata");
    let bindings = Bindings::read(&fs::read(dir.join(format!("{name}.function.json"))).unwrap()).unwrap();
    let (parts, body) = request(&fs::read(dir.join(format!("{name}.http"))).unwrap());
    let function = Declaration::new(parts.uri.path().trim_start_matches('/'), Kind::Object, bindings);
    decode(&parts, &body, &function, mode(name), "api").unwrap()
}

#[test]
fn each_event_becomes_what_its_trigger_says() {
    let invocation = "0c1d2e3f-0000-4000-8000-0000000000ee";
    for (name, want) in [
        (
            "event-loan",
            json!([{"trigger": "queue", "id": invocation, "attempt": 2, "time": "2026-11-24T09:59:58Z", "source": "loans",
                "data": "{\"book\":\"Ulysses\",\"ID\":\"forged\"}", "queue": {"name": "loans"}}]),
        ),
        (
            "event-returns",
            json!([
                {"trigger": "topic", "id": "r1", "attempt": 1, "time": "2026-11-24T09:00:00.5Z", "data_base64": "AP8=",
                    "source": "sb://library.servicebus.windows.net/returns", "attributes": {"branch": "north"},
                    "topic": {"name": "returns", "subject": "late", "ordering_key": "reader-7"}},
                {"trigger": "topic", "id": "r2", "attempt": 3, "time": "2026-11-24T09:00:01Z", "data": {}, "topic": {"name": "returns"}},
            ]),
        ),
        (
            "event-doors",
            json!([{"trigger": "stream", "id": "doors/0/12", "time": "2026-11-24T09:00:00.75Z", "attributes": {"floor": "2"},
                "data": "open", "stream": {"name": "doors", "partition": "0", "sequence": "12"}}]),
        ),
        (
            "event-clicks",
            json!([{"trigger": "stream", "id": "clicks/1/5", "time": "2026-11-24T09:00:00.5Z", "attributes": {"lang": "ga"},
                "data": "/shelf", "stream": {"name": "clicks", "partition": "1", "partition_key": "u", "sequence": "5"}}]),
        ),
        (
            "event-arrived",
            json!([{"trigger": "event", "id": "n1", "source": "/library", "type": "library.book.arrived", "subject": "Ulysses",
                "time": "2026-11-24T09:00:00.1Z", "datacontenttype": "application/json", "attributes": {"branch": "north"},
                "data": {"copies": 18_446_744_073_709_551_615_u64}}]),
        ),
        (
            "event-scan",
            json!([{"trigger": "object", "type": "polyfn.object.created", "time": "2026-11-24T09:00:00Z", "data_base64": "/wA=",
                "datacontenttype": "application/pdf", "attributes": {"page": "1"},
                "object": {"action": "created", "bucket": "scans", "key": "scans/p 1.pdf", "size": 2, "content_type": "application/pdf"}}]),
        ),
        (
            "event-closing",
            json!([{"trigger": "schedule", "attempt": 2, "schedule": {"name": "Close", "scheduled_for": "2026-11-24T18:00:00Z"}}]),
        ),
        (
            "event-shelves",
            json!([{"trigger": "change", "id": "shelves/b1/4", "type": "polyfn.change.updated",
                "change": {"action": "updated", "collection": "shelves", "key": "b1",
                    "after": {"id": "b1", "isbn": "18446744073709551616", "_ts": 1_795_510_800, "_lsn": 4}}}]),
        ),
    ] {
        assert_eq!(difference(&want, &printed(&delivered(name)), name), None);
    }
}
