//! How the store lies in its database.
//!
//! An item is written once, into `ITEMS`. What moves is a small row: in `FRESH` until its first delivery failed, then in
//! `LATER` under the time it is due, at last in `DEAD`. Of a group only the first item has such a row, so whatever takes
//! items never meets one that has to wait for another.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use redb::{Builder, Database, ReadableDatabase, ReadableTableMetadata, Table, TableDefinition, TableError, WriteTransaction};

use super::StoreError;

/// What one number tells: the `format`, and the `next` item's.
pub(super) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("polyfn.meta");
/// A channel's number to its kind, name and consumer.
pub(super) const CHANNELS: TableDefinition<'_, u32, (&str, &str, &str)> = TableDefinition::new("polyfn.channels");
/// A channel's number to how many items live in it, and how many are dead.
pub(super) const COUNTS: TableDefinition<'_, u32, (u64, u64)> = TableDefinition::new("polyfn.counts");
/// An item's number to its record.
pub(super) const ITEMS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("polyfn.items");
/// Channel and item, for those that nobody has taken yet, to the time in milliseconds at which they were sent.
pub(super) const FRESH: TableDefinition<'_, (u32, u64), i64> = TableDefinition::new("polyfn.fresh");
/// Channel, time in milliseconds and item, to the deliveries so far and why the last one failed.
pub(super) const LATER: TableDefinition<'_, (u32, i64, u64), (u32, &str)> = TableDefinition::new("polyfn.later");
/// Channel, group and item, for all of a group that live, to the time at which they were sent.
pub(super) const GROUPS: TableDefinition<'_, (u32, &str, u64), i64> = TableDefinition::new("polyfn.groups");
/// Channel and item, to the deliveries, the time of death and its reason.
pub(super) const DEAD: TableDefinition<'_, (u32, u64), (u32, i64, &str)> = TableDefinition::new("polyfn.dead");

const FORMAT: u64 = 1;
/// What the database may keep of its file in memory.
const CACHE: usize = 16 * 1024 * 1024;
/// Up to this size the whole file is checked when it is opened, which takes a second or two at most.
const CHECKED: u64 = 64 * 1024 * 1024;
/// An empty database whose file is larger than this gives its room back when it is opened.
const ROOMY: u64 = 16 * 1024 * 1024;

/// All tables of one transaction.
pub(super) struct Tables<'t> {
    pub(super) meta: Table<'t, &'static str, u64>,
    pub(super) counts: Table<'t, u32, (u64, u64)>,
    pub(super) items: Table<'t, u64, &'static [u8]>,
    pub(super) fresh: Table<'t, (u32, u64), i64>,
    pub(super) later: Table<'t, (u32, i64, u64), (u32, &'static str)>,
    pub(super) groups: Table<'t, (u32, &'static str, u64), i64>,
    pub(super) dead: Table<'t, (u32, u64), (u32, i64, &'static str)>,
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Self, TableError> {
        Ok(Self {
            meta: transaction.open_table(META)?,
            counts: transaction.open_table(COUNTS)?,
            items: transaction.open_table(ITEMS)?,
            fresh: transaction.open_table(FRESH)?,
            later: transaction.open_table(LATER)?,
            groups: transaction.open_table(GROUPS)?,
            dead: transaction.open_table(DEAD)?,
        })
    }
}

/// Opens the database, or makes an empty one if there is no file.
pub(super) fn open(path: &Path) -> Result<Database, StoreError> {
    if !path.exists() {
        // A crash on the way must not leave half a database where the next start looks for a whole one.
        let new = path.with_extension("new");
        make(&new)
            .and_then(|()| Ok(fs::rename(&new, path)?))
            .map_err(|error| StoreError::failed(format!("cannot make `{}`, where messages are kept", path.display()), error))?;
    }
    // In a build with debug assertions the database panics on some damage that it else reports.
    match catch_unwind(AssertUnwindSafe(|| existing(path))) {
        Ok(opened) => opened.map_err(|error| explain(path, error)),
        Err(_) => Err(StoreError::damaged(path, "it cannot be read")),
    }
}

fn make(path: &Path) -> Result<(), redb::Error> {
    if path.exists() {
        fs::remove_file(path)?;
    }
    let database = Builder::new().set_cache_size(CACHE).create(path)?;
    let transaction = database.begin_write()?;
    Tables::open(&transaction)?.meta.insert("format", FORMAT)?;
    transaction.open_table(CHANNELS)?;
    transaction.commit()?;
    database.close()?;
    Ok(())
}

fn existing(path: &Path) -> Result<Database, redb::Error> {
    let size = fs::metadata(path)?.len();
    let mut database = Builder::new().set_cache_size(CACHE).set_check_integrity_on_open(size <= CHECKED).open(path)?;
    let reading = database.begin_read()?;
    let format = reading.open_table(META)?.get("format")?.map(|format| format.value());
    if format != Some(FORMAT) {
        return Err(redb::Error::Corrupted("another version of polyfn wrote it".into()));
    }
    let is_empty = reading.open_table(ITEMS)?.is_empty()?;
    reading.close()?;
    if is_empty && size > ROOMY {
        database.compact()?;
    }
    Ok(database)
}

fn explain(path: &Path, error: redb::Error) -> StoreError {
    use std::io::ErrorKind::{InvalidData, UnexpectedEof};
    match error {
        redb::Error::DatabaseAlreadyOpen => StoreError::locked(path.parent().unwrap_or(path), None),
        redb::Error::Io(error) if !matches!(error.kind(), InvalidData | UnexpectedEof) => {
            StoreError::failed(format!("cannot open `{}`, where messages are kept", path.display()), error)
        }
        redb::Error::Io(error) => StoreError::damaged(path, error),
        redb::Error::Corrupted(reason) => StoreError::damaged(path, reason),
        error => StoreError::damaged(path, error),
    }
}
