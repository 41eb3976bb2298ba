use bytes::Bytes;
use http::Request;

use super::{finish, value};
use crate::{DecodeError, Event, Trigger};

/// A run of a job over HTTP; data without a type is sent as `application/octet-stream`.
///
/// Source: <https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#httptarget>.
pub(super) fn tick(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let Trigger::Schedule(schedule) = event.trigger() else { return Err(DecodeError::at("trigger", "no tick")) };
    let mut builder = Request::post("/").header("x-cloudscheduler", "true");
    if let Some(name) = &schedule.name {
        builder = builder.header("x-cloudscheduler-jobname", value("x-cloudscheduler-jobname", name)?);
    }
    if let Some(time) = schedule.scheduled_for {
        builder = builder.header("x-cloudscheduler-scheduletime", time.to_string());
    }
    // Where these make no id, the front end's own is what there is.
    let is_named = schedule.name.is_some() && schedule.scheduled_for.is_some();
    if !is_named && !event.id().is_empty() {
        builder = builder.header("function-execution-id", value("function-execution-id", event.id())?);
    }
    let media_type = event.datacontenttype().or_else(|| event.data().map(|_| "application/octet-stream"));
    finish(builder, "Google-Cloud-Scheduler", media_type, event.data().cloned().unwrap_or_default())
}
