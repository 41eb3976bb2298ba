use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use super::{Courier, Entry, How, blocking};
use crate::{
    event::Time,
    local::{
        Settled,
        store::{Channel, Policy, Settlement, Store, StoreError, Taken},
    },
};

/// The most bytes of data in a delivery of several: in base64 it still fits into what Lambda takes.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// How long what follows on the first item of a batch has to come.
const GATHERING: Duration = Duration::from_millis(50);
/// How long to wait after the store could not be read.
const PAUSE: Duration = Duration::from_secs(1);

/// One channel's messages on their way to its function.
pub(super) struct Consumer {
    store: Store,
    courier: Arc<Courier>,
    channel: Channel,
    pub(super) policy: Policy,
    /// How many deliveries run at once.
    width: usize,
    /// What each of them has one of: items that cannot come together are more deliveries than were reckoned with.
    places: Arc<Semaphore>,
    /// How many items a delivery holds at the most.
    pub(super) batch: usize,
    /// When a batch that has begun to gather is taken as it is.
    gathered: Option<Instant>,
    stopping: watch::Receiver<bool>,
}

/// Deliveries that run, each with what becomes of its items.
type Running = JoinSet<Vec<(Taken, Settlement)>>;

/// What a consumer waited for.
enum Woken {
    Stop,
    Due(Result<(), StoreError>),
    Ended(Vec<(Taken, Settlement)>),
}

impl Consumer {
    /// A consumer of single messages, of which `width` run at once.
    pub(super) fn new(
        store: &Store,
        courier: &Arc<Courier>,
        channel: &Channel,
        width: usize,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            store: store.clone(),
            courier: Arc::clone(courier),
            channel: channel.clone(),
            policy: Policy::default(),
            width,
            places: Arc::new(Semaphore::new(width.min(Semaphore::MAX_PERMITS))),
            batch: 1,
            gathered: None,
            stopping,
        }
    }

    /// Brings messages to the function until it is told to stop, and what runs then has ended.
    pub(super) async fn run(mut self) {
        let mut running = Running::new();
        loop {
            match self.woken(&mut running).await {
                Woken::Stop => break,
                Woken::Due(due) => {
                    if let Err(error) = self.begin(due, &mut running).await {
                        tracing::error!("messages of `{}` cannot be read: {error}", self.channel.name);
                        sleep(PAUSE).await;
                    }
                }
                Woken::Ended(ended) => self.settle(ended).await,
            }
        }
        // What runs is finished; what has not begun waits for the next start.
        while let Some(ended) = running.join_next().await {
            self.settle(ended.into_iter().flatten().collect()).await;
        }
    }

    async fn woken(&mut self, running: &mut Running) -> Woken {
        let is_full = running.len() >= self.width;
        let is_idle = running.is_empty();
        let mut stop = pin!(self.stopping.wait_for(|stopping| *stopping));
        let mut due = pin!(async {
            if is_full {
                return std::future::pending().await;
            }
            let due = self.store.until_due(&self.channel).await;
            if self.batch > 1 && due.is_ok() {
                let gathered = *self.gathered.get_or_insert_with(|| Instant::now() + GATHERING);
                sleep_until(gathered).await;
            }
            due
        });
        let mut ended = pin!(async {
            if is_idle {
                return std::future::pending().await;
            }
            let mut ended: Vec<_> = running.join_next().await.into_iter().flatten().flatten().collect();
            // Those that end at the same time are written together.
            while let Some(Ok(also)) = running.try_join_next() {
                ended.extend(also);
            }
            ended
        });
        poll_fn(|cx| {
            if stop.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Woken::Stop);
            }
            if let Poll::Ready(ended) = ended.as_mut().poll(cx) {
                return Poll::Ready(Woken::Ended(ended));
            }
            due.as_mut().poll(cx).map(Woken::Due)
        })
        .await
    }

    /// Takes as much of what is due as may run.
    async fn begin(&mut self, due: Result<(), StoreError>, running: &mut Running) -> Result<(), StoreError> {
        due?;
        self.gathered = None;
        let (store, channel, free) = (self.store.clone(), self.channel.clone(), self.width.saturating_sub(running.len()));
        let most = free.saturating_mul(self.batch);
        let taken = blocking(move || store.take(&channel, Time::now(), most)).await?;
        if taken.len() == most {
            // There may be as many more, which need not be waited for.
            self.gathered = Some(Instant::now());
        }
        for taken in batches(taken, self.batch, self.policy) {
            let (courier, policy, function) = (Arc::clone(&self.courier), self.policy, self.channel.consumer.clone());
            let places = Arc::clone(&self.places);
            running.spawn(async move {
                // Never closed, so there is always a place in the end.
                let _place = places.acquire().await;
                settle(&courier, taken, policy, &function).await
            });
        }
        Ok(())
    }

    async fn settle(&self, ended: Vec<(Taken, Settlement)>) {
        let store = self.store.clone();
        let settled = blocking(move || store.settle(ended.iter().map(|(taken, settlement)| (taken, settlement.clone()))));
        if let Err(error) = settled.await {
            tracing::error!("messages of `{}` are not settled, and come again after a restart: {error}", self.channel.name);
        }
        self.courier.journal().queues_changed();
    }
}

/// What is delivered together: so many items at the most, and no more bytes than every source delivers at once.
///
/// The last attempt of an item that has failed is its own: where a batch fails whole, none dies for what is wrong with another.
fn batches(taken: Vec<Taken>, most: usize, policy: Policy) -> Vec<Vec<Taken>> {
    let (last, taken): (Vec<_>, Vec<_>) =
        taken.into_iter().partition(|taken| taken.attempt() > 1 && taken.attempt() > policy.retries);
    let mut batches: Vec<Vec<Taken>> = Vec::new();
    let mut bytes = 0_usize;
    for taken in taken {
        bytes = bytes.saturating_add(taken.item().data.len());
        match batches.last_mut() {
            Some(batch) if batch.len() < most && bytes <= BATCH_BYTES => batch.push(taken),
            _ => {
                bytes = taken.item().data.len();
                batches.push(vec![taken]);
            }
        }
    }
    batches.extend(last.into_iter().map(|taken| vec![taken]));
    batches
}

/// Delivers messages together, and says what becomes of each. Those that cannot come together come one by one.
async fn settle(courier: &Courier, taken: Vec<Taken>, policy: Policy, function: &str) -> Vec<(Taken, Settlement)> {
    let (spent, taken): (Vec<_>, Vec<_>) = taken.into_iter().partition(|taken| policy.is_spent(taken.attempt()));
    let dead = |taken| (taken, Settlement::Dead { reason: "each delivery of it ended with the process".to_owned() });
    let mut settled: Vec<_> = spent.into_iter().map(dead).collect();
    let events: Vec<_> = taken.iter().map(Taken::event).collect();
    if events.len() > 1
        && let Ok(entry) = courier.deliver_batch(How::Usual, &events, Some(function)).await
    {
        let settlement = |(index, taken)| {
            let settlement = settlement(&entry, &taken, index, policy);
            (taken, settlement)
        };
        settled.extend(taken.into_iter().enumerate().map(settlement));
        return settled;
    }
    for (taken, event) in taken.into_iter().zip(events) {
        let settlement = match courier.deliver(How::Usual, &event, Some(function)).await {
            Ok(entry) => settlement(&entry, &taken, 0, policy),
            Err(error) => Settlement::Dead { reason: error.to_string() },
        };
        settled.push((taken, settlement));
    }
    settled
}

/// What becomes of a message that was delivered as one of several, or alone.
fn settlement(entry: &Entry, taken: &Taken, index: usize, policy: Policy) -> Settlement {
    let delivered = &entry.delivered;
    if delivered.each.get(index) == Some(&Settled::Acknowledged) {
        return Settlement::Done;
    }
    let failure = delivered.failure_of(index).or_else(|| delivered.failure());
    let reason = failure.map_or_else(|| format!("the reply was {}", delivered.reply.status()), ToString::to_string);
    Settlement::of_failure(taken, policy, reason)
}
