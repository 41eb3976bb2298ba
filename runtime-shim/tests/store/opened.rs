//! What opening the store says and does, whatever it finds.

use std::{error::Error, fs, io::Write};

use polyfn_shim::{
    event::Kind,
    local::store::{Channel, Item, Store},
};

use crate::{at, folder::Folder, ids, item, orders};

#[test]
fn the_folder_is_made_and_git_leaves_it_alone() {
    let folder = Folder::new();
    let below = folder.join("app/.polyfn");
    drop(Store::open(&below).unwrap());
    assert_eq!(fs::read_to_string(below.join(".gitignore")).unwrap(), "*\n");
    fs::write(below.join(".gitignore"), "mine").unwrap();
    drop(Store::open(&below).unwrap());
    assert_eq!(fs::read_to_string(below.join(".gitignore")).unwrap(), "mine");
}

#[test]
fn a_store_that_is_open_says_who_has_it_and_what_to_do() {
    let folder = Folder::new();
    let first = Store::open(&folder).unwrap();
    let error = Store::open(&folder).unwrap_err();
    assert!(error.is_locked());
    let expected = format!(
        "process {} has the messages in `{}` open: stop it, or start in another folder",
        std::process::id(),
        folder.display()
    );
    assert_eq!(error.to_string(), expected);
    let clone = first.clone();
    drop(first);
    assert!(Store::open(&folder).unwrap_err().is_locked(), "a clone has it open still");
    drop(clone);
    Store::open(&folder).unwrap();
}

#[test]
fn a_foreign_file_is_refused_and_left_as_it_is() {
    for foreign in [&b""[..], b"SQLite format 3\0", b"redb", &[0; 100_000]] {
        let folder = Folder::new();
        fs::create_dir_all(&*folder).unwrap();
        let file = folder.join("messages.redb");
        fs::write(&file, foreign).unwrap();
        let error = Store::open(&folder).unwrap_err();
        assert!(error.is_damaged(), "{error}");
        assert!(error.to_string().starts_with(&format!("`{}` is damaged or not this version's: ", file.display())), "{error}");
        assert!(error.to_string().ends_with("; move it away to start without its messages"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), foreign);
        fs::remove_file(file).unwrap();
        Store::open(&folder).unwrap();
    }
}

#[test]
fn a_database_of_another_program_or_version_is_refused() {
    use redb::{Database, TableDefinition};
    let folder = Folder::new();
    drop(Store::open(&folder).unwrap());
    let file = folder.join("messages.redb");
    let database = Database::open(&file).unwrap();
    let change = database.begin_write().unwrap();
    change.open_table(TableDefinition::<&str, u64>::new("polyfn.meta")).unwrap().insert("format", 2).unwrap();
    change.commit().unwrap();
    drop(database);
    let error = Store::open(&folder).unwrap_err();
    assert!(error.is_damaged() && error.to_string().contains("another version of polyfn wrote it"), "{error}");

    fs::remove_file(&file).unwrap();
    drop(Database::create(&file).unwrap());
    assert!(Store::open(&folder).unwrap_err().is_damaged());
}

#[test]
fn a_damaged_file_is_refused_or_read_but_never_the_end_of_the_process() {
    let folder = Folder::new();
    let store = Store::open(&folder).unwrap();
    let items: Vec<Item> = (0..40).map(|n| Item::new(n.to_string(), vec![7; 3_000])).collect();
    let channel = orders();
    store.send_all(items.iter().map(|item| (&channel, item))).unwrap();
    drop(store);
    let file = folder.join("messages.redb");
    let whole = fs::read(&file).unwrap();
    let mut refused = 0;
    let cut = (0..whole.len()).step_by(whole.len() / 12).map(|length| whole[..length].to_vec());
    let flipped = (0..whole.len()).step_by(whole.len() / 150 + 1).map(|at| {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x55;
        flipped
    });
    for damaged in cut.chain(flipped) {
        fs::write(&file, &damaged).unwrap();
        match Store::open(&folder) {
            Err(error) => {
                assert!(error.is_damaged(), "{error}: {:?}", error.source().map(ToString::to_string));
                refused += 1;
            }
            // The byte was in a page that nothing uses.
            Ok(store) => assert_eq!(store.take(&channel, at(0), 100).unwrap().len(), 40),
        }
    }
    assert!(refused > 30, "{refused} refused");
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
    let folder = Folder::new();
    fs::create_dir_all(&*folder).unwrap();
    fs::write(folder.join("file"), "").unwrap();
    let below = folder.join("file/.polyfn");
    let error = Store::open(&below).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot make the folder `{}`, where messages are kept", below.display()));
    assert!(error.source().is_some());
}

#[test]
fn a_first_start_that_was_killed_leaves_nothing_in_the_way() {
    let folder = Folder::new();
    fs::create_dir_all(&*folder).unwrap();
    fs::write(folder.join("messages.new"), "half a database").unwrap();
    let mut lock = fs::File::create(folder.join("lock")).unwrap();
    lock.write_all(b"not a number").unwrap();
    Store::open(&folder).unwrap().send(&orders(), &item("1")).unwrap();
}

#[test]
fn names_and_texts_of_any_kind_come_back() {
    let folder = Folder::new();
    let long = "x".repeat(1024);
    let names = ["", " ", "\0", "a\0", "..", "/", "ü-日本-🦀", "a\nb\"'`{}", "\u{202e}", &long];
    let store = Store::open(&folder).unwrap();
    let mut channels = Vec::new();
    for name in names {
        for consumer in names {
            channels.push(Channel::new(Kind::Topic, name, consumer));
        }
    }
    let items: Vec<Item> = names
        .iter()
        .map(|name| Item {
            group: Some((*name).to_owned()),
            subject: Some((*name).to_owned()),
            attributes: vec![((*name).to_owned(), (*name).to_owned()); 2],
            ..Item::new(*name, vec![0, 159, 146, 150])
        })
        .collect();
    store.send_all(channels.iter().flat_map(|channel| items.iter().map(move |item| (channel, item)))).unwrap();
    drop(store);
    let store = Store::open(&folder).unwrap();
    for channel in &channels {
        let taken = store.take(channel, at(0), 100).unwrap();
        let found: Vec<_> = taken.iter().map(|taken| taken.item().clone()).collect();
        assert_eq!(found, items, "{channel}");
        assert!(taken.iter().all(|taken| taken.channel() == channel));
    }
    assert_eq!(store.depths(at(0)).unwrap().len(), 100);
    assert_eq!(channels[2].to_string(), "topic `` of `\\0`");
}

#[test]
fn what_is_too_large_is_refused_and_nothing_of_its_batch_is_stored() {
    let folder = Folder::new();
    let store = Store::open(&folder).unwrap();
    let long = "x".repeat(1025);
    let channel = orders();
    let named = Channel::new(Kind::Queue, &long, "fulfil");
    let error = store.send(&named, &item("1")).unwrap_err();
    assert_eq!(error.to_string(), "a name of a channel has 1025 bytes, of at most 1024");
    assert!(store.send(&Channel::new(Kind::Queue, "orders", &long), &item("1")).unwrap_err().is_too_large());
    let group = Item { group: Some(long), ..item("2") };
    assert!(store.send_all([(&channel, &item("1")), (&channel, &group)]).unwrap_err().is_too_large());
    let huge = Item::new("3", vec![0; 64 * 1024 * 1024 + 1]);
    assert!(store.send(&channel, &huge).unwrap_err().is_too_large());
    assert_eq!(store.take(&channel, at(0), 9).unwrap().len(), 0);
    let large = Item::new("4", vec![1; 40 * 1024 * 1024]);
    store.send_all([(&channel, &large), (&channel, &item("5"))]).unwrap();
    assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), ["4"], "one that is as large goes alone");
    assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), ["5"]);
}
