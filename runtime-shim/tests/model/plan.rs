//! What is sent, and what befalls it: all that one run of the model does is decided here.

use proptest::{collection::vec, prelude::*};

/// One run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// In the order they were sent.
    pub(crate) items: Vec<Item>,
    /// How many items a delivery holds at the most, of a source that delivers several.
    pub(crate) batch: usize,
    /// How many deliveries are out at once at the most.
    pub(crate) wave: usize,
    /// How many events of a delivery run at once.
    pub(crate) concurrency: u32,
    /// Whether the function takes all events of a delivery in one call.
    pub(crate) together: bool,
    /// Whether the function gives up what it cannot read.
    pub(crate) drops_malformed: bool,
    /// Whether the function has a timeout; the host has one in any case.
    pub(crate) has_timeout: bool,
    /// What befalls the first waves of deliveries.
    pub(crate) mishaps: Vec<Mishap>,
    /// Items that a source without exactly-once delivery sends once more after they were acknowledged.
    pub(crate) again: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The group, shard or session within which order is kept.
    pub(crate) group: usize,
    /// What the function does at each attempt.
    pub(crate) fates: Vec<Fate>,
    /// What it does ever after.
    pub(crate) end: End,
}

/// What comes of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    Drop,
    Fail,
    Panic,
    /// It is never done, so that its time runs out.
    Hang,
}

/// What comes of an item in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Drop,
    /// It fails for ever.
    Never,
    /// Its payload is not what the function takes.
    Malformed,
    /// Where the source has an envelope that can be broken, it is; else it is malformed.
    Broken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    Nothing,
    /// The answers get lost on their way.
    Unheard,
    /// The process is killed once the functions have come this far: nobody answers.
    Killed {
        after: usize,
    },
    /// The process is told to stop once they have: it finishes what has begun.
    Stopped {
        after: usize,
    },
}

impl Plan {
    /// Items of one group, of which one fails at its first attempt; nothing else goes wrong.
    pub(crate) fn with_one_failure(items: usize, failing: usize) -> Self {
        let item = |index| Item { group: 0, fates: if index == failing { vec![Fate::Fail] } else { vec![] }, end: End::Done };
        Self {
            items: (0..items).map(item).collect(),
            batch: items,
            wave: 1,
            concurrency: 10,
            together: false,
            drops_malformed: false,
            has_timeout: true,
            mishaps: Vec::new(),
            again: Vec::new(),
        }
    }

    /// Whether so little goes wrong that nothing may end with the dead letters.
    pub(crate) fn is_harmless(&self) -> bool {
        let ends_well = |item: &Item| matches!(item.end, End::Done | End::Drop);
        self.mishaps.is_empty()
            && self.items.iter().all(ends_well)
            && self.items.iter().map(|item| item.fates.len()).sum::<usize>() <= 1
    }

    /// The same run with no item that fails for ever: for a source that has no place for such.
    pub(crate) fn without_poison(mut self) -> Self {
        for item in &mut self.items {
            match item.end {
                End::Never => item.end = End::Done,
                End::Malformed | End::Broken if !self.drops_malformed => item.end = End::Drop,
                _ => {}
            }
        }
        self
    }
}

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    let fate = prop_oneof![4 => Just(Fate::Fail), 1 => Just(Fate::Panic), 1 => Just(Fate::Hang)];
    let fates = prop_oneof![3 => Just(Vec::new()), 2 => vec(fate, 1..4)];
    let end = prop_oneof![
        8 => Just(End::Done),
        1 => Just(End::Drop),
        1 => Just(End::Never),
        1 => Just(End::Malformed),
        1 => Just(End::Broken),
    ];
    let item = (0..3_usize, fates, end).prop_map(|(group, fates, end)| Item { group, fates, end });
    let mishap = prop_oneof![
        4 => Just(Mishap::Nothing),
        1 => Just(Mishap::Unheard),
        1 => (0..6_usize).prop_map(|after| Mishap::Killed { after }),
        1 => (0..6_usize).prop_map(|after| Mishap::Stopped { after }),
    ];
    let sizes = (1..6_usize, 1..4_usize, 1..5_u32);
    let ways = (any::<bool>(), any::<bool>(), any::<bool>());
    (vec(item, 1..12), sizes, ways, vec(mishap, 0..5), vec(0..12_usize, 0..3)).prop_map(
        |(items, (batch, wave, concurrency), (together, drops_malformed, has_timeout), mishaps, again)| Plan {
            again: again.into_iter().filter(|index| *index < items.len()).collect(),
            items,
            batch,
            wave,
            concurrency,
            together,
            drops_malformed,
            has_timeout,
            mishaps,
        },
    )
}
