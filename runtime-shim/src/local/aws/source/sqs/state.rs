use std::collections::{BTreeSet, HashMap, VecDeque};

use tokio::time::Instant;

use super::Sqs;
use crate::{
    DecodeError, Event, Trigger,
    aws::Shape,
    local::{Settled, Tally, aws::invoke::request_id},
};

/// The most bytes of a message.
const MOST: usize = 1_048_576;

/// What is in a queue.
#[derive(Default)]
pub(super) struct State {
    lines: HashMap<u64, Line>,
    groups: HashMap<String, u64>,
    /// When each line has something visible.
    pub(super) due: BTreeSet<(Instant, u64)>,
    number: u64,
    pub(super) held: usize,
    pub(super) tally: Tally,
}

/// Messages that come in order: those of a group of a FIFO queue, or one alone.
struct Line {
    group: Option<String>,
    messages: VecDeque<Message>,
    visible: Instant,
    /// How often something of it was received.
    receives: u64,
}

struct Message {
    number: u64,
    event: Event,
    receives: u32,
    sent: Instant,
}

/// A message as it was received.
pub(super) struct Received {
    pub(super) event: Event,
    number: u64,
    line: u64,
    /// Which receive of its line it was.
    receive: u64,
}

impl State {
    pub(super) fn send(&mut self, queue: &Sqs, event: Event, now: Instant) -> Result<(), DecodeError> {
        let Trigger::Queue(message) = event.trigger() else {
            let kind = event.trigger().kind();
            return Err(DecodeError::at("trigger", format!("a queue holds no event of kind {kind}")));
        };
        let data = event.data().map_or(&[][..], |data| data);
        if data.len() > MOST {
            return Err(DecodeError::at("data", format!("{} bytes; a message of SQS has {MOST} at the most", data.len())));
        }
        if std::str::from_utf8(data).is_err() {
            return Err(DecodeError::at("data", "no UTF-8; a message of SQS is text, so send base64"));
        }
        self.number += 1;
        let number = self.number;
        let group = message.group.clone().filter(|_| queue.shape == Shape::SqsFifo);
        let line = group.clone().map_or(number, |group| *self.groups.entry(group).or_insert(number));
        // Who sends a message is told its id; nobody chooses it.
        let event = if event.id().is_empty() { event.with_id(request_id()) } else { event };
        let message = Message { number, event, receives: 0, sent: now };
        self.held += 1;
        match self.lines.get_mut(&line) {
            Some(line) => line.messages.push_back(message),
            None => {
                self.due.insert((now, line));
                self.lines.insert(line, Line { group, messages: VecDeque::from([message]), visible: now, receives: 0 });
            }
        }
        Ok(())
    }

    /// What one delivery gets of what is visible.
    pub(super) fn receive(&mut self, queue: &Sqs, now: Instant) -> Vec<Received> {
        let mut received = Vec::new();
        while received.len() < queue.batch
            && let Some((due, name)) = self.due.first().copied().filter(|(due, _)| *due <= now)
        {
            self.due.remove(&(due, name));
            self.bury(queue, name, now);
            let Some(line) = self.lines.get_mut(&name) else { continue };
            line.receives += 1;
            for message in line.messages.iter_mut().take(queue.batch - received.len()) {
                message.receives = message.receives.saturating_add(1);
                let event = message.event.clone().with_attempt(message.receives);
                received.push(Received { line: name, receive: line.receives, number: message.number, event });
            }
            line.visible = now + queue.visibility;
            self.due.insert((line.visible, name));
        }
        received
    }

    /// Takes out of a line what was received too often, or is too old.
    fn bury(&mut self, queue: &Sqs, name: u64, now: Instant) {
        let Some(line) = self.lines.get_mut(&name) else { return };
        let is_dead = |message: &Message| {
            queue.receives.is_some_and(|most| message.receives >= most) || now.duration_since(message.sent) >= queue.kept
        };
        // What was never received stands behind what was, and in the order of its age.
        let first = line.messages.iter().take_while(|message| message.receives > 0 || is_dead(message)).count();
        let (dead, alive): (Vec<_>, Vec<_>) = line.messages.drain(..first).partition(is_dead);
        alive.into_iter().rev().for_each(|message| line.messages.push_front(message));
        self.held -= dead.len();
        self.tally.dead.extend(dead.into_iter().map(|message| message.event));
        self.forget_if_empty(name);
    }

    pub(super) fn settle(&mut self, queue: &Sqs, received: &[Received], settled: &[Settled], now: Instant) {
        // What did not fit in the delivery was not delivered, and fails with it.
        let settled = settled.iter().copied().chain(std::iter::repeat(Settled::Again));
        for (received, settled) in received.iter().zip(settled) {
            let Some(line) = self.lines.get_mut(&received.line) else { continue };
            // A receipt handle of a FIFO queue is worth nothing any more when the message has become visible again.
            let is_stale = queue.shape == Shape::SqsFifo && (line.receives != received.receive || line.visible <= now);
            if settled == Settled::Again || is_stale {
                continue;
            }
            if let Some(place) = line.messages.iter().position(|message| message.number == received.number) {
                line.messages.remove(place);
                self.held -= 1;
                self.tally.acknowledged += 1;
            }
        }
        for received in received {
            self.unlock(queue, received, now);
            self.forget_if_empty(received.line);
        }
    }

    /// What is behind a batch of a group can be received as soon as nothing before it is invisible.
    fn unlock(&mut self, queue: &Sqs, received: &Received, now: Instant) {
        let Some(line) = self.lines.get_mut(&received.line) else { return };
        let is_free = line.messages.front().is_some_and(|first| first.receives == 0);
        if queue.shape == Shape::SqsFifo && is_free && line.visible > now {
            self.due.remove(&(line.visible, received.line));
            line.visible = now;
            self.due.insert((now, received.line));
        }
    }

    fn forget_if_empty(&mut self, name: u64) {
        if self.lines.get(&name).is_some_and(|line| line.messages.is_empty())
            && let Some(line) = self.lines.remove(&name)
        {
            self.due.remove(&(line.visible, name));
            line.group.map(|group| self.groups.remove(&group));
        }
    }
}
