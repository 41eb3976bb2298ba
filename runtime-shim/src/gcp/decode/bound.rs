use bytes::Bytes;

use super::by_type;
use crate::{
    DecodeError, Event, Provider, Trigger,
    cloudevents::CloudEvent,
    event::{Kind, Queue, Schedule, Stream, Topic},
    function::Declared,
};

/// What a message can be, in the order in which functions are asked; where nothing is declared it is the first.
///
/// What Cloud Scheduler publishes is an ordinary message, so it is a tick by the schedule's function alone.
const MESSAGE: [Kind; 4] = [Kind::Topic, Kind::Queue, Kind::Stream, Kind::Schedule];

/// A CloudEvent as a function takes it: mapped to what its type says it is, else unmapped, under its own type.
pub(super) fn event(event: CloudEvent, raw: &Bytes, declared: &Declared<'_>) -> Result<Event, DecodeError> {
    if !declared.has(Kind::Event) {
        return by_type::decode(event, raw).and_then(|event| message(event, declared));
    }
    let kind = by_type::kind(&event.ty);
    let own = event.clone().into_event(Provider::Gcp, raw);
    let wanted = declared.takes(&own);
    // Where nobody could take it mapped, it need not even be mappable.
    if wanted && kind.is_some_and(|kind| !could_take(kind, declared)) {
        return Ok(own);
    }
    let mut mapped = by_type::decode(event, raw)?;
    Ok(if bind(&mut mapped, declared)? || !wanted { mapped } else { own })
}

/// A topic's message as a function takes it.
pub(super) fn message(mut event: Event, declared: &Declared<'_>) -> Result<Event, DecodeError> {
    bind(&mut event, declared)?;
    Ok(event)
}

/// The same; `None` if no function takes it.
pub(super) fn taken_message(mut event: Event, declared: &Declared<'_>) -> Result<Option<Event>, DecodeError> {
    Ok(bind(&mut event, declared)?.then_some(event))
}

/// Whether a message that nothing marks can be told by the functions alone: one takes messages, and none takes requests.
pub(super) fn is_message_alone(declared: &Declared<'_>) -> bool {
    let messages = [Kind::Topic, Kind::Queue, Kind::Stream];
    messages.into_iter().map(|kind| declared.count(kind)).sum::<usize>() == 1 && !declared.has_requests()
}

/// Whether some function is of a kind as which it could take what is mapped to this one.
pub(super) fn could_take(kind: Kind, declared: &Declared<'_>) -> bool {
    if kind == Kind::Topic { MESSAGE.iter().any(|kind| declared.has(*kind)) } else { declared.has(kind) }
}

/// Makes a message one of the kind whose function takes it, and says whether there is one. Without one it stays what it was.
///
/// # Errors
/// A message that names no topic, where functions of several kinds could take it: nobody can say which.
fn bind(event: &mut Event, declared: &Declared<'_>) -> Result<bool, DecodeError> {
    let Trigger::Topic(topic) = event.trigger() else { return Ok(declared.takes(event)) };
    if !could_take(Kind::Topic, declared) {
        return Ok(false);
    }
    let topic = topic.clone();
    let mut takers = Vec::new();
    for kind in MESSAGE.into_iter().filter(|kind| declared.has(*kind)) {
        event.set_trigger(trigger(kind, &topic, topic.name.clone()));
        let taken = match kind {
            // Any message would do for a schedule, whose events name nothing of it.
            Kind::Schedule => declared.is_alone() || topic.name.is_some() && declared.takes_by_name(event),
            _ => declared.takes(event),
        };
        if taken {
            takers.push(kind);
        }
    }
    if topic.name.is_none() && takers.len() > 1 {
        let kinds = takers.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        let reason = format!(
            "the push names no topic, and functions of several kinds could take it ({kinds}); end the endpoint's path in `projects/P/topics/T`"
        );
        return Err(DecodeError::at("message", reason));
    }
    let Some(kind) = takers.first().copied() else {
        event.set_trigger(Trigger::Topic(topic));
        return Ok(false);
    };
    event.set_trigger(trigger(kind, &topic, topic.name.clone()));
    // A push may leave the topic's name out; and a queue or a stream is called what the code calls it.
    let bound = || declared.resource(event).map(str::to_owned);
    let name = match kind {
        Kind::Queue | Kind::Stream => bound().or_else(|| topic.name.clone()),
        Kind::Topic => topic.name.clone().or_else(bound),
        _ => topic.name.clone(),
    };
    event.set_trigger(trigger(kind, &topic, name));
    Ok(true)
}

fn trigger(kind: Kind, topic: &Topic, name: Option<String>) -> Trigger {
    let key = topic.ordering_key.clone();
    match kind {
        Kind::Queue => Trigger::Queue(Queue { name, group: key, sequence: None }),
        Kind::Stream => Trigger::Stream(Stream { name, partition: None, partition_key: key, sequence: None }),
        // When it was due, the message does not say.
        Kind::Schedule => Trigger::Schedule(Schedule { name, scheduled_for: None }),
        _ => Trigger::Topic(Topic { name, ..topic.clone() }),
    }
}
