//! Shims that are broken on purpose, and the entries of the corpus at which each must be caught.

mod deliveries;
mod events;
mod replies;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::local::Wire;

use super::Seen;

/// A shim with a mistake.
pub(crate) struct Mutant {
    /// The mistake.
    pub(crate) name: &'static str,
    /// Where it must be seen: names of the corpus.
    pub(crate) killed_by: &'static [&'static str],
    /// The forms in which it must do harm somewhere, so that none lives because nothing of it came there.
    pub(crate) reaches: &'static [&'static str],
    pub(crate) breaks: Break,
}

/// Lambda's front ends, each of which has a reply in a form of its own.
const FRONT_ENDS: &[&str] = &[
    "aws/http-api-2",
    "aws/http-api-1",
    "aws/rest",
    "aws/function-url",
    "aws/alb-multi",
    "aws/alb-single",
    "aws/lattice-2",
    "aws/lattice-1",
];
/// Those of them that keep every cookie of a response.
const WITH_COOKIES: &[&str] = &["aws/http-api-2", "aws/http-api-1", "aws/rest", "aws/function-url", "aws/alb-multi"];
/// What is told by name which events have failed.
const WITH_FAILURES: &[&str] = &["aws/sqs", "aws/sqs-fifo", "aws/kinesis", "aws/kafka", "aws/dynamo-db"];

impl Mutant {
    /// The same, which must do harm in these forms.
    const fn reaching(self, reaches: &'static [&'static str]) -> Self {
        Self { reaches, ..self }
    }

    /// Whether it spoils what the function sees, and not its answer.
    pub(crate) fn is_on_the_way_in(&self) -> bool {
        !matches!(self.breaks, Break::Reply(_))
    }
}

/// What the mistake spoils.
#[derive(Clone, Copy)]
pub(crate) enum Break {
    /// The native delivery, before it is decoded.
    Delivery(fn(&mut Request<Bytes>)),
    /// The event, as a broken decoder would have made it.
    Event(fn(&mut Seen)),
    /// The native reply, as a broken encoder would have made it.
    Reply(fn(&mut Response<Bytes>)),
}

/// Every mutant.
pub(crate) fn mutants() -> impl Iterator<Item = &'static Mutant> {
    events::MUTANTS.iter().chain(deliveries::MUTANTS).chain(replies::MUTANTS)
}

/// Whether anything was spoiled since it was last asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Harm(Arc<AtomicBool>);

impl Harm {
    pub(crate) fn done(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn taken(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// The wire on which a mutant sits.
pub(crate) struct Broken {
    pub(crate) breaks: Break,
    pub(crate) harm: Harm,
}

impl std::fmt::Debug for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Broken")
    }
}

impl Wire for Broken {
    fn delivery(&self, mut delivery: Request<Bytes>) -> Request<Bytes> {
        if let Break::Delivery(breaks) = self.breaks {
            let sound = delivery.clone();
            breaks(&mut delivery);
            if delivery.body() != sound.body() || delivery.headers() != sound.headers() || delivery.uri() != sound.uri() {
                self.harm.done();
            }
        }
        delivery
    }

    fn reply(&self, mut reply: Response<Bytes>) -> Response<Bytes> {
        if let Break::Reply(breaks) = self.breaks {
            let sound = reply.clone();
            breaks(&mut reply);
            if reply.body() != sound.body() || reply.headers() != sound.headers() || reply.status() != sound.status() {
                self.harm.done();
            }
        }
        reply
    }
}
