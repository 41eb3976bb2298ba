//! Very many messages of which some fail, with a crash in the middle: nothing lost, nothing twice, and no more memory for it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::Child,
    thread,
    time::{Duration, Instant},
};

use polyfn_shim::{
    event::Time,
    local::store::{Item, Settlement, Store},
};

use crate::{folder::Folder, killed, orders};

/// How many messages: with `POLYFN_LOAD=1000000` a million, which takes a quarter of an hour on a slow disk.
fn count() -> usize {
    std::env::var("POLYFN_LOAD").map_or(100_000, |count| count.parse().unwrap())
}

/// How many are sent, taken or settled at once.
const BATCH: usize = 100;

fn say(line: &str) {
    std::io::stdout().write_all(format!("\n{line}\n").as_bytes()).unwrap();
}

/// The most memory that the process had, in MiB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<usize>().ok()).unwrap_or_default() / 1024
}

/// Whether this delivery of a message fails: each twentieth the first time, some of those for good.
fn fails(n: usize, attempt: u32) -> bool {
    n % 20 == 7 && (attempt == 1 || n % 1000 == 7)
}

#[test]
#[ignore = "not a test: the process that `many_messages_with_a_crash_in_the_middle` starts, kills and starts again"]
fn child() {
    let Some(folder) = killed::folder() else { return };
    let folder = Path::new(&folder);
    let store = Store::open(folder).unwrap();
    let channel = orders();
    let first: usize = fs::read_to_string(folder.join("first")).unwrap().parse().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            for from in (first..count()).step_by(BATCH) {
                let items: Vec<_> =
                    (from..count().min(from + BATCH)).map(|n| Item::new(n.to_string(), vec![b'x'; 200])).collect();
                store.send_all(items.iter().map(|item| (&channel, item))).unwrap();
                say(&format!("sent {}", from + items.len()));
            }
            say("sent all");
        });
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let taken = store.take(&channel, Time::now(), BATCH).unwrap();
                    if taken.is_empty() {
                        thread::sleep(Duration::from_millis(1));
                        continue;
                    }
                    let outcome = |n: usize, attempt: u32| match fails(n, attempt) {
                        true if attempt >= 3 => Settlement::Dead { reason: "broken".into() },
                        true => Settlement::Again {
                            due: Time::now().after(Duration::from_millis(50)).unwrap(),
                            reason: "busy".into(),
                        },
                        false => Settlement::Done,
                    };
                    let settled: Vec<_> =
                        taken.iter().map(|taken| (taken, outcome(taken.item().id.parse().unwrap(), taken.attempt()))).collect();
                    let done = settled.iter().filter(|(_, settlement)| *settlement == Settlement::Done);
                    let done = done.map(|(taken, _)| taken.item().id.as_str()).collect::<Vec<_>>().join(",");
                    store.settle(settled).unwrap();
                    say(&format!("done {done}"));
                }
            });
        }
        scope.spawn(|| {
            loop {
                thread::sleep(Duration::from_millis(500));
                let depth = store.depths(Time::now()).unwrap().into_iter().find(|depth| depth.channel == channel);
                let left = depth.map_or(1, |depth| depth.waiting + depth.delayed + depth.leased);
                say(&format!("left {left} {}", peak()));
            }
        });
    });
}

struct Run {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

fn start(folder: &Path, first: usize) -> Run {
    fs::write(folder.join("first"), first.to_string()).unwrap();
    let mut child = killed::start("load::child", folder);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    Run { child, lines }
}

#[test]
#[ignore = "takes some minutes, most of which it waits for the disk; POLYFN_LOAD says how many messages"]
fn many_messages_with_a_crash_in_the_middle() {
    let folder = Folder::new();
    fs::create_dir_all(&*folder).unwrap();
    let mut done = vec![0_u8; count()];
    let (mut sent, mut all_sent, mut memory) = (0, false, Vec::new());
    let began = Instant::now();
    let mut handled = 0;
    let mut read = |line: &str, all_sent: &mut bool| -> Option<usize> {
        match line.split_once(' ') {
            Some(("sent", "all")) => *all_sent = true,
            Some(("sent", until)) => sent = until.parse().unwrap(),
            Some(("done", ids)) if !ids.is_empty() => {
                for id in ids.split(',') {
                    done[id.parse::<usize>().unwrap()] += 1;
                    handled += 1;
                }
            }
            Some(("left", left)) => {
                let (left, peak) = left.split_once(' ').unwrap();
                memory.push(peak.parse::<usize>().unwrap());
                return (*all_sent).then(|| left.parse().unwrap());
            }
            _ => {}
        }
        None
    };

    // A message in 10 ms: ten times as long as on a slow disk.
    let longest = Duration::from_millis(count().try_into().unwrap()) * 10;
    let mut run = start(&folder, 0);
    let half = format!("sent {}", count() / 2 / BATCH * BATCH);
    for line in run.lines.by_ref() {
        let line = line.unwrap();
        read(&line, &mut all_sent);
        if line == half {
            break;
        }
    }
    run.child.kill().unwrap();
    run.child.wait().unwrap();
    for line in run.lines.map_while(Result::ok) {
        read(&line, &mut all_sent);
    }
    assert!(!all_sent, "it was done before it was killed");
    // What was sent and not told of is sent twice, as by any sender that had no answer.
    let first = sent_so_far(&folder);
    let restarted = Instant::now();
    let mut run = start(&folder, first);
    let mut opened = None;
    for line in run.lines.by_ref() {
        let line = line.unwrap();
        assert!(began.elapsed() < longest, "it does not come to an end: {line}");
        if line.starts_with("sent") {
            opened.get_or_insert(restarted.elapsed());
        }
        if read(&line, &mut all_sent) == Some(0) {
            break;
        }
    }
    run.child.kill().unwrap();
    run.child.wait().unwrap();
    for line in run.lines.map_while(Result::ok) {
        read(&line, &mut all_sent);
    }
    let took = began.elapsed();
    println!("{handled} messages in {took:?}, killed at {first}, open again after {opened:?}, peaks of {memory:?} MiB");

    let store = Store::open(&folder).unwrap();
    let dead = store.dead_letters(&orders(), None, usize::MAX).unwrap();
    for dead in &dead {
        let n: usize = dead.item.id.parse().unwrap();
        assert_eq!((n % 1000, done[n]), (7, 0), "an item is dead or done");
        done[n] = 1;
    }
    println!("{} dead letters, a file of {} MiB", dead.len(), fs::metadata(folder.join("messages.redb")).unwrap().len() >> 20);
    // The kill may have come between the settling and the telling of it: those of two batches, at most.
    let untold = done.iter().filter(|count| **count == 0).count();
    assert!(untold <= 2 * BATCH, "{untold} are gone");
    assert!(done.iter().all(|count| *count <= 1), "an item was handled twice");
    assert!(dead.len() >= count() / 1000 - 1);
    assert!(memory.iter().all(|peak| *peak < 120), "{memory:?} MiB");
}

/// How many messages the killed process had sent: the ids follow one another, so the last one's tells.
fn sent_so_far(folder: &Path) -> usize {
    let store = Store::open(folder).unwrap();
    let id: usize = store
        .send(&polyfn_shim::local::store::Channel::new(polyfn_shim::event::Kind::Queue, "", ""), &Item::new("", ""))
        .unwrap()
        .to_string()
        .parse()
        .unwrap();
    id - 1
}
