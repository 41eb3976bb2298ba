use super::Form;
#[cfg(feature = "aws")]
use crate::aws::Shape;
#[cfg(feature = "gcp")]
use crate::local::gcp;
use crate::{
    Event, Provider, Trigger,
    event::{Kind, Time},
    function::resource,
    members::Members,
    server::new_id,
};

/// The event with what its provider always says and it does not: an id, a time, and the resource as the provider names it. Its
/// `index` in the delivery tells its record from those beside it.
pub(super) fn filled(form: Form, event: &Event, index: usize) -> Event {
    let mut event = event.clone();
    if event.id().is_empty() {
        event = event.with_id(new_id());
    }
    if event.time().is_none() && !matches!(event.trigger().kind(), Kind::Http | Kind::Direct) {
        event = event.with_time(Time::from_millis(Time::now().as_millis()));
    }
    if let Trigger::Schedule(schedule) = event.trigger().clone()
        && schedule.scheduled_for.is_none()
        && let Some(time) = event.time()
    {
        let whole = Time::from_seconds(time.as_millis().div_euclid(1_000));
        *event.trigger_mut() = Trigger::Schedule(crate::event::Schedule { scheduled_for: whole, ..schedule });
        event = event.with_time(whole);
    }
    if let Trigger::Stream(stream) = event.trigger_mut() {
        stream.partition.get_or_insert_with(|| "0".to_owned());
        stream.sequence.get_or_insert_with(|| index.saturating_add(1).to_string());
        stream.partition_key.get_or_insert_with(|| "key".to_owned());
    }
    if let Trigger::Change(change) = event.trigger_mut()
        && let Some(key) = change.key.as_deref().and_then(|key| rewritten(form, key))
    {
        change.key = Some(key);
    }
    if event.source().is_empty()
        && let Some(source) = source(form, &event)
    {
        event = event.with_source(source);
    }
    event
}

/// A record's key as its database has it: the attributes of it on AWS, a name on Google Cloud.
fn rewritten(form: Form, key: &str) -> Option<String> {
    let members = Members::read(key);
    match (form.provider(), members.as_ref().map(|members| members.iter().collect::<Vec<_>>())) {
        (Provider::Aws, None) => Some(format!(r#"{{"id":{key}}}"#)),
        (Provider::Gcp, Some(members)) => match members[..] {
            [(_, value)] if !value.starts_with(['{', '[']) => Some(value.to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// What the provider calls the resource of an event, where this machine claims to be it.
fn source(form: Form, event: &Event) -> Option<String> {
    let kind = event.trigger().kind();
    let name = match kind {
        Kind::Http | Kind::Direct => return None,
        Kind::Event => "local",
        _ => resource(event).unwrap_or("local"),
    };
    let arn = |service: &str, rest: &str| Some(format!("arn:aws:{service}:us-east-1:123456789012:{rest}{name}"));
    #[cfg(feature = "aws")]
    match form {
        Form::Aws(Shape::Kafka) => return Some("arn:aws:kafka:us-east-1:123456789012:cluster/local/0123456789abcdef".to_owned()),
        Form::Aws(Shape::DocumentDb) => return Some("arn:aws:rds:us-east-1:123456789012:cluster:local".to_owned()),
        _ => {}
    }
    // A database writes its own, as it is found.
    #[cfg(feature = "gcp")]
    if let Form::Gcp(gcp::Form::Change(_)) = form {
        return None;
    }
    match (form.provider(), kind) {
        (_, Kind::Event) => Some(name.to_owned()),
        (Provider::Aws, Kind::Queue) => arn("sqs", ""),
        (Provider::Aws, Kind::Topic) => arn("sns", ""),
        (Provider::Aws, Kind::Stream) => arn("kinesis", "stream/"),
        (Provider::Aws, Kind::Schedule) => arn("events", "rule/"),
        (Provider::Aws, Kind::Change) => arn("dynamodb", "table/").map(|table| format!("{table}/stream/2024-01-01T00:00:00.000")),
        (Provider::Aws, Kind::Object) => Some(format!("arn:aws:s3:::{name}")),
        (Provider::Gcp, Kind::Topic | Kind::Stream) => Some(format!("//pubsub.googleapis.com/projects/local/topics/{name}")),
        (Provider::Gcp, Kind::Object) => Some(format!("//storage.googleapis.com/projects/_/buckets/{name}")),
        (Provider::Azure, Kind::Object) => Some(format!("https://local.blob.core.windows.net/{name}")),
        (Provider::Azure, Kind::Topic | Kind::Stream) => Some(format!("sb://local.servicebus.windows.net/{name}")),
        (Provider::Container | Provider::Local, _) => Some(format!("/local/{kind}/{name}")),
        _ => None,
    }
}
