//! Groups of N:M weights as integers: dense to compressed and back, and matrices of them.

use super::config::Problems;
use super::mac::{Given, Matrix, TensorShape, WeightsConfig};
use super::nm_pattern::NmPattern;
use super::tensor::Source;

/// The kept values of a group that has at most N, and their places: those that are not 0, and so many of the first zeros that
/// there are N.
///
/// # Panics
/// If more than N are not 0.
pub fn compress(pattern: NmPattern, group: &[i64]) -> (Vec<i64>, Vec<i64>) {
    let mut spare = pattern.kept().checked_sub(count(group)).expect("at most N weights that are not 0");
    let mut keeps = |value: i64| {
        let fills = value == 0 && spare > 0;
        spare -= usize::from(fills);
        value != 0 || fills
    };
    let places: Vec<usize> = (0..group.len()).filter(|&place| keeps(group[place])).collect();
    (places.iter().map(|&place| group[place]).collect(), places.iter().map(|&place| place as i64).collect())
}

/// The dense weights of a group: the sum of its kept values at their places. Impossible places are read as the nearest possible
/// ones, each for itself.
///
/// ```
/// use ternlet::datapath::{NmPattern, expand_group};
/// let pattern = NmPattern::new(2, 4).unwrap();
/// assert_eq!(expand_group(pattern, &[5, -7], &[0, 3]), [5, 0, 0, -7]);
/// ```
pub fn expand(pattern: NmPattern, values: &[i64], places: &[i64]) -> Vec<i64> {
    let mut group = vec![0; pattern.group()];
    for (index, (value, &place)) in values.iter().zip(places).enumerate() {
        let possible = pattern.possible(index);
        group[(place.max(0) as usize).clamp(*possible.start(), *possible.end())] += value;
    }
    group
}

fn count(group: &[i64]) -> usize {
    group.iter().filter(|weight| **weight != 0).count()
}

/// Notes the first group of a dense matrix that has more than N weights.
pub fn require_sparse(pattern: NmPattern, matrix: &[Vec<i64>], source: &str, problems: &mut Problems) {
    let groups = matrix.iter().enumerate().flat_map(|(row, weights)| {
        weights.chunks(pattern.group()).enumerate().map(move |(index, group)| (row, index, group))
    });
    for (row, index, group) in groups {
        if count(group) > pattern.kept() {
            let (first, last) = (index * pattern.group(), index * pattern.group() + group.len() - 1);
            let place =
                format!("{group:?} (row {row}, columns {first} to {last}, group {index} of {source})");
            let why = format!("{} weights of a group of {pattern} are not 0", count(group));
            let help = "prune the tensor along its rows first, or write dense = true";
            problems.require(false, "weights", place, &why, help);
            return;
        }
    }
}

/// A matrix of kept values (`rows` by N for each group) next to the metadata of each group (`rows` by groups).
pub struct Compressed<'w> {
    values: Given<'w>,
    /// The tensor of metadata.
    metadata: &'w str,
}

impl<'w> Compressed<'w> {
    /// Those of `weights`, if they have metadata.
    pub fn of(weights: &'w WeightsConfig) -> Option<Self> {
        let values = weights.given()?;
        values.metadata.map(|metadata| Self { metadata, values })
    }

    /// The dense matrix; problems are noted.
    pub fn expanded(
        &self,
        pattern: NmPattern,
        (rows, columns): (usize, usize),
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Vec<Vec<i64>>> {
        if rows.max(columns) > 1 << 16 {
            return None; // the array refuses them
        }
        let (kept, groups) = (pattern.kept(), columns.div_ceil(pattern.group()));
        let Given { file, tensor, values, .. } = self.values;
        let shape = TensorShape::matrix(rows, groups * kept);
        let values = Matrix::read(&shape, file, tensor, values, source, problems)?;
        let metadata = self.metadata(pattern, (rows, groups), source, problems)?;
        let mut dense = vec![Vec::new(); rows];
        for (row, weights) in dense.iter_mut().enumerate() {
            for (index, places) in metadata[row * groups..(row + 1) * groups].iter().enumerate() {
                let values = &values.values[row][index * kept..(index + 1) * kept];
                weights.extend(expand(pattern, values, places));
            }
            let beyond = weights.split_off(columns);
            if beyond.iter().any(|weight| *weight != 0) {
                let place = format!("row {row} of {}", values.name);
                let why = format!("a weight is kept beyond the {columns} columns");
                problems.require(false, "weights.metadata", place, &why, "compress the tensor anew");
                return None;
            }
        }
        Some(dense)
    }
    /// The places of each group, row after row, from a tensor with a word for each group or with its places.
    fn metadata(
        &self,
        pattern: NmPattern,
        (rows, groups): (usize, usize),
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Vec<Vec<i64>>> {
        const KEY: &str = "weights.metadata";
        let (value, kept) = (format!("\"{}\"", self.metadata), pattern.kept());
        let Some(file) = self.values.file else {
            let why = "metadata is a tensor of a file, and no file is given";
            problems.require(false, KEY, value, why, "list dense weights and leave it out");
            return None;
        };
        let found = match source.tensor(file, Some(self.metadata)) {
            Ok(found) => found,
            Err(why) => {
                problems.unreadable(KEY, file, &why);
                return None;
            }
        };
        let words = TensorShape::matrix(rows, groups).is_of(&found.shape);
        if !words && !TensorShape::matrix(rows, groups * kept).is_of(&found.shape) {
            let why = format!(
                "the tensor has the shape {:?}; metadata is a word of all places for each group, {rows} x {groups}, or \
                 the places themselves, {rows} x {}",
                found.shape,
                groups * kept
            );
            problems.require(false, KEY, value, &why, "name another tensor, or change rows and columns");
            return None;
        }
        let places: Result<Vec<Vec<i64>>, (usize, String)> = match words {
            true => {
                let decoded = found.values.iter().map(|word| pattern.decode(*word as u64)).enumerate();
                decoded.map(|(index, places)| places.map_err(|why| (index, why))).collect()
            }
            false => {
                let groups = found.values.chunks(kept).enumerate();
                let checked = |(index, places): (usize, &[i64])| {
                    pattern.check(places).map(|()| places.to_vec()).map_err(|why| (index, why))
                };
                groups.map(checked).collect()
            }
        };
        let fault = |(index, why): (usize, String)| {
            let value = format!("{value} (row {}, group {})", index / groups, index % groups);
            problems.require(false, KEY, value, &why, "compress the tensor anew");
        };
        places.map_err(fault).ok()
    }
}
