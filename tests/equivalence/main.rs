//! Equivalence: one event through every native form of every provider makes the same event, the same calls and the same
//! response, and each provider gets the acknowledgement that it wants; and a shim with a mistake is caught.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test needs and does not find fails the test"
)]

mod suite;

use std::collections::BTreeSet;

use polyfn_shim::{event::Kind, local::Form};
use suite::{Program, check, does, events, mutants, ran, rows};

#[tokio::test]
async fn every_provider_says_the_same() {
    let mut wrong = Vec::new();
    for entry in events() {
        let (program, all) = (Program::of(&entry.event), does(&entry));
        for form in Form::ALL.iter().filter(|form| form.carries(entry.kind())) {
            for does in &all {
                let checked = check(&program, &entry, *form, does, None).await;
                wrong.extend(checked.wrong.iter().map(|line| format!("{form} {} {does}: {line}", entry.name)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Wherever a mutant does harm with an entry that it names, that is seen.
#[tokio::test]
async fn every_mutant_dies() {
    let (events, mut wrong) = (events(), Vec::new());
    for mutant in mutants() {
        let mut reached = BTreeSet::new();
        for name in mutant.killed_by {
            let entry = events.iter().find(|entry| entry.name == *name).unwrap_or_else(|| panic!("no entry is called {name}"));
            let (program, mut all) = (Program::broken(&entry.event, mutant), does(entry));
            // What a function sees is the same whatever it does then.
            if mutant.is_on_the_way_in() {
                all.truncate(1);
            }
            let mut harmed = false;
            for form in Form::ALL.iter().filter(|form| form.carries(entry.kind())) {
                for does in &all {
                    let checked = check(&program, entry, *form, does, Some(mutant)).await;
                    let harm = program.harm.taken();
                    harmed |= harm;
                    if harm {
                        reached.insert(form.to_string());
                    }
                    if harm && checked.wrong.is_empty() {
                        wrong.push(format!("`{}` lives: {form} {name} {does}", mutant.name));
                    }
                }
            }
            if !harmed {
                wrong.push(format!("`{}` does no harm to {name}", mutant.name));
            }
        }
        let missed = mutant.reaches.iter().filter(|form| !reached.contains(**form));
        wrong.extend(missed.map(|form| format!("`{}` does no harm in {form}", mutant.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(mutants().count() >= 20);
}

#[tokio::test]
async fn every_provider_has_run_through_every_kind() {
    let providers = ["aws", "gcp", "azure", "container", "local"];
    let kinds = Kind::ALL.map(Kind::as_str);
    let all = kinds.iter().flat_map(|kind| providers.map(|provider| (*kind, provider))).collect();
    assert_eq!(ran().await, all);
}

#[test]
fn each_form_has_its_row_and_its_source() {
    let names: BTreeSet<_> = rows().map(|row| row.form.to_owned()).collect();
    assert_eq!(names.len(), rows().count(), "two rows of one form");
    assert_eq!(names, Form::ALL.iter().map(ToString::to_string).collect());
    for row in rows() {
        assert!(row.source.starts_with("https://") || row.form == "local", "{}: {}", row.form, row.source);
    }
}
