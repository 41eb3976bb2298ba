//! Sources of Google Cloud: what each delivers again, when, and how often.

mod pubsub;
mod scheduler;
mod tasks;

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tokio::time::timeout;

pub use self::{pubsub::PubSub, scheduler::Scheduler, tasks::Tasks};
use crate::local::{Process, ProcessError};

/// Delivers, and waits for the reply for as long as the source does.
async fn exchange(process: &dyn Process, request: Request<Bytes>, deadline: Duration) -> Result<Response<Bytes>, ProcessError> {
    let late = |_| ProcessError::TimedOut(format!("no reply after {deadline:?}, so the source delivers it again"));
    timeout(deadline, process.deliver(request)).await.map_err(late)?
}
