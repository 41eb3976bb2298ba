use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
};

use redb::{Database, ReadableDatabase};

use super::{
    Channel, Id, StoreError,
    change::{Change, Changes},
    tables::{CHANNELS, META, Tables},
};

/// What became of each change of a job.
type Answer = Result<Vec<Option<Id>>, StoreError>;

/// The changes of one caller, which are made together or not at all.
struct Job {
    changes: Vec<Change>,
    answer: Arc<OnceLock<Answer>>,
}

/// The only one who writes. Whoever comes while a transaction is on its way to the disk shares the next one.
pub(super) struct Writer {
    database: Database,
    /// The number of the next new item.
    next: Mutex<u64>,
    line: Mutex<Line>,
    /// Told after each transaction.
    written: Condvar,
}

#[derive(Default)]
struct Line {
    jobs: VecDeque<Job>,
    /// Whether somebody writes.
    is_busy: bool,
}

/// The most that one transaction does for several callers, in bytes.
const MOST: usize = 8 * 1024 * 1024;

impl Writer {
    pub(super) fn new(database: Database) -> Result<Self, redb::Error> {
        let next = database.begin_read()?.open_table(META)?.get("next")?.map_or(1, |next| next.value());
        Ok(Self { database, next: Mutex::new(next), line: Mutex::default(), written: Condvar::new() })
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// Makes the changes, all or none, and returns when they are on the disk.
    pub(super) fn write(&self, changes: Vec<Change>) -> Answer {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let answer = Arc::new(OnceLock::new());
        let mut line = lock(&self.line);
        line.jobs.push_back(Job { changes, answer: Arc::clone(&answer) });
        // Whoever wrote last may have done it along with his own; if not, one of those who wait writes for all of them.
        while answer.get().is_none() {
            if line.is_busy {
                line = self.written.wait(line).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            line.is_busy = true;
            let turn = Turn { writer: self, jobs: some_jobs(&mut line) };
            drop(line);
            match self.transact(&turn.jobs) {
                Ok(answers) => turn.jobs.iter().zip(answers).for_each(|(job, answer)| drop(job.answer.set(Ok(answer)))),
                Err(error) => {
                    let error = StoreError::database(error);
                    turn.jobs.iter().for_each(|job| drop(job.answer.set(Err(error.clone()))));
                }
            }
            drop(turn);
            line = lock(&self.line);
        }
        drop(line);
        answer.get().cloned().unwrap_or_else(|| Err(broken_off()))
    }

    /// Gives a new channel its number, from 1 on.
    pub(super) fn add_channel(&self, number: u32, channel: &Channel) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        let row = (channel.kind.as_str(), channel.name.as_str(), channel.consumer.as_str());
        transaction.open_table(CHANNELS)?.insert(number, row)?;
        Ok(transaction.commit()?)
    }

    fn transact(&self, jobs: &[Job]) -> Result<Vec<Vec<Option<Id>>>, redb::Error> {
        let mut next = lock(&self.next);
        let transaction = self.database.begin_write()?;
        let mut changes = Changes::new(Tables::open(&transaction)?, *next);
        let mut answers = Vec::with_capacity(jobs.len());
        for job in jobs {
            answers.push(job.changes.iter().map(|change| changes.apply(change)).collect::<Result<_, _>>()?);
        }
        let after = changes.finish()?;
        // Whether or not the commit is told as done, it may be on the disk: its numbers are gone.
        *next = after;
        transaction.commit()?;
        Ok(answers)
    }
}

/// Somebody's turn to write, for those whose jobs he has.
struct Turn<'a> {
    writer: &'a Writer,
    jobs: Vec<Job>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // Those without an answer have none because the database panicked; nobody must wait for one.
        self.jobs.iter().for_each(|job| drop(job.answer.set(Err(broken_off()))));
        lock(&self.writer.line).is_busy = false;
        self.writer.written.notify_all();
    }
}

fn broken_off() -> StoreError {
    StoreError::failed("the store of messages cannot be written", "a transaction was broken off")
}

/// The next jobs in the line, as many as one transaction takes and at least one.
fn some_jobs(line: &mut Line) -> Vec<Job> {
    let mut size = 0_usize;
    let mut jobs = Vec::new();
    while let Some(job) = line.jobs.pop_front_if(|_| size < MOST) {
        size = job.changes.iter().map(Change::size).fold(size, usize::saturating_add);
        jobs.push(job);
    }
    jobs
}

/// A panic elsewhere leaves nothing half done behind any of the store's locks.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
