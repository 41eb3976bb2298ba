use std::{
    collections::HashSet,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use tokio::{sync::watch, task::JoinSet, time::sleep};

use super::{Courier, How};
use crate::{
    Event, ServeError,
    event::{Kind, Time},
    function::{Binding, Description, Function, resource},
    local::{
        Ended, Settled,
        store::{Backoff, Channel, Id, Item, Policy, Settlement, Store, StoreError, Taken},
    },
};

/// What waits until its function has handled it.
const KEPT: [Kind; 3] = [Kind::Queue, Kind::Topic, Kind::Stream];
/// How many items of a channel run at once, unless its function says.
const CONCURRENCY: usize = 10;
/// How often a failed item is delivered again, unless its function says.
const RETRIES: u32 = 3;
/// How long to wait after the store could not be read.
const PAUSE: Duration = Duration::from_secs(1);

/// Those who take messages from the store and bring them to their functions, one for each channel.
pub(in crate::local) struct Consumers {
    store: Store,
    courier: Arc<Courier>,
    running: Mutex<HashSet<Channel>>,
    tasks: Mutex<JoinSet<()>>,
    stopping: watch::Sender<bool>,
}

impl Consumers {
    /// Consumers of this store, for the channels whose messages are waiting from an earlier run.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(in crate::local) fn start(store: Store, courier: Arc<Courier>) -> Result<Arc<Self>, ServeError> {
        let depths = store.depths(Time::now()).map_err(|error| ServeError::because("the queues cannot be read", error))?;
        let consumers = Arc::new(Self {
            store,
            courier,
            running: Mutex::default(),
            tasks: Mutex::new(JoinSet::new()),
            stopping: watch::Sender::new(false),
        });
        for depth in depths {
            consumers.consume(&depth.channel);
        }
        Ok(consumers)
    }

    /// The store.
    pub(in crate::local) fn store(&self) -> &Store {
        &self.store
    }

    /// The channels that functions name, those whose name stands for many left out.
    pub(in crate::local) fn declared(&self) -> Vec<Channel> {
        let functions = self.courier.hosts().table().functions().iter().map(Function::description);
        let channels = functions.filter_map(|description| match description.binding {
            Binding::Resource { kind, name, .. } if is_kept(&description.binding) && !name.contains('*') => {
                Some(Channel::new(kind, name, description.name))
            }
            _ => None,
        });
        channels.collect()
    }

    /// Keeps a message for each function that takes it: of a topic or a stream for all of them, of a queue for one. None if no
    /// function does.
    ///
    /// # Errors
    /// If it cannot be stored.
    pub(in crate::local) async fn send(self: &Arc<Self>, event: Event) -> Result<Vec<Id>, StoreError> {
        let channels = self.channels(&event);
        let store = self.store.clone();
        let sent = channels.clone();
        let ids = blocking(move || {
            let item = Item::of(&event);
            store.send_all(sent.iter().map(|channel| (channel, &item)))
        });
        let ids = ids.await?;
        for channel in &channels {
            self.consume(channel);
        }
        self.courier.journal().queues_changed();
        Ok(ids)
    }

    /// The channels of those who take such a message.
    fn channels(&self, event: &Event) -> Vec<Channel> {
        let kind = event.trigger().kind();
        let Some(name) = resource(event).filter(|_| KEPT.contains(&kind)) else { return Vec::new() };
        let takers = self.courier.hosts().table().functions().iter().map(Function::description);
        let takers = takers.filter(|description| description.takes(event)).map(|taker| Channel::new(kind, name, taker.name));
        // A queue's message is for one.
        takers.take(if kind == Kind::Queue { 1 } else { usize::MAX }).collect()
    }

    /// Lets everything that runs end, and begins nothing more.
    pub(in crate::local) async fn stop(&self) {
        self.stopping.send_replace(true);
        let mut tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }

    /// Begins to take from a channel, unless somebody does.
    fn consume(self: &Arc<Self>, channel: &Channel) {
        if !self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(channel.clone()) {
            return;
        }
        let functions = self.courier.hosts().table().functions();
        let Some(function) = functions.iter().find(|function| function.description().name == channel.consumer) else {
            tracing::warn!("messages for `{}` wait: there is no such function", channel.consumer);
            return;
        };
        let consumer = Consumer {
            store: self.store.clone(),
            courier: Arc::clone(&self.courier),
            channel: channel.clone(),
            policy: policy(function.description()),
            width: function
                .description()
                .settings
                .concurrency
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(CONCURRENCY)
                .max(1),
            stopping: self.stopping.subscribe(),
        };
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(consumer.run());
    }
}

/// What a function says of failed messages.
fn policy(description: &Description) -> Policy {
    Policy { retries: description.settings.retries.unwrap_or(RETRIES), backoff: Backoff::default() }
}

/// Whether messages for a function are kept until it has handled them.
pub(in crate::local) fn is_kept(binding: &Binding) -> bool {
    KEPT.contains(&binding.kind())
}

/// One channel's messages on their way to its function.
struct Consumer {
    store: Store,
    courier: Arc<Courier>,
    channel: Channel,
    policy: Policy,
    width: usize,
    stopping: watch::Receiver<bool>,
}

/// What a consumer waited for.
enum Woken {
    Stop,
    Due(Result<(), StoreError>),
    Ended(Vec<(Taken, Settlement)>),
}

impl Consumer {
    async fn run(mut self) {
        let mut running = JoinSet::new();
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
            self.settle(ended.into_iter().collect()).await;
        }
    }

    async fn woken(&mut self, running: &mut JoinSet<(Taken, Settlement)>) -> Woken {
        let is_full = running.len() >= self.width;
        let is_idle = running.is_empty();
        let mut stop = pin!(self.stopping.wait_for(|stopping| *stopping));
        let mut due = pin!(async {
            if is_full {
                return std::future::pending().await;
            }
            self.store.until_due(&self.channel).await
        });
        let mut ended = pin!(async {
            if is_idle {
                return std::future::pending().await;
            }
            let mut ended: Vec<_> = running.join_next().await.into_iter().flatten().collect();
            // Those that end at the same time are written together.
            while let Some(Ok(also)) = running.try_join_next() {
                ended.push(also);
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
    async fn begin(&self, due: Result<(), StoreError>, running: &mut JoinSet<(Taken, Settlement)>) -> Result<(), StoreError> {
        due?;
        let (store, channel, free) = (self.store.clone(), self.channel.clone(), self.width.saturating_sub(running.len()));
        for taken in blocking(move || store.take(&channel, Time::now(), free)).await? {
            let (courier, policy, function) = (Arc::clone(&self.courier), self.policy, self.channel.consumer.clone());
            running.spawn(async move {
                let settlement = settle(&courier, &taken, policy, &function).await;
                (taken, settlement)
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

/// Delivers a message, and says what becomes of it.
async fn settle(courier: &Courier, taken: &Taken, policy: Policy, function: &str) -> Settlement {
    if policy.is_spent(taken.attempt()) {
        return Settlement::Dead { reason: "each delivery of it ended with the process".to_owned() };
    }
    match courier.deliver(How::Usual, &taken.event(), Some(function)).await {
        Ok(entry) if entry.delivered.settled == Settled::Acknowledged => Settlement::Done,
        Ok(entry) => {
            let failed = entry.delivered.calls.iter().find_map(|call| match &call.ended {
                Ended::Done => None,
                Ended::Retry(failure) | Ended::Drop(failure) => Some(failure.to_string()),
            });
            Settlement::of_failure(
                taken,
                policy,
                failed.unwrap_or_else(|| format!("the reply was {}", entry.delivered.reply.status())),
            )
        }
        Err(error) => Settlement::Dead { reason: error.to_string() },
    }
}

/// Runs what waits for the disk off the async threads.
pub(in crate::local) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime ends, and the process with it.
            Err(_) => std::future::pending().await,
        },
    }
}
