use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::local::Delivered;

/// How many deliveries are kept, and how many bytes of them.
const MOST: usize = 1_000;
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// What a listener may have unread before it is let go.
const UNREAD: usize = 1_024;

/// The newest deliveries, and who listens for more.
#[derive(Default)]
pub(in crate::local) struct Journal(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    last: u64,
    listeners: Vec<Sender<Change>>,
    is_closed: bool,
    note: Option<Arc<Note>>,
}

/// A delivery, with its number in the journal.
pub(in crate::local) struct Entry {
    pub(in crate::local) id: u64,
    pub(in crate::local) delivered: Delivered,
}

/// What listeners are told of.
#[derive(Clone)]
pub(in crate::local) enum Change {
    /// A delivery was made.
    Delivered(Arc<Entry>),
    /// Messages were sent or settled.
    Queues,
    /// Somebody has something to tell whoever looks at the console, or has no more.
    Note(Option<Arc<Note>>),
}

/// What whoever looks at the console is to know, such as that the program does not compile as it is now.
#[derive(Debug, Serialize)]
pub(in crate::local) struct Note {
    pub(in crate::local) text: String,
}

impl Journal {
    /// Adds a delivery; the oldest make room for it.
    pub(in crate::local) fn add(&self, delivered: Delivered) -> Arc<Entry> {
        let mut inner = self.lock();
        inner.last += 1;
        let entry = Arc::new(Entry { id: inner.last, delivered });
        inner.bytes += size(&entry);
        inner.entries.push_back(Arc::clone(&entry));
        while inner.entries.len() > MOST || (inner.bytes > MOST_BYTES && inner.entries.len() > 1) {
            if let Some(oldest) = inner.entries.pop_front() {
                inner.bytes = inner.bytes.saturating_sub(size(&oldest));
            }
        }
        inner.tell(&Change::Delivered(Arc::clone(&entry)));
        entry
    }

    /// Says that messages were sent or settled.
    pub(in crate::local) fn queues_changed(&self) {
        self.lock().tell(&Change::Queues);
    }

    /// Tells this until it is told otherwise.
    pub(in crate::local) fn note(&self, note: Option<Note>) {
        let mut inner = self.lock();
        inner.note = note.map(Arc::new);
        let change = Change::Note(inner.note.clone());
        inner.tell(&change);
    }

    /// What is told now.
    pub(in crate::local) fn noted(&self) -> Option<Arc<Note>> {
        self.lock().note.clone()
    }

    /// The delivery of this number, if it is still kept.
    pub(in crate::local) fn get(&self, id: u64) -> Option<Arc<Entry>> {
        let inner = self.lock();
        let at = inner.entries.binary_search_by_key(&id, |entry| entry.id).ok()?;
        inner.entries.get(at).cloned()
    }

    /// The deliveries after this number, the oldest first, and the last number there is.
    pub(in crate::local) fn after(&self, id: u64, limit: usize) -> (Vec<Arc<Entry>>, u64) {
        let inner = self.lock();
        let newer: Vec<_> = inner.entries.iter().filter(|entry| entry.id > id).cloned().collect();
        // Of too many the newest are wanted.
        let skip = newer.len().saturating_sub(limit);
        (newer.into_iter().skip(skip).collect(), inner.last)
    }

    /// Lets every listener go: nothing more comes.
    pub(in crate::local) fn close(&self) {
        let mut inner = self.lock();
        inner.is_closed = true;
        inner.listeners.clear();
    }

    /// Listens for what comes; it ends for a listener that does not read.
    pub(in crate::local) fn listen(&self) -> Receiver<Change> {
        let (sender, receiver) = channel(UNREAD);
        let mut inner = self.lock();
        if !inner.is_closed {
            inner.listeners.push(sender);
        }
        receiver
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn tell(&mut self, change: &Change) {
        self.listeners.retain(|listener| listener.try_send(change.clone()).is_ok());
    }
}

/// About how much memory a delivery takes.
fn size(entry: &Entry) -> usize {
    let delivered = &entry.delivered;
    let logs: usize = delivered.logs.iter().map(String::len).sum();
    let events: usize = delivered.calls.iter().filter_map(|call| call.event.data()).map(|data| data.len()).sum();
    delivered.delivery.body().len() + delivered.reply.body().len() + logs + events + 1_024
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Response};

    use super::*;
    use crate::{
        event::Time,
        local::{Form, Settled},
    };

    fn delivered(bytes: usize) -> Delivered {
        Delivered {
            form: Form::Local,
            at: Time::now(),
            delivery: Request::new(Bytes::from(vec![b'x'; bytes])),
            calls: Vec::new(),
            logs: Vec::new(),
            reply: Response::default(),
            response: None,
            settled: Settled::Acknowledged,
            each: vec![Settled::Acknowledged],
            took: std::time::Duration::ZERO,
        }
    }

    #[test]
    fn the_newest_are_kept_within_their_number_and_size() {
        let journal = Journal::default();
        for _ in 0..MOST + 5 {
            journal.add(delivered(1));
        }
        assert_eq!((journal.get(5).map(|entry| entry.id), journal.get(6).map(|entry| entry.id)), (None, Some(6)));
        let (newest, last) = journal.after(0, 3);
        assert_eq!((newest.iter().map(|entry| entry.id).collect::<Vec<_>>(), last), (vec![1_003, 1_004, 1_005], 1_005));
        journal.add(delivered(MOST_BYTES + 1));
        assert_eq!(journal.after(0, usize::MAX).0.len(), 1);
    }

    #[tokio::test]
    async fn listeners_hear_of_each_and_slow_ones_are_let_go() {
        let journal = Journal::default();
        let mut listener = journal.listen();
        journal.add(delivered(1));
        journal.queues_changed();
        assert!(matches!(listener.recv().await, Some(Change::Delivered(entry)) if entry.id == 1));
        assert!(matches!(listener.recv().await, Some(Change::Queues)));
        for _ in 0..=UNREAD {
            journal.queues_changed();
        }
        let mut heard = 0;
        while listener.recv().await.is_some() {
            heard += 1;
        }
        assert_eq!(heard, UNREAD);
        let mut last = journal.listen();
        journal.close();
        assert!(last.recv().await.is_none() && journal.listen().recv().await.is_none());
    }
}
