//! The matrix times each vector, on plain integers.

use super::{MatrixTimesVector, WeightKind, dot_product};
use crate::blocks::{Folding, MacArray, group_of};
use crate::stream::{Tokens, Transfers};

impl MatrixTimesVector {
    /// The sums of all rows of all vectors, those of a row next to each other.
    pub(super) fn sums(&self, inputs: &Transfers) -> Vec<i64> {
        let x = inputs[0].unpack(&self.array.inputs()[0]);
        let is_loaded = self.array.is_loaded();
        let fixed = self.matrix.as_ref().filter(|_| self.kind.loaded().is_none() && !is_loaded);
        let fixed = fixed.map(|matrix| self.kind.weights(matrix));
        let once = is_loaded && self.kind.loaded().is_none();
        let fixed = fixed.or_else(|| once.then(|| streamed(&self.array, &*self.kind, &inputs[1], 0, &[])));
        let rows = x.chunks(self.array.folding.columns).enumerate().flat_map(|(frame, x)| {
            let loaded = match self.kind.loaded() {
                Some(_) => inputs[inputs.len() - 1].beat(frame),
                None => &[],
            };
            let dots = |matrix: &[Vec<i64>]| matrix.iter().map(|row| dot_product(x, row)).collect::<Vec<_>>();
            match (&fixed, &self.matrix) {
                (Some(matrix), _) => dots(matrix),
                (None, _) if is_loaded => dots(&streamed(&self.array, &*self.kind, &inputs[1], 0, loaded)),
                (None, Some(codes)) => dots(&self.kind.loaded_weights(codes, loaded)),
                (None, None) => dots(&streamed(&self.array, &*self.kind, &inputs[1], frame, loaded)),
            }
        });
        rows.collect()
    }
}

/// The weights that vector `vector` of all meets in the stream `w`, those beyond the columns among them; those of a row's sums next to
/// each other.
pub fn streamed(
    array: &MacArray,
    kind: &dyn WeightKind,
    w: &Tokens,
    vector: usize,
    loaded: &[i64],
) -> Vec<Vec<i64>> {
    let Folding { rows, columns, lanes, parallel_rows } = array.folding;
    let (group, repeats, fields) = (kind.group(), kind.repeats(), kind.fields());
    let mut matrix = vec![vec![0; columns.next_multiple_of(group)]; rows];
    for (row, weights) in matrix.iter_mut().enumerate() {
        for (place, weights) in weights.chunks_mut(group).enumerate() {
            let (beat, lane) = (place * group / lanes, place * group % lanes);
            let first =
                vector * array.steps() + (row / parallel_rows * array.folding.beats() + beat) * repeats;
            let index = row % parallel_rows * (lanes / group) + lane / group;
            for repeat in 0..repeats {
                let beat = w.beat(first + repeat);
                let fields = match array.is_loaded() {
                    true => kind.of_loaded(beat, array.groups(), index),
                    false => group_of(&fields, array.groups(), beat, index),
                };
                let decoded = kind.decode(&fields, loaded);
                weights.iter_mut().zip(decoded).for_each(|(weight, part)| *weight += part);
            }
        }
    }
    matrix.into_iter().flat_map(|row| kind.sides(row)).collect()
}
