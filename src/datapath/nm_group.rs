//! Groups of N:M weights as integers: dense to compressed and back, and matrices of them.

use super::config::Problems;
use super::mac::Matrix;
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
pub struct Compressed {
    pub file: Option<String>,
    pub tensor: Option<String>,
    pub values: Option<Vec<Vec<i64>>>,
    /// The tensor of metadata.
    pub metadata: String,
}

impl Compressed {
    /// The dense matrix; problems are noted.
    pub fn expanded(
        &self,
        pattern: NmPattern,
        (rows, columns): (usize, usize),
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Vec<Vec<i64>>> {
        let (kept, groups) = (pattern.kept(), columns.div_ceil(pattern.group()));
        let (file, tensor) = (self.file.as_deref(), self.tensor.as_deref());
        let shape = (rows, groups * kept);
        let values = Matrix::read(shape, file, tensor, self.values.as_deref(), source, problems)?;
        let metadata = Matrix::read((rows, groups), file, Some(&self.metadata), None, source, problems)?;
        let mut dense = vec![Vec::new(); rows];
        for (row, weights) in dense.iter_mut().enumerate() {
            for (index, &word) in metadata.values[row].iter().enumerate() {
                match pattern.decode(word as u64) {
                    Ok(places) => {
                        let values = &values.values[row][index * kept..(index + 1) * kept];
                        weights.extend(expand(pattern, values, &places));
                    }
                    Err(why) => {
                        let place = format!("{word} (row {row}, group {index} of {})", self.metadata);
                        let help = "compress the tensor anew";
                        problems.require(false, "weights.metadata", place, &why, help);
                        return None;
                    }
                }
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
}
