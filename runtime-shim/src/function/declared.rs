use std::borrow::Cow;

use super::{Binding, Function, index::Index};
use crate::{Event, event::Kind};

/// What the functions of a process declare, for a decoder that can read a delivery in more than one way.
///
/// By default nothing is declared, and a decoder reads it the way that the delivery alone suggests.
#[derive(Clone, Debug, Default)]
pub struct Declared<'a> {
    functions: &'a [Function],
    index: Cow<'a, Index>,
}

/// Which function takes an event.
pub(super) enum Taker<'a> {
    /// This one.
    One(&'a Function),
    /// More than one, so that nobody can say which.
    Several,
    /// None, since the functions of its resource say that they do not want it.
    Unwanted,
    /// None.
    Nobody,
}

impl<'a> Declared<'a> {
    /// What these functions declare.
    pub fn of(functions: &'a [Function]) -> Self {
        Self { functions, index: Cow::Owned(Index::new(functions)) }
    }

    /// The same with the index that was made of these functions.
    pub(super) fn indexed(functions: &'a [Function], index: &'a Index) -> Self {
        Self { functions, index: Cow::Borrowed(index) }
    }

    /// Whether some function is of this kind.
    pub fn has(&self, kind: Kind) -> bool {
        !self.index.of_kind(kind).is_empty()
    }

    /// How many functions are of this kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.index.of_kind(kind).len()
    }

    /// Whether some function takes requests or calls.
    pub fn has_requests(&self) -> bool {
        self.has(Kind::Http) || self.has(Kind::Direct)
    }

    /// Whether some function takes this event.
    pub fn takes(&self, event: &Event) -> bool {
        matches!(self.taker(event), Taker::One(_) | Taker::Several)
    }

    /// Whether some function takes this event, or says that it does not want it.
    pub fn knows(&self, event: &Event) -> bool {
        !matches!(self.taker(event), Taker::Nobody)
    }

    /// Whether the process has one function.
    pub fn is_alone(&self) -> bool {
        self.functions.len() == 1
    }

    /// Whether some function takes this event because it is of the function's own resource, or because the process has no other
    /// function.
    pub fn takes_by_name(&self, event: &Event) -> bool {
        self.fitting(event).next().is_some() || self.is_alone() && self.takes(event)
    }

    /// The name of the resource whose events the one function that takes this event is declared for; a pattern is no name.
    pub fn resource(&self, event: &Event) -> Option<&'static str> {
        let Taker::One(function) = self.taker(event) else { return None };
        match function.description().binding {
            Binding::Resource { name, .. } => Some(name).filter(|name| !name.contains('*')),
            Binding::Http { .. } | Binding::Direct => None,
        }
    }

    /// The functions of one kind, in their order.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &'a Function> {
        let functions = self.functions;
        self.index.of_kind(kind).iter().filter_map(move |place| functions.get(*place))
    }

    /// The functions that the event's resource leaves.
    fn of_event(&self, event: &Event) -> impl Iterator<Item = &'a Function> {
        let functions = self.functions;
        self.index.of_event(event).filter_map(move |place| functions.get(place))
    }

    fn fitting(&self, event: &Event) -> impl Iterator<Item = &'a Function> {
        let kind = event.trigger().kind();
        self.of_event(event).filter(move |function| kind == Kind::Direct || function.description().takes(event))
    }

    /// Which function takes an event that is no request: the one whose resource it is of, else the only one of its kind where
    /// that is enough.
    pub(super) fn taker(&self, event: &Event) -> Taker<'a> {
        let kind = event.trigger().kind();
        let mut fitting = self.fitting(event);
        match (fitting.next(), fitting.next()) {
            (Some(function), None) => Taker::One(function),
            (Some(_), Some(_)) => Taker::Several,
            (None, _) => {
                let mut of_kind = self.of_kind(kind);
                let only = of_kind.next().filter(|_| of_kind.next().is_none());
                // A process with one function is deployed for it, whatever its resource is called there; and a schedule has the
                // name that the deployment gave it.
                match only.filter(|_| self.is_alone() || kind == Kind::Schedule) {
                    Some(function) if function.description().admits(event) => Taker::One(function),
                    Some(function) if function.description().excludes(event) => Taker::Unwanted,
                    _ if self.of_event(event).any(|function| function.description().leaves(event)) => Taker::Unwanted,
                    _ => Taker::Nobody,
                }
            }
        }
    }
}
