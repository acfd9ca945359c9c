//! The table of a family in docs/figures.md, and its plot.

use super::table::Table;
use std::fs;
use std::ops::RangeInclusive;
use ternlet::datapath::{Axis, Curve, Figure};
use ternlet::device::Family;
use ternlet::report;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

/// Puts the table between its marks on the page, and the plot next to it.
///
/// # Panics
/// If a file cannot be written, or the page has no marks for the family.
pub fn write(table: &Table, family: Family, size: &RangeInclusive<u64>) {
    let name = family.name;
    let plot = format!("estimates/{name}.svg");
    fs::create_dir_all(format!("{DOCS}/estimates")).expect("the folder of plots");
    fs::write(format!("{DOCS}/{plot}"), report::file(&plotted(table, name)).1).expect("the plot");
    let page = format!("{DOCS}/figures.md");
    let text = fs::read_to_string(&page).expect("the page");
    let [start, end] = ["", "/"].map(|side| format!("<!-- {side}estimate {name} -->"));
    let (before, rest) = text.split_once(&start).expect("the mark of the table");
    let (_, after) = rest.split_once(&end).expect("the mark of its end");
    let sizes = format!("Designs of {} to {} look-up tables by the estimate.", size.start(), size.end());
    let new = format!("\n{sizes}\n\n{}\n![Look-up tables on {name}]({plot})\n", table.rows());
    fs::write(&page, format!("{before}{start}{new}{end}{after}")).expect("the page");
}

/// What was estimated over what the netlist has, and where both are the same.
fn plotted(table: &Table, name: &str) -> Figure {
    let points = table.lut4();
    let ends = points.iter().fold((f64::MAX, f64::MIN), |(lo, hi), (x, _)| (lo.min(*x), hi.max(*x)));
    let curve = |name: &str, points: Vec<(f64, f64)>, joined| Curve { name: name.into(), points, joined };
    Figure::Curves {
        title: format!("look-up tables on {name}"),
        x: Axis::log("of the netlist"),
        y: Axis::log("estimated"),
        curves: vec![
            curve("a design", points, false),
            curve("equal", vec![(ends.0, ends.0), (ends.1, ends.1)], true),
        ],
    }
}
