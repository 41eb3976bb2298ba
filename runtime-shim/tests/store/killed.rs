//! A process that is killed at any point has lost nothing that it sent, and gets nothing back that it had done with.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use polyfn_shim::{
    event::Time,
    local::store::{Settlement, Store},
};

use crate::{folder::Folder, grouped, item, orders};

/// The folder of the process that is killed.
const FOLDER: &str = "POLYFN_TEST_STORE";

/// Starts a test of this program as a process of its own, with this folder.
pub(crate) fn start(test: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--include-ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The folder, in a process that was started so.
pub(crate) fn folder() -> Option<std::ffi::OsString> {
    std::env::var_os(FOLDER)
}

fn say(line: &str) {
    std::io::stdout().write_all(format!("\n{line}\n").as_bytes()).unwrap();
}

#[test]
#[ignore = "not a test: the process that `nothing_is_lost_when_the_process_is_killed` starts and kills"]
fn child() {
    let Some(folder) = folder() else { return };
    let store = Store::open(Path::new(&folder)).unwrap();
    let channel = orders();
    let from = u64::from(std::process::id()) * 1_000_000;
    thread::scope(|scope| {
        for sender in 0..2 {
            let (store, channel) = (&store, &channel);
            scope.spawn(move || {
                for n in (from + sender..).step_by(2) {
                    let id = n.to_string();
                    let item = if n.is_multiple_of(3) { grouped(&id, "g") } else { item(&id) };
                    store.send(channel, &item).unwrap();
                    say(&format!("sent {id}"));
                }
            });
        }
        loop {
            let taken = store.take(&channel, Time::now(), 5).unwrap();
            let outcome = |n: u64| match n % 10 {
                1 => Settlement::Again { due: Time::now(), reason: "busy".into() },
                2 => Settlement::Dead { reason: "broken".into() },
                _ => Settlement::Done,
            };
            let outcomes: Vec<_> = taken.iter().map(|taken| (taken, outcome(taken.item().id.parse().unwrap()))).collect();
            let done =
                outcomes.iter().filter(|(_, outcome)| *outcome == Settlement::Done).map(|(taken, _)| taken.item().id.as_str());
            let done = done.collect::<Vec<_>>().join(",");
            say(&format!("begin {done}"));
            store.settle(outcomes).unwrap();
            say(&format!("done {done}"));
        }
    });
}

#[test]
fn nothing_is_lost_when_the_process_is_killed() {
    let folder = Folder::new();
    let (mut sent, mut begun, mut done) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    // How many lines it says before it is killed; without any, the kill comes while it opens the store.
    for told in [0, 0, 60, 1, 120, 33, 200, 0, 77, 500] {
        let mut child = start("killed::child", &folder);
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        while lines.len() < told {
            let mut line = String::new();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended by itself");
            if line.contains(char::is_numeric) {
                lines.push(line);
            }
        }
        thread::sleep(Duration::from_millis(3));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut last = String::new();
        while out.read_line(&mut last).unwrap() > 0 {
            lines.push(std::mem::take(&mut last));
        }
        for line in lines.iter().filter_map(|line| line.strip_suffix('\n')) {
            match line.split_once(' ') {
                Some(("sent", id)) => assert!(sent.insert(id.to_owned())),
                Some(("begin", ids)) => begun.extend(ids.split(',').map(str::to_owned)),
                Some(("done", ids)) => done.extend(ids.split(',').map(str::to_owned)),
                _ => {}
            }
        }
    }
    done.remove("");
    assert!(sent.len() > 200 && done.len() > 50, "{} sent, {} done", sent.len(), done.len());

    let store = Store::open(&folder).unwrap();
    let channel = orders();
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    let mut group = Vec::new();
    loop {
        let taken = store.take(&channel, Time::now(), 100).unwrap();
        if taken.is_empty() {
            break;
        }
        for taken in &taken {
            *found.entry(taken.item().id.clone()).or_default() += 1;
            if taken.item().group.is_some() {
                group.push(taken.id());
            }
        }
        store.settle(taken.iter().map(|taken| (taken, Settlement::Done))).unwrap();
    }
    for dead in store.dead_letters(&channel, None, usize::MAX).unwrap() {
        assert!(dead.item.id.ends_with('2'), "only such an item is given up: {}", dead.item.id);
        *found.entry(dead.item.id).or_default() += 1;
    }
    let twice: Vec<_> = found.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "more than once: {twice:?}");
    assert!(group.is_sorted(), "the group lost its order");
    let back: Vec<_> = done.iter().filter(|id| found.contains_key(*id)).collect();
    assert!(back.is_empty(), "done, and back again: {back:?}");
    // Of what it was about to be done with when it was killed nobody knows whether it is; all else is there.
    let lost: Vec<_> = sent.iter().filter(|id| !found.contains_key(*id) && !done.contains(*id) && !begun.contains(*id)).collect();
    assert!(lost.is_empty(), "sent, and gone: {lost:?}");
    let failed = sent.iter().filter(|id| id.ends_with('1') || id.ends_with('2'));
    let acknowledged: Vec<_> = failed.filter(|id| !found.contains_key(*id)).collect();
    assert!(acknowledged.is_empty(), "failed, and gone: {acknowledged:?}");
}
