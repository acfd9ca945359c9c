//! Draws the lifting diagram of each built-in scheme: `cargo run --example lifting_diagrams` writes docs/lifting/<scheme>.svg.
//!
//! Samples enter at the top, even ones on one rail and odd ones on the other, six pairs of them; each step adds to one rail a
//! weighted sum of the other. In the end the rails are the low and the high band.

use std::fmt::Write;
use std::path::Path;
use ternlet::datapath::lifting::{Kind, Scheme, Sign, Step};

const COLUMN: i64 = 52;
const ROW: i64 = 96;
const LEFT: i64 = 40;
/// Pairs that are drawn.
const PAIRS: i64 = 6;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lifting");
    for (name, doc) in Scheme::names() {
        let scheme = Scheme::named(name).expect("a built-in scheme");
        let path = folder.join(format!("{name}.svg"));
        std::fs::write(&path, svg(name, doc, &scheme))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// Where sample `index` stands.
fn x(index: i64) -> i64 {
    LEFT + COLUMN * index
}

fn svg(name: &str, doc: &str, scheme: &Scheme) -> String {
    let steps = scheme.steps.len() as i64;
    let (width, height) = (x(2 * PAIRS) + 430, 90 + ROW * steps + 60);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n<text x=\"{LEFT}\" y=\"22\" font-weight=\"bold\">{name}</text>\n\
         <text x=\"{LEFT}\" y=\"40\">{}</text>\n",
        escaped(doc)
    );
    let mut line = |from: (i64, i64), to: (i64, i64), colour: &str| {
        writeln!(
            text,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{colour}\"/>",
            from.0, from.1, to.0, to.1
        )
        .expect("writing into memory");
    };
    let y = |step: i64| 80 + ROW * step;
    for index in 0..2 * PAIRS {
        line((x(index), y(0)), (x(index), y(steps) + 10), "#888");
    }
    for (place, step) in (0..).zip(&scheme.steps) {
        for target in targets(step) {
            for source in sources(step, target) {
                if (0..2 * PAIRS).contains(&source) {
                    line((x(source), y(place) + 12), (x(target), y(place + 1) - 16), colour(step));
                }
            }
        }
    }
    let mut label = |x: i64, y: i64, anchor: &str, label: &str| {
        writeln!(text, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>", escaped(label))
            .expect("writing into memory");
    };
    for index in 0..2 * PAIRS {
        label(x(index), y(0) - 8, "middle", &format!("x{index}"));
        let band = if index % 2 == 0 { "l" } else { "h" };
        label(x(index), y(steps) + 28, "middle", &format!("{band}{}", index / 2));
    }
    for (place, step) in (0..).zip(&scheme.steps) {
        label(x(2 * PAIRS), y(place) + 40, "start", &formula(step));
    }
    let [low, high] = scheme.scaling;
    let scaling =
        if [low, high] == [1, 1] { String::new() } else { format!("then l times {low}, h times {high}") };
    let shift = if scheme.level_shift == 0 {
        String::new()
    } else {
        format!("first x times 2^{}", scheme.level_shift)
    };
    label(x(2 * PAIRS), y(0) - 8, "start", &shift);
    label(x(2 * PAIRS), y(steps) + 28, "start", &scaling);
    for (place, step) in (0..).zip(&scheme.steps) {
        for target in targets(step) {
            let sign = if step.sign == Sign::Plus { "+" } else { "−" };
            let (x, y) = (x(target), y(place + 1) - 12);
            writeln!(
                text,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"9\" fill=\"white\" stroke=\"{}\"/>\
                 <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{sign}</text>",
                colour(step),
                y + 5
            )
            .expect("writing into memory");
        }
    }
    text + "</svg>\n"
}

fn colour(step: &Step) -> &'static str {
    if step.kind == Kind::Predict { "#b03a2e" } else { "#1f618d" }
}

fn targets(step: &Step) -> impl Iterator<Item = i64> {
    let parity = i64::from(step.kind == Kind::Predict);
    (0..PAIRS).map(move |pair| 2 * pair + parity)
}

/// The samples that a step reads for sample `target`, inside a line.
fn sources(step: &Step, target: i64) -> impl Iterator<Item = i64> {
    let parity = i64::from(step.kind == Kind::Update);
    let pair = target / 2;
    (step.first..=step.last()).map(move |place| 2 * (pair + place) + parity)
}

fn formula(step: &Step) -> String {
    let (target, source) = if step.kind == Kind::Predict { ("o", "e") } else { ("e", "o") };
    let place = |offset: i64| match offset {
        0 => "n".to_string(),
        _ => format!("n{offset:+}"),
    };
    let terms = (step.first..).zip(&step.taps).map(|(offset, tap)| {
        let sample = format!("{source}[{}]", place(offset));
        if *tap == 1 { format!("+ {sample}") } else { format!("{tap:+} {sample}") }
    });
    let terms = terms.collect::<Vec<_>>().join(" ");
    let sign = if step.sign == Sign::Plus { "+" } else { "−" };
    let offset = if step.offset == 0 { String::new() } else { format!(" + {}", step.offset) };
    format!("{target}[n] {sign}= ({}{offset}) >> {}", terms.trim_start_matches(['+', ' ']), step.shift)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
