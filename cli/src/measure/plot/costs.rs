use super::{
    MARGIN, WIDTH,
    scale::{Scale, drawn},
    svg::{Svg, number},
};
use crate::measure::{
    costs::{Costs, Crossing},
    money::Money,
};

const LEFT: f64 = 84.0;
const RIGHT: f64 = WIDTH - MARGIN;
/// Of the plot itself, below its heading.
const HEIGHT: f64 = 280.0;
const LEGEND: f64 = 20.0;

/// A decimal logarithm, of invocations and of money: a plan is a straight line there, as steep as every other.
struct Plot {
    x: Scale,
    y: Scale,
    decades: [(i32, i32); 2],
}

pub(super) fn height(costs: &Costs<'_>) -> f64 {
    if is_empty(costs) { 0.0 } else { 70.0 + HEIGHT + 50.0 + LEGEND * entries(costs) }
}

fn is_empty(costs: &Costs<'_>) -> bool {
    costs.by_invocation.is_empty() && costs.always_on.is_empty()
}

fn entries(costs: &Costs<'_>) -> f64 {
    let plans = costs.by_invocation.iter().map(|_| 1.0);
    plans.chain(costs.always_on.iter().map(|_| 1.0)).sum()
}

/// What a month costs by its number of invocations: each plan, each container, and where they cross.
pub(super) fn draw(svg: &mut Svg, costs: &Costs<'_>, top: f64) {
    if is_empty(costs) {
        return;
    }
    let crossings = costs.crossings();
    let heading = format!("What a month costs in {}, by its invocations", costs.currency);
    svg.label((MARGIN, top + 24.0), "head", "start", &heading);
    svg.label((MARGIN, top + 44.0), "dim", "start", "a circle: from so many on the container is cheaper");
    let plot = Plot::new(costs, &crossings, top + 62.0);
    plot.grid(svg);
    let ends = ("clip-path", "url(#frame)");
    for (at, (_, million)) in costs.by_invocation.iter().enumerate() {
        let [(from, to), _] = plot.decades.map(|(from, to)| (f64::from(from), f64::from(to)));
        // As many decades more of money as of invocations.
        let million = amount(million.cost).log10() - 6.0;
        let [first, last] = [from, to].map(|x| format!("{} {}", number(plot.x.at(x)), number(plot.y.at(x + million))));
        let path = format!("M{first} L{last}");
        svg.shape("path", &[("d", &path), ("class", &format!("plan l{}", at % 4)), ends]);
    }
    for (at, (_, a_month)) in costs.always_on.iter().enumerate() {
        let y = plot.y.at(amount(*a_month).log10());
        svg.line((LEFT, y), (RIGHT, y), &format!("always a{}", at % 3));
    }
    for Crossing { a_month, invocations, .. } in &crossings {
        let (x, y) = (drawn(*invocations).log10(), amount(*a_month).log10());
        if plot.x.holds(x) && plot.y.holds(y) {
            let (x, y) = (plot.x.at(x), plot.y.at(y));
            svg.shape("circle", &[("cx", &number(x)), ("cy", &number(y)), ("r", "4"), ("class", "point crossing")]);
            svg.label((x - 7.0, y - 7.0), "", "end", &about(*invocations));
        }
    }
    legend(svg, costs, top + 62.0 + HEIGHT + 44.0);
}

impl Plot {
    fn new(costs: &Costs<'_>, crossings: &[Crossing<'_>], top: f64) -> Self {
        let most = crossings.iter().map(|crossing| drawn(crossing.invocations)).fold(1e7, f64::max);
        let least = crossings.iter().map(|crossing| drawn(crossing.invocations)).fold(1e6, f64::min);
        let months: Vec<_> = costs.always_on.iter().map(|(_, a_month)| amount(*a_month)).collect();
        let x = (decade(least) - 1, decade(most) + 1);
        let y = (decade(months.iter().copied().fold(1.0, f64::min)) - 1, decade(months.iter().copied().fold(10.0, f64::max)) + 2);
        let scale = |(from, to): (i32, i32), places| Scale::new((f64::from(from), f64::from(to)), places);
        Self { x: scale(x, (LEFT, RIGHT)), y: scale(y, (top + HEIGHT, top)), decades: [x, y] }
    }

    fn grid(&self, svg: &mut Svg) {
        let [(left, right), (low, high)] = self.decades;
        let (top, bottom) = (self.y.at(f64::from(high)), self.y.at(f64::from(low)));
        svg.open("clipPath", &[("id", "frame")]);
        let [x, y, width, height] = [LEFT, top, RIGHT - LEFT, bottom - top].map(number);
        svg.shape("rect", &[("x", &x), ("y", &y), ("width", &width), ("height", &height)]);
        svg.close();
        for decade in left..=right {
            let x = self.x.at(f64::from(decade));
            svg.line((x, top), (x, bottom), "grid");
            svg.label((x, bottom + 18.0), "dim", "middle", &about(10_u128.pow(decade.unsigned_abs())));
        }
        for decade in low..=high {
            let y = self.y.at(f64::from(decade));
            svg.line((LEFT, y), (RIGHT, y), "grid");
            let decimals = usize::try_from(-decade).unwrap_or_default();
            svg.label((LEFT - 10.0, y + 4.0), "dim", "end", &format!("{:.decimals$}", 10_f64.powi(decade)));
        }
    }
}

fn legend(svg: &mut Svg, costs: &Costs<'_>, top: f64) {
    let plans = costs.by_invocation.iter().enumerate().map(|(at, (plan, million))| {
        let text = format!("{}, {}: {} a million", plan.name, plan.region, million.cost.rounded(2));
        (format!("plan l{}", at % 4), text)
    });
    let containers = costs.always_on.iter().enumerate().map(|(at, (container, a_month))| {
        let text = format!("{}, {}: {} a month, whatever happens", container.name, container.region, a_month.rounded(2));
        (format!("always a{}", at % 3), text)
    });
    let mut y = top;
    for (class, text) in plans.chain(containers) {
        svg.line((LEFT, y - 4.0), (LEFT + 36.0, y - 4.0), &class);
        svg.label((LEFT + 46.0, y), "", "start", &text);
        y += LEGEND;
    }
}

/// In units of the currency; nothing is drawn as next to nothing, which has a logarithm.
fn amount(money: Money) -> f64 {
    drawn(money.0.max(1)) / 1e12
}

/// The decade that a number is in: 2 for 100 to 999.
fn decade(number: f64) -> i32 {
    format!("{:.0}", number.log10().floor()).parse().unwrap_or_default()
}

/// Two digits of a large number: `36 M`.
fn about(number: u128) -> String {
    const NAMES: [(u128, &str); 4] = [(1_000_000_000_000, " T"), (1_000_000_000, " G"), (1_000_000, " M"), (1_000, " k")];
    let Some((size, name)) = NAMES.into_iter().find(|(size, _)| number >= *size) else { return number.to_string() };
    let tenths = (number * 10 + size / 2) / size;
    if tenths < 100 && !tenths.is_multiple_of(10) {
        return format!("{}.{}{name}", tenths / 10, tenths % 10);
    }
    format!("{}{name}", (number + size / 2) / size)
}

#[cfg(test)]
mod tests {
    use super::{about, decade};

    #[test]
    fn a_large_number_has_two_digits() {
        assert_eq!(
            [about(999), about(1_000), about(137_572), about(2_464_531), about(35_745_867)],
            ["999", "1 k", "138 k", "2.5 M", "36 M"]
        );
        assert_eq!([about(1_000_000_000), about(9_960_000)], ["1 G", "10 M"]);
    }

    #[test]
    fn a_number_is_in_a_decade() {
        assert_eq!([decade(0.02), decade(1.0), decade(999.0), decade(1_000.0)], [-2, 0, 2, 3]);
    }
}
