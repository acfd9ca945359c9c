//! A matrix of small integers times a vector as one graph of adders in which rows share what they have in common.
//!
//! Every node is `a + sign * (b << shift)` of two earlier ones. `search` finds a graph with few and narrow adders, `polarity`
//! chooses in which polarity each node is held on a family whose adders cannot subtract for free, `build` makes hardware of it.

mod assignment;
mod build;
mod estimate;
mod expressions;
mod layout;
mod pair_counts;
mod polarity;
mod random;
mod search;
mod spanning_tree;
mod terms;
mod tree;

use super::signed_digits;

pub use build::constant_matrix;
pub use polarity::Polarities;

/// `a + sign * (b << shift)`; nodes below the number of inputs are the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    pub a: usize,
    pub b: usize,
    pub shift: u32,
    /// Whether `b` is subtracted.
    pub subtracts: bool,
    /// The values that the node may have.
    pub lo: i64,
    pub hi: i64,
}

/// How a sum is computed from what its operands hold: `a` and `b`, each or its complement, a carry-in, and perhaps the complement
/// of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Computed {
    pub a_complemented: bool,
    pub b_complemented: bool,
    pub carry_in: bool,
    pub inverted: bool,
}

/// A row of the matrix: `sign * (node << shift)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub node: usize,
    pub shift: u32,
    pub negative: bool,
}

/// The adders of a matrix.
#[derive(Clone, Debug)]
pub struct AdderGraph {
    /// The range of each input.
    pub inputs: Vec<(i64, i64)>,
    /// In an order in which operands come before their users.
    pub sums: Vec<Sum>,
    /// For each row of the matrix, where it is; none where the row is zero.
    pub rows: Vec<Option<Row>>,
}

impl AdderGraph {
    /// A graph for `matrix`, whose columns have the ranges `inputs`. The same for the same arguments; `effort` is how often a
    /// part of the graph is torn down and built anew to make it smaller, 0 for never.
    ///
    /// # Panics
    /// If a row is not as long as there are inputs, a weight has more than 24 bits and a sign, the matrix has more than 2^18 signed
    /// digits, or the graph is not the matrix.
    pub fn of(matrix: &[Vec<i64>], inputs: &[(i64, i64)], effort: usize) -> Self {
        let bound = 1 << 24;
        for row in matrix {
            assert_eq!(row.len(), inputs.len(), "a weight for each input");
            assert!(
                row.iter().all(|weight| weight.abs() <= bound),
                "weights have at most 24 bits and a sign"
            );
        }
        let digits = matrix.iter().flatten().map(|weight| signed_digits(*weight).len()).sum::<usize>();
        assert!(
            digits + inputs.len() + matrix.len() < 1 << 18,
            "{digits} digits of weights are too many to share"
        );
        let graph = search::search(matrix, inputs, effort);
        assert_eq!(graph.matrix(), matrix, "the graph computes its matrix");
        graph
    }

    /// How often to tear down and build anew by default: about a tenth of a second of search.
    pub fn default_effort(matrix: &[Vec<i64>]) -> usize {
        let weights = matrix.iter().flatten().filter(|weight| **weight != 0).count();
        (520_000 / weights.isqrt().max(1)).min(100 * weights)
    }

    /// The matrix that the graph computes, by propagating the coefficients of the inputs through it, exactly.
    pub fn matrix(&self) -> Vec<Vec<i64>> {
        let count = self.inputs.len();
        let mut coefficients: Vec<Vec<i64>> =
            (0..count).map(|input| (0..count).map(|other| i64::from(other == input)).collect()).collect();
        for sum in &self.sums {
            let sign = if sum.subtracts { -1 } else { 1 };
            let of = |a: &i64, b: &i64| a + sign * (b << sum.shift);
            let node = coefficients[sum.a].iter().zip(&coefficients[sum.b]).map(|(a, b)| of(a, b)).collect();
            coefficients.push(node);
        }
        let row = |row: &Option<Row>| match row {
            None => vec![0; count],
            Some(Row { node, shift, negative }) => {
                let sign = if *negative { -1 } else { 1 };
                coefficients[*node].iter().map(|coefficient| sign * (coefficient << shift)).collect()
            }
        };
        self.rows.iter().map(row).collect()
    }

    pub fn adders(&self) -> usize {
        self.sums.len()
    }

    /// The values that node `node` may have.
    pub fn range(&self, node: usize) -> (i64, i64) {
        match node.checked_sub(self.inputs.len()) {
            None => self.inputs[node],
            Some(sum) => (self.sums[sum].lo, self.sums[sum].hi),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn signed_bytes(count: usize) -> Vec<(i64, i64)> {
        vec![(-128, 127); count]
    }

    #[test]
    fn one_shared_sum_serves_both_rows() {
        let matrix = [vec![1, 1, 1, 0], vec![-1, -1, 0, 1]];
        assert_eq!(AdderGraph::of(&matrix, &signed_bytes(4), 0).adders(), 3);
    }

    #[test]
    fn zero_rows_single_weights_and_powers_need_no_adder() {
        let matrix = [vec![0, 0, 0], vec![0, 1, 0], vec![0, 0, -8]];
        let graph = AdderGraph::of(&matrix, &signed_bytes(3), 10);
        assert_eq!((graph.adders(), graph.rows[0]), (0, None));
    }

    /// Sums above the low bits of others are known by their widths, which grow by a bit each.
    #[test]
    fn sums_of_many_digits_are_no_wider_than_64_bits() {
        let (codebook, mut random) = ([8927, -24366, -18644, -4852], ChaCha8Rng::seed_from_u64(1));
        for _ in 0..4 {
            let mut row = || (0..15).map(|_| codebook[random.random_range(0..4)]).collect::<Vec<i64>>();
            let matrix: Vec<Vec<i64>> = (0..5).map(|_| row()).collect();
            let graph = AdderGraph::of(&matrix, &[(0, 1); 15], AdderGraph::default_effort(&matrix));
            assert!(graph.adders() > 15);
        }
    }

    /// Two rows without zeros differ in few places, each by twice an input.
    #[test]
    fn a_row_may_be_another_and_what_it_differs_by() {
        let matrix =
            [vec![1, 1, 1, 1, 1, 1, 1, 1], vec![1, 1, -1, 1, 1, 1, 1, 1], vec![1, 1, 1, 1, 1, 1, 1, -1]];
        assert_eq!(AdderGraph::of(&matrix, &signed_bytes(8), 0).adders(), 7 + 1 + 1);
    }

    #[test]
    fn effort_makes_it_smaller() {
        let mut draw = ChaCha8Rng::seed_from_u64(1);
        let mut row = || (0..16).map(|_| draw.random_range(-1..=1)).collect::<Vec<i64>>();
        let matrix: Vec<Vec<i64>> = (0..16).map(|_| row()).collect();
        let luts = |effort| Polarities::of(&AdderGraph::of(&matrix, &signed_bytes(16), effort)).luts;
        assert!(luts(500) < luts(0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
        /// The graph is compared with its matrix inside `of`.
        #[test]
        fn any_matrix_of_small_integers(
            matrix in (1usize..8, 1usize..8).prop_flat_map(|(rows, columns)| {
                prop::collection::vec(prop::collection::vec(-40i64..40, columns), rows)
            }),
            effort in 0usize..20,
        ) {
            AdderGraph::of(&matrix, &signed_bytes(matrix[0].len()), effort);
        }
    }
}
