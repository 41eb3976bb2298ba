//! The report as a picture: an SVG that reads in a light and a dark page, with its text as text.

mod costs;
mod scale;
mod starts;
mod svg;

use self::svg::{Svg, number};
use super::{costs::Costs, measured::Measured};

/// Light unless the page is dark. Lines differ by their dashes too, for those who see fewer colours.
const STYLE: &str = "
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.head { font-size: 15px; font-weight: 600 }
.dim { fill: #59636e }
.paper { fill: #ffffff }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.reach, .box, .point { stroke: #0969da; fill: #0969da }
.reach { stroke-width: 2 }
.box { fill-opacity: .3; stroke-width: 0 }
.plan, .always { fill: none; stroke-width: 2 }
.always { stroke: #59636e }
.l0 { stroke: #0969da }
.l1 { stroke: #1a7f37; stroke-dasharray: 8 4 }
.l2 { stroke: #9a6700; stroke-dasharray: 2 3 }
.l3 { stroke: #8250df; stroke-dasharray: 10 3 2 3 }
.a1 { stroke-dasharray: 8 4 }
.a2 { stroke-dasharray: 2 3 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.dim { fill: #9198a1 }
.paper { fill: #0d1117 }
.grid { stroke: #3d444d }
.reach, .box, .point { stroke: #4493f8; fill: #4493f8 }
.always { stroke: #9198a1 }
.l0 { stroke: #4493f8 }
.l1 { stroke: #3fb950 }
.l2 { stroke: #d29922 }
.l3 { stroke: #ab7df8 }
}
";

const WIDTH: f64 = 760.0;
/// Between the picture's edge and what is in it.
const MARGIN: f64 = 24.0;

/// Draws how long the program takes to start on each provider, and what its invocations cost in a month.
pub(super) fn draw(program: &str, measured: &[Measured], costs: &Costs<'_>) -> String {
    let split = starts::height(measured);
    let height = split + costs::height(costs);
    let mut svg = Svg::default();
    let (width, tall) = (number(WIDTH), number(height));
    svg.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("viewBox", &format!("0 0 {width} {tall}")),
            ("width", &width),
            ("height", &tall),
            ("role", "img"),
            ("aria-labelledby", "title desc"),
        ],
    );
    svg.text("title", &[("id", "title")], &format!("{program}: starts and costs by provider"));
    svg.text("desc", &[("id", "desc")], &described(measured, costs));
    svg.text("style", &[], STYLE);
    svg.shape("rect", &[("width", &width), ("height", &tall), ("class", "paper")]);
    starts::draw(&mut svg, measured);
    costs::draw(&mut svg, costs, split);
    svg.finish()
}

/// All that the picture shows, in words.
fn described(measured: &[Measured], costs: &Costs<'_>) -> String {
    let starts = measured.iter().map(|measured| {
        let [median, least, most] = [measured.start.median, measured.start.least, measured.start.most].map(super::units::time);
        format!("As on {} the first reply comes {median} after the start, {least} to {most}.", measured.target.as_str())
    });
    let currency = costs.currency;
    let millions = costs
        .by_invocation
        .iter()
        .map(|(plan, million)| format!("A million invocations on {} cost {} {currency}.", plan.name, million.cost.rounded(4)));
    let crossings = costs.crossings().into_iter().map(|crossing| {
        let (from, a_month) = (super::units::count(crossing.invocations), crossing.a_month.rounded(2));
        let (container, plan) = (&crossing.container.name, &crossing.plan.name);
        format!("{container}, {a_month} {currency} a month, is cheaper than {plan} from {from} invocations a month.")
    });
    starts.chain(millions).chain(crossings).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        measure::{prices::Prices, spread::Spread},
        target::Target,
    };

    fn measured(target: Target, ms: &[u64]) -> Measured {
        let times: Vec<_> = ms.iter().map(|ms| Duration::from_millis(*ms)).collect();
        let start = Spread::of(&times).unwrap();
        let event = Spread::of(&[Duration::from_micros(250)]).unwrap();
        Measured { target, start, size: 1, package: None, memory: None, event, in_turn: 1, at_once: 1, refused: None }
    }

    fn hostile() -> Prices {
        let mut prices = Prices::load(None).unwrap();
        prices.by_invocation[0].name = "</text><script>alert('1')</script>&\"\u{1}\u{ffff}".to_owned();
        prices
    }

    fn texts(document: &roxmltree::Document<'_>) -> Vec<String> {
        document
            .descendants()
            .filter(|node| node.has_tag_name("text") || node.is_text())
            .filter_map(|node| node.text())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn it_is_xml_whatever_things_are_called() {
        let measured = [measured(Target::Aws, &[3, 4, 9]), measured(Target::Container, &[2])];
        let prices = hostile();
        let text = draw("<b>\"shop\"&'", &measured, &Costs::of(&prices, &measured, None));
        let document = roxmltree::Document::parse(&text).unwrap();
        let root = document.root_element();
        assert_eq!((root.tag_name().name(), root.attribute("role")), ("svg", Some("img")));
        assert!(!document.descendants().any(|node| node.has_tag_name("script") || node.has_tag_name("b")));
        let title = root.children().find(|node| node.has_tag_name("title")).unwrap();
        assert_eq!(title.text().unwrap().trim_end(), "<b>\"shop\"&': starts and costs by provider");
        assert_eq!(title.attribute("id"), Some("title"));
        let shown = texts(&document);
        assert!(shown.iter().any(|text| text.contains("</text><script>alert('1')</script>&\"\u{fffd}\u{fffd}")), "{shown:?}");
    }

    #[test]
    fn each_provider_and_each_crossing_is_in_it() {
        let measured = Target::ALL.map(|target| measured(target, &[3, 4, 9]));
        let prices = Prices::load(None).unwrap();
        let text = draw("shop", &measured, &Costs::of(&prices, &measured, None));
        let document = roxmltree::Document::parse(&text).unwrap();
        let shown = texts(&document);
        for target in Target::ALL {
            assert!(shown.iter().any(|text| text == target.as_str()), "{target:?}: {shown:?}");
        }
        let style = document.descendants().find(|node| node.has_tag_name("style")).unwrap();
        assert_eq!(style.text().unwrap().trim(), STYLE.trim(), "what browsers read is what is written here");
        // Three plans, and two containers that each of them crosses.
        let of = |class: &str| {
            document
                .descendants()
                .filter(|node| node.attribute("class").is_some_and(|have| have.split(' ').any(|name| name == class)))
                .count()
        };
        assert_eq!(
            (of("reach"), of("box"), of("always")),
            (4, 4, 4),
            "a line in the plot and one in the legend for each container"
        );
        assert_eq!((of("plan"), of("crossing")), (6, 6));
        let desc = root_desc(&document);
        assert!(desc.contains("As on aws the first reply comes 4.0 ms after the start, 3.0 ms to 9.0 ms."), "{desc}");
        assert!(
            desc.contains(
                "AWS Fargate, arm64, 7.21 USD a month, is cheaper than AWS Lambda, arm64 from 35 745 867 invocations a month."
            ),
            "{desc}"
        );
        // Each place is in the picture.
        for node in document.descendants() {
            for name in ["x", "x1", "x2", "cx"] {
                if let Some(x) = node.attribute(name) {
                    let x: f64 = x.parse().unwrap();
                    assert!((0.0..=WIDTH).contains(&x), "{name}={x}");
                }
            }
        }
    }

    fn root_desc(document: &roxmltree::Document<'_>) -> String {
        let desc = document.descendants().find(|node| node.has_tag_name("desc")).unwrap();
        desc.text().unwrap().to_owned()
    }

    #[test]
    fn without_prices_there_are_the_starts() {
        let measured = [measured(Target::Container, &[2])];
        let mut prices = Prices::load(None).unwrap();
        prices.always_on.clear();
        let text = draw("shop", &measured, &Costs::of(&prices, &measured, None));
        let document = roxmltree::Document::parse(&text).unwrap();
        assert!(!texts(&document).iter().any(|text| text.contains("a month")));
    }
}
