//! What is sent, and what befalls it: all that one run of the model does is decided here.

use proptest::{collection::vec, prelude::*, sample::select};

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
    /// Whether the first function takes all events of a delivery in one call, and the second.
    pub(crate) together: [bool; 2],
    /// Whether the functions give up what they cannot read.
    pub(crate) drops_malformed: bool,
    /// Whether the functions have a timeout; the host has one in any case.
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
    /// Which function it is for, where a delivery can hold events for several: 0 or 1.
    pub(crate) function: usize,
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
    /// It fails, with a status for a caller.
    Status(u16),
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

impl Item {
    /// Whether it goes well at its second attempt, if not at its first.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self.end, End::Done | End::Drop) && self.fates.len() <= 1
    }

    pub(crate) fn is_malformed(&self) -> bool {
        matches!(self.end, End::Malformed | End::Broken)
    }
}

impl Plan {
    /// Items of one group, of which one fails at its first attempt; nothing else goes wrong.
    pub(crate) fn with_one_failure(items: usize, failing: usize) -> Self {
        let item = |index| {
            let fates = if index == failing { vec![Fate::Fail] } else { vec![] };
            Item { group: 0, function: index % 2, fates, end: End::Done }
        };
        Self {
            items: (0..items).map(item).collect(),
            batch: items,
            wave: 1,
            concurrency: 10,
            together: [false, false],
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

    /// Whether every event of each delivery has its turn, whatever becomes of the others.
    pub(crate) fn is_calm(&self) -> bool {
        let has = |fates: &[Fate]| self.items.iter().any(|item| item.fates.iter().any(|fate| fates.contains(fate)));
        let cut_short = self.together.contains(&true) && has(&[Fate::Panic, Fate::Hang]);
        self.mishaps.iter().all(|mishap| *mishap == Mishap::Nothing) && !cut_short && (self.has_timeout || !self.hangs())
    }

    /// Whether a function is never done with something.
    pub(crate) fn hangs(&self) -> bool {
        self.items.iter().any(|item| item.fates.contains(&Fate::Hang))
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

/// Statuses that a function may want a caller to see, and of which a source must see none that it gives up on: 400 means to some
/// that it may as well, and 404, 408, 410, 422 and 501 to others.
const STATUSES: [u16; 8] = [204, 404, 408, 409, 410, 422, 429, 501];

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    let fate = prop_oneof![
        4 => Just(Fate::Fail),
        2 => select(&STATUSES).prop_map(Fate::Status),
        1 => Just(Fate::Panic),
        1 => Just(Fate::Hang),
    ];
    let fates = prop_oneof![3 => Just(Vec::new()), 2 => vec(fate, 1..4)];
    let end = prop_oneof![
        8 => Just(End::Done),
        1 => Just(End::Drop),
        1 => Just(End::Never),
        1 => Just(End::Malformed),
        1 => Just(End::Broken),
    ];
    let item =
        (0..3_usize, 0..2_usize, fates, end).prop_map(|(group, function, fates, end)| Item { group, function, fates, end });
    let mishap = prop_oneof![
        4 => Just(Mishap::Nothing),
        1 => Just(Mishap::Unheard),
        1 => (0..6_usize).prop_map(|after| Mishap::Killed { after }),
        1 => (0..6_usize).prop_map(|after| Mishap::Stopped { after }),
    ];
    let sizes = (1..6_usize, 1..4_usize, 1..5_u32);
    let ways = (any::<[bool; 2]>(), any::<bool>(), any::<bool>());
    // To wait for what hangs is what takes most of the time.
    let hangs = proptest::bool::weighted(0.2);
    // In a third of the runs nothing befalls the process.
    let mishaps = prop_oneof![1 => Just(Vec::new()), 2 => vec(mishap, 0..5)];
    let items = (vec(item, 1..12), hangs).prop_map(|(mut items, hangs)| {
        for fate in items.iter_mut().flat_map(|item| &mut item.fates).filter(|fate| **fate == Fate::Hang && !hangs) {
            *fate = Fate::Fail;
        }
        items
    });
    (items, sizes, ways, mishaps, vec(0..12_usize, 0..3)).prop_map(
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
