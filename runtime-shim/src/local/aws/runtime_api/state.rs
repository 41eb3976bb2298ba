use std::{
    collections::VecDeque,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use tokio::sync::{Notify, oneshot};

use super::{extensions::Extensions, rejected::Rejected};
use crate::{
    event::Time,
    local::aws::{Configuration, invoke::Invoke, invoked},
};

/// Of how many invocations that are over the ids are kept, to tell a second answer from one to nothing.
const REMEMBERED: usize = 64;

/// One environment, as its Runtime API sees it.
pub(super) struct State {
    pub(super) configuration: Configuration,
    inner: Mutex<Inner>,
    /// Something changed that a long poll may wait for.
    changed: Notify,
}

#[derive(Default)]
struct Inner {
    phase: Phase,
    waiting: VecDeque<Open>,
    open: Vec<Open>,
    answered: VecDeque<String>,
    stale: VecDeque<String>,
    extensions: Extensions,
}

#[derive(Default)]
enum Phase {
    /// Nobody has asked for an invocation yet.
    #[default]
    Init,
    Serving,
    /// The program reported this instead of asking.
    Failed(Bytes),
}

/// An invocation that is not answered.
struct Open {
    invoke: Invoke,
    deadline: Option<Time>,
    taken: Option<oneshot::Sender<()>>,
    reply: oneshot::Sender<Response<Bytes>>,
    /// Whether an answer to it is being read.
    is_answering: bool,
}

/// Who waits for an invocation hears from this.
pub(super) struct Ticket {
    /// It has been handed out.
    pub(super) taken: oneshot::Receiver<()>,
    /// It has been answered.
    pub(super) reply: oneshot::Receiver<Response<Bytes>>,
}

impl State {
    pub(super) fn new(configuration: Configuration) -> Self {
        Self { configuration, inner: Mutex::default(), changed: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an invocation there to be handed out.
    pub(super) fn put(&self, invoke: Invoke) -> Ticket {
        let (take, taken) = oneshot::channel();
        let (reply, replied) = oneshot::channel();
        let mut inner = self.lock();
        match &inner.phase {
            // Nobody may be left to hear it, which is no news.
            Phase::Failed(error) => drop(reply.send(invoked::failed(&invoke.id, error.clone()))),
            Phase::Init | Phase::Serving => {
                inner.waiting.push_back(Open { invoke, deadline: None, taken: Some(take), reply, is_answering: false });
            }
        }
        drop(inner);
        self.changed.notify_waiters();
        Ticket { taken, reply: replied }
    }

    /// Nobody waits for this one any more; an answer to it comes too late.
    pub(super) fn give_up(&self, id: &str) {
        let mut inner = self.lock();
        inner.waiting.retain(|open| open.invoke.id != id);
        inner.open.retain(|open| open.invoke.id != id);
        remember(&mut inner.stale, id);
    }

    /// Waits for the next invocation.
    pub(super) async fn next(&self) -> Result<(HeaderMap, Bytes), Rejected> {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            if let Some(next) = self.try_next()? {
                return Ok(next);
            }
            changed.await;
        }
    }

    fn try_next(&self) -> Result<Option<(HeaderMap, Bytes)>, Rejected> {
        let mut inner = self.lock();
        match inner.phase {
            Phase::Init => inner.phase = Phase::Serving,
            Phase::Serving => {}
            Phase::Failed(_) => return Err(Rejected::out_of_turn("InitError", "Ready")),
        }
        if inner.open.len() >= self.configuration.concurrency {
            // Lambda hands the open one out once more to a runtime that asks twice; of several it could not say which.
            return match inner.open.as_slice() {
                [open] if !open.is_answering => Ok(Some(handed(open))),
                _ => Err(Rejected::out_of_turn("InvocationResponse", "Ready")),
            };
        }
        // The init phase lasts until every extension waits as well.
        if !inner.extensions.are_ready() {
            return Ok(None);
        }
        let Some(mut open) = inner.waiting.pop_front() else { return Ok(None) };
        open.deadline = Time::now().after(self.configuration.timeout);
        if let Some(taken) = open.taken.take() {
            let _ = taken.send(());
        }
        inner.extensions.invoked(&open.invoke, open.deadline);
        let next = handed(&open);
        inner.open.push(open);
        drop(inner);
        self.changed.notify_waiters();
        Ok(Some(next))
    }

    /// Begins to read an answer to this invocation.
    pub(super) fn begin(self: &Arc<Self>, id: &str, echo: Option<&HeaderValue>, what: &str) -> Result<Answering, Rejected> {
        let mut inner = self.lock();
        let Some(open) = inner.open.iter_mut().find(|open| open.invoke.id == id) else {
            return Err(if inner.stale.iter().any(|stale| stale == id) {
                Rejected::stale()
            } else if inner.answered.iter().any(|answered| answered == id) {
                Rejected::out_of_turn("RuntimeResponseSentState", what)
            } else {
                Rejected::unknown_id()
            });
        };
        if echo.is_some_and(|echo| Some(echo) != open.invoke.invocation_id()) {
            return Err(Rejected::stale());
        }
        if open.is_answering {
            return Err(Rejected::out_of_turn("InvocationResponse", what));
        }
        open.is_answering = true;
        Ok(Answering { state: Arc::clone(self), id: id.to_owned(), is_over: false })
    }

    /// The program says that it could not start.
    pub(super) fn init_failed(&self, error: Bytes) -> Result<(), Rejected> {
        let mut inner = self.lock();
        if !matches!(inner.phase, Phase::Init) {
            let from = if inner.open.is_empty() { "RuntimeResponseSentState" } else { "Running" };
            return Err(Rejected::out_of_turn(from, "InitError"));
        }
        for open in inner.waiting.drain(..) {
            let _ = open.reply.send(invoked::failed(&open.invoke.id, error.clone()));
        }
        inner.phase = Phase::Failed(error);
        Ok(())
    }

    /// Whether the program has not asked for an invocation yet.
    pub(super) fn is_starting(&self) -> bool {
        matches!(self.lock().phase, Phase::Init)
    }

    /// Looks at the extensions, or changes them.
    pub(super) fn extensions<T>(&self, with: impl FnOnce(&mut Extensions) -> T) -> T {
        let value = with(&mut self.lock().extensions);
        self.changed.notify_waiters();
        value
    }

    /// Waits until `poll` has a value; it is asked again whenever something has changed.
    pub(super) async fn until<T>(&self, mut poll: impl FnMut(&mut Extensions) -> Option<T>) -> T {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            let value = poll(&mut self.lock().extensions);
            if let Some(value) = value {
                return value;
            }
            changed.await;
        }
    }
}

fn handed(open: &Open) -> (HeaderMap, Bytes) {
    (open.invoke.headers(open.deadline), open.invoke.payload.clone())
}

fn remember(ids: &mut VecDeque<String>, id: &str) {
    if ids.len() >= REMEMBERED {
        ids.pop_front();
    }
    ids.push_back(id.to_owned());
}

/// An answer that is being read. One that is dropped in the middle broke off, and has failed its invocation.
pub(super) struct Answering {
    state: Arc<State>,
    pub(super) id: String,
    is_over: bool,
}

impl Answering {
    /// Gives the reply to whoever waits for it.
    pub(super) fn finish(mut self, reply: Response<Bytes>) {
        self.end(Some(reply));
    }

    /// Leaves the invocation open: what came was no answer.
    pub(super) fn cancel(mut self) {
        self.end(None);
    }

    fn end(&mut self, reply: Option<Response<Bytes>>) {
        self.is_over = true;
        let mut inner = self.state.lock();
        let Some(place) = inner.open.iter().position(|open| open.invoke.id == self.id) else { return };
        match reply {
            Some(reply) => {
                let open = inner.open.swap_remove(place);
                remember(&mut inner.answered, &self.id);
                let _ = open.reply.send(reply);
            }
            None => inner.open.iter_mut().filter(|open| open.invoke.id == self.id).for_each(|open| open.is_answering = false),
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        if !self.is_over {
            self.end(Some(invoked::truncated(&self.id.clone())));
        }
    }
}
