//! Decode of the sources of events, beside what their users have today, on the same bytes in the same run.
//!
//! `cargo bench -p polyfn-benches --bench events` prints criterion's lines and then a table of medians and ratios: `decode` is
//! bytes to the decoder's own type, `typed` is the same with each payload read into a struct. What both get is compared
//! before anything is timed.

#![expect(clippy::expect_used, clippy::panic, reason = "what a bench needs and does not find fails the bench")]

mod aws;
mod bench;
mod firestore;
mod gcp;
#[path = "../shared/medians.rs"]
mod medians;
mod payload;

fn main() {
    let mut bench = bench::Bench::new();
    aws::run(&mut bench);
    gcp::run(&mut bench);
    bench.report();
    println!(
        "\nversions: polyfn {}, aws_lambda_events 1.2, serde_dynamo 4, cloudevents-sdk 0.9, prost 0.14",
        env!("CARGO_PKG_VERSION")
    );
}
