use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use polyfn_shim::{
    Event, Provider, Trigger,
    aws::{self, Frame, Shape},
    azure::{self, Bindings, Declaration, Mode},
    cloudevents, container,
    event::{Action, Change, Http, Kind, Object, Queue, Schedule, Stream, Time, Topic},
    gcp, local,
    local::recording::{Delivery, Recording, Reply},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::recording;

type Decode = Box<dyn Fn(&Delivery) -> Vec<Event>>;

/// A delivery in one of a provider's forms, and what reads it.
struct Planted {
    form: String,
    delivery: Delivery,
    decode: Decode,
}

/// A request that has the secret in every place that has a name for it, and in some that have none.
fn request(provider: Provider, secret: &str, body: &str, media_type: &'static str) -> Event {
    let query = format!("page=2&code={0}&to=%2Fa%3Fsig%3D{1}", encoded(secret), encoded(&encoded(secret)));
    let mut http = Http::new(Method::POST, format!("/lookup/{}", encoded(secret)), Some(&query));
    for (name, value) in [
        ("host", "example.com".to_owned()),
        ("content-type", media_type.to_owned()),
        ("authorization", format!("Bearer {secret}")),
        ("x-trail", format!("seen {secret} twice")),
        ("x-functions-key", secret.to_owned()),
        ("cookie", format!("a=1; sid={secret}")),
    ] {
        http.headers.append(HeaderName::from_static(name), HeaderValue::from_str(&value).unwrap());
    }
    let event = Event::new(provider, Trigger::Http(Box::new(http)));
    event.with_id("r-1").with_data(body.to_owned(), Some(media_type))
}

/// An event with the secret in its data, and in an attribute where it may have some.
fn event(provider: Provider, trigger: Trigger, source: &str, secret: &str) -> Event {
    let data = json!({"user": "ann", "password": secret, "note": format!("not {secret}!"), "n": 7}).to_string();
    Event::new(provider, trigger)
        .with_id("id-1")
        .with_source(source)
        .with_time(Time::from_millis(1_714_557_600_250))
        .with_data(data, None)
        .with_attribute("api_token", secret)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn queue(name: &str) -> Trigger {
    Trigger::Queue(Queue { name: Some(name.into()), ..Queue::default() })
}

fn topic(name: &str) -> Trigger {
    Trigger::Topic(Topic { name: Some(name.into()), ..Topic::default() })
}

fn stream() -> Trigger {
    let text = |text: &str| Some(text.to_owned());
    Trigger::Stream(Stream {
        name: text("clicks"),
        partition: text("3"),
        partition_key: text("customer-17"),
        sequence: text("9"),
    })
}

fn change(secret: &str) -> Trigger {
    let document = |n: u8| Some(json!({"id": n, "access_key": secret, "list": [{"note": format!("<{secret}>")}]}).to_string());
    Trigger::Change(Box::new(Change {
        action: Action::Updated,
        collection: Some("orders".into()),
        key: Some(r#"{"id":1}"#.into()),
        before: document(1),
        after: document(2),
    }))
}

fn aws(secret: &str) -> Vec<Planted> {
    let of = |form: &str, body: Bytes| Planted {
        form: format!("aws/{form}"),
        delivery: Delivery { path: "/2018-06-01/runtime/invocation/next".into(), body, ..Delivery::default() },
        decode: Box::new(|delivery| aws::decode(&delivery.body, &Frame::default()).unwrap().into_events()),
    };
    let sqs = "arn:aws:sqs:us-east-1:123456789012:orders";
    let message = event(Provider::Aws, queue("orders"), sqs, secret);
    let published = event(Provider::Aws, topic("news"), "arn:aws:sns:us-east-1:123456789012:news", secret);
    let wrapped = message.clone().with_data(local::aws::notification(&published), None);
    let custom = event(Provider::Aws, Trigger::Event, "my.shop", secret).with_type("order");
    let custom = custom.clone().with_data(custom.data().unwrap().clone(), Some("application/json"));
    let kinesis = event(Provider::Aws, stream(), "arn:aws:kinesis:us-east-1:123456789012:stream/clicks", secret);
    let changed = |source| event(Provider::Aws, change(secret), source, secret);
    let mut planted: Vec<_> = [
        (Shape::Sqs, &message),
        (Shape::Sns, &published),
        (Shape::Sqs, &wrapped),
        (Shape::EventBridge, &custom),
        (Shape::Kinesis, &kinesis),
        (Shape::Kafka, &event(Provider::Aws, stream(), "arn:aws:kafka:us-east-1:1:cluster/c/u", secret)),
        (Shape::DynamoDb, &changed("arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2024")),
        (Shape::DocumentDb, &changed("arn:aws:rds:us-east-1:1:cluster:c")),
    ]
    .into_iter()
    .map(|(shape, event)| of(&format!("{shape:?}"), local::aws::events(shape, std::slice::from_ref(event))))
    .collect();
    let json = json!({"client_secret": secret, "q": format!("{secret}?")}).to_string();
    let form = format!("user=ann&password={}", encoded(secret));
    for shape in [
        Shape::Rest,
        Shape::HttpApi1,
        Shape::HttpApi2,
        Shape::FunctionUrl,
        Shape::AlbSingle,
        Shape::AlbMulti,
        Shape::Lattice1,
        Shape::Lattice2,
        Shape::WebSocket,
    ] {
        for (body, media_type) in
            [(&json, "application/json"), (&form, "application/x-www-form-urlencoded"), (&json, "application/octet-stream")]
        {
            let request = request(Provider::Aws, secret, body, media_type);
            let body = local::aws::delivery(shape, request.http().unwrap(), request.data().unwrap(), "r-1");
            planted.push(of(&format!("{shape:?} {media_type}"), body));
        }
    }
    planted
}

fn delivered(request: Request<Bytes>) -> Delivery {
    let (parts, body) = request.into_parts();
    Delivery::new(&parts, body)
}

fn parts(delivery: &Delivery) -> http::request::Parts {
    let mut request = Request::builder().method(delivery.method.clone()).uri(&delivery.path).body(()).unwrap();
    *request.headers_mut() = delivery.headers.to_map();
    request.into_parts().0
}

fn gcp(secret: &str) -> Vec<Planted> {
    use local::gcp::Form;
    let resource = |name: &str| format!("//pubsub.googleapis.com/projects/local/topics/{name}");
    let published = event(Provider::Gcp, topic("news"), &resource("news"), secret);
    let task = Event::new(Provider::Gcp, queue("orders"))
        .with_id("7")
        .with_data(published.data().unwrap().clone(), Some("application/json"));
    let custom = event(Provider::Gcp, Trigger::Event, "/shop", secret).with_type("shop.order");
    let custom = custom.clone().with_data(custom.data().unwrap().clone(), Some("application/json"));
    let custom = Event::new(Provider::Gcp, Trigger::Event)
        .with_id("7")
        .with_source("/shop")
        .with_type("shop.order")
        .with_attribute("apitoken", secret)
        .with_data(custom.data().unwrap().clone(), Some("application/json"));
    let json = json!({"client_secret": secret}).to_string();
    let object =
        Object { action: Action::Created, bucket: "uploads".into(), key: "reports/key-token.txt".into(), ..Object::default() };
    let object = Event::new(Provider::Gcp, Trigger::Object(Box::new(object)))
        .with_id("7")
        .with_source("//storage.googleapis.com/projects/_/buckets/uploads")
        .with_attribute("xapikey", secret);
    let of = |form: Form, event: &Event| Planted {
        form: format!("gcp/{form:?}"),
        delivery: delivered(local::gcp::delivery(form, event).unwrap_or_else(|error| panic!("{form:?}: {error}"))),
        decode: Box::new(|delivery| gcp::decode(&parts(delivery), &delivery.body).unwrap()),
    };
    let mut planted = vec![
        of(Form::Http, &request(Provider::Gcp, secret, &json, "application/json")),
        of(Form::Eventarc, &custom),
        of(Form::Structured, &custom),
        of(Form::Fallback, &custom),
        of(Form::WrappedPush, &published),
        of(Form::UnwrappedPush, &published),
        of(Form::Tasks, &task),
        of(Form::Eventarc, &object),
    ];
    let firestore = "//firestore.googleapis.com/projects/local/databases/(default)";
    let document = Event::new(Provider::Gcp, change(secret)).with_id("7").with_source(firestore);
    for form in [local::gcp::changes::Form::Protobuf, local::gcp::changes::Form::Json] {
        let request = local::gcp::changes::delivery(local::gcp::changes::Source::Firestore(form), &document).unwrap();
        planted.push(Planted {
            form: format!("gcp/firestore {form:?}"),
            delivery: delivered(request),
            decode: Box::new(|delivery| gcp::decode(&parts(delivery), &delivery.body).unwrap()),
        });
    }
    planted
}

fn azure(secret: &str) -> Vec<Planted> {
    let declared = |kind, json: &str| {
        Declaration::new(
            "lookup",
            kind,
            Bindings::read(json!({"bindings": [serde_json::from_str::<Value>(json).unwrap()]}).to_string().as_bytes()).unwrap(),
        )
    };
    let json = json!({"client_secret": secret, "q": secret}).to_string();
    let http = || declared(Kind::Http, r#"{"type":"httpTrigger","name":"req","direction":"in","authLevel":"function"}"#);
    let mut planted = Vec::new();
    for mode in [Mode::Json, Mode::Forward, Mode::Proxy] {
        let request =
            local::azure::delivery(&request(Provider::Azure, secret, &json, "application/json"), &http(), mode, "api").unwrap();
        let function = http();
        planted.push(Planted {
            form: format!("azure/{mode:?}"),
            delivery: delivered(request),
            decode: Box::new(move |delivery| azure::decode(&parts(delivery), &delivery.body, &function, mode, "api").unwrap()),
        });
    }
    let bus = "sb://ns.servicebus.windows.net/orders";
    for (binding, event) in [
        (
            r#"{"type":"serviceBusTrigger","name":"m","direction":"in","queueName":"orders"}"#,
            event(Provider::Azure, queue("orders"), bus, secret),
        ),
        (
            r#"{"type":"queueTrigger","name":"m","direction":"in","queueName":"orders"}"#,
            event(Provider::Azure, queue("orders"), "", secret),
        ),
        (
            r#"{"type":"cosmosDBTrigger","name":"d","direction":"in","databaseName":"d","containerName":"orders"}"#,
            event(Provider::Azure, change(secret), "", secret),
        ),
    ] {
        let function = declared(Kind::Event, binding);
        let request = local::azure::batch(&[event], &function).unwrap_or_else(|error| panic!("{binding}: {error}"));
        planted.push(Planted {
            form: format!("azure/{binding}"),
            delivery: delivered(request),
            decode: Box::new(move |delivery| {
                azure::decode(&parts(delivery), &delivery.body, &function, Mode::Json, "api").unwrap()
            }),
        });
    }
    planted
}

fn containers(secret: &str) -> Vec<Planted> {
    use cloudevents::Mode;
    let tick = Trigger::Schedule(Schedule { name: Some("nightly".into()), scheduled_for: None });
    let json = json!({"client_secret": secret}).to_string();
    let mut events = vec![request(Provider::Container, secret, &json, "application/json")];
    for trigger in [queue("orders"), topic("news"), stream(), tick, change(secret)] {
        let mut event =
            Event::new(Provider::Container, trigger).with_id("7").with_source("/shop").with_attribute("apitoken", secret);
        if !matches!(event.trigger(), Trigger::Change(_)) {
            event = event.with_data(json.clone(), Some("application/json"));
        }
        events.push(event);
    }
    let of = |event: &Event, mode: Mode| Planted {
        form: format!("container/{mode:?} {}", event.trigger().kind()),
        delivery: delivered(local::container::delivery(event, mode).unwrap()),
        decode: Box::new(|delivery| container::decode(&parts(delivery), &delivery.body).unwrap()),
    };
    events.iter().flat_map(|event| [Mode::Binary, Mode::Structured, Mode::Batch].map(|mode| of(event, mode))).collect()
}

/// Whether a secret can be read out of a text, however it is wrapped.
fn tells(text: &str, secret: &str, depth: usize) -> bool {
    let forms = [secret.to_owned(), encoded(secret), STANDARD_NO_PAD.encode(secret), URL_SAFE_NO_PAD.encode(secret)];
    if forms.iter().any(|form| text.contains(form.as_str())) || percent_decode_str(text).decode_utf8_lossy().contains(secret) {
        return true;
    }
    let inner = |bytes: Vec<u8>| {
        bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
            || String::from_utf8(bytes).is_ok_and(|inner| depth < 6 && tells(&inner, secret, depth + 1))
    };
    serde_json::from_str(text).is_ok_and(|json: Value| depth < 6 && value_tells(&json, secret, depth + 1))
        || STANDARD.decode(text).is_ok_and(inner)
}

fn value_tells(value: &Value, secret: &str, depth: usize) -> bool {
    match value {
        Value::String(text) => tells(text, secret, depth),
        Value::Array(list) => {
            let bytes: Option<Vec<u8>> =
                list.iter().map(|byte| byte.as_i64().and_then(|byte| u8::try_from(byte & 255).ok())).collect();
            bytes.is_some_and(|bytes| bytes.windows(secret.len()).any(|window| window == secret.as_bytes()))
                || list.iter().any(|value| value_tells(value, secret, depth))
        }
        Value::Object(members) => members.values().any(|value| value_tells(value, secret, depth)),
        _ => false,
    }
}

fn check(secret: &str) {
    for planted in [aws(secret), gcp(secret), azure(secret), containers(secret)].into_iter().flatten() {
        let Planted { form, delivery, decode } = planted;
        let events = decode(&delivery);
        assert!(!events.is_empty(), "{form}");
        let reply = Reply { body: Bytes::from(format!("{{\"echo\":\"{}\"}}", STANDARD.encode(secret))), ..Reply::default() };
        let before = Recording { delivery, events, reply, ..recording() };
        let json = before.to_json();
        assert!(json.contains("[redacted]"), "{form}: {json}");
        assert!(!tells(&json, secret, 0), "{form}: {secret:?} is in {json}");
        // What is left is still a delivery, of the events that stand beside it.
        let after = Recording::from_json(&json).unwrap_or_else(|error| panic!("{form}: {error}\n{json}"));
        let replayed: Vec<_> = decode(&after.delivery).into_iter().map(|event| event.with_raw(Bytes::new())).collect();
        assert_eq!(replayed.len(), before.events.len(), "{form}");
        let keys = |event: &Event| (event.trigger().kind(), event.id().to_owned(), event.ty().to_owned());
        assert_eq!(replayed.iter().map(keys).collect::<Vec<_>>(), before.events.iter().map(keys).collect::<Vec<_>>(), "{form}");
    }
}

#[test]
fn a_planted_secret_is_in_no_file() {
    for secret in ["correct-horse-battery", "a/b+c==d/e+f==", "Zm9vYmFyYmF6", "50%off%2Fnow", "s3cr3t.s3cr3t~_"] {
        check(secret);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Without a percent sign: Google's binary mode would read one as an escape, and refuse what is no UTF-8.
    #[test]
    fn no_planted_secret_is_in_any_file(secret in "[A-Za-z0-9/+=_.~-]{12,40}") {
        check(&secret);
    }
}
