//! Where the search starts: each row as the sum of its weights' digits, or as another row and what it differs by.

use super::terms::{Term, Terms};
use crate::blocks::signed_digits;

/// Each row as the canonical signed digits of its weights.
pub fn digits(matrix: &[Vec<i64>]) -> Vec<Terms> {
    matrix.iter().map(|row| digits_of(row)).collect()
}

/// Each row as its digits, or as one other row, added or subtracted, and the digits of the difference: the spanning tree of
/// the rows and zero that has the fewest terms (Prim). In a matrix without zeros two rows often differ in few places, each by
/// one digit (`1 - -1` is `1 << 1`).
pub fn differences(matrix: &[Vec<i64>]) -> Vec<Terms> {
    let mut nearest = digits(matrix);
    let mut reached: Vec<Option<Terms>> = vec![None; matrix.len()];
    for _ in 0..matrix.len() {
        let waiting = (0..matrix.len()).filter(|row| reached[*row].is_none());
        let next = waiting.min_by_key(|row| nearest[*row].len()).expect("a row is waiting");
        reached[next] = Some(std::mem::take(&mut nearest[next]));
        for other in (0..matrix.len()).filter(|row| reached[*row].is_none()) {
            for negative in [false, true] {
                let difference = |(a, b): (&i64, &i64)| if negative { a + b } else { a - b };
                let row: Vec<i64> = matrix[other].iter().zip(&matrix[next]).map(difference).collect();
                let mut terms = digits_of(&row);
                terms.push(Term { node: (row.len() + next) as u32, shift: 0, negative });
                if terms.len() < nearest[other].len() {
                    nearest[other] = terms;
                }
            }
        }
    }
    reached.into_iter().flatten().collect()
}

fn digits_of(row: &[i64]) -> Terms {
    let of = |(node, &weight): (usize, &i64)| {
        let term = move |(shift, sign): (u32, i64)| Term { node: node as u32, shift, negative: sign < 0 };
        signed_digits(weight).into_iter().map(term).collect::<Terms>()
    };
    row.iter().enumerate().flat_map(of).collect()
}
