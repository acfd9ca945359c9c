//! The integers of a layer's weights, and what they stand for.

use crate::import::exact::{Rational, of_f64};
use crate::import::meaning::Each;
use crate::import::onnx::{Constant, Values};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

/// `[rows, columns]` integers, and the scale of each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub rows: usize,
    pub codes: Vec<i64>,
    /// What 1 of a row stands for; less than 0 where the file's integers were turned over.
    pub scales: Each<Rational>,
    /// Of each row, or of all, what +1 and -1 are in its scale; none where there is one scale.
    pub sides: Option<Vec<[i64; 2]>>,
}

/// Bits of what +1 and -1 are.
const SIDE_BITS: u32 = 24;

const PLAIN: &str = "its weights are neither integers nor what leaves a quantizer. Where a batch norm was folded into a layer, or effective \
                     weights were exported, nothing stays ternary: export with the weights' quantizers";

impl Weights {
    /// The weights of `constant`, whose first axis is that of rows.
    ///
    /// # Errors
    /// That they are no integers times scales, in a sentence.
    pub fn of(constant: &Constant) -> Result<Self, String> {
        let rows = *constant.shape.first().ok_or("its weights are one number")?;
        let columns = constant.count() / rows.max(1);
        if rows == 0 || columns == 0 {
            return Err("it has no weights".into());
        }
        let (codes, scales) = match &constant.values {
            Values::Grid { codes, scales } => (codes.clone(), scales.clone()),
            Values::Int(codes) => (codes.clone(), vec![1.0; codes.len()]),
            Values::F32(_) | Values::F64(_) | Values::Roots(_) => plain(constant, columns)?,
        };
        let sided: Vec<Row> = (codes.chunks(columns).zip(scales.chunks(columns)).enumerate())
            .map(|(row, (codes, scales))| {
                Row::of(codes, scales).map_err(|why| format!("row {row} of its weights: {why}"))
            })
            .collect::<Result<_, _>>()?;
        if sided.iter().all(|row| row.sides == [1, 1]) {
            let scales = Each::of(sided.into_iter().map(|row| row.scale).collect()).merged();
            // Weights below a zero point of 255 are none of 8 bits with a sign, but their negatives are of 8 bits without one.
            let below = codes.iter().all(|code| *code <= 0) && codes.iter().any(|code| *code < -128);
            return Ok(match below {
                true => Self {
                    rows,
                    codes: codes.iter().map(|code| -code).collect(),
                    scales: scales.map(|scale| -scale),
                    sides: None,
                },
                false => Self { rows, codes, scales, sides: None },
            });
        }
        if codes.iter().any(|code| code.abs() > 1) {
            return Err("its weights have two scales in a row, which ternary ones alone may have".into());
        }
        let sides = Each::of(sided.iter().map(|row| row.sides).collect()).merged();
        let scales = Each::of(sided.into_iter().map(|row| row.scale).collect()).merged();
        Ok(Self { rows, codes, scales, sides: Some(sides.iter().copied().collect()) })
    }

    pub fn columns(&self) -> usize {
        self.codes.len() / self.rows
    }

    pub fn is_ternary(&self) -> bool {
        self.codes.iter().all(|code| code.abs() <= 1)
    }

    /// What the weight at `index` is in the scale of its row.
    pub fn integer(&self, index: usize) -> i64 {
        match (&self.sides, self.codes[index]) {
            (Some(sides), code) if code != 0 => {
                let [plus, minus] = if let [all] = &sides[..] { *all } else { sides[index / self.columns()] };
                if code > 0 { plus } else { -minus }
            }
            (_, code) => code,
        }
    }
}

/// One row.
struct Row {
    scale: Rational,
    sides: [i64; 2],
}

impl Row {
    fn of(codes: &[i64], scales: &[f64]) -> Result<Self, String> {
        let side = |sign: i64| {
            let mut found =
                codes.iter().zip(scales).filter(|(code, _)| code.signum() == sign).map(|(_, scale)| *scale);
            let first = found.next();
            if found.any(|scale| Some(scale) != first) {
                return Err(
                    "weights of one sign have several scales; quantize per channel, or with two scales",
                );
            }
            Ok(first)
        };
        let (plus, minus) = (side(1)?, side(-1)?);
        let real =
            |scale: f64| of_f64(scale).filter(Rational::is_positive).ok_or(format!("its scale is {scale}"));
        match (plus, minus) {
            (Some(plus), Some(minus)) if plus != minus => {
                let (plus, minus) = (real(plus)?, real(minus)?);
                let [p, m] = [plus.numer() * minus.denom(), minus.numer() * plus.denom()];
                let common = p.gcd(&m);
                let sides = [&p / &common, &m / &common]
                    .map(|side: BigInt| side.to_i64().filter(|side| side >> SIDE_BITS == 0));
                let [Some(p), Some(m)] = sides else {
                    return Err("its two scales are no integers of 24 bits times one number; bring them nearer to each other".into());
                };
                Ok(Self { scale: plus / BigInt::from(p), sides: [p, m] })
            }
            (plus, minus) => {
                let scale = real(plus.or(minus).unwrap_or(scales[0]))?;
                Ok(Self { scale, sides: [1, 1] })
            }
        }
    }
}

/// Floating-point numbers that are integers, or of which each row has but one magnitude.
fn plain(constant: &Constant, columns: usize) -> Result<(Vec<i64>, Vec<f64>), String> {
    if let Ok(codes) = constant.integers() {
        let scales = vec![1.0; codes.len()];
        return Ok((codes, scales));
    }
    let values: Vec<f64> = (0..constant.count())
        .map(|index| match &constant.values {
            Values::F64(values) => values[index],
            _ => f64::from(constant.floats()[index]),
        })
        .collect();
    let mut scales = Vec::new();
    for row in values.chunks(columns) {
        let mut magnitudes = row.iter().filter(|value| !value.is_zero()).map(|value| value.abs());
        let first = magnitudes.next();
        if magnitudes.any(|magnitude| Some(magnitude) != first) {
            return Err(PLAIN.into());
        }
        scales.extend(vec![first.unwrap_or(1.0); columns]);
    }
    Ok((values.iter().map(|value| if *value == 0.0 { 0 } else { value.signum() as i64 }).collect(), scales))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::onnx::Element;

    fn grid(codes: Vec<i64>, scales: Vec<f64>) -> Constant {
        let shape = vec![2, codes.len() / 2];
        Constant { shape, element: Element::F32, values: Values::Grid { codes, scales } }
    }

    #[test]
    fn rows_have_a_scale_or_two() {
        let one = Weights::of(&grid(vec![3, 0, -2, 1], vec![0.5, 9.0, 0.25, 0.25])).unwrap();
        assert_eq!((one.sides, one.scales.count()), (None, 2));
        let two = Weights::of(&grid(vec![1, -1, 1, -1], vec![0.75, 0.5, 0.75, 0.5])).unwrap();
        assert_eq!(two.sides, Some(vec![[3, 2]]));
        assert_eq!((0..4).map(|index| two.integer(index)).collect::<Vec<_>>(), [3, -2, 3, -2]);
        assert_eq!(two.scales.only(), of_f64(0.25).as_ref());
        for (codes, scales, why) in [
            (vec![1, 1, 1, 1], vec![0.5, 0.75, 1.0, 1.0], "several scales"),
            (vec![2, -1, 1, 1], vec![0.5, 0.75, 1.0, 1.0], "ternary ones alone"),
            (vec![1, 1, 1, 1], vec![f64::NAN; 4], "several scales"),
        ] {
            let error = Weights::of(&grid(codes, scales)).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn plain_numbers_are_integers_or_a_magnitude() {
        let of = |values: Vec<f32>| {
            Weights::of(&Constant { shape: vec![2, 2], element: Element::F32, values: Values::F32(values) })
        };
        assert_eq!(of(vec![3.0, -2.0, 0.0, 1.0]).unwrap().codes, [3, -2, 0, 1]);
        assert_eq!(of(vec![0.3, -0.3, 0.0, 0.7]).unwrap().codes, [1, -1, 0, 1]);
        assert!(of(vec![0.3, -0.4, 0.0, 0.7]).unwrap_err().contains("batch norm"));
    }
}
