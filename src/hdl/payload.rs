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

    /// A name for each of the signals, which registers and nets of the Verilog end with; empty where the payload is one signal.
    /// Left to itself, a payload numbers them.
    fn names(&self) -> Vec<String> {
        let count = self.signals().len();
        if count == 1 { vec![String::new()] } else { (0..count).map(|index| index.to_string()).collect() }
    }

    /// The same form of what `f` makes of each signal and its name in a payload that is called `name`.
    #[track_caller]
    fn each(&self, name: &str, mut f: impl FnMut(Signal<'m>, String) -> Signal<'m>) -> Self {
        let mut made = Vec::new();
        for (signal, part) in self.signals().into_iter().zip(self.names()) {
            made.push(f(signal, joined(name, &part)));
        }
        self.rebuild(&mut made.into_iter())
    }

    /// The payload in one word, the first signal in the least significant bits.
    ///
    /// # Panics
    /// If it has no signal.
    #[track_caller]
    fn word(&self) -> Signal<'m> {
        let signals = self.signals();
        signals.first().expect("a payload of at least one signal").module().concat(&signals)
    }

    /// The same form of what is in `word`, which is the inverse of [`Payload::word`]: each integer is read in the whole word of its range.
    ///
    /// # Panics
    /// If the word has another width.
    #[track_caller]
    fn cut(&self, word: Signal<'m>) -> Self {
        let types: Vec<Type> = self.signals().iter().map(|signal| signal.ty()).collect();
        self.rebuild(&mut word.parts(&types).into_iter())
    }
}

/// The types of a payload's signals: what a stream that enters a module carries.
pub trait Shape {
    type Payload<'m>: Payload<'m>;

    /// The types of the signals, in the order of packing.
    fn types(&self) -> Vec<Type>;

    /// The payload of the next of `signals`.
    fn build<'m>(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self::Payload<'m>;

    /// A name for each of the types, as [`Payload::names`].
    fn names(&self) -> Vec<String> {
        let count = self.types().len();
        if count == 1 { vec![String::new()] } else { (0..count).map(|index| index.to_string()).collect() }
    }

    /// Bits of the payload's word.
    fn width(&self) -> u32 {
        self.types().iter().map(Type::width).sum()
    }

    /// The payload that is in `word`: each integer is read in the whole word of its range.
    ///
    /// ```
    /// use ternlet::hdl::{Module, Payload, Shape, signed, unsigned};
    /// let m = Module::new("swapped");
    /// let shape = (signed(8), unsigned(4));
    /// let (value, index) = shape.cut(m.input_bits("x", shape.width()));
    /// m.output("y", (index, value).word());
    /// # m.finish().unwrap();
    /// ```
    ///
    /// # Panics
    /// If the word has another width.
    #[track_caller]
    fn cut<'m>(&self, word: Signal<'m>) -> Self::Payload<'m> {
        self.build(&mut word.parts(&self.types()).into_iter())
    }
}

/// `name` of a whole and the name of a `part` of it.
pub(super) fn joined(name: &str, part: &str) -> String {
    match (name, part) {
        ("", name) | (name, "") => name.into(),
        (name, part) => [name, "_", part].concat(),
    }
}

/// What `part` of stream `name` is called: `x_value` of `value`, but `x_0` of `x_0`.
pub(super) fn part_of(name: &str, part: &str) -> String {
    match part.strip_prefix(name) {
        Some(rest) if rest.is_empty() || rest.starts_with('_') => part.into(),
        _ => joined(name, part),
    }
}

/// The names of several parts, one after the other, each with its number in front; a single one needs none.
fn numbered(parts: Vec<Vec<String>>) -> Vec<String> {
    let single = parts.len() == 1;
    let name = |place: usize, inner: &String| joined(&place.to_string(), inner);
    let of_part = |(place, names): (usize, Vec<String>)| -> Vec<String> {
        if single { names } else { names.iter().map(|inner| name(place, inner)).collect() }
    };
    parts.into_iter().enumerate().flat_map(of_part).collect()
}

/// Lanes with names: a payload of as many signals, of which each is an integer of its range.
///
/// ```
/// use ternlet::hdl::{Fields, Module, Shape, signed, unsigned};
/// let fields = Fields::new([("value", 2, signed(8)), ("place", 1, unsigned(3))]);
/// assert_eq!(fields.names(), ["value_0", "value_1", "place"]);
/// let m = Module::new("largest");
/// let stream = m.input_stream("x", false, &fields);
/// m.output_stream("y", stream.map(|lanes| lanes[0].max(lanes[1])));
/// # m.finish().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    fields: Vec<(String, usize, Range)>,
}

impl Fields {
    /// Fields one after the other, the first in the least significant bits: the name, the lanes and their range.
    pub fn new<N: Into<String>>(fields: impl IntoIterator<Item = (N, usize, Range)>) -> Self {
        Self { fields: fields.into_iter().map(|(name, lanes, range)| (name.into(), lanes, range)).collect() }
    }
}

impl Shape for Fields {
    type Payload<'m> = Vec<Signal<'m>>;

    fn types(&self) -> Vec<Type> {
        let lanes = |(_, lanes, range): &(String, usize, Range)| vec![Type::Int(range.clone()); *lanes];
        self.fields.iter().flat_map(lanes).collect()
    }

    fn build<'m>(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Vec<Signal<'m>> {
        self.types().iter().map(|_| signals.next().expect(ONE_EACH)).collect()
    }

    fn names(&self) -> Vec<String> {
        let names = |(name, lanes, _): &(String, usize, Range)| -> Vec<String> {
            numbered(vec![vec![String::new()]; *lanes]).iter().map(|lane| joined(name, lane)).collect()
        };
        self.fields.iter().flat_map(names).collect()
    }
}

/// Makes a struct, all of whose fields are payloads, a payload whose parts are called as the fields; and a struct of the
/// same fields, all of them shapes, its shape, for the state of a `fold` or `scan` and for what is cut out of a word. A field may be
/// a list, an option, or of a type parameter: `payload!(Flagged<P> { flag, lane })`. Where all fields are conditions the shape needs
/// no fields: `payload!(Trit { nonzero, negative } of bits TritBits)` makes it.
///
/// ```
/// use ternlet::hdl::{Module, Payload, Range, Shape, Signal, signed, unsigned};
/// #[derive(Clone)]
/// struct Largest<'m> {
///     value: Signal<'m>,
///     index: Signal<'m>,
/// }
/// struct LargestShape {
///     value: Range,
///     index: Range,
/// }
/// ternlet::payload!(Largest { value, index } of LargestShape);
///
/// let m = Module::new("largest");
/// let largest = Largest { value: m.input("value", signed(8)), index: m.input("index", unsigned(3)) };
/// assert_eq!(largest.names(), ["value", "index"]);
/// assert_eq!(LargestShape { value: signed(8), index: unsigned(3) }.names(), ["value", "index"]);
/// ```
#[macro_export]
macro_rules! payload {
    ($name:ident { $($field:ident),+ $(,)? } of $shape:ident) => {
        $crate::payload!($name { $($field),+ });

        impl $crate::hdl::Shape for $shape {
            type Payload<'m> = $name<'m>;

            fn types(&self) -> Vec<$crate::hdl::Type> {
                [$($crate::hdl::Shape::types(&self.$field)),+].concat()
            }

            fn build<'m>(&self, signals: &mut dyn Iterator<Item = $crate::hdl::Signal<'m>>) -> $name<'m> {
                $name { $($field: $crate::hdl::Shape::build(&self.$field, signals)),+ }
            }

            fn names(&self) -> Vec<String> {
                [$($crate::hdl::of_field(stringify!($field), $crate::hdl::Shape::names(&self.$field))),+].concat()
            }
        }
    };
    ($name:ident { $($field:ident),+ $(,)? } of bits $shape:ident) => {
        $crate::payload!($name { $($field),+ });

        #[doc = concat!("A bit for each condition of a [`", stringify!($name), "`], the first the least significant.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $shape;

        impl $crate::hdl::Shape for $shape {
            type Payload<'m> = $name<'m>;

            fn types(&self) -> Vec<$crate::hdl::Type> {
                self.names().iter().map(|_| $crate::hdl::Range::condition().into()).collect()
            }

            fn build<'m>(&self, signals: &mut dyn Iterator<Item = $crate::hdl::Signal<'m>>) -> $name<'m> {
                $name { $($field: $crate::hdl::Shape::build(&$crate::hdl::Range::condition(), signals)),+ }
            }

            fn names(&self) -> Vec<String> {
                vec![$(stringify!($field).into()),+]
            }
        }
    };
    ($name:ident $(<$inner:ident>)? { $($field:ident),+ $(,)? }) => {
        impl<'m, $($inner: $crate::hdl::Payload<'m>)?> $crate::hdl::Payload<'m> for $name<'m, $($inner)?> {
            fn signals(&self) -> Vec<$crate::hdl::Signal<'m>> {
                [$($crate::hdl::Payload::signals(&self.$field)),+].concat()
            }

            fn rebuild(&self, signals: &mut dyn Iterator<Item = $crate::hdl::Signal<'m>>) -> Self {
                Self { $($field: $crate::hdl::Payload::rebuild(&self.$field, signals)),+ }
            }

            fn names(&self) -> Vec<String> {
                [$($crate::hdl::of_field(stringify!($field), $crate::hdl::Payload::names(&self.$field))),+].concat()
            }
        }
    };
}

/// The names of the signals of a struct's field, of which each is called so by itself.
#[doc(hidden)]
pub fn of_field(field: &str, names: Vec<String>) -> Vec<String> {
    names.iter().map(|inner| joined(field, inner)).collect()
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

    fn names(&self) -> Vec<String> {
        numbered(self.iter().map(P::names).collect())
    }
}

/// None has no signals.
impl<'m, P: Payload<'m>> Payload<'m> for Option<P> {
    fn signals(&self) -> Vec<Signal<'m>> {
        self.iter().flat_map(P::signals).collect()
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        self.as_ref().map(|part| part.rebuild(signals))
    }

    fn names(&self) -> Vec<String> {
        self.iter().flat_map(P::names).collect()
    }
}

impl<S: Shape> Shape for Option<S> {
    type Payload<'m> = Option<S::Payload<'m>>;

    fn types(&self) -> Vec<Type> {
        self.iter().flat_map(S::types).collect()
    }

    fn build<'m>(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self::Payload<'m> {
        self.as_ref().map(|part| part.build(signals))
    }

    fn names(&self) -> Vec<String> {
        self.iter().flat_map(S::names).collect()
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

    fn names(&self) -> Vec<String> {
        numbered(self.iter().map(S::names).collect())
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

            fn names(&self) -> Vec<String> {
                numbered(vec![$(self.$place.names()),*])
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

            fn names(&self) -> Vec<String> {
                numbered(vec![$(self.$place.names()),*])
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);

impl Module {
    /// The map of the bits of port `name` in the Verilog: its parts from the least significant bits up.
    pub(super) fn describe_payload(&self, name: String, names: Vec<String>, types: Vec<Type>) {
        self.payloads.borrow_mut().insert(name, names.into_iter().zip(types).collect());
    }

    /// The signals of these `types` that are in `word`. Where `valid` is 0 they are any.
    #[track_caller]
    pub(super) fn unpack<'m>(
        &'m self,
        word: Signal<'m>,
        types: &[Type],
        valid: Signal<'m>,
    ) -> Vec<Signal<'m>> {
        let typed = |(signal, ty): (Signal<'m>, &Type)| match ty {
            Type::Bits(_) => signal,
            Type::Int(range) => signal.assume_when(valid, range.clone()),
        };
        word.parts(types).into_iter().zip(types).map(typed).collect()
    }
}

impl<'m> Signal<'m> {
    /// The word cut into parts of these `types`, the first from the least significant bits; integers in the whole word of their range.
    #[track_caller]
    fn parts(self, types: &[Type]) -> Vec<Signal<'m>> {
        let width: u32 = types.iter().map(Type::width).sum();
        assert!(self.width() == width, "a word of {} bits is cut into {width} bits", self.width());
        let mut parts = Vec::new();
        let mut lsb = 0;
        for ty in types {
            let bits = self.slice(lsb, ty.width());
            lsb += ty.width();
            parts.push(match ty {
                Type::Bits(_) => bits,
                Type::Int(range) => bits.int(range.word()),
            });
        }
        parts
    }
}
