//! Curves and histograms as SVG, in the colours of the page.

use super::filters::group;
use crate::datapath::{Axis, Curve};
use std::fmt::Write;

/// The colours of a plot that stands alone; the page brings its own.
const COLOURS: &str = ":root { --paper: #fff; --ink: #1d2126; --soft: #5c6670; --line: #d9dcdf; --accent: #1f6f8b; --wire: #b9792b; } \
    @media (prefers-color-scheme: dark) { :root { --paper: #1c2024; --ink: #e7eaed; --soft: #98a3ad; --line: #30363c; --accent: #5db3d1; --wire: #d9a45c; } }";

/// How the parts of a plot look.
pub const RULES: &str = ".plot { font: 12px system-ui, sans-serif; fill: var(--soft); } .plot path { fill: none; } \
    .plot .grid { stroke: var(--line); } .plot .axis { stroke: var(--soft); } .plot .name { fill: var(--ink); } \
    .plot .first { stroke: var(--accent); } .plot .second { stroke: var(--wire); } .plot .third { stroke: var(--ink); } \
    .plot .area { fill: var(--accent); fill-opacity: .18; stroke: var(--accent); } .plot .key { stroke-width: 3; } \
    .plot .dots { stroke-width: 2.4; stroke-linecap: round; stroke-opacity: .55; } .plot .few { stroke-width: 8; stroke-opacity: 1; }";

/// Points that are not joined are drawn large where they are no more than this.
const FEW: usize = 60;

const LOOKS: [&str; 3] = ["first", "second", "third"];

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 44.0;

/// An axis with the numbers that it reaches.
struct Ruler {
    log: bool,
    lo: f64,
    hi: f64,
    ticks: Vec<f64>,
}

impl Ruler {
    /// From tick to tick around all `numbers`; a logarithmic one around those above 0.
    fn around(log: bool, numbers: impl Iterator<Item = f64>) -> Self {
        let shown = numbers.filter(|number| number.is_finite() && (!log || *number > 0.0));
        let (lo, hi) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| (lo.min(x), hi.max(x)));
        let (lo, hi) = if lo <= hi { (lo, hi) } else { (1.0, 10.0) };
        if log {
            let (first, last) = (lo.log10().floor() as i32, hi.log10().ceil() as i32);
            let last = last.max(first + 1);
            let stride = ((last - first) / 8 + 1) as usize;
            let ticks = (first..=last).step_by(stride).map(|power| 10f64.powi(power)).collect();
            return Self { log, lo: 10f64.powi(first), hi: 10f64.powi(last), ticks };
        }
        let span = if hi > lo { hi - lo } else { hi.abs().max(1.0) };
        let power = 10f64.powf((span / 5.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|part| part * power).into_iter().find(|step| span / step <= 6.0);
        let step = step.unwrap_or(span);
        let (first, last) = ((lo / step).floor() as i64, (hi / step).ceil() as i64);
        let last = last.max(first + 1);
        let ticks: Vec<f64> = (first..=last).map(|tick| tick as f64 * step).collect();
        Self { log, lo: first as f64 * step, hi: last as f64 * step, ticks }
    }

    /// Not from tick to tick, but from the least to the greatest of `numbers`.
    fn over(log: bool, numbers: impl Iterator<Item = f64> + Clone) -> Self {
        let mut ruler = Self::around(log, numbers.clone());
        let (lo, hi) = numbers
            .filter(|number| number.is_finite() && (!log || *number > 0.0))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), number| (lo.min(number), hi.max(number)));
        if lo < hi {
            ruler.ticks.retain(|tick| (lo..=hi).contains(tick));
            if ruler.ticks.len() < 2 {
                ruler.ticks = vec![lo, hi];
            }
            (ruler.lo, ruler.hi) = (lo, hi);
        }
        ruler
    }

    /// Where `number` is, from 0 to 1; none where the axis does not show it.
    fn place(&self, number: f64) -> Option<f64> {
        if self.log && number <= 0.0 {
            return None;
        }
        let of = |number: f64| if self.log { number.log10() } else { number };
        Some((of(number) - of(self.lo)) / (of(self.hi) - of(self.lo)))
    }

    fn text(&self, tick: f64) -> String {
        let step = match self.ticks[..] {
            [first, second, ..] if !self.log => second - first,
            _ => tick.abs().max(f64::MIN_POSITIVE),
        };
        let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
        let text = format!("{tick:.decimals$}");
        match text.split_once('.') {
            Some((whole, rest)) => format!("{}.{rest}", group(whole)),
            None => group(&text),
        }
    }
}

fn x_of(place: f64) -> f64 {
    LEFT + place * (WIDTH - LEFT - RIGHT)
}

fn y_of(place: f64) -> f64 {
    HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM)
}

/// Curves on common axes.
pub fn curves(title: &str, x: &Axis, y: &Axis, curves: &[Curve]) -> String {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let across = Ruler::over(x.log, points().map(|point| point.0));
    let up = Ruler::around(y.log, points().map(|point| point.1));
    let mut plot = Plot::begin(title, x, y, &across, &up);
    for (curve, look) in curves.iter().zip(LOOKS.iter().cycle()) {
        let mut line = String::new();
        let mut pen = 'M';
        for &(x, y) in &curve.points {
            match (across.place(x), up.place(y)) {
                (Some(x), Some(y)) if curve.joined => {
                    write!(line, "{pen}{:.1} {:.1}", x_of(x), y_of(y)).expect("writing into memory");
                    pen = 'L';
                }
                (Some(x), Some(y)) => {
                    write!(line, "M{:.1} {:.1}h0", x_of(x), y_of(y)).expect("writing into memory");
                }
                _ => pen = 'M',
            }
        }
        let drawn = match (curve.joined, curve.points.len() <= FEW) {
            (true, _) => (*look).to_owned(),
            (false, true) => format!("dots few {look}"),
            (false, false) => format!("dots {look}"),
        };
        plot.line(&line, &drawn);
        plot.key(&curve.name, look);
    }
    plot.end()
}

/// Sets of counts as outlines over the bins between `edges`; the first one is filled.
pub fn histogram(title: &str, x: &Axis, y: &Axis, edges: &[f64], sets: &[(String, Vec<u64>)]) -> String {
    let counts = || sets.iter().flat_map(|(_, counts)| counts).map(|&count| count as f64);
    let across = Ruler::over(x.log, edges.iter().copied());
    let mut up = Ruler::around(y.log, counts().chain([if y.log { 1.0 } else { 0.0 }]));
    if y.log {
        up.lo = 0.5; // a count of 1 still has a height
    }
    let mut plot = Plot::begin(title, x, y, &across, &up);
    for ((name, counts), look) in sets.iter().zip(["area", "second", "third"].iter().cycle()) {
        let mut line = format!("M{:.1} {:.1}", x_of(across.place(edges[0]).unwrap_or(0.0)), y_of(0.0));
        for (pair, &count) in edges.windows(2).zip(counts) {
            let height = y_of(up.place(count as f64).unwrap_or(0.0).max(0.0));
            let [from, to] = [pair[0], pair[1]].map(|edge| x_of(across.place(edge).unwrap_or(0.0)));
            write!(line, "L{from:.1} {height:.1}L{to:.1} {height:.1}").expect("writing into memory");
        }
        write!(line, "V{:.1}", y_of(0.0)).expect("writing into memory");
        plot.line(&line, look);
        plot.key(name, if *look == "area" { "first" } else { look });
    }
    plot.end()
}

/// The plot as a file of its own.
pub fn alone(svg: &str) -> String {
    let head = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" ");
    let ground = "<path d=\"M0 0H640V300H0Z\" style=\"fill:var(--paper)\"/>";
    let style = format!("<style>{COLOURS} {RULES}</style>{ground}");
    let svg = svg.replacen("<svg ", &head, 1);
    svg.replacen("</title>", &format!("</title>{style}"), 1)
}

/// An SVG that grows part by part.
struct Plot {
    text: String,
    /// Where the next key of the legend stands.
    key_x: f64,
}

impl Plot {
    /// Grid, axes, and what stands at them.
    fn begin(title: &str, x: &Axis, y: &Axis, across: &Ruler, up: &Ruler) -> Self {
        let mut plot = Self { text: String::new(), key_x: LEFT };
        let title = escaped(title);
        plot.add(&format!(
            "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
        ));
        for &tick in &across.ticks {
            let at = x_of(across.place(tick).unwrap_or(0.0));
            let (top, bottom) = (y_of(1.0), y_of(0.0));
            plot.add(&format!("<path class=\"grid\" d=\"M{at:.1} {top:.1}V{bottom:.1}\"/>"));
            let below = bottom + 16.0;
            plot.add(&format!(
                "<text x=\"{at:.1}\" y=\"{below:.1}\" text-anchor=\"middle\">{}</text>",
                across.text(tick)
            ));
        }
        for &tick in &up.ticks {
            let at = y_of(up.place(tick).unwrap_or(0.0));
            let (left, right) = (x_of(0.0), x_of(1.0));
            plot.add(&format!("<path class=\"grid\" d=\"M{left:.1} {at:.1}H{right:.1}\"/>"));
            let (before, middle) = (left - 7.0, at + 4.0);
            plot.add(&format!(
                "<text x=\"{before:.1}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text>",
                up.text(tick)
            ));
        }
        let corner = format!("M{:.1} {:.1}V{:.1}H{:.1}", x_of(0.0), y_of(1.0), y_of(0.0), x_of(1.0));
        plot.line(&corner, "axis");
        let (middle, bottom) = (x_of(0.5), HEIGHT - 8.0);
        plot.add(&format!(
            "<text class=\"name\" x=\"{middle:.1}\" y=\"{bottom}\" text-anchor=\"middle\">{}</text>",
            escaped(&x.label)
        ));
        let middle = y_of(0.5);
        plot.add(&format!(
            "<text class=\"name\" transform=\"translate(14 {middle:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            escaped(&y.label)
        ));
        plot
    }

    fn add(&mut self, part: &str) {
        self.text += part;
    }

    fn line(&mut self, outline: &str, look: &str) {
        self.add(&format!("<path class=\"{look}\" d=\"{outline}\"/>"));
    }

    /// The next entry of the legend.
    fn key(&mut self, name: &str, look: &str) {
        let (x, y) = (self.key_x, TOP - 15.0);
        self.add(&format!("<path class=\"key {look}\" d=\"M{x:.1} {y:.1}h18\"/>"));
        let (x, y) = (x + 24.0, y + 4.0);
        self.add(&format!("<text class=\"name\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(name)));
        self.key_x = x + 7.0 * name.chars().count() as f64 + 22.0;
    }

    fn end(mut self) -> String {
        self.add("</svg>");
        self.text
    }
}

/// `text` as text of HTML and SVG.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_all_numbers() {
        let ruler = Ruler::around(false, [0.31, 0.97].into_iter());
        let texts: Vec<String> = ruler.ticks.iter().map(|tick| ruler.text(*tick)).collect();
        assert_eq!(texts, ["0.2", "0.4", "0.6", "0.8", "1.0"]);
        let ruler = Ruler::around(false, [0.0, 1437.0].into_iter());
        let texts: Vec<String> = ruler.ticks.iter().map(|tick| ruler.text(*tick)).collect();
        assert_eq!(texts, ["0", "500", "1\u{202f}000", "1\u{202f}500"]);
        let ruler = Ruler::around(true, [0.0, 3.0, 2500.0].into_iter());
        assert_eq!(ruler.ticks, [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
        assert_eq!((ruler.place(0.0), ruler.place(100.0)), (None, Some(0.5)));
    }

    #[test]
    fn little_to_show_is_still_an_axis() {
        for numbers in [vec![], vec![0.0], vec![-7.0, -7.0], vec![f64::NAN]] {
            for log in [false, true] {
                let ruler = Ruler::around(log, numbers.clone().into_iter());
                assert!(ruler.lo < ruler.hi && ruler.ticks.len() >= 2, "{numbers:?}");
            }
        }
    }

    #[test]
    fn a_curve_breaks_where_a_logarithm_has_no_value() {
        let points = vec![(0.0, 1.0), (1.0, 0.0), (2.0, 10.0), (3.0, 10.0)];
        let svg = curves(
            "a < b",
            &Axis::linear("x"),
            &Axis::log("y"),
            &[Curve { name: "n".into(), points, joined: true }],
        );
        assert!(svg.contains("d=\"M66.0 256.0M432.7 30.0L616.0 30.0\""), "{svg}");
        assert!(svg.contains("<title>a &lt; b</title>"));
    }

    #[test]
    fn a_histogram_is_an_outline() {
        let sets = [("all".into(), vec![0, 1000])];
        let svg = histogram("h", &Axis::linear("x"), &Axis::log("n"), &[0.0, 1.0, 2.0], &sets);
        assert!(
            svg.contains(
                "class=\"area\" d=\"M66.0 256.0L66.0 256.0L341.0 256.0L341.0 30.0L616.0 30.0V256.0\""
            ),
            "{svg}"
        );
        assert!(alone(&svg).starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\""));
    }
}
