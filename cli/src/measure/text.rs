use std::fmt::Write as _;

use polyfn_shim::manifest::Manifest;

use super::{
    costs::Costs,
    measured::Measured,
    measuring::{AT_ONCE, EVENTS},
    units::{count, size, time},
};
use crate::{columns::columns, terminal::Paint};

/// The report for people: what was measured, what it would cost, and what that leaves out.
pub(super) fn text(
    manifest: &Manifest,
    function: &str,
    runs: u32,
    measured: &[Measured],
    costs: &Costs<'_>,
    paint: Paint,
) -> String {
    let Paint { bold, plain, .. } = paint;
    let Manifest { program, version, .. } = manifest;
    let mut text =
        format!("{bold}{program} {version}{plain}, its function `{function}`, each provider's host on this machine\n\n");
    text.push_str(&figures(measured, paint));
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\nStart: from the start of the process to its first reply, {runs} times: the median, the shortest and the longest, and the\n\
         median distance from the median. Event: the median of {EVENTS} that came one after the other; where they come over HTTP, each\n\
         on a connection of its own. Memory: the most that one process had.\n",
    );
    if !costs.by_invocation.is_empty() {
        let _ = write!(
            text,
            "\n{bold}A million invocations of that length, in {}{plain}\n\n{}",
            costs.currency,
            millions(costs, paint)
        );
    }
    if !costs.always_on.is_empty() {
        let (hours, currency) = (costs.hours_a_month, costs.currency);
        let _ = write!(text, "\n{bold}One container that runs all the time, {hours} hours a month, in {currency}{plain}\n\n");
        text.push_str(&containers(costs, paint));
    }
    text.push_str(
        "\nEach invocation has an instance to itself. Free grants, discounts, taxes, traffic, logs, gateways and load balancers are left\n\
         out. Durations are those of this machine. Prices:\n",
    );
    for (source, date) in costs.sources() {
        let _ = writeln!(text, "  {date}  {source}");
    }
    text
}

fn figures(measured: &[Measured], paint: Paint) -> String {
    let at_once = format!("{AT_ONCE} at once");
    let head =
        ["provider", "start", "shortest", "longest", "distance", "event", "events/s", &at_once, "program", "package", "memory"];
    let row = |measured: &Measured| {
        let Measured { target, start, event, .. } = measured;
        let unknown = || "-".to_owned();
        [
            target.as_str().to_owned(),
            time(start.median),
            time(start.least),
            time(start.most),
            time(start.deviation),
            time(event.median),
            count(measured.in_turn.into()),
            count(measured.at_once.into()),
            size(measured.size),
            measured.package.as_ref().map_or_else(unknown, |(_, bytes)| size(*bytes)),
            measured.memory.map_or_else(unknown, size),
        ]
    };
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned)).chain(measured.iter().map(row)).collect();
    columns(&rows, 1..11, paint)
}

fn millions(costs: &Costs<'_>, paint: Paint) -> String {
    let head = ["plan", "region", "memory", "paid for", "a million"].map(str::to_owned);
    let rows = costs.by_invocation.iter().map(|(plan, million)| {
        let memory = format!("{} MB", million.memory_mb);
        [plan.name.clone(), plan.region.clone(), memory, format!("{} ms", million.billed_ms), million.cost.rounded(4)]
    });
    columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), 2..5, paint)
}

fn containers(costs: &Costs<'_>, paint: Paint) -> String {
    let head = ["container", "region", "size", "a month"].map(str::to_owned);
    let rows = costs.always_on.iter().map(|(container, a_month)| {
        let vcpu = super::decimal::rounded(container.millivcpu.into(), 3, 2);
        let size = format!("{vcpu} vCPU, {} MB", container.memory_mb);
        [container.name.clone(), container.region.clone(), size, a_month.rounded(2)]
    });
    let mut text = columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), 3..4, paint);
    let crossings = costs.crossings();
    if crossings.is_empty() {
        return text;
    }
    text.push('\n');
    let head = ["container", "is cheaper than", "from invocations a month", "that is a second"].map(str::to_owned);
    let rows = crossings.iter().map(|crossing| {
        let seconds = u128::from(costs.hours_a_month) * 3_600;
        let a_second = super::decimal::rounded(crossing.invocations.saturating_mul(100) / seconds.max(1), 2, 2);
        [crossing.container.name.clone(), crossing.plan.name.clone(), count(crossing.invocations), a_second]
    });
    text.push_str(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), 2..4, paint));
    text
}
