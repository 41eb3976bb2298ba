//! Requests of the Functions host.

use http::Request;
use polyfn_shim::{
    azure::{Bindings, Declaration, Mode, decode},
    event::Kind,
    function::{Binding, Order},
};

use super::{SIZE, alone, binding, handle, items, repeated};

/// Has the value of a trigger handled, which `make` writes as JSON, beside this metadata.
fn value(function_json: &str, kind: Kind, metadata: &str, make: impl FnOnce() -> String) {
    let bindings = Bindings::read(function_json.as_bytes()).unwrap();
    let function = Declaration::new("Work", kind, bindings);
    let (parts, ()) = Request::post("/Work").body(()).unwrap().into_parts();
    let binding = if kind == Kind::Http { Binding::Http { methods: &[], path: None } } else { binding(kind, "clicks") };
    let delivery = || format!(r#"{{"Data":{{"in":{}}},"Metadata":{metadata}}}"#, make());
    handle(&binding, Order::None, delivery, |delivery| decode(&parts, delivery, &function, Mode::Json, "api").unwrap());
}

#[test]
fn a_change_feed_of_cosmos_db() {
    let _alone = alone();
    let json = r#"[{"type":"cosmosDBTrigger","name":"in","containerName":"clicks"}]"#;
    for (count, text) in [(3, "x"), (3, r"\\\\n"), (25, "x"), (25, r#"\\\\\\\"quoted\\\\\\\""#), (1_250, "x")] {
        let document = |n: usize, filler: &str| {
            let text = repeated(text, filler.len() + 40);
            format!(
                r#"{{\\\"id\\\":\\\"o-{n}\\\",\\\"_rid\\\":\\\"dUMPAI4vAAABAAAAAAAAAA==\\\",\\\"_ts\\\":1732525200,\\\"_lsn\\\":{n},\\\"_etag\\\":\\\"0x1\\\",\\\"text\\\":\\\"{text}\\\"}}"#
            )
        };
        value(json, Kind::Change, "{}", || format!(r#""\"[{}]\"""#, items(count, 600, document)));
    }
}

/// The facts of a batch of Event Hubs.
fn facts(count: usize) -> String {
    let properties = vec!["{}"; count].join(",");
    let system: Vec<_> = (0..count)
        .map(|n| format!(r#"{{\"SequenceNumber\":{n},\"Offset\":\"{n}\",\"PartitionKey\":\"u-7\",\"EnqueuedTimeUtc\":\"2026-11-24T09:00:01Z\"}}"#))
        .collect();
    format!(r#"{{"PropertiesArray":"[{properties}]","SystemPropertiesArray":"[{}]"}}"#, system.join(","))
}

#[test]
fn a_batch_of_event_hubs() {
    let _alone = alone();
    for count in [6, 25, 1_250] {
        let metadata = facts(count);
        let bytes =
            r#"[{"type":"eventHubTrigger","name":"in","eventHubName":"clicks","dataType":"binary","cardinality":"many"}]"#;
        let record = |_: usize, filler: &str| format!(r#"\"{}\""#, "QUJD".repeat(filler.len() / 4 + 4));
        value(bytes, Kind::Stream, &metadata, || format!(r#""[{}]""#, items(count, metadata.len() + 400, record)));
        let text = r#"[{"type":"eventHubTrigger","name":"in","eventHubName":"clicks","dataType":"string","cardinality":"many"}]"#;
        let record = |_: usize, filler: &str| format!(r#"\"{}\""#, repeated(r"some words\\n", filler.len() + 20));
        value(text, Kind::Stream, &metadata, || format!(r#""[{}]""#, items(count, metadata.len() + 400, record)));
    }
}

#[test]
fn a_message_of_a_queue() {
    let _alone = alone();
    let bytes = r#"[{"type":"serviceBusTrigger","name":"in","queueName":"clicks","dataType":"binary"}]"#;
    value(bytes, Kind::Queue, "{}", || format!(r#""{}""#, "QUJD".repeat(SIZE / 4 - 100)));
    let text = r#"[{"type":"serviceBusTrigger","name":"in","queueName":"clicks","dataType":"string"}]"#;
    for piece in ["some words ", r#"{\\\"sku\\\":\\\"s-000001\\\"}"#, r"\\n"] {
        value(text, Kind::Queue, "{}", || format!(r#""\"{}\"""#, repeated(piece, SIZE - 400)));
    }
}

#[test]
fn a_request() {
    let _alone = alone();
    let json = r#"[{"type":"httpTrigger","name":"in"}]"#;
    for piece in ["some words ", r#"{\"sku\":\"s-000001\"}"#, r"\n", r"\u00e9"] {
        let request = || {
            let body = repeated(piece, SIZE - 400);
            format!(r#"{{"Url":"https://h/api/Work","Method":"POST","Headers":{{}},"Body":"{body}\n"}}"#)
        };
        value(json, Kind::Http, "{}", request);
    }
}
