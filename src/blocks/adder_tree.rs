//! Sums of many integers: a balanced tree of adders that synthesis does not merge with each other.

use crate::hdl::Signal;

/// `f` over all items in a balanced tree, of the least depth. Generic over its operator, so that the shape can be tested
/// on anything.
///
/// # Panics
/// If there are no items.
pub fn tree<T: Clone>(items: &[T], f: &mut impl FnMut(T, T) -> T) -> T {
    match items {
        [] => panic!("a tree has at least one item"),
        [item] => item.clone(),
        _ => {
            let (left, right) = items.split_at(items.len().div_ceil(2));
            let (left, right) = (tree(left, f), tree(right, f));
            f(left, right)
        }
    }
}

/// The sum of `items` and of all `carries` (conditions) but what is left over: each of the tree's adders takes one carry
/// as its carry-in, which costs no look-up table. Returns the sum and the carries that no adder was left for.
///
/// # Panics
/// If there are no items.
#[track_caller]
pub fn tree_with_carries<'m>(items: &[Signal<'m>], carries: &[Signal<'m>]) -> (Signal<'m>, Vec<Signal<'m>>) {
    let mut left = carries.iter().copied();
    let items: Vec<_> = items.iter().enumerate().map(|(place, &item)| (item, place, place)).collect();
    let (sum, ..) = tree(&items, &mut |(a, first, _), (b, _, last): (Signal<'m>, usize, usize)| {
        (a.add_with_carry(b, left.next()).hint(format!("sum_{first}_to_{last}")), first, last)
    });
    (sum, left.collect())
}

#[cfg(test)]
mod tests {
    use super::tree;

    #[test]
    fn a_tree_keeps_the_order_and_has_the_least_depth() {
        for count in 1..40usize {
            let items: Vec<(String, u32)> = (0..count).map(|item| (format!("{item},"), 0)).collect();
            let (text, depth) = tree(&items, &mut |a, b| (a.0 + &b.0, a.1.max(b.1) + 1));
            assert_eq!(text, (0..count).map(|item| format!("{item},")).collect::<String>());
            assert_eq!(depth, count.next_power_of_two().trailing_zeros());
        }
    }
}
