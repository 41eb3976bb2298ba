use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::local::{Delivering, Process, ProcessError};
use tokio::time::{Instant, sleep};

type Reply = Result<Response<Bytes>, ProcessError>;
type Script = Box<dyn Fn(&Request<Bytes>, usize) -> Reply + Send + Sync>;

/// A process that answers by a script, and remembers what it was sent and when.
pub(crate) struct Scripted {
    began: Instant,
    takes: Duration,
    script: Script,
    seen: Mutex<Vec<(Duration, Request<Bytes>)>>,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl Scripted {
    /// The script is told the request and how many came before.
    pub(crate) fn new(script: impl Fn(&Request<Bytes>, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            began: Instant::now(),
            takes: Duration::ZERO,
            script: Box::new(script),
            seen: Mutex::default(),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        }
    }

    /// Answers with these statuses, of which the last holds for all that follow.
    pub(crate) fn with(statuses: &'static [u16]) -> Self {
        Self::new(|_, number| Ok(status(*statuses.get(number).or(statuses.last()).unwrap())))
    }

    /// Takes so long for each answer.
    pub(crate) fn taking(mut self, time: Duration) -> Self {
        self.takes = time;
        self
    }

    /// When it was delivered to, since the beginning.
    pub(crate) fn times(&self) -> Vec<Duration> {
        self.seen.lock().unwrap().iter().map(|(at, _)| *at).collect()
    }

    /// The same in whole seconds.
    pub(crate) fn seconds(&self) -> Vec<u64> {
        self.times().iter().map(Duration::as_secs).collect()
    }

    /// A header of each delivery.
    pub(crate) fn header(&self, name: &str) -> Vec<Option<String>> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|(_, request)| Some(request.headers().get(name)?.to_str().unwrap().to_owned())).collect()
    }

    /// The body of each delivery.
    pub(crate) fn bodies(&self) -> Vec<Bytes> {
        self.seen.lock().unwrap().iter().map(|(_, request)| request.body().clone()).collect()
    }

    /// How many deliveries ran at once, at the most.
    pub(crate) fn at_once(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

impl Process for Scripted {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        let mut seen = self.seen.lock().unwrap();
        let reply = (self.script)(&delivery, seen.len());
        seen.push((self.began.elapsed(), delivery));
        drop(seen);
        Box::pin(async move {
            self.most.fetch_max(self.running.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            sleep(self.takes).await;
            self.running.fetch_sub(1, Ordering::Relaxed);
            reply
        })
    }
}

pub(crate) fn status(status: u16) -> Response<Bytes> {
    Response::builder().status(status).body(Bytes::new()).unwrap()
}
