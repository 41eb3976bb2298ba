mod bound;
mod by_type;
mod changes;
mod envelope;
mod legacy;
mod message;
mod pubsub;
mod received;
mod scheduler;
mod storage;
mod target;
mod tasks;
mod unwrapped;

use std::net::IpAddr;

use bytes::Bytes;
use http::{Method, request::Parts};

pub use self::legacy::{LegacyContext, LegacyEvent, LegacyResource};
use self::{envelope::Envelope, legacy::Body, received::Received};
use crate::{
    DecodeError, Event, Invocation, Provider,
    cloudevents::{self, Dialect},
    function::Declared,
    server::{Delivery, Front, forwarded_for, forwarded_proto, new_id},
};

/// The header in which the front end names the execution.
const EXECUTION: &str = "function-execution-id";

/// The events of a request, read as the request alone suggests.
///
/// ```
/// use polyfn_shim::gcp;
///
/// let request = http::Request::post("/a%2Fb").header("x-forwarded-proto", "https").header("x-forwarded-for", "6.6.6.6,1.2.3.4");
/// let (parts, ()) = request.body(()).unwrap().into_parts();
/// let event = &gcp::decode(&parts, &"hi".into()).unwrap()[0];
/// let http = event.http().unwrap();
/// assert_eq!((http.path.as_str(), http.scheme.as_deref()), ("/a%2Fb", Some("https")));
/// assert_eq!(http.client_ip, Some([1, 2, 3, 4].into()));
/// ```
///
/// # Errors
/// A CloudEvent, a message or a tick that is malformed; the header or the member is named.
pub fn decode(parts: &Parts, body: &Bytes) -> Result<Vec<Event>, DecodeError> {
    decode_for(parts, body, Declared::default())
}

/// The same for the functions of a process: where a request can be read in more than one way, what they declare decides.
///
/// - A CloudEvent is what its type says (an object, a message ..) if a function takes it as that, else a custom event of its own
///   type if a function takes that.
/// - A message is that of a topic, a queue or a stream, whichever a function takes, or a tick of the schedule whose function has
///   the topic's name; news of a stored object is such a message to functions that take no objects.
/// - A body that nothing marks is a message where one function takes messages and none takes requests.
///
/// What no function takes is read as [`decode`] reads it.
///
/// ```
/// use polyfn_shim::{Outcome, Reply, Trigger, event::Kind, function::{Binding, Declared, Description, Filter, Function}, gcp};
///
/// let binding = Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() };
/// let functions = [Function::blocking(Description::new("fulfil", binding), |_, _| Outcome::Done(Reply::Empty))];
///
/// let (parts, ()) = http::Request::post("/").body(()).unwrap().into_parts();
/// let push = r#"{"message":{"messageId":"7","orderingKey":"a"},"subscription":"projects/p/subscriptions/s"}"#;
/// let event = &gcp::decode_for(&parts, &push.into(), Declared::of(&functions)).unwrap()[0];
/// let Trigger::Queue(queue) = event.trigger() else { panic!() };
/// assert_eq!((queue.name.as_deref(), queue.group.as_deref()), (Some("orders"), Some("a")));
/// ```
///
/// # Errors
/// As [`decode`].
pub fn decode_for(parts: &Parts, body: &Bytes, declared: Declared<'_>) -> Result<Vec<Event>, DecodeError> {
    if let Some(events) = cloudevents::decode(&parts.headers, body, Dialect::Lenient)? {
        return events.into_iter().map(|event| bound::event(event, body, &declared)).collect();
    }
    one(Received { parts, body }, &declared).map(|event| vec![event])
}

/// The event of a request that is no CloudEvent.
fn one(delivery: Received<'_>, declared: &Declared<'_>) -> Result<Event, DecodeError> {
    if unwrapped::is(delivery) {
        return bound::message(unwrapped::decode(delivery)?, declared);
    }
    if tasks::is(delivery) {
        return Ok(tasks::decode(delivery));
    }
    if scheduler::is(delivery) {
        return scheduler::decode(delivery);
    }
    if let Some(mut envelope) = Envelope::of(delivery) {
        if let Some(push) = pubsub::push(delivery, &mut envelope)? {
            return push.event(declared);
        }
        if let Some(body) = Body::of(&envelope)
            // A body that only looks like one belongs to the functions that take requests, if there are any.
            && (body.is_known() || !declared.has_requests())
        {
            return bound::event(body.cloud_event(delivery.body)?, delivery.body, declared);
        }
    }
    if delivery.parts.method == Method::POST && bound::is_message_alone(declared) {
        return bound::message(unwrapped::bare(delivery), declared);
    }
    Ok(request(Delivery::new(delivery.parts.clone(), delivery.body.clone())))
}

/// The request itself as an event.
pub(super) fn request(delivery: Delivery) -> Event {
    let front = Front {
        scheme: Some(forwarded_proto(&delivery.parts.headers).unwrap_or("http").to_owned()),
        host: None,
        client_ip: client_ip(&delivery),
    };
    let id = execution(&delivery.parts).map(str::to_owned);
    delivery.into_event(Provider::Gcp, id.as_deref(), front)
}

/// The facts of an invocation by this request; without an id of the front end's it gets one of twelve digits.
pub fn invocation(delivery: &Delivery) -> Invocation {
    let id = execution(&delivery.parts).map_or_else(|| new_id().chars().take(12).collect(), str::to_owned);
    Invocation::new(Provider::Gcp, id).with_trace(super::trace(&delivery.parts.headers).as_deref())
}

/// The id that the front end gave the execution.
fn execution(parts: &Parts) -> Option<&str> {
    parts.headers.get(EXECUTION).and_then(|id| id.to_str().ok()).map(str::trim).filter(|id| !id.is_empty())
}

/// The front end appends the caller to what the caller claimed, and a link-local hop may follow.
fn client_ip(delivery: &Delivery) -> Option<IpAddr> {
    let link_local = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    forwarded_for(&delivery.parts.headers).find(|ip| !ip.as_ref().is_some_and(link_local)).flatten()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn the_caller_is_the_last_address_that_is_not_link_local() {
        for (forwarded, expected) in [
            ("1.1.1.1", Some("1.1.1.1")),
            ("6.6.6.6, 1.1.1.1", Some("1.1.1.1")),
            ("1.1.1.1, 169.254.8.1", Some("1.1.1.1")),
            ("2001:db8::7,fe80::1", Some("2001:db8::7")),
            ("169.254.8.1", None),
            ("1.1.1.1, unknown", None),
            ("", None),
        ] {
            let request = Request::get("/").header("x-forwarded-for", forwarded).body(()).unwrap();
            let delivery = Delivery::new(request.into_parts().0, "");
            assert_eq!(client_ip(&delivery).map(|ip| ip.to_string()).as_deref(), expected, "{forwarded}");
        }
    }

    #[test]
    fn paths_are_kept_as_received() {
        for path in ["//a/../b", "/a%2Fb", "/a/", "/."] {
            let request = Request::get(path).body(()).unwrap();
            let event = super::request(Delivery::new(request.into_parts().0, ""));
            let http = event.http().unwrap();
            assert_eq!((http.path.as_str(), http.raw_path.as_str()), (path, path));
        }
    }

    #[test]
    fn the_execution_has_the_front_ends_id_or_its_own() {
        for (header, expected) in [("abc123", Some("abc123")), ("", None)] {
            let request = Request::get("/").header(EXECUTION, header).body(()).unwrap();
            let delivery = Delivery::new(request.into_parts().0, "");
            let invocation = invocation(&delivery);
            match expected {
                Some(id) => assert_eq!(invocation.id(), id),
                None => assert!(invocation.id().len() == 12 && invocation.id() != super::invocation(&delivery).id()),
            }
            assert_eq!(super::request(delivery).id(), expected.unwrap_or_default());
        }
    }

    fn one(headers: &[(&str, &str)]) -> Result<Event, DecodeError> {
        let request = headers.iter().fold(Request::post("/"), |request, (name, value)| request.header(*name, *value));
        decode(&request.body(()).unwrap().into_parts().0, &"{}".into()).map(|mut events| events.remove(0))
    }

    #[test]
    fn a_task_is_a_message_of_its_queue() {
        let task = [("x-cloudtasks-queuename", "q"), ("x-cloudtasks-taskname", "7"), ("x-cloudtasks-taskretrycount", "2")];
        let event = one(&task).unwrap();
        assert_eq!((event.id(), event.attempt()), ("7", 3));
        assert!(matches!(event.trigger(), crate::Trigger::Queue(queue) if queue.name.as_deref() == Some("q")));
        assert!(one(&task[1..]).unwrap().http().is_some());
    }

    #[test]
    fn a_job_is_a_tick_with_or_without_its_time() {
        let job = ("x-cloudscheduler-jobname", "projects/p/locations/l/jobs/j");
        let event = one(&[job, ("x-cloudscheduler-scheduletime", "2020-01-01T06:00:00+01:00")]).unwrap();
        assert_eq!(event.id(), "j/2020-01-01T05:00:00Z");
        assert_eq!(one(&[job]).unwrap().id(), "");
        assert_eq!(one(&[job, (EXECUTION, "abc123")]).unwrap().id(), "abc123");
        assert_eq!(one(&[("x-cloudscheduler", "true"), (EXECUTION, "abc123")]).unwrap().id(), "abc123");
        let timed = [job, ("x-cloudscheduler-scheduletime", "2020-01-01T05:00:00Z"), (EXECUTION, "abc123")];
        assert_eq!(one(&timed).unwrap().id(), "j/2020-01-01T05:00:00Z");
        let crate::Trigger::Schedule(schedule) = one(&[job]).unwrap().trigger().clone() else { panic!("no tick") };
        assert_eq!((schedule.name.as_deref(), schedule.scheduled_for), (Some("j"), None));
        assert!(one(&[job, ("x-cloudscheduler-scheduletime", "soon")]).is_err());
    }

    #[test]
    fn a_cloud_event_comes_before_all_else() {
        let ce = [("ce-id", "1"), ("ce-source", "/a"), ("ce-specversion", "1.0"), ("ce-type", "t"), ("x-cloudscheduler", "true")];
        assert_eq!(one(&ce).unwrap().ty(), "t");
        assert_eq!(one(&ce[1..]).unwrap_err().path(), "headers.ce-id");
    }
}
