//! What of a ROM is stored.

use super::gates::{Bit, ONE, ZERO};
use crate::hdl::MemoryNode;
use num_bigint::BigInt;

/// For each bit of a word whether it is the same in all words: then synthesis stores it nowhere.
pub(super) fn constant_bits(memory: &MemoryNode) -> impl Iterator<Item = Option<Bit>> {
    let words = memory.init.as_ref().filter(|_| memory.write.is_none());
    let every = words.map(|words| words.iter().fold(BigInt::from(-1), |every, word| every & word));
    let any = words.map(|words| words.iter().fold(BigInt::ZERO, |any, word| any | word));
    (0..u64::from(memory.ty.width())).map(move |place| match (&every, &any) {
        (Some(every), _) if every.bit(place) => Some(ONE),
        (_, Some(any)) if !any.bit(place) => Some(ZERO),
        _ => None,
    })
}
