use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::task::JoinSet;

use super::{
    Function, Order, Table,
    call::Terms,
    choose::{Unhandled, admitted},
    lane::{Chosen, Events, Lane},
    lanes::lanes,
    limit::reply_due,
};
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

    /// The same for a host that names the function, so that the events choose nothing but whether the function wants them.
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
        choose: impl Fn(&Event) -> Result<&'a Function, Unhandled>,
    ) -> Vec<Outcome> {
        let choose = |event: &Event| choose(event).map_err(|unhandled| unhandled.failure(event, &invocation));
        let several = events.len() > 1;
        let reply = if several { reply_due(&invocation) } else { None };
        let terms = Terms { off_thread: several || self.is_concurrent(), reply };
        let count = events.len();
        let lanes = lanes(&events, order, choose);
        let events = Arc::new(Events::new(events));
        // They take their room as the events give back theirs.
        let outcomes = match <[Lane; 1]>::try_from(lanes) {
            // Most deliveries are one event, or one group.
            Ok([lane]) => lane.run(&events, self, &invocation, terms).await,
            Err(lanes) => {
                let mut outcomes = Vec::new();
                let mut running = JoinSet::new();
                for Queue { width, lanes } in queues(lanes) {
                    let workers = width.min(lanes.len());
                    let waiting = Arc::new(Mutex::new(lanes));
                    // A task takes far more memory than an event: there are never more than may run.
                    for _ in 0..workers {
                        let (table, invocation) = (Arc::clone(self), invocation.clone());
                        let (events, waiting) = (Arc::clone(&events), Arc::clone(&waiting));
                        let work = async move {
                            let mut outcomes = Vec::new();
                            while let Some(lane) = next(&waiting) {
                                outcomes.extend(lane.run(&events, &table, &invocation, terms).await);
                            }
                            outcomes
                        };
                        #[cfg(feature = "local")]
                        let work = super::watch::inherited(super::watch::watch(), work);
                        running.spawn(work);
                    }
                }
                while let Some(done) = running.join_next().await {
                    if let Ok(done) = done {
                        outcomes.extend(done);
                    }
                }
                outcomes
            }
        };
        drop(events);
        in_order(outcomes, count)
    }
}

/// The lanes that begin with one function, of which so many run at once.
struct Queue {
    width: usize,
    lanes: VecDeque<Lane>,
}

/// A queue for each function, so that none waits for a place of another's.
fn queues(lanes: Vec<Lane>) -> Vec<Queue> {
    let mut queues: Vec<(Option<Arc<Chosen>>, VecDeque<Lane>)> = Vec::new();
    for lane in lanes {
        let first = lane.first();
        let is_same = |have: &Option<Arc<Chosen>>| have.as_ref().map(Arc::as_ptr) == first.map(Arc::as_ptr);
        match queues.iter_mut().find(|(have, _)| is_same(have)) {
            Some((_, lanes)) => lanes.push_back(lane),
            None => queues.push((first.cloned(), VecDeque::from([lane]))),
        }
    }
    queues.into_iter().map(|(first, lanes)| Queue { width: first.map_or(1, |chosen| chosen.width()), lanes }).collect()
}

fn next(waiting: &Mutex<VecDeque<Lane>>) -> Option<Lane> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

/// The outcomes of so many events, in the order of the events.
fn in_order(mut outcomes: Vec<(usize, Outcome)>, count: usize) -> Vec<Outcome> {
    let lost = || Outcome::Retry(Failure::new("Stopped", "the invocation was cut off"));
    outcomes.sort_unstable_by_key(|(index, _)| *index);
    let mut outcomes = outcomes.into_iter().peekable();
    (0..count).map(|index| outcomes.next_if(|(at, _)| *at == index).map_or_else(lost, |(_, outcome)| outcome)).collect()
}
