use bytes::Bytes;
use http::Request;

use super::{finish, value};
use crate::{DecodeError, Event, Trigger};

/// A task with an HTTP target; the time of the event is when it was due.
///
/// Source: <https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler>.
pub(super) fn task(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let Trigger::Queue(queue) = event.trigger() else { return Err(DecodeError::at("trigger", "no message of a queue")) };
    let retries = event.attempt().saturating_sub(1).to_string();
    let facts = [
        ("queuename", Some(queue.name.clone().unwrap_or_else(|| "queue".to_owned()))),
        ("taskname", Some(event.id().to_owned())),
        ("taskretrycount", Some(retries.clone())),
        ("taskexecutioncount", Some(retries)),
        (
            "tasketa",
            event.time().map(|time| format!("{}.{:03}", time.as_millis().div_euclid(1_000), time.as_millis().rem_euclid(1_000))),
        ),
    ];
    let mut builder = Request::post("/");
    for (name, fact) in facts {
        if let Some(fact) = fact {
            let name = format!("x-cloudtasks-{name}");
            builder = builder.header(&name, value(&name, &fact)?);
        }
    }
    finish(builder, "Google-Cloud-Tasks", event.datacontenttype(), event.data().cloned().unwrap_or_default())
}
