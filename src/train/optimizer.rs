//! How parameters follow their gradients.

use super::array::Array;
use super::real::Real;
use serde::{Deserialize, Serialize};

/// The rule by which a parameter is changed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Optimizer {
    /// `v <- momentum v + g`, `w <- w - rate v`.
    Sgd {
        #[serde(default = "nine_tenths")]
        momentum: f64,
    },
    /// Kingma and Ba, arXiv 1412.6980, algorithm 1, with beta = (0.9, 0.999) and epsilon = 1e-8.
    Adam,
}

fn nine_tenths() -> f64 {
    0.9
}

impl Default for Optimizer {
    fn default() -> Self {
        Self::Sgd { momentum: nine_tenths() }
    }
}

/// What a rule remembers of a parameter: SGD its velocity, Adam both moments.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory<T> {
    pub first: Array<T>,
    pub second: Array<T>,
    /// Steps that were taken.
    pub steps: u64,
}

impl<T: Real> Memory<T> {
    pub fn new(shape: &[usize]) -> Self {
        Self { first: Array::filled(shape, T::zero()), second: Array::filled(shape, T::zero()), steps: 0 }
    }
}

impl Optimizer {
    /// One step of `parameter` along its gradient.
    pub fn step<T: Real>(
        self,
        rate: f64,
        parameter: &mut Array<T>,
        gradient: &Array<T>,
        memory: &mut Memory<T>,
    ) {
        memory.steps += 1;
        let (first, second) = (&mut memory.first.values, &mut memory.second.values);
        let places = parameter.values.iter_mut().zip(&gradient.values).zip(first.iter_mut().zip(second));
        match self {
            Self::Sgd { momentum } => {
                let (rate, momentum) = (T::of(rate), T::of(momentum));
                for ((value, gradient), (velocity, _)) in places {
                    *velocity = momentum * *velocity + *gradient;
                    *value = *value - rate * *velocity;
                }
            }
            Self::Adam => {
                let (beta1, beta2) = (0.9, 0.999);
                let steps = memory.steps.min(1 << 20) as i32;
                let rate = T::of(rate / (1.0 - f64::powi(beta1, steps)));
                let unbiased = T::of((1.0 - f64::powi(beta2, steps)).recip());
                let (b1, b2, epsilon) = (T::of(beta1), T::of(beta2), T::of(1e-8));
                for ((value, gradient), (m, v)) in places {
                    *m = b1 * *m + (T::one() - b1) * *gradient;
                    *v = b2 * *v + (T::one() - b2) * *gradient * *gradient;
                    *value = *value - rate * *m / ((*v * unbiased).sqrt() + epsilon);
                }
            }
        }
    }
}

/// How the rate goes over the steps of a training, after it has risen linearly over the first `warmup` of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    Constant,
    /// Half a cosine from the rate to 0 (Loshchilov, Hutter, arXiv 1608.03983, equation 5, one period).
    #[default]
    Cosine,
    /// A tenth after each third.
    Steps,
}

impl Schedule {
    /// What the rate is multiplied by when `done` of the training, 0 to 1, is done.
    ///
    /// ```
    /// use ternlet::train::Schedule;
    /// assert_eq!(Schedule::Cosine.factor(0.0, 0.0), 1.0);
    /// assert_eq!(Schedule::Cosine.factor(0.05, 0.1), 0.5);
    /// assert!(Schedule::Cosine.factor(1.0, 0.1).abs() < 1e-15);
    /// assert_eq!(Schedule::Steps.factor(0.5, 0.0), 0.1);
    /// ```
    pub fn factor(self, done: f64, warmup: f64) -> f64 {
        if done < warmup {
            return done / warmup;
        }
        let done = (done - warmup) / (1.0 - warmup);
        match self {
            Self::Constant => 1.0,
            Self::Cosine => (1.0 + (std::f64::consts::PI * done).cos()) / 2.0,
            Self::Steps => 0.1f64.powi((3.0 * done).floor().min(2.0) as i32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two steps of each rule by hand.
    #[test]
    fn steps_are_those_of_the_papers() {
        let run = |optimizer: Optimizer| {
            let mut memory = Memory::new(&[1]);
            let mut parameter = Array::new([1], vec![1.0f64]);
            for gradient in [4.0, -2.0] {
                optimizer.step(0.1, &mut parameter, &Array::new([1], vec![gradient]), &mut memory);
            }
            parameter.values[0]
        };
        assert!((run(Optimizer::Sgd { momentum: 0.5 }) - (1.0 - 0.1 * 4.0 - 0.1 * 0.0)).abs() < 1e-12);
        // After the first step 1 - 0.1; then m = 0.9 * 0.4 - 0.1 * 2 over 1 - 0.81, v = 0.999 * 0.016 + 0.001 * 4 over 1 - 0.998001.
        let (m, v) = (0.16f64 / 0.19, 0.019984f64 / 0.001999);
        assert!((run(Optimizer::Adam) - (0.9 - 0.1 * m / v.sqrt())).abs() < 1e-7);
    }

    #[test]
    fn a_quadratic_is_descended() {
        for optimizer in [Optimizer::default(), Optimizer::Adam] {
            let (mut x, mut memory) = (Array::new([2], vec![3.0f32, -2.0]), Memory::new(&[2]));
            for step in 0..300 {
                let gradient = x.map(|x| 2.0 * x);
                let rate = 0.05 * Schedule::Cosine.factor(f64::from(step) / 300.0, 0.1);
                optimizer.step(rate, &mut x, &gradient, &mut memory);
            }
            assert!(x.values.iter().all(|x| x.abs() < 0.02), "{optimizer:?}: {x:?}");
        }
    }
}
