//! Events through a real server: who gets them, and what the host hears.

use http::StatusCode;
use polyfn_shim::{
    Event, Failure, Outcome, Reply,
    azure::{Cardinality, DataType, Declaration, TriggerType, combine},
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions},
};
use serde_json::{Value, json};

use crate::serve::{ID, deployment, post, send, start};

fn description(name: &'static str, kind: Kind, resource: &'static str) -> Description {
    Description::new(name, Binding::Resource { kind, name: resource, filter: Filter::default() })
}

/// Does what the data says.
fn obeys(name: &'static str, kind: Kind, resource: &'static str) -> Function {
    Function::new(description(name, kind, resource), |event: Event, _| async move {
        let failure = || Failure::new("Told", "secret").with_status(StatusCode::NOT_FOUND);
        match event.data().map(|data| &data[..]) {
            Some(b"retry" | b"\"retry\"") => Outcome::Retry(failure()),
            Some(b"drop" | b"\"drop\"") => Outcome::Drop(failure()),
            Some(b"panic") => panic!("secret"),
            _ => Outcome::Done(Reply::Empty),
        }
    })
}

const DONE: &str = r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#;

#[test]
fn an_event_is_answered_by_its_outcome() {
    let root = deployment(
        "events",
        &[
            ("fulfil/function.json", r#"{"bindings":[{"type":"queueTrigger","name":"item","queueName":"%QUEUE%"}]}"#),
            (
                "readings/function.json",
                r#"{"bindings":[{"type":"eventHubTrigger","name":"events","eventHubName":"h","cardinality":"many","dataType":"string"}]}"#,
            ),
            ("changes/function.json", r#"{"bindings":[{"type":"cosmosDBTrigger","name":"docs","containerName":"c"}]}"#),
        ],
    );
    // Two functions of one queue: the host says which one it means.
    let functions = Functions::new(vec![
        obeys("fulfil", Kind::Queue, "orders"),
        obeys("audit", Kind::Queue, "orders"),
        obeys("readings", Kind::Stream, "h"),
        obeys("changes", Kind::Change, "c"),
    ]);
    let port = start(functions, vec![("FUNCTIONS_APP_ROOT_PATH", root), ("QUEUE", "orders".to_owned())]);
    let item = |text: &str| json!({"Data": {"item": Value::from(text).to_string()}, "Metadata": {}}).to_string();
    let events = |texts: &[&str]| json!({"Data": {"events": json!(texts).to_string()}, "Metadata": {}}).to_string();
    for (path, body, status) in [
        ("/fulfil", item("ok"), 200),
        ("/fulfil", item("drop"), 200),
        ("/fulfil", item("retry"), 500),
        ("/fulfil", item("panic"), 500),
        ("/FULFIL", item("ok"), 200),
        ("/audit", json!({"Data": {"item": "b2s="}}).to_string(), 200),
        ("/readings", events(&["ok", "drop", "ok"]), 200),
        ("/readings", events(&["ok", "retry", "ok"]), 500),
        ("/readings", events(&[]), 200),
        ("/changes", json!({"Data": {"docs": "\"[]\""}}).to_string(), 200),
        ("/changes", json!({"Data": {"docs": "\"[5]\""}}).to_string(), 500),
        ("/fulfil", json!({"Data": {"item": "ok"}}).to_string(), 500),
    ] {
        let (got, _, answer) = post(port, path, ID, &body);
        let text = String::from_utf8(answer).unwrap();
        assert_eq!(got, status, "{path} {body}: {text}");
        assert!(if status == 200 { text == DONE } else { !text.is_empty() && !text.contains("secret") }, "{path} {body}: {text}");
    }
}

fn validation(data: &Value) -> String {
    json!([{"id": "1", "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": data}]).to_string()
}

#[test]
fn a_webhook_shakes_hands_without_user_code() {
    let trigger = r#"{"type":"httpTrigger","name":"req","route":"paid"},{"type":"http","direction":"out","name":"res"}"#;
    let queue = r#"{"type":"queue","direction":"out","name":"q"}"#;
    let root = deployment(
        "webhook",
        &[
            ("paid/function.json", &format!(r#"{{"bindings":[{trigger}]}}"#)),
            ("logged/function.json", &format!(r#"{{"bindings":[{},{queue}]}}"#, trigger.replace("paid", "logged"))),
        ],
    );
    let panics = |name| {
        Function::new(description(name, Kind::Event, "*"), |event: Event, _| async move {
            assert!(event.ty() != "Microsoft.EventGrid.SubscriptionValidationEvent");
            if event.data().is_some_and(|data| *data == "\"retry\"") {
                return Outcome::Retry(Failure::new("Told", "x").with_status(StatusCode::BAD_REQUEST));
            }
            Outcome::Done(Reply::Empty)
        })
    };
    let port = start(Functions::new(vec![panics("paid"), panics("logged")]), vec![("FUNCTIONS_APP_ROOT_PATH", root)]);

    let validating = "aeg-event-type: SubscriptionValidation\r\n";
    let object = json!({"validationCode": "c\"1", "validationUrl": "https://x"});
    for data in [object.clone(), Value::from(object.to_string())] {
        let (status, head, body) = post(port, "/api/paid", validating, &validation(&data));
        assert_eq!((status, body.as_slice()), (200, br#"{"validationResponse":"c\"1"}"#.as_slice()));
        assert!(head.contains("content-type: application/json"), "{head}");
    }
    assert_eq!(post(port, "/api/paid", validating, "[]").0, 500);
    assert_eq!(post(port, "/api/paid", "aeg-event-type: Unsubscribe\r\n", "[]").0, 200);
    let options =
        "OPTIONS /api/paid HTTP/1.1\r\nHost: h\r\nConnection: close\r\nWebHook-Request-Origin: eventgrid.azure.net\r\n\r\n";
    let (status, head, _) = send(port, options);
    assert_eq!(status, 200);
    assert!(head.contains("webhook-allowed-origin: eventgrid.azure.net") && head.contains("webhook-allowed-rate: *"), "{head}");

    let notify = |data: &str| {
        let events = json!([{"id": "1", "eventType": "A", "data": "ok"}, {"id": "2", "eventType": "A", "data": data}]);
        post(port, "/api/paid", "aeg-event-type: Notification\r\n", &events.to_string()).0
    };
    assert_eq!((notify("ok"), notify("retry")), (204, 500));
    assert_eq!(post(port, "/api/paid", "", "no events").0, 500);

    let envelope = |ty: &str, body: &str| {
        let request = json!({"Url": "https://h/api/logged", "Method": "POST", "Headers": {"aeg-event-type": [ty]}, "Body": body});
        let (status, _, body) = post(port, "/logged", ID, &json!({"Data": {"req": request}}).to_string());
        (status, String::from_utf8(body).unwrap())
    };
    let (status, body) = envelope("SubscriptionValidation", &validation(&json!({"validationCode": "c"})));
    assert!(status == 200 && body.contains("validationResponse"), "{body}");
    assert_eq!(envelope("Notification", r#"[{"id":"1","eventType":"A","data":"retry"}]"#).0, 500);
    assert_eq!(envelope("Notification", r#"[{"id":"1","eventType":"A","data":"ok"}]"#).0, 200);
}

#[test]
fn one_failure_fails_a_delivery_whole() {
    let done = || Outcome::Done(Reply::Empty);
    let failure = || Failure::new("X", "y");
    assert!(combine(vec![]).is_done());
    assert!(combine(vec![done(), done()]).is_done());
    assert!(combine(vec![done(), Outcome::Drop(failure())]).is_done());
    assert!(matches!(combine(vec![Outcome::Drop(failure()), Outcome::Retry(failure()), done()]), Outcome::Retry(_)));
}

#[test]
fn what_a_function_says_of_itself_is_declared_in_the_safe_form() {
    let of = |kind, name| Declaration::of(&description("my_function", kind, name), false).unwrap();
    let (one, many, binary) = (Some(Cardinality::One), Some(Cardinality::Many), Some(DataType::Binary));
    for (kind, ty, cardinality, data_type) in [
        (Kind::Queue, TriggerType::Queue, None, binary),
        (Kind::Topic, TriggerType::ServiceBus, one, binary),
        (Kind::Stream, TriggerType::EventHub, many, binary),
        (Kind::Object, TriggerType::Blob, None, binary),
        (Kind::Schedule, TriggerType::Timer, None, None),
        (Kind::Change, TriggerType::CosmosDb, None, None),
        (Kind::Event, TriggerType::EventGrid, one, None),
    ] {
        let declaration = of(kind, "x");
        let trigger = declaration.bindings().trigger();
        assert_eq!((declaration.bindings().trigger_type(), trigger.cardinality, trigger.data_type), (ty, cardinality, data_type));
        assert!(Declaration::fits(declaration.bindings(), kind));
        assert!(!trigger.name.contains('_'));
    }
    assert_eq!(of(Kind::Schedule, "0 5 * * 7").bindings().trigger().schedule.as_deref(), Some("0 0 5 * * 0"));
    assert_eq!(of(Kind::Object, "in").bindings().trigger().path.as_deref(), Some("in/{name}"));
}
