//! CloudEvents that others published, kept outside of this repository, in binary and in structured mode.
#![cfg(all(feature = "container", feature = "gcp"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test's own functions cannot do is that test's failure"
)]

use std::{collections::BTreeMap, fs, path::Path};

use bytes::Bytes;
use http::{Request, request::Parts};
use polyfn_shim::{Event, Trigger, container, gcp};
use serde_json::{Map, Value, json};

/// The values of a document by their paths, such as `ContextAttributes/id`.
type Document = BTreeMap<String, String>;

/// Reads as much of YAML as these files have: mappings, quoted and plain texts, and blocks.
fn documents(text: &str) -> Vec<Document> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let document = |text: &str| {
        let mut values = Document::new();
        let mut path: Vec<(usize, String)> = Vec::new();
        let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).peekable();
        while let Some(line) = lines.next() {
            let (name, value) = line.split_once(':').unwrap();
            path.retain(|(depth, _)| *depth < indent(line));
            path.push((indent(line), name.trim().to_owned()));
            let key = path.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join("/");
            let mut value = value.trim().trim_matches('"').to_owned();
            if value == "|" {
                value.clear();
                while let Some(line) = lines.next_if(|next| indent(next) > indent(line)) {
                    value += &format!("{}\n", line.trim_start());
                }
            }
            values.insert(key, value);
        }
        values
    };
    text.split("\n---\n").map(document).collect()
}

/// The members below a path, by name. No attribute can hold the line feed that a block ends with.
fn below<'d>(document: &'d Document, path: &str) -> Vec<(&'d str, &'d str)> {
    let members = document.iter().filter_map(|(key, value)| Some((key.strip_prefix(path)?.strip_prefix('/')?, value)));
    members
        .filter(|(name, value)| !name.contains('/') && !value.is_empty())
        .map(|(name, value)| (name, value.trim_end()))
        .collect()
}

fn attributes(document: &Document) -> Vec<(&str, &str)> {
    [below(document, "ContextAttributes"), below(document, "ContextAttributes/Extensions")].concat()
}

/// Section 3.1.3.2 of the HTTP binding: what a header cannot hold as it is.
fn header(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'"' | b'%' => format!("%{byte:02X}"),
        b'!'..=b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

fn request(document: &Document) -> http::request::Builder {
    let headers = below(document, "TransportExtensions");
    headers.iter().fold(Request::post("/"), |request, (name, value)| request.header(*name, *value))
}

fn binary(document: &Document) -> (Parts, Bytes) {
    let attributes = attributes(document);
    let request = attributes.iter().fold(request(document), |request, (name, value)| match *name {
        "datacontenttype" => request.header("content-type", *value),
        name => request.header(format!("ce-{name}"), header(value)),
    });
    (request.body(()).unwrap().into_parts().0, document["Data"].clone().into())
}

fn structured(document: &Document) -> (Parts, Bytes) {
    let mut event: Map<_, _> = attributes(document).iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let data = if is_json(document, true) { serde_json::from_str(&document["Data"]).unwrap() } else { json!(document["Data"]) };
    event.insert("data".to_owned(), data);
    let request = request(document).header("content-type", "application/cloudevents+json; charset=utf-8");
    (request.body(()).unwrap().into_parts().0, Value::Object(event).to_string().into())
}

/// Whether its data is JSON; in structured mode data without a type is.
fn is_json(document: &Document, structured: bool) -> bool {
    document.get("ContextAttributes/datacontenttype").map_or(structured, |ty| ty.starts_with("application/json"))
}

fn check(document: &Document, event: &Event, structured: bool) {
    let attribute = |name: &str| document.get(&format!("ContextAttributes/{name}")).map(String::as_str);
    assert_eq!(event.trigger(), &Trigger::Event, "{document:?}");
    let found = [Some(event.id()), Some(event.source()), Some(event.ty())];
    assert_eq!(found, ["id", "source", "type"].map(attribute));
    assert_eq!(event.time().map(|time| time.to_string()).as_deref(), attribute("time"));
    let media_type = attribute("datacontenttype").or(structured.then_some("application/json"));
    assert_eq!(event.datacontenttype(), media_type, "{document:?}");
    let found: Vec<_> = event.attributes().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(found, below(document, "ContextAttributes/Extensions"));
    let (data, want) = (std::str::from_utf8(event.data().unwrap()).unwrap(), document["Data"].as_str());
    if is_json(document, structured) {
        let json = |text| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(json(data), json(want));
    } else {
        assert_eq!(data, want);
    }
}

#[test]
#[ignore = "needs ../shared"]
fn each_event_keeps_what_it_says_in_both_modes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures/cloudevents/v1");
    let mut count = 0;
    for (file, events) in [("v1.yaml", 2), ("v1_minimum.yaml", 6)] {
        let text = fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let documents = documents(&text);
        assert_eq!(documents.len(), events, "{file}");
        for document in &documents {
            assert_eq!(document["ContextAttributes/specversion"], "1.0");
            for (mode, structured_mode, (parts, body)) in
                [("binary", false, binary(document)), ("structured", true, structured(document))]
            {
                if document.get("Mode").is_some_and(|only| only != mode) {
                    continue;
                }
                for decoded in [container::decode(&parts, &body), gcp::decode(&parts, &body)] {
                    let decoded = decoded.unwrap();
                    assert_eq!(decoded.len(), 1, "{document:?}");
                    check(document, &decoded[0], structured_mode);
                }
                count += 1;
            }
        }
    }
    assert_eq!(count, 2 + 2 * 6);
}
