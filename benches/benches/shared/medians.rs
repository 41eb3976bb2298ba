use std::{fs, path::Path, time::Duration};

use criterion::Criterion;
use serde_json::Value;

/// Where criterion keeps its estimates; cargo's own place for a bench's files.
const DIRECTORY: &str = env!("CARGO_TARGET_TMPDIR");

/// Short runs: what counts is the ratio of two that stand side by side.
pub(crate) fn criterion() -> Criterion {
    Criterion::default()
        .output_directory(Path::new(DIRECTORY))
        .without_plots()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(40)
        .configure_from_args()
}

/// The median in nanoseconds; `None` if it was not measured.
pub(crate) fn median(group: &str, function: &str) -> Option<f64> {
    let path = Path::new(DIRECTORY).join(group).join(function).join("new/estimates.json");
    let estimates: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    estimates.pointer("/median/point_estimate")?.as_f64()
}
