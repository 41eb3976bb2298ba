use bytes::Bytes;
use http::Response;

use super::Form;
use crate::local::Settled;

/// What the source of this form makes of the reply to a delivery of so many events.
///
/// - A push, and so Eventarc (Standard), is acknowledged by 102, 200, 201, 202 and 204 alone: another 2xx comes again as well.
/// - Tasks and Scheduler take any 2xx, and so did what posted background events.
/// - A request or a call is its caller's to repeat, whatever the reply; no source does it.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::local::{Settled::{Acknowledged, Again}, gcp::{Form, settled}};
///
/// let reply = http::Response::builder().status(203).body(Bytes::new()).unwrap();
/// assert_eq!(settled(Form::WrappedPush, 1, &reply), [Again]);
/// assert_eq!(settled(Form::Tasks, 1, &reply), [Acknowledged]);
/// ```
///
/// Sources: [push subscriptions](https://cloud.google.com/pubsub/docs/push#receive_push),
/// [Cloud Tasks](https://cloud.google.com/tasks/docs/creating-http-target-tasks),
/// [Cloud Scheduler](https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs),
/// [event-driven functions](https://cloud.google.com/functions/1stgendocs/bestpractices/retries).
pub fn settled(form: Form, events: usize, reply: &Response<Bytes>) -> Vec<Settled> {
    let status = reply.status();
    let acknowledged = match form {
        Form::Http | Form::Direct => true,
        Form::Tasks | Form::Scheduler | Form::Legacy | Form::LegacyRealtimeDatabase => status.is_success(),
        Form::Change(_)
        | Form::Eventarc
        | Form::Structured
        | Form::Fallback
        | Form::WrappedPush
        | Form::UnwrappedPush
        | Form::Notification
        | Form::NotificationWithoutPayload => matches!(status.as_u16(), 102 | 200 | 201 | 202 | 204),
    };
    vec![if acknowledged { Settled::Acknowledged } else { Settled::Again }; events]
}
