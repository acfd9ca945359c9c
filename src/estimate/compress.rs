//! Sums of several operands and products of look-up tables: rows of bits, three of which full adders make two, and one adder at the end.
//!
//! Synthesis takes a sum of which nothing but another sum is made together with that one, and a product with what is added to it.

use super::count::Read;
use super::gates::{Bit, Cell, Chain, Gate, Graph, ONE, ZERO, operands};
use super::product;
use crate::device::Family;
use std::collections::HashMap;

/// What is added: bits, or those of a product.
#[derive(Clone, Debug)]
struct Term {
    a: Vec<Bit>,
    /// The factor of a product.
    b: Vec<Bit>,
    /// Whether the highest bits are signs.
    signed: bool,
    subtracts: bool,
}

/// Who reads what a cell makes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Cell(usize),
    Others,
}

/// Makes one sum of those of `graph` that synthesis takes together, and sums of products that get no hard multiplier.
pub fn merge(graph: &mut Graph, family: Family) {
    let merged = Merge::of(graph, family).sums();
    for (cell, width, terms) in merged {
        graph.part = graph.cell_parts[cell];
        let sums = added(graph, &terms, width as usize);
        for (place, bit) in sums.into_iter().enumerate() {
            let own = graph.add(Gate::Made { cell, place: place as u32 });
            graph.gates[(own >> 1) as usize] = Gate::Later(Some(bit));
        }
        graph.cells[cell] = Cell::Port;
    }
}

struct Merge<'g> {
    graph: &'g Graph,
    family: Family,
    /// The bits that are read of each chain and each product.
    widths: HashMap<usize, u32>,
    readers: HashMap<usize, Reader>,
}

impl<'g> Merge<'g> {
    fn of(graph: &'g Graph, family: Family) -> Self {
        let read = Read::of(graph, family);
        let (mut widths, mut readers) = (HashMap::new(), HashMap::new());
        for (_, gate) in graph.gates.iter().enumerate().filter(|(index, _)| read.reads_gate(*index)) {
            if let Gate::Made { cell, place } = *gate {
                let width: &mut u32 = widths.entry(cell).or_default();
                *width = (*width).max(place + 1);
            }
            operands(*gate).for_each(|bit| note(graph, &mut readers, bit, Reader::Others));
        }
        graph.outputs.iter().for_each(|bit| note(graph, &mut readers, *bit, Reader::Others));
        for (index, cell) in graph.cells.iter().enumerate().filter(|(index, _)| read.reads_cell(*index)) {
            let reader = if matches!(cell, Cell::Chain(_)) { Reader::Cell(index) } else { Reader::Others };
            cell.clone().inputs_mut().into_iter().for_each(|bit| note(graph, &mut readers, *bit, reader));
        }
        Self { graph, family, widths, readers }
    }

    /// The sums of more than two operands or of products that nothing is merged with any more: the cell, its bits that are read, and what is added.
    fn sums(&self) -> Vec<(usize, u32, Vec<Term>)> {
        let mut cells: Vec<usize> = self.widths.keys().copied().filter(|cell| self.is_sum(*cell)).collect();
        cells.sort_unstable();
        let into_others = |cell: &usize| match self.readers.get(cell) {
            Some(Reader::Cell(reader)) => !self.is_merged(*cell, *reader),
            _ => true,
        };
        let roots = cells.into_iter().filter(into_others);
        let sums = roots.map(|cell| (cell, self.widths[&cell], self.terms(cell, false)));
        sums.filter(|(_, _, terms)| terms.len() > 2 || terms.iter().any(|term| !term.b.is_empty())).collect()
    }

    /// Whether a cell is a sum of which no carry above it is read, or a product of look-up tables.
    fn is_sum(&self, cell: usize) -> bool {
        let Some(width) = self.widths.get(&cell) else { return false };
        match &self.graph.cells[cell] {
            Cell::Chain(chain) => {
                *width as usize <= chain.a.len() && chain.carry_in == Bit::from(chain.subtracts)
            }
            Cell::Product { a, b, signs, hard } => {
                product::counts(self.family, [a, b].map(Vec::len), *signs, *hard).dsp == 0
            }
            _ => false,
        }
    }

    /// Whether `inner` goes into the sum that reads it: it is one of its operands, and by the widths of what is added nothing of it is lost.
    fn is_merged(&self, inner: usize, outer: usize) -> bool {
        let is_operand = |term: &Term| self.sum_in(term) == Some(inner);
        self.is_sum(inner)
            && self.is_sum(outer)
            && matches!(self.graph.cells[outer], Cell::Chain(_))
            && self.readers.get(&inner) == Some(&Reader::Cell(outer))
            && self.operands(outer).iter().find(|term| is_operand(term)).is_some_and(|term| {
                let width = self.widths[&inner];
                width == self.widths[&outer] || !overflows(&self.terms(inner, false), width, term.signed)
            })
    }

    /// The operands of a cell by themselves.
    fn operands(&self, cell: usize) -> Vec<Term> {
        let width = self.widths[&cell] as usize;
        match &self.graph.cells[cell] {
            Cell::Chain(chain) => {
                let b: Vec<Bit> = match chain.subtracts {
                    true => chain.b.iter().map(|bit| bit ^ 1).collect(),
                    false => chain.b.clone(),
                };
                vec![operand(&chain.a[..width], false), operand(&b[..width], chain.subtracts)]
            }
            Cell::Product { a, b, signs, .. } => {
                let signed = signs[0] || signs[1];
                let fitted =
                    |bits: &[Bit], sign: bool| [bits, if signed && !sign { &[ZERO] } else { &[] }].concat();
                let (a, b) = (fitted(a, signs[0]), fitted(b, signs[1]));
                vec![Term { a, b, signed, subtracts: false }]
            }
            _ => Vec::new(),
        }
    }

    /// The sum of which `term` is all that is read.
    fn sum_in(&self, term: &Term) -> Option<usize> {
        let &first = term.a.first().filter(|_| term.b.is_empty())?;
        let Gate::Made { cell, place: 0 } = self.graph.gate(first) else { return None };
        let is_next = |(place, bit): (usize, &Bit)| {
            bit & 1 == 0 && self.graph.gate(*bit) == Gate::Made { cell, place: place as u32 }
        };
        let all = self.widths.get(&cell).is_some_and(|width| *width as usize == term.a.len());
        (all && term.a.iter().enumerate().all(is_next)).then_some(cell)
    }

    /// All that a cell adds, with what goes into it.
    fn terms(&self, cell: usize, subtracts: bool) -> Vec<Term> {
        let mut terms = Vec::new();
        for term in self.operands(cell) {
            let subtracts = term.subtracts != subtracts;
            match self.sum_in(&term).filter(|inner| self.is_merged(*inner, cell)) {
                Some(inner) => terms.extend(self.terms(inner, subtracts)),
                None if term.a.iter().all(|bit| *bit == ZERO) => {}
                None => terms.push(Term { subtracts, ..term }),
            }
        }
        terms
    }
}

/// Whether the sum of `terms` may not fit in so many bits.
fn overflows(terms: &[Term], width: u32, signed: bool) -> bool {
    let ends = |bits: usize, signed: bool| match signed {
        true => [-(2f64.powi(bits as i32 - 1)), 2f64.powi(bits as i32 - 1) - 1.0],
        false => [0.0, 2f64.powi(bits as i32) - 1.0],
    };
    let (mut lo, mut hi) = (0.0, 0.0);
    for term in terms {
        let a = ends(term.a.len(), term.signed);
        let b = if term.b.is_empty() { [1.0, 1.0] } else { ends(term.b.len(), term.signed) };
        let products = a.into_iter().flat_map(|a| b.map(|b| a * b));
        let (least, most) = products.fold((f64::MAX, f64::MIN), |(lo, hi), x| (lo.min(x), hi.max(x)));
        let (least, most) = if term.subtracts { (-most, -least) } else { (least, most) };
        (lo, hi) = (lo + least, hi + most);
    }
    let [least, most] = ends(width as usize, signed);
    lo < least || most < hi
}

/// Notes that `reader` reads what a cell makes.
fn note(graph: &Graph, readers: &mut HashMap<usize, Reader>, bit: Bit, reader: Reader) {
    if let Gate::Made { cell, .. } = graph.gate(bit) {
        let known = readers.entry(cell).or_insert(reader);
        if *known != reader {
            *known = Reader::Others;
        }
    }
}

/// An operand without the copies of its highest bit, or the zeros, above it.
fn operand(bits: &[Bit], subtracts: bool) -> Term {
    let top = bits.last().copied().unwrap_or(ZERO);
    let own = bits.iter().rposition(|bit| *bit != top).map_or(0, |place| place + 1);
    let signed = top != ZERO && own + 1 < bits.len();
    let a = match top {
        ZERO => bits[..own].to_vec(),
        _ => bits[..own + 1].to_vec(),
    };
    Term { a, b: Vec::new(), signed, subtracts }
}

/// The lowest `width` bits of the sum of `terms`.
fn added(graph: &mut Graph, terms: &[Term], width: usize) -> Vec<Bit> {
    let mut columns = Columns(vec![Vec::new(); width]);
    for Term { a, b, signed, subtracts } in terms {
        if b.is_empty() {
            columns.add_row(a, 0, *signed, *subtracts);
            continue;
        }
        let (a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
        for (place, &factor) in b.iter().enumerate().take(width) {
            let row: Vec<Bit> = a.iter().map(|&bit| graph.and(bit, factor)).collect();
            let is_sign = *signed && place + 1 == b.len();
            columns.add_row(&row, place, *signed, *subtracts != is_sign);
        }
    }
    let mut rows = columns.rows();
    while rows.len() > 2 {
        let three: Vec<Vec<Bit>> = rows.chunks(3).flat_map(|rows| reduced(graph, rows)).collect();
        rows = three;
    }
    let [a, b] = [0, 1].map(|row| rows.get(row).cloned().unwrap_or_else(|| vec![ZERO; width]));
    let cell = graph.cell(Cell::Chain(Chain { a, b, carry_in: ZERO, subtracts: false }));
    graph.made(cell, width as u32)
}

/// A full adder for each column of three rows: their sums, and their carries a column higher.
fn reduced(graph: &mut Graph, rows: &[Vec<Bit>]) -> Vec<Vec<Bit>> {
    let [first, second, third] = rows else { return rows.to_vec() };
    let (mut sums, mut carries) = (Vec::new(), vec![ZERO]);
    for ((&a, &b), &c) in first.iter().zip(second).zip(third) {
        let differ = graph.xor(a, b);
        sums.push(graph.xor(differ, c));
        carries.push(graph.mux(differ, c, a));
    }
    carries.pop();
    vec![sums, carries]
}

/// The bits of each place of a sum, each at most once.
struct Columns(Vec<Vec<Bit>>);

impl Columns {
    fn add_row(&mut self, bits: &[Bit], shift: usize, signed: bool, subtracts: bool) {
        let above = if signed { bits.last().copied().unwrap_or(ZERO) } else { ZERO };
        let below = if subtracts { ONE } else { ZERO };
        for place in 0..self.0.len() {
            let bit = match place.checked_sub(shift) {
                None => below,
                Some(place) => bits.get(place).copied().unwrap_or(above) ^ Bit::from(subtracts),
            };
            self.add(bit, place);
        }
        if subtracts {
            self.add(ONE, 0);
        }
    }

    /// Twice a bit is the bit a place higher, and with its complement it is 1.
    fn add(&mut self, bit: Bit, place: usize) {
        if bit == ZERO || place >= self.0.len() {
            return;
        }
        match self.0[place].iter().position(|other| *other == bit) {
            Some(at) => {
                self.0[place].swap_remove(at);
                self.add(bit, place + 1);
            }
            None => self.0[place].push(bit),
        }
    }

    /// One bit of each place in each row.
    fn rows(self) -> Vec<Vec<Bit>> {
        let deepest = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let row = |row: usize| self.0.iter().map(|bits| bits.get(row).copied().unwrap_or(ZERO)).collect();
        (0..deepest).map(row).collect()
    }
}
