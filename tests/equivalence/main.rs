//! Equivalence: one event through every provider.

#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "what a test needs and does not find fails the test")]

mod suite;

use polyfn_shim::{event::Kind, local::Form};
use suite::{Does, Program, check, events, replies};

#[tokio::test]
async fn every_provider_says_the_same() {
    let mut wrong = Vec::new();
    for entry in events() {
        let program = Program::of(&entry.event);
        let does: Vec<Does> = match entry.kind() {
            Kind::Http => replies().into_iter().map(Does::Reply).chain([Does::Retry, Does::Drop, Does::Panic]).collect(),
            _ => Does::WITH_EVENTS.to_vec(),
        };
        for form in Form::ALL.iter().filter(|form| form.carries(entry.kind())) {
            for does in &does[..1] {
                for line in check(&program, &entry, *form, does).await.unwrap_or_default() {
                    wrong.push(format!("{form} {} {does:?}: {line}", entry.name));
                }
            }
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
