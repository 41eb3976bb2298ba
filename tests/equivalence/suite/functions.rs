use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use polyfn_shim::{
    Event, Failure, Outcome, Reply as Replied, Trigger,
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Table},
    local::Hosts,
};

use super::{
    corpus::Reply,
    mutants::{Broken, Harm, Mutant},
};

/// What the function does with the event.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    /// It handles it, and answers a call with what it got.
    Done,
    /// It wants it again.
    Retry,
    /// It gives up.
    Drop,
    /// It panics.
    Panic,
    /// It answers a request.
    Reply(Reply),
}

impl Does {
    /// What it does with anything but a request.
    pub(crate) const WITH_EVENTS: [Self; 4] = [Self::Done, Self::Retry, Self::Drop, Self::Panic];

    /// How its call ends, and why.
    pub(crate) fn ends(&self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Done | Self::Reply(_) => ("done", None),
            Self::Retry => ("retry", Some("Function.NotNow: later")),
            Self::Drop => ("drop", Some("Function.Never: given up")),
            Self::Panic => ("retry", Some("Function.Panic: the function panicked: fell over")),
        }
    }

    fn outcome(self, event: &Event) -> Outcome {
        match self {
            Self::Done if event.trigger() == &Trigger::Direct => {
                Outcome::Done(Replied::Direct(event.data().cloned().unwrap_or_default()))
            }
            Self::Done => Outcome::Done(Replied::Empty),
            Self::Retry => Outcome::Retry(Failure::new("NotNow", "later")),
            Self::Drop => Outcome::Drop(Failure::new("Never", "given up")),
            Self::Panic => panic!("fell over"),
            Self::Reply(reply) => {
                let mut builder = http::Response::builder().status(reply.status);
                for (name, value) in &reply.headers {
                    builder = builder.header(name, value);
                }
                Outcome::Done(Replied::Http(builder.body(Bytes::from(reply.body).into()).expect("a response")))
            }
        }
    }
}

/// The functions of one program, of which one takes the event.
pub(crate) struct Program {
    pub(crate) hosts: Hosts,
    /// Which of them it is.
    pub(crate) taker: &'static str,
    /// Whether a mutant has spoiled anything.
    pub(crate) harm: Harm,
    does: Arc<Mutex<Does>>,
}

impl Program {
    pub(crate) fn of(event: &Event) -> Self {
        let does = Arc::new(Mutex::new(Does::Done));
        let mut taker = "taker";
        let mut functions = Vec::new();
        let mut add = |name, binding| functions.push(function(name, binding, &does));
        match event.trigger() {
            Trigger::Http(http) => {
                add("taker", Binding::Http { methods: &[], path: None });
                add("hello", Binding::Http { methods: &[], path: Some("/hello/{name}") });
                if http.path.starts_with("/hello/") {
                    taker = "hello";
                }
            }
            Trigger::Direct => add("taker", Binding::Direct),
            trigger => {
                let kind = trigger.kind();
                let resource = |name| Binding::Resource { kind, name, filter: Filter::default() };
                // A schedule is told by its function's name.
                if kind == Kind::Schedule {
                    taker = name(event);
                    add(taker, resource("0 5 * * *"));
                    add("other", resource("0 6 * * *"));
                } else {
                    add("taker", resource(name(event)));
                    add("other", resource("other"));
                }
            }
        }
        let table = Table::new(Functions::new(functions), None, true).expect("functions that can be served");
        Self { hosts: Hosts::new(Arc::new(table)), taker, harm: Harm::default(), does }
    }

    /// The same program, reached through a mutant.
    pub(crate) fn broken(event: &Event, mutant: &Mutant) -> Self {
        let program = Self::of(event);
        let wire = Broken { breaks: mutant.breaks, harm: program.harm.clone() };
        Self { hosts: program.hosts.clone().with_wire(Arc::new(wire)), ..program }
    }

    pub(crate) fn does(&self, does: &Does) {
        *self.does.lock().unwrap_or_else(PoisonError::into_inner) = does.clone();
    }
}

fn function(name: &'static str, binding: Binding, does: &Arc<Mutex<Does>>) -> Function {
    let does = Arc::clone(does);
    Function::new(Description::new(name, binding), move |event, _| {
        let does = does.lock().unwrap_or_else(PoisonError::into_inner).clone();
        async move { does.outcome(&event) }
    })
}

/// The resource that an event is of.
pub(crate) fn name(event: &Event) -> &'static str {
    let name = match event.trigger() {
        Trigger::Queue(queue) => queue.name.clone(),
        Trigger::Topic(topic) => topic.name.clone(),
        Trigger::Stream(stream) => stream.name.clone(),
        Trigger::Change(change) => change.collection.clone(),
        Trigger::Schedule(schedule) => schedule.name.clone(),
        Trigger::Object(object) => Some(object.bucket.clone()),
        Trigger::Event => Some(event.ty().to_owned()),
        Trigger::Http(_) | Trigger::Direct => None,
    };
    name.expect("an event of the corpus names its resource").leak()
}

impl std::fmt::Display for Does {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reply(reply) => f.pad(&reply.name),
            other => f.pad(other.ends().1.unwrap_or("done")),
        }
    }
}
