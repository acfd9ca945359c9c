//! The numbers of a file, and the integers that they are.

/// The numbers of a tensor, of the type that its file has.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    Integers(Vec<i64>),
    /// Floating-point numbers; doubles hold those of all narrower types.
    Floats(Vec<f64>),
}

/// A type of numbers in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    Bool,
    Unsigned(Bytes),
    Signed(Bytes),
    Float(Bytes),
    /// The upper half of a single-precision number.
    Bfloat16,
}

/// How many bytes a number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bytes {
    One = 1,
    Two = 2,
    Four = 4,
    Eight = 8,
}

/// What a file's header says of a tensor.
pub struct Place {
    pub shape: Vec<usize>,
    pub element: Element,
    pub big_endian: bool,
    pub start: u64,
}

impl Bytes {
    pub fn of(count: usize) -> Option<Self> {
        [Self::One, Self::Two, Self::Four, Self::Eight].into_iter().find(|bytes| *bytes as usize == count)
    }
}

impl Element {
    /// Bytes of a number.
    pub fn size(self) -> usize {
        match self {
            Self::Bool => 1,
            Self::Bfloat16 => 2,
            Self::Unsigned(bytes) | Self::Signed(bytes) | Self::Float(bytes) => bytes as usize,
        }
    }

    /// The numbers of `bytes`, whole ones.
    ///
    /// # Errors
    /// If an unsigned one has 64 bits.
    pub fn numbers(self, bytes: &[u8], big_endian: bool) -> Result<Numbers, String> {
        let words = bytes.chunks_exact(self.size()).map(|word| word_of(word, big_endian));
        let unused = 64 - 8 * self.size();
        Ok(match self {
            Self::Unsigned(Bytes::Eight) => Numbers::Integers(words.map(unsigned).collect::<Result<_, _>>()?),
            Self::Bool | Self::Unsigned(_) => Numbers::Integers(words.map(|word| word as i64).collect()),
            Self::Signed(_) => {
                Numbers::Integers(words.map(|word| (word << unused) as i64 >> unused).collect())
            }
            Self::Bfloat16 => Numbers::Floats(words.map(|word| single(word << 16)).collect()),
            Self::Float(Bytes::Two) => Numbers::Floats(words.map(half).collect()),
            Self::Float(Bytes::Four) => Numbers::Floats(words.map(single).collect()),
            Self::Float(_) => Numbers::Floats(words.map(f64::from_bits).collect()),
        })
    }
}

fn word_of(bytes: &[u8], big_endian: bool) -> u64 {
    // Pictures and volumes have many bytes.
    if let [byte] = bytes {
        return (*byte).into();
    }
    let push = |word: u64, byte: &u8| word << 8 | u64::from(*byte);
    if big_endian { bytes.iter().fold(0, push) } else { bytes.iter().rev().fold(0, push) }
}

fn unsigned(word: u64) -> Result<i64, String> {
    i64::try_from(word).map_err(|_| format!("an integer is {word}, above 2^63 - 1; save it in fewer bits"))
}

fn single(word: u64) -> f64 {
    f32::from_bits(word as u32).into()
}

/// The number of a half-precision word (IEEE 754 binary16): 5 bits of exponent, 10 of fraction.
fn half(word: u64) -> f64 {
    let sign = if word >> 15 & 1 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = ((word >> 10 & 31) as i32, (word & 1023) as f64);
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

/// What becomes of floating-point numbers.
#[derive(Clone, Copy, Debug)]
pub enum Fractions<'a> {
    /// Each is multiplied by this and rounded to the nearest integer, halves to the even one.
    Scaled(f64),
    /// They must be integers; a person reads what to do where they are not.
    Refused(&'a str),
}

impl Numbers {
    /// The integers that the numbers are.
    ///
    /// # Errors
    /// The first number that is none, and what to do.
    pub fn integers(self, fractions: Fractions) -> Result<Vec<i64>, String> {
        match (self, fractions) {
            (Self::Integers(integers), Fractions::Refused(_)) => Ok(integers),
            (Self::Integers(_), Fractions::Scaled(_)) => {
                Err("the tensor holds integers, which a scale would round; leave `scale` out".into())
            }
            (Self::Floats(floats), Fractions::Scaled(scale)) => rounded(&floats, scale),
            (Self::Floats(floats), Fractions::Refused(help)) => exact(&floats, help),
        }
    }
}

/// The integers that `floats` are.
fn exact(floats: &[f64], help: &str) -> Result<Vec<i64>, String> {
    const END: f64 = (1u64 << 63) as f64;
    let integer = |(index, float): (usize, &f64)| match float {
        float if float.fract() == 0.0 && (-END..END).contains(float) => Ok(*float as i64),
        float => Err(format!("number {index} is {float}, and a datapath takes integers; {help}")),
    };
    floats.iter().enumerate().map(integer).collect()
}

/// The integers nearest to `floats` times `scale`; halves go to the even one.
///
/// # Errors
/// If one is beyond 53 bits, where doubles are no longer exact, or is no number.
fn rounded(floats: &[f64], scale: f64) -> Result<Vec<i64>, String> {
    const MOST: f64 = (1u64 << 53) as f64;
    let scaled = |(index, float): (usize, &f64)| match (float * scale).round_ties_even() {
        integer if integer.abs() <= MOST => Ok(integer as i64),
        _ if float.is_finite() => {
            let why = format!("number {index} is {float}, which times {scale:?} is no integer of 53 bits");
            Err(format!("{why}; write a smaller scale"))
        }
        _ => {
            Err(format!("number {index} is {float}; a datapath takes integers, so replace it before saving"))
        }
    };
    floats.iter().enumerate().map(scaled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every half-precision word against its definition in integers: times 2^24 it is one.
    #[test]
    fn every_half_is_its_definition() {
        for word in 0..1u64 << 16 {
            let (exponent, fraction) = (word >> 10 & 31, word & 1023);
            if exponent == 31 {
                assert!(!half(word).is_finite());
                continue;
            }
            let units = if exponent == 0 { fraction } else { (1024 + fraction) << (exponent - 1) };
            assert_eq!(half(word).abs() * 2f64.powi(24), units as f64);
            assert_eq!(half(word).is_sign_negative(), word >= 1 << 15);
        }
        assert_eq!((half(0x3c00), half(0xc000), half(0x7bff)), (1.0, -2.0, 65504.0));
    }

    #[test]
    fn every_type_in_both_orders_of_bytes() {
        use Bytes::*;
        let cases: [(Element, u64, Numbers); 10] = [
            (Element::Bool, 1, Numbers::Integers(vec![1])),
            (Element::Unsigned(One), 255, Numbers::Integers(vec![255])),
            (Element::Signed(One), 255, Numbers::Integers(vec![-1])),
            (Element::Signed(Two), 0xfffe, Numbers::Integers(vec![-2])),
            (Element::Unsigned(Four), 0x8000_0000, Numbers::Integers(vec![1 << 31])),
            (Element::Signed(Eight), 1 << 63, Numbers::Integers(vec![i64::MIN])),
            (Element::Bfloat16, 0xc040, Numbers::Floats(vec![-3.0])),
            (Element::Float(Two), 0x4200, Numbers::Floats(vec![3.0])),
            (Element::Float(Four), 0x4040_0000, Numbers::Floats(vec![3.0])),
            (Element::Float(Eight), 3f64.to_bits(), Numbers::Floats(vec![3.0])),
        ];
        for (element, word, expected) in cases {
            let little = &word.to_le_bytes()[..element.size()];
            let big = &word.to_be_bytes()[8 - element.size()..];
            assert_eq!(element.numbers(little, false), Ok(expected.clone()), "{element:?}");
            assert_eq!(element.numbers(big, true), Ok(expected), "{element:?}");
        }
        let error = Element::Unsigned(Eight).numbers(&[255; 8], false).unwrap_err();
        assert!(error.starts_with("an integer is 18446744073709551615, above 2^63 - 1"), "{error}");
    }

    #[test]
    fn whole_floats_are_integers() {
        let exact =
            |float: f64| Numbers::Floats(vec![0.0, float]).integers(Fractions::Refused("write others"));
        for float in [-0.0, -3.0, 65504.0, -(2f64.powi(63)), 2f64.powi(62)] {
            assert_eq!(exact(float).unwrap()[1], float as i64);
        }
        for float in [0.5, 2f64.powi(63), f64::NAN, f64::INFINITY] {
            let error = exact(float).unwrap_err();
            assert_eq!(error, format!("number 1 is {float}, and a datapath takes integers; write others"));
        }
    }

    #[test]
    fn scaled_numbers_go_to_the_nearest_integer() {
        let floats = [0.25, -0.25, 0.75, -1.5, 1e-9, 3.0];
        assert_eq!(rounded(&floats, 2.0).unwrap(), [0, 0, 2, -3, 0, 6]);
        let error = rounded(&floats, 1e300).unwrap_err();
        assert!(error.starts_with("number 0 is 0.25, which times 1e300 is no integer of 53 bits"), "{error}");
        assert!(
            rounded(&[f64::NAN], 1.0).unwrap_err().starts_with("number 0 is NaN; a datapath takes integers")
        );
        let error = Numbers::Integers(vec![1]).integers(Fractions::Scaled(2.0)).unwrap_err();
        assert!(error.ends_with("leave `scale` out"), "{error}");
    }
}
