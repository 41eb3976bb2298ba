use std::collections::HashMap;

use super::{Binding, Description, Function};
use crate::{Event, Trigger, event::Kind};

/// Where the functions of each kind and resource stand in their list: made once, so that to choose the function of an event costs
/// the same however many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Index(HashMap<Kind, OfKind>);

/// The functions of one kind.
#[derive(Clone, Debug, Default)]
struct OfKind {
    all: Vec<usize>,
    named: HashMap<&'static str, Vec<usize>>,
    /// Those whose resource is a pattern, which any event of the kind may fit.
    patterns: Vec<usize>,
}

impl Index {
    pub(super) fn new(functions: &[Function]) -> Self {
        let mut index = Self::default();
        for (place, function) in functions.iter().enumerate() {
            let description = function.description();
            let of_kind = index.0.entry(description.binding.kind()).or_default();
            of_kind.all.push(place);
            match name(description) {
                Some(name) if name.contains('*') => of_kind.patterns.push(place),
                Some(name) => of_kind.named.entry(name).or_default().push(place),
                None => {}
            }
        }
        index
    }

    /// The functions of one kind, in their order.
    pub(super) fn of_kind(&self, kind: Kind) -> &[usize] {
        self.0.get(&kind).map_or(&[], |of_kind| &of_kind.all)
    }

    /// The functions that an event's resource leaves, in no order: all of its kind if the event does not name it.
    pub(super) fn of_event(&self, event: &Event) -> impl Iterator<Item = usize> {
        let (first, second) = match (self.0.get(&event.trigger().kind()), resource(event)) {
            (None, _) => (None, None),
            (Some(of_kind), None) => (Some(&of_kind.all), None),
            (Some(of_kind), Some(name)) => (of_kind.named.get(name), Some(&of_kind.patterns)),
        };
        first.into_iter().chain(second).flatten().copied()
    }
}

/// What events call the resource that a function is for.
fn name(description: &Description) -> Option<&'static str> {
    match description.binding {
        // A deployed schedule bears the function's name; the binding holds its cron expression.
        Binding::Resource { kind: Kind::Schedule, .. } => Some(description.name),
        Binding::Resource { name, .. } => Some(name),
        Binding::Http { .. } | Binding::Direct => None,
    }
}

/// The name of the resource that an event is of; of a custom event, its type.
pub(crate) fn resource(event: &Event) -> Option<&str> {
    match event.trigger() {
        Trigger::Queue(queue) => queue.name.as_deref(),
        Trigger::Topic(topic) => topic.name.as_deref(),
        Trigger::Stream(stream) => stream.name.as_deref(),
        Trigger::Change(change) => change.collection.as_deref(),
        Trigger::Schedule(schedule) => schedule.name.as_deref(),
        Trigger::Object(object) => Some(object.bucket.as_str()),
        Trigger::Event => Some(event.ty()),
        Trigger::Http(_) | Trigger::Direct => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Outcome, Provider, Reply,
        event::{Queue, Schedule},
        function::Filter,
    };

    fn function(name: &'static str, kind: Kind, resource: &'static str) -> Function {
        let binding = Binding::Resource { kind, name: resource, filter: Filter::default() };
        Function::blocking(Description::new(name, binding), |_, _| Outcome::Done(Reply::Empty))
    }

    fn message(queue: Option<&str>) -> Event {
        let queue = Queue { name: queue.map(str::to_owned), ..Queue::default() };
        Event::new(Provider::Aws, Trigger::Queue(queue))
    }

    fn found(functions: &[Function], event: &Event) -> Vec<usize> {
        Index::new(functions).of_event(event).collect()
    }

    #[test]
    fn of_many_functions_an_event_meets_those_of_its_name_and_the_patterns() {
        const QUEUES: [&str; 5] = ["a", "b", "c", "d", "e"];
        let mut functions: Vec<_> = QUEUES.iter().cycle().take(500).map(|queue| function("f", Kind::Topic, queue)).collect();
        functions.extend(QUEUES.map(|queue| function("f", Kind::Queue, queue)));
        functions.push(function("f", Kind::Queue, "c*"));
        assert_eq!(found(&functions, &message(Some("c"))), [502, 505]);
        assert_eq!(found(&functions, &message(Some("other"))), [505]);
        // What the event does not tell excludes nobody.
        assert_eq!(found(&functions, &message(None)), [500, 501, 502, 503, 504, 505]);
    }

    #[test]
    fn a_schedule_is_known_by_its_functions_name_whatever_its_cron_expression() {
        let functions = [function("nightly", Kind::Schedule, "0 5 * * *"), function("hourly", Kind::Schedule, "0 * * * *")];
        let tick = |name: &str| {
            let schedule = Schedule { name: Some(name.to_owned()), scheduled_for: None };
            Event::new(Provider::Aws, Trigger::Schedule(schedule))
        };
        assert_eq!(found(&functions, &tick("hourly")), [1]);
        assert_eq!(found(&functions, &tick("0 5 * * *")), [0_usize; 0]);
    }

    proptest::proptest! {
        #[test]
        fn nobody_who_takes_an_event_is_left_out(names in proptest::collection::vec("[ab*]{1,3}", 0..8), queue in "[ab]{0,3}") {
            let functions: Vec<_> = names.into_iter().map(|name| function("f", Kind::Queue, name.leak())).collect();
            let event = message(Some(&queue));
            let takes = |place: &usize| functions.get(*place).is_some_and(|function| function.description().takes(&event));
            let mut found: Vec<_> = found(&functions, &event).into_iter().filter(takes).collect();
            found.sort_unstable();
            proptest::prop_assert_eq!(found, (0..functions.len()).filter(takes).collect::<Vec<_>>());
        }
    }
}
