use super::Entry;
use crate::local::{
    self,
    recording::{Delivery, Ended, Recording, Reply},
};

/// A delivery as a file keeps it.
pub(in crate::local) fn recording(entry: &Entry) -> Recording {
    let delivered = &entry.delivered;
    let (parts, body) = delivered.delivery.clone().into_parts();
    let (reply, reply_body) = delivered.reply.clone().into_parts();
    let form = delivered.form.to_string();
    let outcomes = delivered.calls.iter().map(|call| match &call.ended {
        local::Ended::Done => Ended::Done,
        local::Ended::Retry(failure) => Ended::Retry { name: failure.name().to_owned(), message: failure.message().to_owned() },
        local::Ended::Drop(failure) => Ended::Drop { name: failure.name().to_owned(), message: failure.message().to_owned() },
    });
    Recording {
        at: delivered.at,
        duration: delivered.took,
        provider: delivered.form.provider(),
        form: form.split_once('/').map_or(form.clone(), |(_, form)| form.to_owned()),
        function: delivered.calls.first().map_or(String::new(), |call| call.function.to_owned()),
        delivery: Delivery::new(&parts, body),
        events: delivered.calls.iter().map(|call| call.event.clone()).collect(),
        outcomes: outcomes.collect(),
        reply: Reply::new(&reply, reply_body),
    }
}
