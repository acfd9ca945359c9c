//! How far off the estimate is.

use std::fmt;
use ternlet::device::Counts;

/// The kinds that are compared, and what a circuit has of each.
type Kind = (&'static str, fn(&Counts) -> u64);
const KINDS: [Kind; 6] = [
    ("lut4", |counts| counts.lut4),
    ("ff", |counts| counts.ff),
    ("carry", |counts| counts.carry),
    ("block_ram", |counts| counts.block_ram),
    ("dsp", |counts| counts.dsp),
    ("spram", |counts| counts.spram),
];

/// Those of which each design must have as many as its netlist: the last ones.
const EXACT: usize = 3;

/// Worst designs that are named.
const WORST: usize = 10;

/// What was estimated of a design, and what its netlist has.
pub struct Compared {
    pub name: String,
    pub estimated: Counts,
    pub counted: Counts,
}

pub struct Table {
    rows: Vec<Compared>,
}

impl Table {
    pub fn of(mut rows: Vec<Compared>) -> Self {
        rows.sort_by(|a, b| b.lut4_error().abs().total_cmp(&a.lut4_error().abs()));
        Self { rows }
    }

    /// Whether block RAM, DSP and SPRAM are those of the netlist in every design.
    pub fn is_exact(&self) -> bool {
        KINDS[KINDS.len() - EXACT..].iter().all(|(_, of)| self.exact(*of) == self.rows.len())
    }

    fn exact(&self, of: fn(&Counts) -> u64) -> usize {
        self.rows.iter().filter(|row| of(&row.estimated) == of(&row.counted)).count()
    }
}

impl Compared {
    fn lut4_error(&self) -> f64 {
        error(self.estimated.lut4, self.counted.lut4)
    }
}

fn error(estimated: u64, counted: u64) -> f64 {
    (estimated as f64 - counted as f64) / counted.max(1) as f64
}

/// The error below which so many hundredths of the sorted `errors` are.
fn percentile(errors: &[f64], hundredths: usize) -> f64 {
    errors[(errors.len() * hundredths).div_ceil(100).clamp(1, errors.len()) - 1]
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, estimated, counted } = self;
        let columns = KINDS.iter().map(|(kind, of)| (kind, of(estimated), of(counted)));
        let columns = columns.filter(|(_, estimated, counted)| estimated + counted > 0);
        let columns: Vec<String> =
            columns.map(|(kind, ours, theirs)| format!("{kind} {ours}:{theirs}")).collect();
        write!(f, "{name:<32} {:+6.1} %  {}", 100.0 * self.lut4_error(), columns.join("  "))
    }
}

impl Table {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As a table of Markdown: of each kind the errors, and how many designs have it exact.
    pub fn rows(&self) -> String {
        let head = format!(
            "| {} designs | median | 95 % | worst | exact |\n|---|---|---|---|---|\n",
            self.rows.len()
        );
        let row = |&(kind, of): &Kind| {
            let errors = self.rows.iter().map(|row| error(of(&row.estimated), of(&row.counted)).abs());
            let mut errors: Vec<f64> = errors.collect();
            errors.sort_by(f64::total_cmp);
            let [median, most, worst] = [50, 95, 100].map(|part| 100.0 * percentile(&errors, part));
            format!("| {kind} | {median:.1} % | {most:.1} % | {worst:.1} % | {} |\n", self.exact(of))
        };
        head + &KINDS.iter().map(row).collect::<String>()
    }

    /// The look-up tables of each netlist, and those that were estimated.
    pub fn lut4(&self) -> Vec<(f64, f64)> {
        self.rows.iter().map(|row| (row.counted.lut4 as f64, row.estimated.lut4 as f64)).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "  no design");
        }
        writeln!(f, "{}the worst:", self.rows())?;
        self.rows.iter().take(WORST).try_for_each(|row| writeln!(f, "  {row}"))
    }
}
