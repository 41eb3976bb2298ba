use http::Response;
use polyfn_shim::{
    Event, Provider,
    azure::{self, Declaration},
    event::Kind,
    function::{Binding, Description},
    local::{
        self, Form,
        difference::{Difference, Ignore},
        recording::{Ended, Recording, Reply},
    },
};

use crate::{client::Client, failure::Failure, form::As, report::Detail, send};

/// What came of a recording's events this time.
pub(super) struct Replayed {
    /// How they were delivered.
    pub(super) form: String,
    /// What could not be compared, and why.
    pub(super) note: Option<&'static str>,
    difference: String,
    /// How many events were sent.
    sent: usize,
}

impl Replayed {
    /// Sends the events of a recording again, and compares.
    ///
    /// An event that the shim does not take is a difference; a shim that is gone is an error.
    pub(super) async fn of(recording: &Recording, asked: Option<&As>, client: Client) -> Result<Self, Failure> {
        let recorded = recorded(recording);
        let form = asked.map_or_else(|| recorded.clone(), |asked| asked.as_str().to_owned());
        let (mut came, mut refused) = (Vec::new(), Vec::new());
        let sent = sent(recording);
        for (at, event) in sent.iter().enumerate() {
            let event = if asked.is_some() { for_another(event, &form) } else { (*event).clone() };
            match send::send(client, &event, Some(&form), function(recording, sent.len())).await {
                Ok(answer) => came.push(client.read::<Detail>(&answer)?),
                Err(failure) if !client.is_listening().await => return Err(failure),
                Err(failure) => refused.push(format!("events[{at}]:\n  - delivered\n  + {failure}\n")),
            }
        }
        if !refused.is_empty() {
            return Ok(Self { form, note: None, difference: refused.concat(), sent: sent.len() });
        }
        let again = came.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let outcomes: Vec<Ended> = again.iter().flat_map(|again| again.outcomes.clone()).collect();
        let mut difference = Difference::of_outcomes(&recording.outcomes, &outcomes);
        let mut note = None;
        match (came.as_slice(), again.as_slice()) {
            // In the same form all of it has to be the same.
            ([_], [again]) if self::recorded(again) == recorded => {
                difference = difference.and(Difference::of_replies(&recording.reply, &again.reply, Ignore::Delivery));
            }
            ([detail], [_]) => {
                let (other, unsaid) = callers(recording, detail);
                (difference, note) = (difference.and(other), unsaid);
            }
            ([], _) => {
                (difference, note) = (Difference::default(), Some("it became no event that could be sent again"));
            }
            _ => note = Some("the replies to several events at once are not compared"),
        }
        Ok(Self { form, note, difference: difference.to_string(), sent: sent.len() })
    }

    /// What came of the comparison; `None` if there was no event to send.
    pub(super) fn is_same(&self) -> Option<bool> {
        (self.sent > 0).then_some(self.difference.is_empty())
    }

    /// For people.
    pub(super) fn difference(&self) -> &str {
        &self.difference
    }
}

fn read(detail: &Detail) -> Result<Recording, Failure> {
    let of_another = |error| Failure::new(format!("the shim's answer is of another version of polyfn: recording.{error}"));
    Recording::from_json(detail.recording.get()).map_err(of_another)
}

/// The form that a recording is in, as [`Form`] spells it.
fn recorded(recording: &Recording) -> String {
    let (provider, form) = (recording.provider.as_str(), recording.form.as_str());
    if form.contains('/') || form == provider { form.to_owned() } else { format!("{provider}/{form}") }
}

/// The events to send: each once, also if several functions took it.
fn sent(recording: &Recording) -> Vec<&Event> {
    match recording.events.as_slice() {
        [first, others @ ..] if !first.id().is_empty() && others.iter().all(|other| other.id() == first.id()) => vec![first],
        events => events.iter().collect(),
    }
}

/// The function to call, if the event alone may not tell the one that was called.
fn function(recording: &Recording, sent: usize) -> Option<&str> {
    let named = Some(recording.function.as_str()).filter(|name| !name.is_empty());
    let is_request = recording.events.iter().any(|event| event.http().is_some());
    // A request is told by its route, and what several functions took is theirs again.
    named.filter(|_| !is_request && recording.events.len() == sent)
}

/// An event without what only its own provider says of it.
fn for_another(event: &Event, form: &str) -> Event {
    let provider = form.split('/').next().unwrap_or_default();
    if event.provider().as_str() == provider {
        return event.clone();
    }
    let mut other = Event::new(Provider::Local, event.trigger().clone())
        .with_id(event.id())
        .with_type(event.ty().to_owned())
        .with_time(event.time())
        .with_attempt(event.attempt())
        .with_data(event.data().cloned().unwrap_or_default(), event.datacontenttype());
    if let Some(subject) = event.subject() {
        other = other.with_subject(subject);
    }
    if let Some(schema) = event.dataschema() {
        other = other.with_dataschema(schema);
    }
    // A custom event is chosen by its source; that of the others is the provider's name of the resource.
    if event.trigger().kind() == Kind::Event {
        other = other.with_source(event.source());
    }
    event.attributes().iter().fold(other, |other, (name, value)| other.with_attribute(name, value))
}

/// Compares what whoever made the request or the call got, then and now; and says what cannot be compared.
fn callers(recording: &Recording, detail: &Detail) -> (Difference, Option<&'static str>) {
    let kind = recording.events.first().map(|event| event.trigger().kind());
    let (Some(kind @ (Kind::Http | Kind::Direct)), Some(response)) = (kind, &detail.response) else {
        return (Difference::default(), None);
    };
    // Each host has its own words for a failure.
    if !recording.outcomes.iter().all(|ended| *ended == Ended::Done) || detail.summary.ended != "done" {
        return (Difference::default(), Some("how the host tells its caller of a failure is not compared"));
    }
    let Some(mut then) = caller(recording, kind) else {
        return (Difference::default(), Some("what the caller got is not in the recording"));
    };
    let mut now = response.reply();
    // Lambda returns JSON, and nothing that would be a status or a header.
    if kind == Kind::Direct {
        (then, now) = (Reply { body: then.body, ..Reply::default() }, Reply { body: now.body, ..Reply::default() });
    }
    (Difference::of_replies(&then, &now, Ignore::Delivery), None)
}

/// What the host of the recording made of the native reply, for its caller.
fn caller(recording: &Recording, kind: Kind) -> Option<Reply> {
    let reply = recording.reply.clone();
    let form = Form::ALL.iter().find(|form| form.to_string() == recorded(recording))?;
    let response = match form {
        Form::Aws(shape) if shape.is_http() => local::aws::response(*shape, &reply.body).ok()?,
        Form::Azure(mode @ azure::Mode::Json) => {
            let http = Binding::Http { methods: &[], path: None };
            let declared =
                Declaration::of(&Description::new("function", if kind == Kind::Http { http } else { Binding::Direct }), false)?;
            let mut native = Response::new(reply.body);
            *native.status_mut() = reply.status;
            *native.headers_mut() = reply.headers.to_map();
            local::azure::response(*mode, &declared, &native).ok()?
        }
        _ => return Some(reply),
    };
    let (parts, body) = response.into_parts();
    Some(Reply::new(&parts, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(form: &str, reply: &str) -> Recording {
        let json = format!(
            r#"{{"format":1,"at":"2026-01-01T00:00:00Z","duration_us":1,"provider":"aws","form":"{form}","function":"f",
                "delivery":{{"method":"POST","path":"/"}},"events":[],"outcomes":[],"reply":{{"status":200,"body_json":{reply}}}}}"#
        );
        Recording::from_json(&json).unwrap()
    }

    #[test]
    fn a_form_is_spelled_with_its_provider() {
        assert_eq!(recorded(&recording("sqs", "{}")), "aws/sqs");
        assert_eq!(recorded(&recording("aws/sqs", "{}")), "aws/sqs");
    }

    #[test]
    fn the_caller_sees_no_envelope() {
        let reply =
            caller(&recording("http-api-2", r#"{"statusCode":201,"headers":{"a":"b"},"body":"hi"}"#), Kind::Http).unwrap();
        assert_eq!((reply.status.as_u16(), &reply.body[..], reply.headers.text("a")), (201, &b"hi"[..], Some("b")));
        assert_eq!(&caller(&recording("direct", "3"), Kind::Direct).unwrap().body[..], b"3");
    }

    #[test]
    fn another_provider_gets_the_event_without_the_names_of_this_one() {
        let arn = "arn:aws:sqs:us-east-1:1:orders";
        let json = format!(
            r#"{{"provider":"aws","trigger":"queue","id":"1","source":"{arn}","type":"polyfn.queue.message","attempt":2,"data":"x","queue":{{"name":"orders"}}}}"#
        );
        let event = Event::from_json(&json).unwrap();
        assert_eq!(for_another(&event, "aws/sqs"), event);
        let other = for_another(&event, "azure");
        assert_eq!(
            (other.source(), other.id(), other.attempt(), other.data().map(|data| &data[..])),
            ("", "1", 2, Some(&b"x"[..]))
        );
        let custom = Event::new(Provider::Aws, polyfn_shim::Trigger::Event).with_type("a").with_source("shop");
        assert_eq!((for_another(&custom, "gcp").source(), for_another(&custom, "gcp").ty()), ("shop", "a"));
    }
}
