use super::{
    MARGIN, WIDTH,
    scale::{Scale, drawn, ticks},
    svg::{Svg, number},
};
use crate::measure::{measured::Measured, units::time};

const TOP: f64 = 72.0;
const ROW: f64 = 34.0;
/// Where the names end and the axis begins.
const LEFT: f64 = 110.0;
/// Where the axis ends, and the medians stand in figures.
const RIGHT: f64 = WIDTH - 96.0;

pub(super) fn height(measured: &[Measured]) -> f64 {
    bottom(measured) + 40.0
}

fn bottom(measured: &[Measured]) -> f64 {
    TOP + ROW * measured.iter().map(|_| 1.0).sum::<f64>()
}

/// A row for each provider: a line from the shortest to the longest, a box as far as the median distance, a point at the median.
pub(super) fn draw(svg: &mut Svg, measured: &[Measured]) {
    svg.label((MARGIN, 32.0), "head", "start", "From the start of the process to its first reply");
    svg.label((MARGIN, 52.0), "dim", "start", "median, the median distance from it, shortest and longest");
    let most = measured.iter().map(|measured| drawn(measured.start.most.as_micros())).fold(1.0, f64::max);
    let ticks = ticks(most);
    let scale = Scale::new((0.0, ticks.last().copied().unwrap_or(most)), (LEFT, RIGHT));
    let bottom = bottom(measured);
    for tick in &ticks {
        let x = scale.at(*tick);
        svg.line((x, TOP), (x, bottom), "grid");
        svg.label((x, bottom + 18.0), "dim", "middle", &milliseconds(*tick));
    }
    let mut y = TOP + ROW / 2.0;
    for Measured { target, start, .. } in measured {
        let [least, most, median, away] =
            [start.least, start.most, start.median, start.deviation].map(|time| drawn(time.as_micros()));
        svg.label((LEFT - 12.0, y + 4.0), "", "end", target.as_str());
        svg.line((scale.at(least), y), (scale.at(most), y), "reach");
        let (from, to) = (scale.at((median - away).max(0.0)), scale.at(median + away));
        let shape = [("x", number(from)), ("y", number(y - 8.0)), ("width", number(to - from)), ("height", number(16.0))];
        let mut attributes: Vec<_> = shape.iter().map(|(name, value)| (*name, value.as_str())).collect();
        attributes.push(("class", "box"));
        svg.shape("rect", &attributes);
        svg.shape("circle", &[("cx", &number(scale.at(median))), ("cy", &number(y)), ("r", "4"), ("class", "point")]);
        svg.label((RIGHT + 12.0, y + 4.0), "", "start", &time(start.median));
        y += ROW;
    }
}

fn milliseconds(us: f64) -> String {
    let ms = us / 1_000.0;
    if ms > 0.0 && ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}
