//! The foldings of a node: its keys with other lanes, and other columns and rows at once.

use super::{Target, interval};
use crate::datapath::{Catalog, Datapath, Source, circuit};
use crate::device::Counts;
use crate::estimate::cost;
use crate::graph::Node;
use crate::hdl::{Latency, Timing};
use crate::stream::{Port, Ports};
use num_integer::Integer;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use toml::{Table, Value};

/// The keys by which a node is folded. How many lanes leave follows from the others where it is not said.
pub const KEYS: [&str; 4] = ["lanes", "parallel_columns", "parallel_rows", "output_lanes"];

/// Of foldings that keep a pace, those that multiply more than so many times as many weights at once as it needs are no use.
const MOST_TIMES: f64 = 4.0;

/// A node with these keys, and what is known of it.
pub struct Folding {
    pub keys: Table,
    pub datapath: Box<dyn Datapath>,
    /// Weights that are multiplied in a cycle; of a node without weights the lanes.
    pub parallel: usize,
    cycles: OnceCell<Option<u64>>,
    counts: OnceCell<Counts>,
}

impl Folding {
    /// Nothing where the datapath does not take the keys.
    pub fn of(
        kind: &str,
        keys: Table,
        parallel: usize,
        catalog: &Catalog,
        source: &dyn Source,
    ) -> Option<Self> {
        let datapath = catalog.find(kind)?.load(keys.clone(), source).ok()?;
        Some(Self { keys, datapath, parallel, cycles: OnceCell::new(), counts: OnceCell::new() })
    }

    /// What folds it.
    pub fn numbers(&self) -> BTreeMap<&'static str, i64> {
        KEYS.iter().filter_map(|key| Some((*key, self.keys.get(*key)?.as_integer()?))).collect()
    }

    /// The most that any of its streams has.
    pub fn most(&self, of: impl Fn(&Port) -> usize) -> u64 {
        self.datapath.ports().each().map(|(port, _)| of(port) as u64).max().unwrap_or(1)
    }

    /// Cycles a frame of it alone; none where nobody knows.
    pub fn cycles(&self) -> Option<u64> {
        *self.cycles.get_or_init(|| interval(&*self.datapath, &Latency::default(), Timing::combinational()))
    }

    /// What it takes alone, by the estimate, for the one target that it is looked at for.
    pub fn counts(&self, target: &Target) -> Counts {
        *self.counts.get_or_init(|| cost(&circuit(&*self.datapath, "node", target.timing), target.family))
    }
}

/// Lanes, columns and rows at once, those that are keys.
type Numbers = [Option<usize>; 3];

/// How a node could be folded.
pub struct Foldable {
    kind: String,
    /// The keys that do not fold it.
    keys: Table,
    lanes: Vec<usize>,
    /// For each of the lanes the columns at once; none where lanes are the columns.
    columns: Vec<Vec<Option<usize>>>,
    /// Rows at once; none where there is no matrix.
    rows: Vec<Option<usize>>,
    /// Weights that a frame is multiplied with, at least.
    work: f64,
    /// The foldings that were asked for.
    known: RefCell<HashMap<Numbers, Option<Rc<Folding>>>>,
}

impl Foldable {
    /// None for a node whose lanes are no key, or are better not: where weights are constant, a position a cycle.
    pub fn of(node: &Node, ports: &Ports) -> Option<Self> {
        let integer = |key: &str| {
            let found = usize::try_from(node.keys.get(key)?.as_integer()?).ok();
            found.filter(|found| *found > 0)
        };
        let weights = node.keys.get("weights");
        let from = weights.and_then(|weights| weights.get("from")?.as_str());
        if from == Some("constant") {
            return None;
        }
        let of_all = || common(node.keys.get("channels")?.as_array()?);
        let channels = integer("channels").or_else(|| integer("columns")).or_else(of_all)?;
        let axes = node.keys.get("size").and_then(Value::as_array).map_or(0, Vec::len);
        let taps = kernel(node.keys.get("kernel"), axes)?;
        let is_transposed = node.kind == "transposed_convolution";
        let rows = integer("filters").or_else(|| integer("rows")).filter(|_| weights.is_some());
        let lanes = divisors(channels);
        let columns = |lanes: &usize| match (rows, axes) {
            (Some(_), 1..) => {
                divisors(lanes * if is_transposed { 1 } else { taps }).into_iter().map(Some).collect()
            }
            _ => vec![None],
        };
        let columns = lanes.iter().map(columns).collect();
        let at_once = |rows: usize| divisors(rows * if is_transposed { taps } else { 1 });
        let density = node.keys.get("pattern").and_then(Value::as_str).map_or(1.0, density);
        let values = |ports: &[Port]| ports.first().map_or(1, |port| port.frame_values()) as f64;
        let groups = integer("groups").unwrap_or(1) as f64;
        let macs = match rows {
            Some(rows) if is_transposed => values(&ports.inputs) * (rows * taps) as f64 / groups,
            Some(_) => values(&ports.outputs) * (channels * taps) as f64 / groups,
            None => 0.0,
        };
        let mut keys = node.keys.clone();
        KEYS.iter().for_each(|key| drop(keys.remove(*key)));
        Some(Self {
            kind: node.kind.clone(),
            keys,
            lanes,
            columns,
            rows: rows.map_or(vec![None], |rows| at_once(rows).into_iter().map(Some).collect()),
            work: macs * density,
            known: RefCell::default(),
        })
    }

    /// The foldings that could keep a pace of so many cycles a frame, those that multiply fewer weights at once before others.
    pub fn foldings(&self, catalog: &Catalog, source: &dyn Source, cycles: u64) -> Vec<Rc<Folding>> {
        let least = self.work / cycles as f64;
        let mut found: Vec<Rc<Folding>> = Vec::new();
        for (lanes, columns) in self.lanes.iter().zip(&self.columns) {
            for (columns, rows) in
                columns.iter().flat_map(|columns| self.rows.iter().map(move |rows| (*columns, *rows)))
            {
                let parallel = columns.unwrap_or(*lanes) * rows.unwrap_or(1);
                let fits = parallel as f64 >= 0.9 * least
                    && parallel as f64 <= (MOST_TIMES * least).max(*lanes as f64);
                if rows.is_none() || fits {
                    found.extend(self.folding(catalog, source, [Some(*lanes), columns, rows], parallel));
                }
            }
        }
        found.retain(|folding| folding.most(|port| port.frame_beats()) <= cycles);
        found.sort_by_key(|folding| folding.parallel);
        found
    }

    /// Nothing where the datapath does not take the keys.
    fn folding(
        &self,
        catalog: &Catalog,
        source: &dyn Source,
        numbers: Numbers,
        parallel: usize,
    ) -> Option<Rc<Folding>> {
        let load = || {
            let mut keys = self.keys.clone();
            for (key, number) in KEYS.iter().zip(numbers) {
                number.map(|number| keys.insert((*key).into(), Value::Integer(number as i64)));
            }
            Folding::of(&self.kind, keys, parallel, catalog, source).map(Rc::new)
        };
        self.known.borrow_mut().entry(numbers).or_insert_with(load).clone()
    }
}

/// Taps of a window along so many axes; 1 where there is no kernel.
fn kernel(value: Option<&Value>, axes: usize) -> Option<usize> {
    let taps = |value: &Value| usize::try_from(value.as_integer()?).ok();
    match value {
        Some(Value::Array(all)) => all.iter().map(taps).product(),
        Some(all) => taps(all)?.checked_pow(axes as u32),
        None => Some(1),
    }
}

/// What divides the channels of each of several maps divides this; none where they are no numbers.
fn common(channels: &[Value]) -> Option<usize> {
    let counts = channels.iter().map(|count| usize::try_from(count.as_integer()?).ok());
    let common = counts.collect::<Option<Vec<usize>>>()?.into_iter().reduce(|a, b| a.gcd(&b));
    common.filter(|common| *common > 0)
}

/// The share of the weights that `N:M` stores.
fn density(pattern: &str) -> f64 {
    let parts =
        pattern.split_once(':').and_then(|(n, m)| Some((n.parse::<f64>().ok()?, m.parse::<f64>().ok()?)));
    parts.map_or(1.0, |(n, m)| n / m)
}

fn divisors(number: usize) -> Vec<usize> {
    (1..=number).filter(|divisor| number.is_multiple_of(*divisor)).collect()
}
