//! The file that declares a function: what it says, and that deliveries in the form it declares are read.

use std::collections::BTreeSet;

use polyfn_shim::{
    azure::{Bindings, TriggerType, function_json},
    event::{Action, Kind},
    function::{Binding, Description, Filter, Settings},
};
use polyfn_tests::{TRIGGERS, TestData};
use serde_json::Value;

use crate::testdata::decoded;

fn resource(name: &'static str, kind: Kind, resource: &'static str, filter: Filter) -> Description {
    Description::new(name, Binding::Resource { kind, name: resource, filter })
}

/// Deliveries of the test data whose function.json is what these functions ask for, and whether they take a batch.
fn asked() -> Vec<(&'static str, Description, bool)> {
    let all = Filter::default();
    let order = Binding::Http { methods: &["POST", "PUT"], path: Some("/books/{title}/{part}") };
    let under = Filter { prefix: "in/", suffix: ".txt", ..all };
    let gone = Filter { on: &[Action::Deleted], ..all };
    vec![
        ("json-order", Description { public: true, ..Description::new("FindBook", order) }, false),
        ("json-add", Description::new("Add", Binding::Direct), false),
        ("forward-add", Description::new("Add", Binding::Direct), false),
        ("event-reservation", resource("Reserve", Kind::Queue, "reservations", all), true),
        ("event-notice", resource("Announce", Kind::Topic, "notices", all), false),
        ("event-returns", resource("TakeBack", Kind::Topic, "returns", all), true),
        ("event-cover", resource("Cover", Kind::Object, "covers", under), false),
        ("event-removed", resource("Remove", Kind::Object, "scans", gone), false),
        ("event-opening", resource("Open", Kind::Schedule, "0 9 * * 5-7", all), false),
        ("event-members", resource("Enrol", Kind::Change, "members", all), false),
        ("event-visits", resource("CountAll", Kind::Stream, "visits", all), false),
        ("event-paid", resource("Paid", Kind::Event, "Library.*", all), false),
    ]
}

#[test]
fn a_function_is_declared_in_the_form_that_its_deliveries_are_read_in() {
    let data = TestData::of("azure");
    for (name, description, batch) in asked() {
        let row = data.rows.iter().find(|row| row.file == name).unwrap();
        let file = function_json(&description, batch).unwrap();
        assert_eq!(file, String::from_utf8(data.read(row, ".function.json")).unwrap(), "{name}");
        let events = decoded(&data, row, file.as_bytes());
        assert_eq!(serde_json::to_value(&events).unwrap(), Value::Array(data.events(row)), "{name}");
    }
    let kinds: BTreeSet<_> = asked().iter().map(|(_, description, _)| description.binding.kind().as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(TRIGGERS));
}

#[test]
fn what_decides_the_form_is_always_declared() {
    for (name, description, _) in asked() {
        for batch in [false, true] {
            let bindings = Bindings::read(function_json(&description, batch).unwrap().as_bytes()).unwrap();
            let (ty, trigger) = (bindings.trigger_type(), bindings.trigger());
            let has_type = matches!(ty, TriggerType::Queue | TriggerType::ServiceBus | TriggerType::EventHub | TriggerType::Blob);
            let has_count = matches!(ty, TriggerType::ServiceBus | TriggerType::EventHub | TriggerType::EventGrid);
            assert_eq!((trigger.data_type.is_some(), trigger.cardinality.is_some()), (has_type, has_count), "{name}");
        }
    }
}

#[test]
fn an_ordered_topic_has_sessions_and_a_batch_of_changes_its_size() {
    let member = |kind, settings, member: &str| {
        let description = Description { settings, ..resource("f", kind, "x", Filter::default()) };
        let file: Value = serde_json::from_str(&function_json(&description, true).unwrap()).unwrap();
        file["bindings"][0].get(member).cloned()
    };
    let (plain, ordered) = (Settings::default(), Settings { ordered: true, ..Settings::default() });
    assert_eq!(member(Kind::Topic, ordered, "isSessionsEnabled"), Some(true.into()));
    assert_eq!(
        [member(Kind::Topic, plain, "isSessionsEnabled"), member(Kind::Stream, ordered, "isSessionsEnabled")],
        [None, None]
    );
    let batch = Settings { batch: Some(50), ..plain };
    assert_eq!(member(Kind::Change, batch, "maxItemsPerInvocation"), Some(50.into()));
    assert_eq!(
        [member(Kind::Change, plain, "maxItemsPerInvocation"), member(Kind::Topic, batch, "maxItemsPerInvocation")],
        [None, None]
    );
}

#[test]
fn a_retry_policy_stands_where_a_failure_would_be_lost() {
    let policy = |kind, retries| {
        let settings = Settings { retries, ..Settings::default() };
        let description = Description { settings, ..resource("f", kind, "x", Filter::default()) };
        let file: Value = serde_json::from_str(&function_json(&description, false).unwrap()).unwrap();
        file.get("retry").map(|retry| retry["maxRetryCount"].as_u64().unwrap())
    };
    for kind in [Kind::Stream, Kind::Change] {
        assert_eq!([policy(kind, None), policy(kind, Some(0)), policy(kind, Some(2))], [Some(5), None, Some(2)]);
    }
    assert_eq!([policy(Kind::Schedule, None), policy(Kind::Schedule, Some(3))], [None, Some(3)]);
    for kind in [Kind::Queue, Kind::Topic, Kind::Object, Kind::Event] {
        assert_eq!(policy(kind, Some(3)), None, "{kind}");
    }
}

#[test]
fn braces_of_a_name_are_no_pattern() {
    let filter = Filter { prefix: "{a}", ..Filter::default() };
    let file = function_json(&resource("f", Kind::Object, "in", filter), false).unwrap();
    assert_eq!(Bindings::read(file.as_bytes()).unwrap().trigger().path.as_deref(), Some("in/{{a}}{name}"));
}

#[test]
fn what_no_file_can_declare_is_an_error_that_names_the_function() {
    for kind in [Kind::Queue, Kind::Topic, Kind::Stream, Kind::Object, Kind::Change] {
        let error = function_json(&resource("f", kind, "orders-*", Filter::default()), false).unwrap_err().to_string();
        assert!(error.starts_with("f: ") && error.contains("`orders-*`"), "{error}");
    }
    let archived = Filter { on: &[Action::Archived], ..Filter::default() };
    let error = function_json(&resource("f", Kind::Object, "in", archived), false).unwrap_err().to_string();
    assert!(error.starts_with("f: Azure tells of objects that are created or deleted"), "{error}");
    let some = Filter { on: &[Action::Archived, Action::Created], ..Filter::default() };
    assert!(function_json(&resource("f", Kind::Object, "in", some), false).unwrap().contains("blobTrigger"));
}
