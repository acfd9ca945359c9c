//! `y = least + number of thresholds at or below sign * acc`, per row: any rising or falling staircase of an accumulator.
//!
//! Source: MultiThreshold of FINN (arXiv 1612.07119), and the thresholds to which a quantizer with its scale, bias, batch norm
//! and ReLU comes down: they are one monotone step function of one bounded integer.

mod choice;
mod comparators;
mod config;
mod form;
mod rows;
mod search;
mod table;

pub use config::{Steps, ThresholdsConfig};
pub use form::{Form, FormChoice};

use super::accumulators::Accumulators;
use super::config::{Config, IntType};
use super::row_constants::with_row_beat;
use super::row_memory::RowIndex;
use super::tail::zero_tail;
use super::{Datapath, Footprint, LaneStream};
use crate::hdl::{Module, Range, Signal, Stream, Timing, signed, unsigned};
use crate::stream::timeline::{Channel, Stepped, Timeline};
use crate::stream::{Pace, Ports, Reach, Tokens, Transfers, bounds};
use choice::Costs;
use rows::{LaneRows, Row};

/// Rows of accumulators, each with its thresholds.
#[derive(Clone, Debug)]
pub struct Thresholds {
    acc: Accumulators,
    output: IntType,
    least: i64,
    /// Of each row; they rise.
    thresholds: Vec<Vec<i64>>,
    /// 1 or -1 for each row.
    signs: Vec<i64>,
    /// The form that is asked for.
    asked: Option<Form>,
    costs: Costs,
}

/// `least + number of thresholds at or below sign * acc`.
///
/// ```
/// use ternlet::datapath::threshold_code;
/// assert_eq!(threshold_code(7, &[-3, 7, 20], 1, 0), 2);
/// assert_eq!(threshold_code(7, &[-3, 7, 20], -1, -2), -2);
/// ```
pub fn threshold_code(acc: i64, thresholds: &[i64], sign: i64, least: i64) -> i64 {
    let acc = i128::from(sign) * i128::from(acc);
    least + thresholds.iter().filter(|&&threshold| i128::from(threshold) <= acc).count() as i64
}

/// Accumulators next to the number of their rows' beat, where rows differ.
type Rowed<'m> = (Vec<Signal<'m>>, Option<Signal<'m>>);

impl Thresholds {
    /// The type of the codes.
    pub fn output(&self) -> Range {
        self.output.range()
    }

    fn levels(&self) -> usize {
        self.thresholds[0].len()
    }

    /// Bits of the number of codes passed.
    fn bits(&self) -> u32 {
        usize::BITS - self.levels().leading_zeros()
    }

    /// `y` of all accumulators, from the first on, row after row and frame after frame.
    pub fn of_all(&self, acc: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let rows = self.thresholds.iter().zip(&self.signs).cycle();
        let code = |(acc, (thresholds, sign)): (i64, (&Vec<i64>, &i64))| {
            threshold_code(acc, thresholds, *sign, self.least)
        };
        acc.into_iter().zip(rows).map(code).collect()
    }

    /// The form for `timing`.
    pub fn form(&self, timing: Timing) -> Form {
        self.asked.unwrap_or_else(|| self.costs.cheapest(self, timing))
    }

    /// Clock cycles that a beat takes.
    pub fn cycles(&self, timing: Timing) -> usize {
        self.form(timing).cycles(self.bits())
    }

    fn lane_rows(&self) -> Vec<LaneRows> {
        let rows = self.thresholds.iter().zip(&self.signs);
        let rows: Vec<Row> =
            rows.map(|(thresholds, &sign)| Row::of(thresholds, sign, &self.acc.range)).collect();
        LaneRows::of(&rows, self.acc.lanes)
    }

    /// The hardware after a stream of accumulators, as a part of their module.
    pub fn part<'m>(&self, acc: LaneStream<'m>) -> LaneStream<'m> {
        acc.module().part("thresholds", self.doc(), |part| {
            part.output_stream("y", self.built(part.input_stream("acc", acc)))
        })
    }

    fn built<'m>(&self, acc: LaneStream<'m>) -> LaneStream<'m> {
        let m = acc.module();
        let lanes = self.lane_rows();
        let form = self.form(*m.timing());
        // All of a row's thresholds may lie beyond the accumulators.
        acc.payload().iter().for_each(|x| m.ignore(*x));
        let several = lanes.iter().any(|rows| !rows.is_constant());
        let rowed = with_row_beat(acc, if several { self.acc.beats() } else { 1 });
        let codes = match form {
            Form::Search => self.searched(rowed, &lanes),
            _ => rowed.map(|(acc, row): Rowed<'m>| {
                let of_lane = |(lane, (x, rows)): (usize, (Signal<'m>, &LaneRows))| {
                    let (row, bits) = (RowIndex(row), self.bits());
                    self.code(&match form {
                        Form::Table => table::bits(x, rows, row, lane, bits),
                        Form::PipelinedSearch => {
                            search::pipelined(x, rows, row, lane, (bits, &self.acc.range))
                        }
                        _ => comparators::bits(x, rows, row, lane),
                    })
                };
                acc.into_iter().zip(&lanes).enumerate().map(of_lane).collect()
            }),
        };
        zero_tail(codes, &self.acc.port("y", self.output()))
    }

    fn searched<'m>(&self, rowed: Stream<'m, Rowed<'m>>, lanes: &[LaneRows]) -> LaneStream<'m> {
        let bits = self.bits();
        let nodes = vec![unsigned(bits); lanes.len()];
        let found = rowed.stepped("search", bits as usize + 1, &nodes, |step, nodes, (acc, row)| {
            let lane = |(lane, (rows, (x, node)))| {
                search::step(step, node, x, rows, (RowIndex(row), lane), (bits, &self.acc.range))
            };
            let lanes = lanes.iter().zip(acc.into_iter().zip(nodes));
            lanes.enumerate().map(lane).unzip::<_, _, Vec<_>, Vec<_>>()
        });
        found.map(|found| found.iter().map(|bits| self.code(bits)).collect())
    }

    /// The code of a number of codes passed, of which these are the bits.
    fn code<'m>(&self, bits: &[Signal<'m>]) -> Signal<'m> {
        let m = bits[0].module();
        let (top, others) = bits.split_last().expect("a threshold");
        let code = if self.least == -(1 << others.len()) {
            // The number less half of its range: the sign is the highest bit's complement.
            let word: Vec<Signal<'m>> = others.iter().copied().chain([!*top]).collect();
            m.concat(&word).int(signed(bits.len() as u32))
        } else {
            m.concat(bits).int(unsigned(bits.len() as u32)) + self.least
        };
        code.wrap(self.output()).named("y")
    }
}

impl Datapath for Thresholds {
    fn kind(&self) -> &'static str {
        ThresholdsConfig::KIND
    }

    fn doc(&self) -> String {
        let (rows, lanes, levels) = (self.acc.rows(), self.acc.lanes, self.levels());
        format!(
            "y = {} + number of thresholds at or below sign * acc, per row; rows = {rows}, lanes = {lanes}, {levels} thresholds a row",
            self.least
        )
    }

    fn ports(&self) -> Ports {
        Ports {
            inputs: vec![self.acc.port("acc", self.acc.range.clone())],
            outputs: vec![self.acc.port("y", self.output())],
        }
    }

    fn build<'m>(&self, _: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        inputs.into_iter().map(|acc| self.built(acc)).collect()
    }

    /// A beat a cycle, each with its own; searched a threshold a cycle, each with the last of its cycles.
    fn schedule(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        vec![self.pace(&inputs[0], timing)]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        Some(vec![self.timed_after(t, inputs[0])])
    }

    /// Besides the extremes the accumulators next to each threshold of each row.
    fn corners(&self) -> Vec<Transfers> {
        let port = &self.ports().inputs[0];
        let (lo, hi) = bounds(&self.acc.range);
        let at = |(thresholds, &sign): (&Vec<i64>, &i64), level: usize, below: i128| {
            let acc = i128::from(sign) * (i128::from(thresholds[level]) - below);
            acc.clamp(lo.into(), hi.into()) as i64
        };
        let near = (0..2 * self.levels()).map(|near| (near / 2, (near % 2) as i128));
        let positions = near.flat_map(|(level, below)| {
            self.thresholds.iter().zip(&self.signs).map(move |row| at(row, level, below))
        });
        let mut values: Vec<i64> = positions.collect();
        values.resize(values.len().next_multiple_of(port.frame_values()), lo);
        super::corners_of(&self.ports()).into_iter().chain([vec![Tokens::pack(port, &values)]]).collect()
    }

    /// A comparison of each lane for each bit of its code at least, but in a table.
    fn footprint(&self) -> Footprint {
        let table = self.acc.range.width() <= table::MOST_BITS;
        let bits = if table { 1 } else { self.acc.range.width() };
        Footprint { lut4: self.acc.lanes as u128 * u128::from(bits), ..Footprint::default() }
    }

    fn reach(&self, _: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        Some(inputs.to_vec())
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let values = inputs[0].unpack(&ports.inputs[0]);
        vec![Tokens::pack(&ports.outputs[0], &self.of_all(values))]
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let form = self.form(timing);
        let others = if self.asked.is_some() { String::new() } else { self.costs.shown(self, timing) };
        vec![("thresholds".into(), format!("{}{others}", form.title()))]
    }
}

impl Thresholds {
    /// When the codes come of accumulators that come as in `acc`.
    pub fn pace(&self, acc: &Pace, timing: Timing) -> Option<Pace> {
        match self.cycles(timing) {
            1 => Some(acc.clone()),
            cycles => acc.spread(cycles, cycles * acc.beats as usize)?.gathered(cycles),
        }
    }

    /// The same as a timed run.
    pub fn timed_after(&self, t: &mut Timeline, acc: Channel) -> Channel {
        match self.cycles(t.timing()) {
            1 => acc,
            cycles => t.through(acc, 0, Stepped::new(cycles)),
        }
    }
}
