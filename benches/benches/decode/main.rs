//! Decode and encode of every AWS HTTP shape, beside lambda_http, on the same bytes in the same run.
//!
//! `cargo bench -p polyfn-benches` prints criterion's lines and then a table of medians and ratios. The answers of both are
//! compared before anything is timed.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "what a bench needs and does not find fails the bench")]

mod lambda_http;
#[path = "../shared/medians.rs"]
mod medians;
mod polyfn;
mod shapes;

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use serde_json::Value;

use self::{medians::median, shapes::Case};

fn main() {
    let mut criterion = medians::criterion();
    let cases = shapes::all();
    for case in &cases {
        agree(case);
        bench(&mut criterion, case);
    }
    criterion.final_summary();
    report(&cases);
}

fn bench(criterion: &mut Criterion, case: &Case) {
    let size = u64::try_from(case.delivery.len()).unwrap_or(u64::MAX);
    let mut group = criterion.benchmark_group(name(case, "decode"));
    group.throughput(Throughput::Bytes(size));
    group.bench_function("polyfn", |b| b.iter(|| polyfn::decode(black_box(&case.delivery))));
    group.bench_function("lambda_http", |b| b.iter(|| lambda_http::decode(black_box(&case.delivery))));
    group.finish();

    let mut group = criterion.benchmark_group(name(case, "echo"));
    group.throughput(Throughput::Bytes(size));
    group.bench_function("polyfn", |b| b.iter(|| polyfn::echo(black_box(&case.delivery))));
    group.bench_function("lambda_http", |b| b.iter(|| lambda_http::echo(black_box(&case.delivery))));
    group.finish();
}

fn name(case: &Case, work: &str) -> String {
    format!("{}-{}-{work}", case.shape, case.size)
}

/// Panics unless both read the same request and write the same reply. The bodies are too long to print.
fn agree(case: &Case) {
    let (ours, theirs) = (polyfn::seen(&case.delivery), lambda_http::seen(&case.delivery));
    assert!(ours == theirs, "{} {}: the requests differ", case.shape, case.size);
    assert!(ours.body == case.body, "{} {}: not the body that was sent", case.shape, case.size);
    let (ours, theirs) = (reply(&polyfn::echo(&case.delivery)), reply(&lambda_http::echo(&case.delivery)));
    assert!(ours == theirs, "{} {}: the replies differ", case.shape, case.size);
}

/// Status, body and whether it is base64; absent means it is not.
fn reply(reply: &Bytes) -> (Value, Value, bool) {
    let reply: Value = serde_json::from_slice(reply).expect("a reply is JSON");
    (reply["statusCode"].clone(), reply["body"].clone(), reply["isBase64Encoded"].as_bool().unwrap_or(false))
}

fn report(cases: &[Case]) {
    println!("\n{:<28} {:>14} {:>14} {:>8}   medians", "", "polyfn us", "lambda_http us", "ratio");
    for case in cases {
        for work in ["decode", "echo"] {
            let group = name(case, work);
            // `--test` and a filter leave some unmeasured.
            let (Some(ours), Some(theirs)) = (median(&group, "polyfn"), median(&group, "lambda_http")) else { continue };
            println!("{group:<28} {:>14.2} {:>14.2} {:>8.2}", ours / 1e3, theirs / 1e3, ours / theirs);
        }
    }
    println!("\necho is decode, and the request's body sent back as the reply. lambda_http reads no VPC Lattice v1 events.");
    println!("versions: polyfn {}, {}", env!("CARGO_PKG_VERSION"), lambda_http::VERSION);
}
