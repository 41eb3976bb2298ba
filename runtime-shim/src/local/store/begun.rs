//! Which deliveries have begun, in a file beside the database.
//!
//! An item that ends the process each time must run out of attempts, so what began is written before it is delivered. A
//! transaction for that would cost as much again as the message itself. This file takes one write of 32 bytes into the
//! slot of the lease, with no wait for the disk: it survives the process, not a power cut, and that is enough to count.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
};

const SLOT: usize = 32;

/// A delivery that began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) seq: u64,
    pub(super) channel: u32,
    /// The key of its row among those that come later; a fresh item has none.
    pub(super) due: Option<i64>,
    pub(super) attempt: u32,
}

/// The file, and which of its slots are free.
#[derive(Debug)]
pub(super) struct Slots {
    file: File,
    free: BTreeSet<u32>,
    next: u32,
}

impl Slots {
    /// Opens the file, with what the last process had begun and not settled; some of it may have been settled since.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Vec<Begun>)> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut begun = Vec::new();
        let mut reader = BufReader::new(&file);
        let mut slot = [0; SLOT];
        // What is cut short was never begun: the write comes before the delivery.
        while reader.read_exact(&mut slot).is_ok() {
            begun.extend(decode(&slot));
        }
        Ok((Self { file, free: BTreeSet::new(), next: 0 }, begun))
    }

    /// Forgets all that it was opened with.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)
    }

    /// Writes down that these deliveries begin, and gives each its slot, or none of them.
    pub(super) fn begin(&mut self, begun: &[Begun]) -> io::Result<Vec<u32>> {
        let slots: Vec<u32> = begun.iter().map(|_| self.slot()).collect();
        let mut run: Option<(u32, Vec<u8>)> = None;
        let mut written = Ok(());
        // Neighbours are one write: the lowest free slots are given out first, so most are.
        for ((slot, begun), before) in slots.iter().zip(begun).zip(std::iter::once(None).chain(slots.iter().map(Some))) {
            match &mut run {
                Some((_, bytes)) if before.and_then(|before| before.checked_add(1)) == Some(*slot) => bytes.extend(encode(begun)),
                _ => {
                    written = written.and_then(|()| run.take().map_or(Ok(()), |(at, bytes)| self.write(at, &bytes)));
                    run = Some((*slot, encode(begun).to_vec()));
                }
            }
        }
        written = written.and_then(|()| run.map_or(Ok(()), |(at, bytes)| self.write(at, &bytes)));
        if let Err(error) = written {
            self.free.extend(slots);
            return Err(error);
        }
        Ok(slots)
    }

    /// The delivery in this slot has ended; what the database says of it holds.
    pub(super) fn end(&mut self, slot: u32) {
        self.free.insert(slot);
    }

    /// The delivery in this slot never began.
    pub(super) fn undo(&mut self, slot: u32) -> io::Result<()> {
        self.write(slot, &[0; SLOT])
    }

    fn slot(&mut self) -> u32 {
        self.free.pop_first().unwrap_or_else(|| {
            let slot = self.next;
            self.next = self.next.saturating_add(1);
            slot
        })
    }

    fn write(&mut self, slot: u32, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(u64::from(slot).saturating_mul(32)))?;
        self.file.write_all(bytes)
    }
}

fn encode(begun: &Begun) -> [u8; SLOT] {
    let mut slot = [0; SLOT];
    // No item is due at the least of all times: `Store` writes a later one.
    let due = begun.due.unwrap_or(i64::MIN);
    let fields = begun.seq.to_le_bytes().into_iter().chain(due.to_le_bytes());
    let fields = fields.chain(begun.channel.to_le_bytes()).chain(begun.attempt.to_le_bytes());
    slot.iter_mut().zip(fields).for_each(|(to, byte)| *to = byte);
    let check = check(slot.get(..24).unwrap_or_default());
    slot.iter_mut().skip(24).zip(check.to_le_bytes()).for_each(|(to, byte)| *to = byte);
    slot
}

fn decode(slot: &[u8; SLOT]) -> Option<Begun> {
    let (fields, sum) = slot.split_at_checked(24)?;
    (sum == check(fields).to_le_bytes()).then_some(())?;
    let (seq, rest) = fields.split_first_chunk()?;
    let (due, rest) = rest.split_first_chunk()?;
    let (channel, rest) = rest.split_first_chunk()?;
    let due = Some(i64::from_le_bytes(*due)).filter(|due| *due != i64::MIN);
    let (seq, channel, attempt) =
        (u64::from_le_bytes(*seq), u32::from_le_bytes(*channel), u32::from_le_bytes(rest.try_into().ok()?));
    Some(Begun { seq, channel, due, attempt })
}

/// FNV-1a: a slot half written, or never written, must not count.
fn check(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(seq: u64) -> Begun {
        Begun { seq, channel: 3, due: seq.is_multiple_of(2).then_some(-5), attempt: u32::MAX }
    }

    #[test]
    fn what_began_is_read_back_and_what_never_began_is_not() {
        let path = std::env::temp_dir().join(format!("polyfn-begun-{}", std::process::id()));
        let (mut slots, found) = Slots::open(&path).unwrap();
        assert_eq!(found, []);
        assert_eq!(slots.begin(&[1, 2, 3, 4].map(begun)).unwrap(), [0, 1, 2, 3]);
        slots.undo(1).unwrap();
        slots.end(1);
        slots.end(3);
        assert_eq!(slots.begin(&[5, 6, 7].map(begun)).unwrap(), [1, 3, 4]);
        slots.undo(3).unwrap();
        let (mut slots, found) = Slots::open(&path).unwrap();
        assert_eq!(found, [1, 5, 3, 7].map(begun));
        // Half a slot, and one with a bit turned over.
        slots.file.set_len(32 * 4 + 16).unwrap();
        slots.write(0, &[9]).unwrap();
        assert_eq!(Slots::open(&path).unwrap().1, [5, 3].map(begun));
        slots.clear().unwrap();
        assert_eq!(Slots::open(&path).unwrap().1, []);
        std::fs::remove_file(path).unwrap();
    }
}
