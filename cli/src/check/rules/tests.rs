use serde_json::{Value, json};

use super::findings;
use crate::{check::lint, target::Target};

const NOWHERE: &[Target] = &[];
const EVERYWHERE: &[Target] = &Target::ALL;

/// The codes of what is found of a program with these functions on this provider.
fn codes(functions: &[Value], target: Target) -> Vec<&'static str> {
    let functions: Vec<_> = functions
        .iter()
        .map(|function| {
            let mut entry = json!({"name": "f", "module": "m"});
            entry.as_object_mut().unwrap().extend(function.as_object().unwrap().clone());
            entry
        })
        .collect();
    let manifest = json!({"polyfn": "0.1.0", "program": "p", "version": "1.0.0", "providers": [], "functions": functions});
    let manifest = serde_json::from_value(manifest).unwrap();
    findings(&manifest, target).iter().map(|finding| finding.lint.code).collect()
}

/// Where each of these programs has findings, which all are of this lint.
fn found(lint: lint::Lint, cases: &[(Value, &[Target])]) {
    for (functions, expected) in cases {
        let functions = match functions {
            Value::Array(functions) => functions.clone(),
            one => vec![one.clone()],
        };
        for target in Target::ALL {
            let codes = codes(&functions, target);
            let expected = if expected.contains(&target) { vec![lint.code] } else { Vec::new() };
            assert_eq!(codes, expected, "{functions:?} on {target:?}");
        }
    }
}

#[test]
fn a_trigger_is_bound_to_one_resource() {
    let clouds = &[Target::Aws, Target::Gcp, Target::Azure];
    found(
        lint::TRIGGER,
        &[
            (json!({"trigger": "queue", "resource": "*"}), clouds),
            (json!({"trigger": "object", "resource": "up*"}), clouds),
            (json!({"trigger": "queue", "resource": "orders"}), NOWHERE),
            (json!({"trigger": "event", "resource": "order.*"}), NOWHERE),
            (json!({"trigger": "schedule", "resource": "* * * * *"}), NOWHERE),
            (json!({"trigger": "http", "path": "/{*rest}"}), NOWHERE),
        ],
    );
}

#[test]
fn an_option_is_within_the_provider_s_limits() {
    found(
        lint::OPTION,
        &[
            (json!({"trigger": "queue", "resource": "orders", "batch": 10}), &[Target::Gcp]),
            (json!({"trigger": "queue", "resource": "orders", "batch": 20_000}), &[Target::Aws, Target::Gcp]),
            (json!({"trigger": "queue", "resource": "orders", "timeout_ms": 1_000_000}), &[Target::Aws]),
            (json!({"trigger": "schedule", "resource": "0 5 * * *", "retries": 6}), &[Target::Gcp]),
            (json!({"trigger": "object", "resource": "uploads", "on": ["restored"]}), &[Target::Gcp, Target::Azure]),
            (json!({"trigger": "queue", "resource": "orders", "batch": 1, "retries": 5, "timeout_ms": 30_000}), NOWHERE),
        ],
    );
}

#[test]
fn a_function_that_reads_the_native_form_is_told() {
    found(
        lint::NATIVE,
        &[
            (json!({"trigger": "direct", "portable": false, "native": ["it calls `event.raw()`"]}), EVERYWHERE),
            (json!({"trigger": "direct"}), NOWHERE),
        ],
    );
}

#[test]
fn order_is_asked_for_where_there_is_one() {
    found(
        lint::ORDER,
        &[
            (json!({"trigger": "queue", "resource": "orders", "ordered": true}), &[Target::Aws, Target::Azure]),
            (json!({"trigger": "topic", "resource": "orders", "ordered": true}), &[Target::Aws]),
            (json!({"trigger": "queue", "resource": "orders"}), NOWHERE),
        ],
    );
    // On AWS the name tells a queue that has one.
    let fifo = json!({"trigger": "queue", "resource": "orders.fifo", "ordered": true});
    assert_eq!(codes(&[fifo], Target::Aws), [""; 0]);
    // On Google Cloud an ordered queue is a topic, whose name may be another.
    let ordered = json!({"trigger": "queue", "resource": "my_orders", "ordered": true});
    assert_eq!(codes(&[ordered], Target::Gcp), [""; 0]);
    let stream = json!({"trigger": "stream", "resource": "orders", "ordered": true});
    assert!(!codes(&[stream], Target::Azure).contains(&lint::ORDER.code));
    let change = json!({"trigger": "change", "resource": "orders", "ordered": true});
    assert_eq!(codes(std::slice::from_ref(&change), Target::Gcp), [lint::ORDER.code]);
    assert_eq!(codes(&[change], Target::Aws), [""; 0]);
}

#[test]
fn a_reply_that_may_be_too_long_is_told() {
    let bytes = json!({"trigger": "http", "path": "/", "replies": "200 application/octet-stream"});
    let events = json!({"trigger": "http", "path": "/", "replies": "200 text/event-stream"});
    let text = json!({"trigger": "http", "path": "/", "replies": "200 application/json"});
    found(lint::REPLY, &[(bytes, &[Target::Aws, Target::Gcp]), (events, &[Target::Aws]), (text, NOWHERE)]);
}

#[test]
fn a_batch_that_comes_back_whole_is_told() {
    found(
        lint::PARTIAL,
        &[
            (json!({"trigger": "topic", "resource": "orders", "batches": true}), &[Target::Azure]),
            (json!({"trigger": "stream", "resource": "orders"}), &[Target::Azure]),
            (json!({"trigger": "change", "resource": "orders"}), &[Target::Azure]),
            (json!({"trigger": "topic", "resource": "orders"}), NOWHERE),
            (json!({"trigger": "queue", "resource": "orders", "batches": true}), NOWHERE),
        ],
    );
}

#[test]
fn a_schedule_is_one_that_the_provider_can_express() {
    found(
        lint::SCHEDULE,
        &[
            (json!({"trigger": "schedule", "resource": "0 5 1 * 1"}), &[Target::Aws, Target::Azure]),
            (json!({"trigger": "schedule", "resource": "0 5 * * 1"}), NOWHERE),
        ],
    );
}

#[test]
fn a_name_is_one_that_the_provider_takes() {
    let resource = |trigger: &str, name: &str| json!({"trigger": trigger, "resource": name, "name": "g"});
    found(
        lint::NAME,
        &[
            (json!({"trigger": "direct", "name": "Host"}), &[Target::Azure]),
            (json!({"trigger": "direct", "name": "hosts"}), NOWHERE),
            (resource("queue", "my_orders"), &[Target::Gcp, Target::Azure]),
            (json!({"trigger": "queue", "resource": "my-orders", "name": "g"}), NOWHERE),
            (resource("queue", "a/b"), &[Target::Aws, Target::Gcp, Target::Azure]),
            (resource("queue", "a.b"), &[Target::Aws, Target::Gcp, Target::Azure]),
            (resource("queue", "new--orders"), &[Target::Azure]),
            (resource("queue", "new-orders"), NOWHERE),
            (resource("queue", &"a".repeat(81)), &[Target::Aws, Target::Azure]),
            (resource("topic", "google"), &[Target::Gcp]),
            (resource("topic", "orders-"), &[Target::Azure]),
            (resource("topic", "orders"), NOWHERE),
            (resource("object", "Uploads"), &[Target::Aws, Target::Gcp, Target::Azure]),
            (resource("object", "my.uploads"), &[Target::Azure]),
            (resource("object", "uploads"), NOWHERE),
        ],
    );
    for (trigger, name, target) in [
        ("change", "ab", Target::Aws),
        ("change", "a#b", Target::Azure),
        ("stream", "a b", Target::Aws),
        ("stream", "1st", Target::Gcp),
        ("stream", "-a", Target::Azure),
    ] {
        assert!(codes(&[resource(trigger, name)], target).contains(&lint::NAME.code), "{trigger} {name} on {target:?}");
        assert!(!codes(&[resource(trigger, "orders")], target).contains(&lint::NAME.code), "{trigger} on {target:?}");
    }
}

#[test]
fn two_functions_of_one_name_are_told() {
    let named = |names: [&str; 2]| Value::from(names.map(|name| json!({"trigger": "direct", "name": name})).to_vec());
    found(
        lint::SAME_NAME,
        &[
            (named(["a", "a"]), EVERYWHERE),
            (named(["A", "a"]), EVERYWHERE),
            (named(["a_b", "a-b"]), &[Target::Aws, Target::Gcp, Target::Container]),
            (named(["a_b", "ab"]), &[Target::Aws]),
            (named(["a", "b"]), NOWHERE),
        ],
    );
}

#[test]
fn a_route_is_one_that_reaches_the_function() {
    found(
        lint::ROUTE,
        &[
            (json!({"trigger": "http", "path": "/admin/users"}), &[Target::Azure]),
            (json!({"trigger": "http", "path": "/users/admin"}), NOWHERE),
            (json!({"trigger": "http", "path": "/healthz"}), &[Target::Gcp]),
            (json!({"trigger": "http", "path": "/health"}), NOWHERE),
            (json!({"trigger": "http", "path": "/", "methods": ["TRACE"]}), &[Target::Aws]),
            (json!({"trigger": "http", "path": "/", "methods": ["GET", "PROPFIND"]}), &[Target::Aws, Target::Azure]),
            (json!({"trigger": "http"}), NOWHERE),
        ],
    );
}
