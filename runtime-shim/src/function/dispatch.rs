use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Function, Order, Table, call::Terms, choose::admitted, lane::Lane, lanes::lanes, limit::reply_due};
use crate::{Event, Failure, Invocation, Outcome};

impl Table {
    /// Calls the function of each event; the outcomes are in the order of the events.
    ///
    /// A failure is that event's own, and in an ordered group that of all behind it. Several run at once, as many as the function
    /// says. If the invocation has a deadline, what is not done shortly before it has failed, and what has not begun is not begun:
    /// the host still hears of the others. An event that came alone is left to the host.
    pub async fn invoke_all(self: &Arc<Self>, events: Vec<Event>, invocation: Invocation, order: Order<'_>) -> Vec<Outcome> {
        self.run_all(events, invocation, order, |event| self.choose(event)).await
    }

    /// The same for a host that names the function, so that the events choose nothing. One that the function does not want of its
    /// resource has failed: the deployment sends it what it should not.
    pub async fn call_all<'a>(
        self: &'a Arc<Self>,
        function: &'a Function,
        events: Vec<Event>,
        invocation: Invocation,
        order: Order<'_>,
    ) -> Vec<Outcome> {
        self.run_all(events, invocation, order, |event| admitted(function, event)).await
    }

    async fn run_all<'a>(
        self: &'a Arc<Self>,
        events: Vec<Event>,
        invocation: Invocation,
        order: Order<'_>,
        choose: impl Fn(&Event) -> Result<&'a Function, Failure>,
    ) -> Vec<Outcome> {
        let choose = |event: &Event| {
            choose(event).inspect_err(|failure| tracing::error!(invocation = invocation.id(), event = event.id(), "{failure}"))
        };
        let several = events.len() > 1;
        let reply = if several { reply_due(&invocation) } else { None };
        let terms = Terms { off_thread: several || self.is_concurrent(), reply };
        let mut outcomes: Vec<Option<Outcome>> = events.iter().map(|_| None).collect();
        match <[Lane; 1]>::try_from(lanes(events, order, choose)) {
            // Most deliveries are one event, or one group.
            Ok([lane]) => settle(&mut outcomes, lane.run(self, &invocation, terms).await),
            Err(lanes) => {
                let mut running = JoinSet::new();
                for lane in lanes {
                    let (table, invocation) = (Arc::clone(self), invocation.clone());
                    running.spawn(async move { lane.run(&table, &invocation, terms).await });
                }
                while let Some(done) = running.join_next().await {
                    if let Ok(done) = done {
                        settle(&mut outcomes, done);
                    }
                }
            }
        }
        let lost = || Outcome::Retry(Failure::new("Stopped", "the invocation was cut off"));
        outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(lost)).collect()
    }
}

fn settle(outcomes: &mut [Option<Outcome>], done: Vec<(usize, Outcome)>) {
    for (index, outcome) in done {
        if let Some(place) = outcomes.get_mut(index) {
            *place = Some(outcome);
        }
    }
}
