//! Dot products with weights that are indices into a fixed codebook.

use super::adder_tree::{Dot, tree, tree_with_carries};
use super::multiply::{constant_multiple, signed_digits};
use crate::hdl::{Operand, Range, Signal, signed};

/// How products with the integers of a codebook are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodebookForm {
    /// The multiples of an activation by the magnitudes of the codebook, which all rows share; each row picks one, with a
    /// sign whose +1 is the carry-in of an adder.
    Multiples,
    /// `C[k] = step * u[k] + least` with `u[k] >= 0`: `step * (sum of u x) + least * (sum of x)`. Each row adds up `x` shifted by the bits
    /// of `u`; all share the second sum.
    ShiftAdd,
}

/// A codebook of 2 to 16 integers and the cheaper form of its products.
#[derive(Clone, Debug)]
pub struct Codebook {
    entries: Vec<i64>,
    form: CodebookForm,
    /// Look-up tables of both forms, by a rough count.
    estimates: [u64; 2],
}

impl Codebook {
    /// A codebook for `rows` rows of `lanes` columns a beat, whose activations have `x_bits` bits. The form is what a count of
    /// look-up tables with four inputs says is less.
    pub fn new(entries: &[i64], lanes: usize, rows: usize, x_bits: u32) -> Self {
        let mut codebook =
            Self { entries: entries.to_vec(), form: CodebookForm::Multiples, estimates: [0, 0] };
        let (lanes, rows, x_bits) = (lanes as u64, rows as u64, u64::from(x_bits));
        let bits = |value: u64| u64::from(u64::BITS - value.leading_zeros());
        let adders = |value: i64| (signed_digits(value).len() as u64).saturating_sub(1);

        let magnitudes = codebook.magnitudes();
        let width = x_bits + bits(magnitudes[magnitudes.len() - 1] as u64);
        let nonzero = magnitudes.iter().filter(|magnitude| **magnitude != 0).count() as u64;
        let signs = u64::from(entries.iter().any(|entry| *entry < 0));
        let inputs = nonzero + bits(magnitudes.len() as u64 - 1) + signs;
        let a_bit = inputs.saturating_sub(1).div_ceil(3).max(1);
        let shared: u64 = magnitudes.iter().map(|&magnitude| adders(magnitude)).sum();
        let multiples = lanes * (rows * width * (a_bit + 1) + shared * width);

        let Affine { step, least, steps } = codebook.affine();
        let u_bits = bits(steps.iter().max().copied().unwrap_or(0) as u64);
        let products = lanes * u_bits * (2 * x_bits + 1);
        let behind = (adders(step) + u64::from(least != 0)) * (x_bits + u_bits + bits(lanes));
        let sum_of_x = if least == 0 { 0 } else { lanes * x_bits + adders(least) * (x_bits + bits(lanes)) };
        let shift_adds = rows * (products + behind) + sum_of_x;

        codebook.estimates = [multiples, shift_adds];
        if shift_adds < multiples {
            codebook.form = CodebookForm::ShiftAdd;
        }
        codebook
    }

    /// The same with `form`, whatever it costs.
    pub fn with_form(self, form: CodebookForm) -> Self {
        Self { form, ..self }
    }

    /// Which form is taken, and what both would cost, in words.
    pub fn summary(&self) -> String {
        let [multiples, shift_adds] = self.estimates;
        match self.form {
            CodebookForm::Multiples => {
                let magnitudes = self.magnitudes().iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
                format!(
                    "shared multiples by {magnitudes}, picked per row: about {multiples} look-up tables ({shift_adds} by \
                     shift-adds)"
                )
            }
            CodebookForm::ShiftAdd => {
                let Affine { step, least, steps } = self.affine();
                let most = steps.iter().max().copied().unwrap_or(0);
                format!(
                    "{step} * (sum of u x) + {least} * (sum of x), u in 0..={most}, by shift-adds: about {shift_adds} look-up \
                     tables ({multiples} by shared multiples)"
                )
            }
        }
    }

    /// The magnitudes of all entries, ascending.
    fn magnitudes(&self) -> Vec<i64> {
        let mut magnitudes: Vec<i64> = self.entries.iter().map(|entry| entry.abs()).collect();
        magnitudes.sort_unstable();
        magnitudes.dedup();
        magnitudes
    }

    fn affine(&self) -> Affine {
        let least = self.entries.iter().copied().min().unwrap_or(0);
        let step = self.entries.iter().fold(0, |step, entry| num_integer::gcd(step, entry - least));
        let steps = self.entries.iter().map(|entry| if step == 0 { 0 } else { (entry - least) / step });
        Affine { step, least, steps: steps.collect() }
    }

    /// For each row of indices `sum of C[index[i]] * x[i]`.
    ///
    /// # Panics
    /// If there are no lanes, or an index has not as many bits as the codebook's last place.
    #[track_caller]
    pub fn dots<'m>(&self, x: &[Signal<'m>], rows: &[&[Signal<'m>]]) -> Vec<Dot<'m>> {
        let _section = x[0].module().section("codebook");
        match self.form {
            CodebookForm::Multiples => self.of_multiples(x, rows),
            CodebookForm::ShiftAdd => self.of_shift_adds(x, rows),
        }
    }

    /// `values[index]`, of which constants are made.
    fn look_up<'m>(index: Signal<'m>, values: impl Iterator<Item = i64>) -> Signal<'m> {
        let mut items: Vec<_> = values.map(|value| value.operand(index.module())).collect();
        let last = items[items.len() - 1];
        items.resize(1 << index.width(), last);
        index.choose(&items)
    }

    fn of_multiples<'m>(&self, x: &[Signal<'m>], rows: &[&[Signal<'m>]]) -> Vec<Dot<'m>> {
        let magnitudes = self.magnitudes();
        let which = |entry: &i64| magnitudes.partition_point(|magnitude| *magnitude < entry.abs()) as i64;
        let signs = self.entries.iter().any(|entry| *entry < 0);
        let multiples: Vec<Vec<Signal<'m>>> = x
            .iter()
            .map(|&x| magnitudes.iter().map(|&magnitude| constant_multiple(x, magnitude)).collect())
            .collect();
        let range = multiples[0].iter().map(|multiple| multiple.range()).reduce(|a, b| a.union(&b));
        let range = range.expect("at least one magnitude");
        let word = if signs {
            Range::new((-range.hi() - 1u8).min(range.lo().clone()), range.hi().clone()).word()
        } else {
            range.word()
        };
        let of_row = |(row, indices): (usize, &&[Signal<'m>])| {
            let (mut terms, mut carries) = (Vec::new(), Vec::new());
            for (lane, (multiples, &index)) in multiples.iter().zip(*indices).enumerate() {
                let named = |signal: Signal<'m>, name: &str| signal.named(format!("{name}_{row}_{lane}"));
                let magnitude = named(Self::look_up(index, self.entries.iter().map(which)), "magnitude");
                let mut items = multiples.clone();
                items.resize(
                    magnitudes.len().next_power_of_two().max(1 << magnitude.width()),
                    items[items.len() - 1],
                );
                let picked = named(magnitude.choose(&items).wrap(word.clone()), "multiple");
                if signs {
                    let is_negative = self.entries.iter().map(|entry| i64::from(*entry < 0));
                    let negative = named(Self::look_up(index, is_negative), "negative");
                    let bits = picked.to_bits() ^ negative.repeat(word.width() as usize);
                    terms.push(named(bits.int(signed(word.width())), "term"));
                    carries.push(negative);
                } else {
                    terms.push(picked);
                }
            }
            tree_with_carries(&terms, &carries)
        };
        rows.iter().enumerate().map(of_row).collect()
    }

    fn of_shift_adds<'m>(&self, x: &[Signal<'m>], rows: &[&[Signal<'m>]]) -> Vec<Dot<'m>> {
        let Affine { step, least, steps } = self.affine();
        let add = |items: &[Signal<'m>]| tree(items, &mut |a: Signal<'m>, b| a.add_with_carry(b, None));
        let shared = constant_multiple(add(x), least);
        let of_row = |row: &&[Signal<'m>]| {
            let of_lane = |(&x, &index): (&Signal<'m>, &Signal<'m>)| {
                let u = Self::look_up(index, steps.iter().copied()).named("step");
                (0..u.width()).map(|bit| u.bit(bit).mux(x, 0) << bit).collect::<Vec<_>>()
            };
            let terms: Vec<_> = x.iter().zip(*row).flat_map(of_lane).collect();
            Dot { sum: constant_multiple(add(&terms), step).add_with_carry(shared, None), carry: None }
        };
        rows.iter().map(of_row).collect()
    }
}

/// `entries[k] = step * steps[k] + least`.
struct Affine {
    step: i64,
    least: i64,
    steps: Vec<i64>,
}
