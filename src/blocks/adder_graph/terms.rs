//! What sums are made of: terms, and the pairs of terms that sums may have in common.

/// `sign * (node << shift)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub node: u32,
    pub shift: u32,
    pub negative: bool,
}

/// The sum of its terms; their order means nothing.
pub type Terms = Vec<Term>;

impl Term {
    pub fn plain(node: u32) -> Term {
        Term { node, shift: 0, negative: false }
    }

    /// The same shifted further, and negated if `negative`.
    pub fn times(self, shift: u32, negative: bool) -> Term {
        Term { node: self.node, shift: self.shift + shift, negative: self.negative != negative }
    }
}

/// Bits of the widest sum without its sign: two such still add up in 64.
const MOST_BITS: u32 = 62;

/// What two terms have in common wherever they meet: `a + sign * (b << shift)`, up to a common shift and sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub a: u32,
    pub b: u32,
    pub shift: u32,
    pub subtracts: bool,
}

impl Pair {
    /// The pair of two terms.
    pub fn of(s: Term, t: Term) -> Pair {
        let (s, t) = in_order(s, t);
        Pair { a: s.node, b: t.node, shift: t.shift - s.shift, subtracts: s.negative != t.negative }
    }

    /// The term that stands for the sum of `s` and `t` if `node` is their pair.
    pub fn stands_for(s: Term, t: Term, node: u32) -> Term {
        Term { node, ..in_order(s, t).0 }
    }

    pub fn terms(self) -> [Term; 2] {
        [Term::plain(self.a), Term { node: self.b, shift: self.shift, negative: self.subtracts }]
    }

    /// The values that hardware knows `a + sign * (b << shift)` to have, for these of `a` and `b`. Where the low bits are `a`'s
    /// own, only the upper ones are a sum, and what is known of both together is the width. Each such sum may be a bit wider than
    /// its values are, so that what many of them make is cut at [`MOST_BITS`].
    pub fn range(self, a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
        let (a_lo, a_hi) = (a.0 >> self.shift, a.1 >> self.shift);
        let (lo, hi) = if self.subtracts { (a_lo - b.1, a_hi - b.0) } else { (a_lo + b.0, a_hi + b.1) };
        if self.shift == 0 {
            return (lo.max(-1 << MOST_BITS), hi.min((1 << MOST_BITS) - 1));
        }
        let bits = (width((lo, hi)) - 1 + self.shift).min(MOST_BITS);
        if lo < 0 { (-1 << bits, (1 << bits) - 1) } else { (0, (1 << bits) - 1) }
    }
}

fn in_order(s: Term, t: Term) -> (Term, Term) {
    if (s.shift, s.node) <= (t.shift, t.node) { (s, t) } else { (t, s) }
}

/// Bits of a signed word that holds the range.
pub fn width((lo, hi): (i64, i64)) -> u32 {
    let bits = |value: i64| 64 - (if value < 0 { !value } else { value }).leading_zeros();
    bits(lo).max(bits(hi)) + 1
}
