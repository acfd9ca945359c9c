//! What a stream carries in one beat: a signal, or a tuple or list of payloads.

use super::module::Module;
use super::node::Type;
use super::range::Range;
use super::signal::Signal;

/// A value made of signals, which can be taken apart and put together again.
pub trait Payload<'m>: Clone {
    /// The signals, in the order in which they are packed: the first in the least significant bits.
    fn signals(&self) -> Vec<Signal<'m>>;

    /// The same shape of the next of `signals`.
    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self;
}

/// The types of a payload's signals: what a stream that enters a module carries.
pub trait Shape {
    type Payload<'m>: Payload<'m>;

    /// The types of the signals, in the order of packing.
    fn types(&self) -> Vec<Type>;

    /// The payload of the next of `signals`.
    fn build<'m>(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self::Payload<'m>;
}

const ONE_EACH: &str = "a signal for each type of the shape";

impl<'m> Payload<'m> for Signal<'m> {
    fn signals(&self) -> Vec<Signal<'m>> {
        vec![*self]
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        signals.next().expect(ONE_EACH)
    }
}

impl<'m, P: Payload<'m>> Payload<'m> for Vec<P> {
    fn signals(&self) -> Vec<Signal<'m>> {
        self.iter().flat_map(P::signals).collect()
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        self.iter().map(|part| part.rebuild(signals)).collect()
    }
}

impl Shape for Range {
    type Payload<'m> = Signal<'m>;

    fn types(&self) -> Vec<Type> {
        vec![Type::Int(self.clone())]
    }

    fn build<'m>(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Signal<'m> {
        signals.next().expect(ONE_EACH)
    }
}

impl<S: Shape> Shape for Vec<S> {
    type Payload<'m> = Vec<S::Payload<'m>>;

    fn types(&self) -> Vec<Type> {
        self.iter().flat_map(S::types).collect()
    }

    fn build<'m>(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self::Payload<'m> {
        self.iter().map(|part| part.build(signals)).collect()
    }
}

macro_rules! tuple {
    ($($name:ident $place:tt),*) => {
        impl<'m, $($name: Payload<'m>),*> Payload<'m> for ($($name,)*) {
            fn signals(&self) -> Vec<Signal<'m>> {
                [$(self.$place.signals()),*].concat()
            }

            fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
                ($(self.$place.rebuild(signals),)*)
            }
        }

        impl<$($name: Shape),*> Shape for ($($name,)*) {
            type Payload<'m> = ($($name::Payload<'m>,)*);

            fn types(&self) -> Vec<Type> {
                [$(self.$place.types()),*].concat()
            }

            fn build<'m>(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self::Payload<'m> {
                ($(self.$place.build(signals),)*)
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);

impl Module {
    /// The word of all `signals` behind each other.
    #[track_caller]
    pub(super) fn pack<'m>(&'m self, signals: &[Signal<'m>]) -> Signal<'m> {
        self.concat(signals)
    }

    /// The signals of these `types` that [`Module::pack`] made `word` of. Where `valid` is 0 they are any.
    #[track_caller]
    pub(super) fn unpack<'m>(
        &'m self,
        word: Signal<'m>,
        types: &[Type],
        valid: Signal<'m>,
    ) -> Vec<Signal<'m>> {
        let mut lsb = 0;
        let mut cut = |ty: &Type| {
            let slice = word.slice(lsb, ty.width());
            lsb += ty.width();
            match ty {
                Type::Bits(_) => slice,
                Type::Int(range) => slice.int(range.word()).assume_when(valid, range.clone()),
            }
        };
        types.iter().map(&mut cut).collect()
    }
}
