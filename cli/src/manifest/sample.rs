//! What tests of manifests are made from: a program with every trigger and every option, kept files, and what is different
//! between two of them.

use std::{collections::BTreeMap, env, fs, path::Path};

use polyfn_shim::manifest::Manifest;
use serde_json::{Value, json};

use super::{
    File, Units, files,
    yaml::{self, Node},
};
use crate::target::Target;

/// A program with every trigger and every option.
pub(crate) fn shop() -> Manifest {
    let function = |name: &str, trigger: &str, members: Value| {
        let mut all = json!({"name": name, "module": "shop", "trigger": trigger});
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        all
    };
    let functions = [
        function(
            "hello",
            "http",
            json!({"methods": ["GET"], "path": "/hello/{name}", "public": true, "doc": "Greets a person by name."}),
        ),
        function(
            "refund",
            "http",
            json!({"methods": ["POST"], "path": "/refunds", "timeout_ms": 20_000, "memory_mb": 512, "env": ["TABLE"], "secrets": ["STRIPE_KEY"]}),
        ),
        function("add", "direct", json!({})),
        function(
            "fulfil",
            "queue",
            json!({"resource": "orders", "retries": 3, "timeout_ms": 30_000, "concurrency": 5, "on_malformed": "drop", "memory_mb": 1024, "env": ["TABLE", "MODE"]}),
        ),
        function("ship", "queue", json!({"resource": "shipments", "ordered": true})),
        function("tell", "topic", json!({"resource": "news", "retries": 4, "ordered": true, "batch": 20, "concurrency": 3})),
        function("notify", "topic", json!({"resource": "alerts", "retries": 0})),
        function(
            "thumbnail",
            "object",
            json!({"resource": "uploads", "on": ["created"], "prefix": "in/", "suffix": ".png", "retries": 5}),
        ),
        function("sweep", "object", json!({"resource": "archive", "on": ["created", "deleted"]})),
        function("nightly", "schedule", json!({"resource": "0 5 * * 1-7", "retries": 2, "timeout_ms": 300_000})),
        function("index", "change", json!({"resource": "catalogue", "batch": 50})),
        function("count", "stream", json!({"resource": "clicks", "retries": 10, "batch": 100, "timeout_ms": 61_500})),
        function("paid", "event", json!({"resource": "order.paid", "source": "/shop", "retries": 6})),
        function("logins", "event", json!({"resource": "google.cloud.audit.log.v1.written"})),
    ];
    program(&functions)
}

/// A program of these functions.
pub(crate) fn program(functions: &[Value]) -> Manifest {
    let manifest =
        json!({"polyfn": "0.1.0", "program": "shop", "version": "1.2.0", "providers": ["gcp"], "functions": functions});
    Manifest::read(manifest.to_string().as_bytes()).unwrap()
}

/// Compares files with those that are kept in the `golden/` of a provider, which a person has read beside the provider's documents.
/// `POLYFN_UPDATE=1` writes them anew.
pub(crate) fn kept(target: Target, units: Units) {
    let name = if units == Units::One { "one" } else { "split" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/manifest").join(target.as_str()).join("golden").join(name);
    let made = files(target, &shop(), units, "../../target").unwrap();
    if env::var_os("POLYFN_UPDATE").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for file in &made {
            let path = folder.join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
        return;
    }
    for file in &made {
        let kept = fs::read_to_string(folder.join(&file.path)).unwrap_or_default();
        let path = file.path.display();
        assert!(
            kept == file.text,
            "{path} of {folder:?} is different; read this, then run again with POLYFN_UPDATE=1:\n{}",
            file.text
        );
    }
    let mut found = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { folders.push(entry) } else { found += 1 }
        }
    }
    assert_eq!(found, made.len(), "a kept file is no longer made");
}

/// What becomes different in a provider's files when one member of one function does: `FILE: PATH = VALUE`, with `-` for a value
/// that is gone, and `FILE: + LINE` and `FILE: - LINE` for scripts.
pub(crate) fn changes(target: Target, function: &str, member: &str, value: Value) -> Vec<String> {
    let before = shop();
    let mut after = serde_json::to_value(&before).unwrap();
    let functions = after["functions"].as_array_mut().unwrap();
    let entry = functions.iter_mut().find(|entry| entry["name"] == function).unwrap();
    entry[member] = value;
    let after: Manifest = serde_json::from_value(after).unwrap();
    let [before, after] = [&before, &after].map(|manifest| {
        let mut all = BTreeMap::new();
        for file in files(target, manifest, Units::One, "../../target").unwrap() {
            flatten(&file, &mut all);
        }
        all
    });
    let mut changes: Vec<_> = after
        .iter()
        .filter(|(place, value)| before.get(*place) != Some(value))
        .map(|(place, value)| format!("{place}{value}"))
        .collect();
    changes.extend(before.iter().filter(|(place, _)| !after.contains_key(*place)).map(|(place, value)| {
        if place.contains(": + ") { place.replace(": + ", ": - ") } else { format!("{place}- (was {value})") }
    }));
    changes
}

/// Every value of a file by where it stands; the lines of a script, without its comments.
fn flatten(file: &File, all: &mut BTreeMap<String, String>) {
    let name = file.path.display().to_string();
    match file.path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => flatten_json(&name, &serde_json::from_str(&file.text).unwrap(), all),
        Some("yaml") => {
            for (at, document) in yaml::read(&file.text).unwrap().iter().enumerate() {
                flatten_yaml(&named(&name, at, document), document, all);
            }
        }
        _ => {
            let text = file.text.replace(" \\\n  ", " ");
            for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
                all.insert(format!("{name}: + {}", line.trim()), String::new());
            }
        }
    }
}

/// A document by its kind and name, so that one more moves no other.
fn named(file: &str, at: usize, document: &Node) -> String {
    let text = |node: Option<&Node>| node.and_then(Node::as_text).map(str::to_owned);
    let name = text(document.get("metadata").and_then(|metadata| metadata.get("name")));
    match (text(document.get("kind")), name) {
        (Some(kind), Some(name)) => format!("{file}: {kind} {name}"),
        _ => format!("{file}: {at}"),
    }
}

fn flatten_yaml(place: &str, node: &Node, all: &mut BTreeMap<String, String>) {
    match &node.value {
        yaml::Value::Map(members) => members.iter().for_each(|(key, node)| flatten_yaml(&format!("{place} {key}"), node, all)),
        yaml::Value::List(items) => {
            items.iter().enumerate().for_each(|(at, node)| flatten_yaml(&format!("{place} {at}"), node, all))
        }
        yaml::Value::Plain(value) | yaml::Value::Text(value) => drop(all.insert(format!("{place} = "), value.clone())),
    }
}

fn flatten_json(place: &str, value: &Value, all: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| flatten_json(&format!("{place} {key}"), value, all)),
        // By type and name, so that one more resource moves no other.
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| {
            let key = value.get("name").and_then(Value::as_str).map_or_else(
                || at.to_string(),
                |name| format!("{} {name}", value.get("type").and_then(Value::as_str).unwrap_or_default()),
            );
            flatten_json(&format!("{place} {}", key.trim()), value, all);
        }),
        value => drop(all.insert(format!("{place} = "), value.to_string())),
    }
}
