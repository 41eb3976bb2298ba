use std::sync::Arc;

use super::{Answer, Delivery, Meaning, Read, Sent, Source, Write};
use crate::{
    function::Run,
    ledger::{
        Note::{Acknowledged, DeadLettered},
        Promise,
    },
};

/// A source that is read in order, from a checkpoint on: each group of the plan is a shard or partition.
pub(super) struct Log {
    pub(super) run: Arc<Run>,
    pub(super) shards: Vec<Shard>,
    /// After so many deliveries from one checkpoint the rest of the batch is given up; `None` for never.
    pub(super) most: Option<u32>,
    /// Whether what is given up goes to the dead letters, rather than nowhere.
    pub(super) has_dead_letters: bool,
    /// Whether a delivery holds records of every shard.
    pub(super) joins_shards: bool,
    pub(super) write: Write,
    /// The first item of a shard that is not done is where it goes on.
    pub(super) read: Read,
}

pub(super) struct Shard {
    items: Vec<usize>,
    checkpoint: usize,
    attempts: u32,
    /// The batch that is tried until it is done with.
    batch: usize,
}

impl Log {
    /// A log with a delivery for each shard, which gives up after six attempts.
    pub(super) fn new(run: &Arc<Run>, write: Write, read: Read) -> Self {
        let groups = run.plan.items.iter().map(|item| item.group).max().unwrap_or(0);
        let shard = |group| {
            let items = run.plan.items.iter().enumerate().filter(|(_, item)| item.group == group);
            Shard { items: items.map(|(index, _)| index).collect(), checkpoint: 0, attempts: 0, batch: 0 }
        };
        let shards = (0..=groups).map(shard).collect();
        Self { run: Arc::clone(run), shards, most: Some(6), has_dead_letters: true, joins_shards: false, write, read }
    }

    /// The same without an end, and so without a place for what is given up.
    pub(super) fn endless(self) -> Self {
        Self { most: None, has_dead_letters: false, ..self }
    }

    /// Moves a shard on, past what of its part of a delivery is done.
    fn settle_shard(&mut self, items: &[usize], done: usize) {
        let Some(first) = items.first() else { return };
        let shard = &mut self.shards[self.run.plan.items[*first].group];
        for item in items.iter().take(done) {
            self.run.ledger.note(*item, Acknowledged);
        }
        shard.checkpoint += done;
        shard.batch -= done;
        if done > 0 {
            shard.attempts = 0;
        } else if self.most.is_some_and(|most| shard.attempts >= most) {
            for item in items.iter().filter(|_| self.has_dead_letters) {
                self.run.ledger.note(*item, DeadLettered);
            }
            shard.checkpoint += shard.batch;
            (shard.batch, shard.attempts) = (0, 0);
        }
    }
}

impl Source for Log {
    fn wave(&mut self) -> Vec<Delivery> {
        let mut wave: Vec<Vec<Sent>> = Vec::new();
        for shard in self.shards.iter_mut().filter(|shard| shard.checkpoint < shard.items.len()).take(self.run.plan.wave) {
            if shard.batch == 0 {
                shard.batch = self.run.plan.batch.min(shard.items.len() - shard.checkpoint);
            }
            shard.attempts += 1;
            let items = &shard.items[shard.checkpoint..shard.checkpoint + shard.batch];
            let sent = items.iter().map(|item| Sent { item: *item, attempt: shard.attempts });
            match wave.last_mut().filter(|_| self.joins_shards) {
                Some(delivery) => delivery.extend(sent),
                None => wave.push(sent.collect()),
            }
        }
        let delivery = |sent: Vec<Sent>| {
            let items = sent.iter().map(|sent| sent.item).collect();
            Delivery { bytes: (self.write)(&self.run, &sent), items }
        };
        wave.into_iter().map(delivery).collect()
    }

    fn settle(&mut self, delivery: &Delivery, answer: Option<&Answer>) {
        let meanings = match answer {
            Some(answer) => (self.read)(&self.run, &delivery.items, answer),
            None => vec![Meaning::Again; delivery.items.len()],
        };
        let read: Vec<_> = delivery.items.iter().copied().zip(meanings).collect();
        for group in 0..self.shards.len() {
            let of_shard = || read.iter().filter(|(item, _)| self.run.plan.items[*item].group == group);
            let items: Vec<_> = of_shard().map(|(item, _)| *item).collect();
            let done = of_shard().take_while(|(_, meaning)| *meaning == Meaning::Done).count();
            self.settle_shard(&items, done);
        }
    }

    fn promise(&self) -> Promise {
        Promise { ordered: true, each_alone: false }
    }
}
