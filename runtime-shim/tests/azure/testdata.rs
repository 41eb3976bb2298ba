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
