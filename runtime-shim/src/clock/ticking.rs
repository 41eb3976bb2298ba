use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep, timeout_at},
};

use super::{
    CallTick, Clock,
    tick::Tick,
    timetable::{Due, Timetable},
};
use crate::{Provider, function::Function, server::Stop};

/// The schedule functions of a process on their way through time.
pub(super) struct Ticking {
    pub(super) clock: Clock,
    pub(super) timetable: Timetable,
    pub(super) functions: Vec<Function>,
    pub(super) provider: Provider,
    pub(super) call: CallTick,
}

impl Ticking {
    /// Runs each function when it is due, until it is to stop; then what runs is finished within the grace.
    pub(super) async fn run(mut self, stop: Stop) {
        let (mut wanted, grace) = stop.into_parts();
        let stopping = watch::Sender::new(false);
        let mut running: Vec<Option<JoinHandle<()>>> = self.functions.iter().map(|_| None).collect();
        loop {
            for due in self.timetable.due(self.clock.now()) {
                self.start(&due, &mut running, &stopping);
            }
            if is_first(&mut wanted, sleep(self.timetable.wait(self.clock.now()))).await {
                break;
            }
        }
        stopping.send_replace(true);
        finish(running.into_iter().flatten(), grace).await;
    }

    fn start(&self, due: &Due, running: &mut [Option<JoinHandle<()>>], stopping: &watch::Sender<bool>) {
        let (Some(function), Some(place)) = (self.functions.get(due.function), running.get_mut(due.function)) else {
            return;
        };
        if place.as_ref().is_some_and(|running| !running.is_finished()) {
            let name = function.description().name;
            tracing::warn!(function = name, "tick {} is skipped: the one before it still runs", due.at);
            return;
        }
        let (call, function) = (Arc::clone(&self.call), function.clone());
        let tick = Tick { call, function, provider: self.provider, at: due.at, stopping: stopping.subscribe() };
        *place = Some(tokio::spawn(tick.run()));
    }
}

/// Waits for what runs; what outlives the grace is cut off.
async fn finish(running: impl Iterator<Item = JoinHandle<()>>, grace: Duration) {
    let end = Instant::now() + grace;
    for mut running in running {
        if timeout_at(end, &mut running).await.is_err() {
            tracing::warn!("a tick outlived the grace of {grace:?}");
            running.abort();
            // It lets go of the table before the shutdown hook runs.
            let _ = running.await;
        }
    }
}

/// Whether the first of two futures is done before the second; the second is dropped.
async fn is_first(first: &mut Pin<Box<dyn Future<Output = ()> + Send>>, second: impl Future<Output = ()>) -> bool {
    let mut second = pin!(second);
    poll_fn(|cx| match first.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(true),
        Poll::Pending => second.as_mut().poll(cx).map(|()| false),
    })
    .await
}
