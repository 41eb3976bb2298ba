use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{sync::watch, task::JoinSet};

use super::{Courier, consumer::Consumer};
use crate::{
    Event, ServeError,
    event::{Kind, Time},
    function::{Binding, Description, Function, resource},
    local::store::{Backoff, Channel, Id, Item, Policy, Store, StoreError},
};

/// What waits until its function has handled it.
const KEPT: [Kind; 3] = [Kind::Queue, Kind::Topic, Kind::Stream];
/// How many items of a channel run at once, unless its function says.
const CONCURRENCY: usize = 10;
/// How many items a function of several gets at once, unless it says.
const BATCH: usize = 10;
/// How often a failed item is delivered again, unless its function says.
const RETRIES: u32 = 3;

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
        let settings = function.description().settings;
        let count = |asked: Option<u32>, usual| asked.and_then(|n| usize::try_from(n).ok()).unwrap_or(usual).max(1);
        let width = count(settings.concurrency, CONCURRENCY);
        let mut consumer = Consumer::new(&self.store, &self.courier, channel, width, self.stopping.subscribe());
        consumer.policy = policy(function.description());
        if self.courier.batches(function) {
            consumer.batch = count(settings.batch, BATCH);
        }
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
