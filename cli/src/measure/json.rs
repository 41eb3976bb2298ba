use polyfn_shim::manifest::Manifest;
use serde_json::{Value, json};

use super::{costs::Costs, measured::Measured, spread::Spread};

/// The report for programs. Times are in microseconds, sizes in bytes, amounts are decimal numbers as text.
pub(super) fn json(manifest: &Manifest, function: &str, runs: u32, measured: &[Measured], costs: &Costs<'_>) -> Value {
    let millions = costs.by_invocation.iter().map(|(plan, million)| {
        json!({
            "plan": plan.name, "provider": plan.provider, "region": plan.region, "memory_mb": million.memory_mb,
            "billed_ms": u64::try_from(million.billed_ms).ok(), "a_million": million.cost.rounded(6),
        })
    });
    let containers = costs.always_on.iter().map(|(container, a_month)| {
        json!({
            "container": container.name, "region": container.region, "millivcpu": container.millivcpu,
            "memory_mb": container.memory_mb, "a_month": a_month.rounded(6),
        })
    });
    let crossings = costs.crossings().into_iter().map(|crossing| {
        let from = u64::try_from(crossing.invocations).ok();
        json!({"container": crossing.container.name, "cheaper_than": crossing.plan.name, "from_invocations_a_month": from})
    });
    let sources = costs.sources().into_iter().map(|(source, date)| json!({"source": source, "date": date}));
    json!({
        "program": manifest.program, "version": manifest.version, "function": function, "runs": runs,
        "providers": measured.iter().map(figures).collect::<Vec<_>>(),
        "costs": {
            "currency": costs.currency, "hours_a_month": costs.hours_a_month,
            "by_invocation": millions.collect::<Vec<_>>(), "always_on": containers.collect::<Vec<_>>(),
            "crossings": crossings.collect::<Vec<_>>(), "sources": sources.collect::<Vec<_>>(),
        },
    })
}

fn figures(measured: &Measured) -> Value {
    let package = measured.package.as_ref().map(|(file, bytes)| json!({"file": file.display().to_string(), "bytes": bytes}));
    json!({
        "provider": measured.target.as_str(), "start": spread(&measured.start), "event": spread(&measured.event),
        "events_a_second": {"in_turn": measured.in_turn, "at_once": measured.at_once},
        "program_bytes": measured.size, "package": package, "peak_memory_bytes": measured.memory, "refused": measured.refused,
    })
}

fn spread(spread: &Spread) -> Value {
    let us = |time: std::time::Duration| u64::try_from(time.as_micros()).ok();
    json!({
        "median_us": us(spread.median), "shortest_us": us(spread.least), "longest_us": us(spread.most),
        "median_distance_us": us(spread.deviation),
    })
}
