//! Fake sources: what each sends next, and what it makes of an answer, as its provider's handbook has it.

pub(crate) mod aws;
pub(crate) mod azure;
pub(crate) mod container;
pub(crate) mod gcp;
mod log;
mod queue;
mod setting;

pub(crate) use self::setting::Setting;
use self::{log::Log, queue::Queue};
use crate::{function::Run, ledger::Promise};

/// A place where items wait to be delivered.
pub(crate) trait Source {
    /// What it delivers at once; nothing if it has nothing left.
    fn wave(&mut self) -> Vec<Delivery>;

    /// What it makes of the answer to a delivery; `None` if there was none.
    fn settle(&mut self, delivery: &Delivery, answer: Option<&Answer>);

    fn promise(&self) -> Promise;
}

/// One delivery on its way.
pub(crate) struct Delivery {
    pub(crate) items: Vec<usize>,
    /// The native bytes: a JSON payload, or a whole request.
    pub(crate) bytes: Vec<u8>,
}

/// What came back: for Lambda 200 is `/response` and 500 is `/error`.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// An item in a delivery, and which attempt of the source's it is, from 1 on.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) item: usize,
    pub(crate) attempt: u32,
}

/// What an answer means for an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Done,
    Again,
    /// It is of no use to send it again.
    Final,
}

impl Meaning {
    fn done_if(done: bool) -> Self {
        if done { Self::Done } else { Self::Again }
    }
}

/// The native bytes of a delivery.
type Write = fn(&Run, &[Sent]) -> Vec<u8>;

/// What an answer means for each item of its delivery.
type Read = fn(&Run, &[usize], &Answer) -> Vec<Meaning>;
