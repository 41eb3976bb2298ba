use super::{execution, received::Received};
use crate::{
    DecodeError, Event, Provider, Trigger,
    event::{Schedule, Time},
};

/// Whether Cloud Scheduler sent it.
pub(super) fn is(delivery: Received<'_>) -> bool {
    delivery.header("x-cloudscheduler") == Some("true") || delivery.parts.headers.contains_key("x-cloudscheduler-jobname")
}

/// A run of a job as a tick; a job that is in no unix-cron form does not say when it was due.
pub(super) fn decode(delivery: Received<'_>) -> Result<Event, DecodeError> {
    let job = delivery.header("x-cloudscheduler-jobname").map(|job| job.rsplit('/').next().unwrap_or(job).to_owned());
    let scheduled_for = match delivery.header("x-cloudscheduler-scheduletime").filter(|time| !time.is_empty()) {
        Some(time) => Some(
            Time::parse(time)
                .ok_or_else(|| DecodeError::at("headers.x-cloudscheduler-scheduletime", "not an RFC 3339 time with an offset"))?,
        ),
        None => None,
    };
    let id = match (&job, scheduled_for) {
        // The same over all retries of one tick, so that it tells a repeated delivery.
        (Some(job), Some(time)) => format!("{job}/{time}"),
        // Nothing tells one tick of the job from the next, and an id that both had would pass the next one off as a repetition.
        _ => execution(delivery.parts).unwrap_or_default().to_owned(),
    };
    Ok(Event::new(Provider::Gcp, Trigger::Schedule(Schedule { name: job, scheduled_for }))
        .with_id(id)
        .with_time(scheduled_for)
        .with_data(delivery.body.clone(), delivery.header("content-type"))
        .with_raw(delivery.body.clone()))
}
