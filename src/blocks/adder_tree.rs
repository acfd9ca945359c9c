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

/// A sum of products, and a condition that is still to be added to it, for the carry-in of an adder.
#[derive(Clone)]
pub struct Dot<'m> {
    pub sum: Signal<'m>,
    pub carry: Option<Signal<'m>>,
}

crate::payload!(Dot { sum, carry });

impl<'m> Dot<'m> {
    /// `sum + carry`.
    #[track_caller]
    pub fn whole(self) -> Signal<'m> {
        self.carry.map_or(self.sum, |carry| self.sum + carry)
    }

    /// `sum + carry + other`, in one adder.
    #[track_caller]
    pub fn add_to(self, other: Signal<'m>) -> Signal<'m> {
        other.add_with_carry(self.sum, self.carry)
    }
}

/// The sum of `items` and of all `carries` (conditions): each of the tree's adders takes one carry as its carry-in, which costs no
/// look-up table; the last one is left.
///
/// # Panics
/// If there are no items, or more carries than items.
#[track_caller]
pub fn tree_with_carries<'m>(items: &[Signal<'m>], carries: &[Signal<'m>]) -> Dot<'m> {
    assert!(carries.len() <= items.len(), "{} carries, but {} items", carries.len(), items.len());
    let mut left = carries.iter().copied();
    let items: Vec<_> = items.iter().enumerate().map(|(index, &item)| (item, index, index)).collect();
    let (sum, ..) = tree(&items, &mut |(a, first, _), (b, _, last): (Signal<'m>, usize, usize)| {
        (a.add_with_carry(b, left.next()).hint(format!("sum_{first}_to_{last}")), first, last)
    });
    Dot { sum, carry: left.next() }
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
