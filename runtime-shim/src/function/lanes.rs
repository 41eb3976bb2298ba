use std::{collections::HashMap, sync::Arc};

use super::{
    Function, Order,
    lane::{Calls, Chosen, Item, Lane},
};
use crate::{Event, Failure};

/// What events of one lane have in common.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// Their function, which takes several: all that are its own, in their order.
    Function(usize),
    /// Their group in the delivery, or in that of one function if only that asks for an order.
    Group(Option<usize>, String),
    /// The delivery.
    Delivery,
    /// Nothing: each is alone.
    Event(usize),
}

/// Sorts the events of a delivery into lanes, which run side by side.
pub(super) fn lanes<'f>(
    events: &[Event],
    order: Order<'_>,
    choose: impl Fn(&Event) -> Result<&'f Function, Option<Failure>>,
) -> Vec<Lane> {
    let mut functions: Vec<(&Function, Arc<Chosen>)> = Vec::new();
    let mut choose = |event: &Event| {
        let function = choose(event)?;
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
    for (index, (event, chosen)) in events.iter().zip(chosen).enumerate() {
        let in_delivery = order.group(index, event);
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
        let group = in_delivery.or_else(|| asked.group(index, event));
        let key = match (owner, &calls, &group) {
            _ if as_one => Key::Delivery,
            (Some(owner), Calls::Together(_), _) => Key::Function(owner),
            (owner, _, Some(group)) => Key::Group(owner.filter(|_| !shared), group.clone()),
            _ => Key::Event(index),
        };
        let place = *by_key.entry(key).or_insert_with(|| {
            lanes.push(Lane::default());
            lanes.len() - 1
        });
        if let Some(lane) = lanes.get_mut(place) {
            lane.push(calls, Item { index, group });
        }
    }
    lanes
}
