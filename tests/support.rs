//! The README's table of what starts a function of which trigger. Its words are the deliveries in the providers' test data, each
//! decoded here; its cells are what the equivalence suite has run through, so that a cell stands for the same event as on every
//! other provider, and for the answer that this one wants.
//!
//! `POLYFN_BLESS=1 cargo test -p polyfn-tests --test support` writes it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test needs and does not find fails the test"
)]

#[path = "equivalence/suite/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the mutants are the suite's own business")]
mod suite;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

use bytes::Bytes;
use polyfn_shim::{
    DecodeError, Event, Outcome, Reply,
    aws::{self, Decoded, Frame},
    azure::{self, Bindings, Declaration, Mode},
    container,
    event::Kind,
    function::{Binding, Declared, Description, Filter, Function},
    gcp,
};
use polyfn_tests::{Row, TRIGGERS, TestData};

const PROVIDERS: [&str; 4] = ["aws", "gcp", "azure", "container"];

/// The cells that no delivery fills and through which the suite never runs, by trigger and provider, and why. The README says so below the table.
const HOLES: &[(&str, &str, &str)] = &[];

/// What starts a function without any delivery: the tests of `clock` in polyfn-shim show it.
const WITHOUT_DELIVERY: (&str, &str, &str) = ("schedule", "container", "own clock");

const BEGIN: &str = "<!-- made by tests/support.rs -->\n";
const END: &str = "<!-- end -->\n";

#[tokio::test]
async fn the_readme_says_what_the_test_data_and_the_equivalence_suite_show() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path).expect("a README");
    let (before, rest) = readme.split_once(BEGIN).expect("the README has the mark before the table");
    let (have, after) = rest.split_once(END).expect("the README has the mark behind the table");
    let want = table(&cells(&suite::ran().await));
    if have == want {
        return;
    }
    assert!(
        env::var_os("POLYFN_BLESS").is_some(),
        "README.md has another table; paste this one between its marks, or let POLYFN_BLESS=1 write it:\n\n{want}"
    );
    fs::write(path, format!("{before}{BEGIN}{want}{END}{after}")).expect("the README can be written");
}

/// The sources of each cell, by trigger and provider, in the order of the rows.
type Cells = BTreeMap<(&'static str, &'static str), Vec<String>>;

fn cells(ran: &BTreeSet<(&str, &str)>) -> Cells {
    let (trigger, provider, source) = WITHOUT_DELIVERY;
    let mut cells = Cells::from([((trigger, provider), vec![source.to_owned()])]);
    for provider in PROVIDERS {
        let data = TestData::of(provider);
        for row in &data.rows {
            let name = &row.file;
            let events = decoded(provider, &data, row).unwrap_or_else(|error| panic!("{provider}/{name}: {error}"));
            for event in &events {
                assert_eq!(event.trigger().kind().as_str(), row.trigger, "{provider}/{name}");
            }
            let trigger = TRIGGERS.into_iter().find(|trigger| *trigger == row.trigger).expect("a row has a trigger");
            let sources = cells.entry((trigger, provider)).or_default();
            // A delivery without events shows nothing of its source.
            if !events.is_empty() && !sources.contains(&row.source) {
                sources.push(row.source.clone());
            }
        }
    }
    cells.retain(|cell, sources| !sources.is_empty() && ran.contains(cell));
    check(&cells);
    cells
}

/// Fails if a cell is empty without a reason, or filled and has one.
fn check(cells: &Cells) {
    let mut wrong = Vec::new();
    for trigger in TRIGGERS {
        for provider in PROVIDERS {
            let is_hole = HOLES.iter().any(|(t, p, _)| (*t, *p) == (trigger, provider));
            match (cells.contains_key(&(trigger, provider)), is_hole) {
                (false, false) => {
                    wrong.push(format!("`{trigger}` on `{provider}` has no delivery, or none that the equivalence suite has run through: write one, or say why in HOLES"))
                }
                (true, true) => wrong.push(format!("`{trigger}` on `{provider}` has a delivery: take it out of HOLES")),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What this provider's decoder makes of a delivery.
fn decoded(provider: &str, data: &TestData, row: &Row) -> Result<Vec<Event>, DecodeError> {
    if provider == "aws" {
        return aws::decode(&data.read(row, ".json").into(), &Frame::new("frame")).map(Decoded::into_events);
    }
    let (parts, body) = data.request(row);
    let body = Bytes::from(body);
    let events = match provider {
        "gcp" => gcp::decode_for(&parts, &body, Declared::of(&functions(data, row)))?,
        "container" => container::decode(&parts, &body)?,
        _ => {
            let function = parts.uri.path().rsplit('/').next().unwrap_or_default();
            let function = Declaration::new(function, kind(row), Bindings::read(&data.read(row, ".function.json"))?);
            let mode = match row.file.split('-').next() {
                Some("forward") => Mode::Forward,
                Some("proxy") => Mode::Proxy,
                _ => Mode::Json,
            };
            azure::decode(&parts, &body, &function, mode, "api")?
        }
    };
    // A call over HTTP is a request until its function is chosen.
    let call = |event: Event| if row.trigger == "direct" && event.http().is_some() { event.into_call() } else { event };
    Ok(events.into_iter().map(call).collect())
}

/// The function that a row's delivery is read for, where that decides.
fn functions(data: &TestData, row: &Row) -> Vec<Function> {
    let declared = data.declared(row).map(|(_, name)| {
        let binding = Binding::Resource { kind: kind(row), name: name.leak(), filter: Filter::default() };
        Function::blocking(Description::new("f", binding), |_, _| Outcome::Done(Reply::Empty))
    });
    declared.into_iter().collect()
}

fn kind(row: &Row) -> Kind {
    Kind::ALL.into_iter().find(|kind| kind.as_str() == row.trigger).expect("a row has a trigger")
}

fn table(cells: &Cells) -> String {
    let head = PROVIDERS.map(|provider| format!("`{provider}`")).join(" | ");
    let mut table = format!("| trigger | {head} |\n|{}\n", "---|".repeat(PROVIDERS.len() + 1));
    for trigger in TRIGGERS {
        let row =
            PROVIDERS.map(|provider| cells.get(&(trigger, provider)).map_or("–".to_owned(), |sources| sources.join(", ")));
        table += &format!("| `{trigger}` | {} |\n", row.join(" | "));
    }
    let mut holes: Vec<(&str, Vec<String>)> = Vec::new();
    for (trigger, provider, reason) in HOLES {
        let cell = format!("`{trigger}` on `{provider}`");
        match holes.iter_mut().find(|(have, _)| have == reason) {
            Some((_, cells)) => cells.push(cell),
            None => holes.push((reason, vec![cell])),
        }
    }
    for (reason, cells) in holes {
        table += &format!("\n- {}: {reason}.\n", cells.join(", "));
    }
    table
}
