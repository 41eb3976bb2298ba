use std::{fmt::Debug, hint::black_box};

use criterion::{Criterion, Throughput};

use crate::medians::{criterion, median};

/// The measuring, and what has been measured so far.
pub(crate) struct Bench {
    criterion: Criterion,
    measured: Vec<(String, &'static str)>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { criterion: criterion(), measured: Vec::new() }
    }

    /// Measures one source: bytes to the decoder's own type, and the same with the payload read into the user's type.
    ///
    /// Each side is how it decodes, and how a user gets what a function wants of that. Panics unless both get the same.
    pub(crate) fn source<A, B, V: Debug + PartialEq>(
        &mut self,
        name: &str,
        peer: &'static str,
        size: usize,
        ours: (impl Fn() -> A, impl Fn(A) -> V),
        theirs: (impl Fn() -> B, impl Fn(B) -> V),
    ) {
        assert_eq!(ours.1(ours.0()), theirs.1(theirs.0()), "{name}: the values differ");
        self.pair(format!("{name}-decode"), peer, size, &ours.0, &theirs.0);
        self.pair(format!("{name}-typed"), peer, size, || ours.1(ours.0()), || theirs.1(theirs.0()));
    }

    fn pair<A, B>(&mut self, name: String, peer: &'static str, size: usize, ours: impl Fn() -> A, theirs: impl Fn() -> B) {
        let mut group = self.criterion.benchmark_group(&name);
        group.throughput(Throughput::Bytes(u64::try_from(size).unwrap_or(u64::MAX)));
        group.bench_function("polyfn", |b| b.iter(|| black_box(ours())));
        group.bench_function(peer, |b| b.iter(|| black_box(theirs())));
        group.finish();
        self.measured.push((name, peer));
    }

    pub(crate) fn report(&self) {
        self.criterion.final_summary();
        println!("\n{:<24} {:>12} {:>12} {:>8}   medians", "", "polyfn us", "peer us", "ratio");
        for (name, peer) in &self.measured {
            // `--test` and a filter leave some unmeasured.
            let (Some(ours), Some(theirs)) = (median(name, "polyfn"), median(name, peer)) else { continue };
            println!("{name:<24} {:>12.2} {:>12.2} {:>8.2}   {peer}", ours / 1e3, theirs / 1e3, ours / theirs);
        }
    }
}
