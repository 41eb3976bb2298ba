use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{sync::Notify, task::spawn_blocking, time::timeout};

use super::{Channel, Store, StoreError, writer::lock};
use crate::event::Time;

/// Who waits for something to take, for each channel.
#[derive(Debug, Default)]
pub(super) struct Wakes(Mutex<HashMap<Channel, Arc<Notify>>>);

/// The longest sleep until the clock is read again: somebody may set it.
const SLEEP: Duration = Duration::from_secs(30);

impl Wakes {
    fn of(&self, channel: &Channel) -> Arc<Notify> {
        Arc::clone(lock(&self.0).entry(channel.clone()).or_default())
    }

    /// Has all who wait look again.
    pub(super) fn wake(&self, channel: &Channel) {
        if let Some(wake) = lock(&self.0).get(channel) {
            wake.notify_waiters();
        }
    }
}

impl Store {
    /// Waits until there is something to take from the channel.
    ///
    /// Several may wait, and all are woken; whoever takes first has it.
    ///
    /// # Errors
    /// If the store cannot be read.
    ///
    /// # Cancel safety
    /// It takes nothing, so it may be dropped at any time.
    pub async fn until_due(&self, channel: &Channel) -> Result<(), StoreError> {
        let wake = self.wakes().of(channel);
        loop {
            // From here on no change is missed.
            let mut changed = pin!(wake.notified());
            changed.as_mut().enable();
            let (store, of) = (self.clone(), channel.clone());
            let next = spawn_blocking(move || store.next_due(&of, Time::now())).await;
            let next = next.map_err(|error| StoreError::failed("the store was not read", error))??;
            let Some(due) = next else {
                changed.await;
                continue;
            };
            let wait = due.since(Time::now());
            if wait.is_zero() {
                return Ok(());
            }
            // Either way the next round tells what is due.
            let _ = timeout(wait.min(SLEEP), changed).await;
        }
    }
}
