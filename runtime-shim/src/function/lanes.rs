use std::{collections::HashMap, sync::Arc};

use super::{
    Function, Order,
    lane::{Calls, Chosen, Group, Item, Lane},
};
use crate::{Event, Failure};

/// What events of one lane have in common.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// Their function, which takes several: all that are its own, in their order.
    Function(usize),
    /// Their group in the delivery, or in that of one function if only that asks for an order.
    Group(Option<usize>, Group),
    /// The delivery.
    Delivery,
}

/// Sorts the events of a delivery into lanes, which run side by side.
pub(super) fn lanes<'f>(
    events: &[Event],
    order: Order<'_>,
    choose: impl Fn(&Event) -> Result<&'f Function, Option<Failure>>,
) -> Vec<Lane> {
    let mut functions: Vec<(&Function, Arc<Chosen>)> = Vec::new();
    let mut choose = |event: &Event| {
        let function = choose(event).map_err(|failure| failure.map(Box::new))?;
        match functions.iter().enumerate().find(|(_, (have, _))| std::ptr::eq(*have, function)) {
            Some((place, (_, chosen))) => Ok((place, Arc::clone(chosen))),
            None => {
                let chosen = Arc::new(Chosen::new(function));
                functions.push((function, Arc::clone(&chosen)));
                Ok((functions.len() - 1, chosen))
            }
        }
    };
    let chosen: Vec<_> = events.iter().map(&mut choose).collect();
    // A call with several events that stands in one order with events of others waits for them, and they for it.
    let mixed = functions.len() > 1 || chosen.iter().any(Result::is_err);
    let as_one = mixed && order != Order::None && functions.iter().any(|(function, _)| function.is_batch());
    let mut lanes: Vec<Lane> = Vec::new();
    let mut by_key: HashMap<Key, usize> = HashMap::new();
    let mut groups: HashMap<String, Group> = HashMap::new();
    let mut number = |group: String| {
        let next = groups.len();
        *groups.entry(group).or_insert(next)
    };
    for (index, (event, chosen)) in events.iter().zip(chosen).enumerate() {
        let in_delivery = order.group(index, event).map(&mut number);
        let (owner, calls, asked) = match chosen {
            Err(failure) => (None, Calls::Nobody(failure), Order::None),
            Ok((place, chosen)) => {
                let asked = if chosen.function.description().settings.ordered { Order::Groups } else { Order::None };
                let calls = if chosen.function.is_batch() { Calls::Together(chosen) } else { Calls::Alone(chosen) };
                (Some(place), calls, asked)
            }
        };
        // A group of the delivery can hold events of several functions.
        let shared = in_delivery.is_some();
        let group = in_delivery.or_else(|| asked.group(index, event).map(&mut number));
        let key = match (owner, &calls, group) {
            _ if as_one => Some(Key::Delivery),
            (Some(owner), Calls::Together(_), _) => Some(Key::Function(owner)),
            (owner, _, Some(group)) => Some(Key::Group(owner.filter(|_| !shared), group)),
            // What stands for itself is in a lane of its own.
            _ => None,
        };
        let next = lanes.len();
        let place = key.map_or(next, |key| *by_key.entry(key).or_insert(next));
        if place == next {
            lanes.push(Lane::default());
        }
        if let Some(lane) = lanes.get_mut(place) {
            lane.push(calls, Item { index, group });
        }
    }
    lanes
}
