use serde_json::json;

use super::files;
use crate::{
    manifest::{
        Units,
        sample::{changes, kept, program, shop},
        yaml::{self, Node, Value},
    },
    target::Target,
};

#[test]
fn the_files_are_those_that_were_read() {
    kept(Target::Container, Units::One);
    kept(Target::Container, Units::Split);
}

#[test]
fn one_attribute_is_one_value_of_the_manifest() {
    let trigger = |name: &str, path: &str| format!("triggers.yaml: Trigger shop-{name} {path}");
    for (function, member, value, want) in [
        ("fulfil", "retries", json!(8), vec![trigger("fulfil", "spec delivery retry = 8")]),
        ("fulfil", "timeout_ms", json!(1510), vec![trigger("fulfil", "spec delivery timeout = PT1.6S")]),
        ("fulfil", "resource", json!("baskets"), vec![trigger("fulfil", "spec filter attributes queue = baskets")]),
        (
            "fulfil",
            "memory_mb",
            json!(2048),
            vec!["service.yaml: Service shop spec template spec containers 0 resources limits memory = 2048Mi".to_owned()],
        ),
        (
            "hello",
            "timeout_ms",
            json!(900_000),
            vec!["service.yaml: Service shop spec template spec timeoutSeconds = 900".to_owned()],
        ),
        (
            "nightly",
            "resource",
            json!("0 6 * * 7"),
            vec!["triggers.yaml: PingSource shop-nightly spec schedule = 0 6 * * 0".to_owned()],
        ),
        ("thumbnail", "suffix", json!(".gif"), vec![trigger("thumbnail", "spec filters 3 suffix subject = .gif")]),
        ("thumbnail", "on", json!(["deleted"]), vec![trigger("thumbnail", "spec filters 0 exact type = polyfn.object.deleted")]),
        ("paid", "source", json!("/till"), vec![trigger("paid", "spec filter attributes source = /till")]),
        (
            "ship",
            "ordered",
            json!(false),
            vec![trigger("ship", "metadata annotations kafka.eventing.knative.dev/delivery.order = - (was ordered)")],
        ),
        ("fulfil", "on_malformed", json!("retry"), vec![]),
    ] {
        assert_eq!(changes(Target::Container, function, member, value.clone()), want, "{function} {member} {value}");
    }
}

fn text<'a>(node: &'a Node, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(node, |node, key| node.get(key))?.as_text()
}

#[test]
fn what_is_named_is_there_and_names_are_those_of_kubernetes() {
    for units in [Units::One, Units::Split] {
        let files = files(&shop(), units).unwrap();
        let documents: Vec<_> = files.iter().flat_map(|file| yaml::read(&file.text).unwrap()).collect();
        let object = |node: &Node| {
            let of = |path: &[&str]| text(node, path).unwrap_or_default().to_owned();
            (of(&["apiVersion"]), of(&["kind"]), of(&["metadata", "name"]))
        };
        let objects: Vec<_> = documents.iter().map(object).collect();
        for (at, (version, kind, name)) in objects.iter().enumerate() {
            let known = [
                ("serving.knative.dev/v1", "Service"),
                ("eventing.knative.dev/v1", "Broker"),
                ("eventing.knative.dev/v1", "Trigger"),
                ("sources.knative.dev/v1", "PingSource"),
            ];
            assert!(known.contains(&(version, kind)), "{version} {kind}");
            assert!(
                name.len() <= 63 && name.starts_with(|first: char| first.is_ascii_lowercase()) && !name.ends_with('-'),
                "{name}"
            );
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{name}");
            assert!(!objects[..at].contains(&objects[at]), "{name} is there twice");
        }
        let there =
            |version: &str, kind: &str, name: &str| objects.contains(&(version.to_owned(), kind.to_owned(), name.to_owned()));
        let mut references = 0;
        for document in &documents {
            if let Some(broker) = text(document, &["spec", "broker"]) {
                assert!(there("eventing.knative.dev/v1", "Broker", broker), "{broker}");
            }
            for path in
                [&["spec", "subscriber", "ref"][..], &["spec", "sink", "ref"], &["spec", "delivery", "deadLetterSink", "ref"]]
            {
                let Some(reference) = path.iter().try_fold(document, |node, key| node.get(key)) else { continue };
                let of = |key| text(reference, &[key]).unwrap();
                assert!(there(of("apiVersion"), of("kind"), of("name")), "{}", of("name"));
                references += 1;
            }
        }
        assert!(references > 15);
    }
}

#[test]
fn a_service_says_that_it_is_none_of_google_s_and_who_it_is() {
    let entry = |name: &str, trigger: &str| json!({"name": name, "module": "m", "trigger": trigger, "resource": "0 5 * * *", "public": trigger == "direct"});
    let env = |functions: &[serde_json::Value], units| {
        let made = files(&program(functions), units).unwrap();
        let documents = yaml::read(&made[0].text).unwrap();
        let containers =
            ["spec", "template", "spec", "containers"].iter().fold(&documents[0], |node, key| node.get(key).unwrap());
        let Value::List(containers) = &containers.value else { panic!() };
        let Value::List(all) = &containers[0].get("env").unwrap().value else { panic!() };
        let all = all.iter().map(|one| format!("{}={}", text(one, &["name"]).unwrap(), text(one, &["value"]).unwrap()));
        (
            all.collect::<Vec<_>>().join(" "),
            text(&documents[0], &["metadata", "labels", "networking.knative.dev/visibility"]).map(str::to_owned),
        )
    };
    let local = || Some("cluster-local".to_owned());
    assert_eq!(env(&[entry("add", "direct")], Units::One), ("POLYFN_PROVIDER=container".to_owned(), None));
    assert_eq!(env(&[entry("tick", "schedule")], Units::One), ("POLYFN_PROVIDER=container POLYFN_CLOCK=off".to_owned(), local()));
    assert_eq!(
        env(&[entry("tick", "schedule"), entry("add", "direct")], Units::Split),
        ("POLYFN_PROVIDER=container POLYFN_CLOCK=off POLYFN_FUNCTION=tick".to_owned(), local())
    );
}
