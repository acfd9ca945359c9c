//! Forms that are wrong at one accumulator are found by the comparison with the staircase.

use ternlet::import::activation::{Form, Requantized, Staircase};
use ternlet::import::exact::{Rational, Surd};
use ternlet::import::meaning::{Each, Mode, Quantizer, Step};

fn quantizer(before: i64, after: i64) -> Step {
    Step::Quantize(Quantizer {
        scale: Each::all(Rational::new(3.into(), 8.into())),
        before: Each::all(Rational::from_integer(before.into())),
        after: Each::all(after),
        range: (0, 15),
        mode: Mode::HalfEven,
    })
}

fn layer() -> [Step; 2] {
    let scale = Surd::inverse_root(&Rational::new(7.into(), 3.into()))
        .times(&Rational::new(1.into(), 50.into()).into());
    [Step::affine(Each::all(scale.unwrap()), Each::all(Surd::one())), quantizer(0, 0)]
}

fn staircase() -> Staircase {
    Staircase::of(&layer(), &[(-500, 500)], &[]).unwrap().0
}

fn requantized(staircase: &Staircase) -> Requantized {
    match Form::of(staircase).0 {
        Form::Requantize(form) => form,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_threshold_that_is_off_by_one_is_found() {
    let staircase = staircase();
    let form = requantized(&staircase);
    assert_eq!(form.prove(&staircase), Ok(1001));
    let mut found = 0;
    for level in 0..15 {
        for by in [-1, 1] {
            let mut wrong = staircase.clone();
            let threshold = &mut wrong.channels[0].thresholds[level];
            if !(-500..=500).contains(threshold) {
                continue;
            }
            *threshold += by;
            assert!(form.prove(&wrong).is_err(), "level {level} by {by}");
            found += 1;
        }
    }
    assert!(found > 10, "{found} thresholds lie in bounds");
}

/// The multiplier of the least shift has no room: one more or less is another staircase.
#[test]
fn a_multiplier_or_bias_that_is_off_is_found() {
    let staircase = staircase();
    let form = requantized(&staircase);
    let changed = |change: fn(&mut Requantized)| {
        let mut form = form.clone();
        change(&mut form);
        form.prove(&staircase)
    };
    assert!(changed(|form| form.scaling.multipliers[0] += 1).is_err());
    assert!(changed(|form| form.scaling.multipliers[0] -= 1).is_err());
    assert!(changed(|form| form.scaling.shift += 1).is_err());
    assert!(changed(|form| form.clamp.1 = 14).is_err());
    // A bias is right in an interval: far enough it is wrong.
    assert!(changed(|form| form.scaling.biases[0] += 1 << form.scaling.shift).is_err());
}

/// Quant of QONNX adds its zero point before it rounds, QuantizeLinear after it: an odd one turns ties over.
#[test]
fn a_zero_point_on_the_wrong_side_of_the_rounding_is_found() {
    let of = |last: Step| {
        // Exact ties at odd accumulators.
        let half = Surd::from(Rational::new(3.into(), 16.into()));
        let steps = [Step::affine(Each::all(half), Each::all(Surd::zero())), last];
        Staircase::of(&steps, &[(-40, 40)], &[]).unwrap().0
    };
    let (before, after) = (of(quantizer(5, 0)), of(quantizer(0, 5)));
    assert_ne!(before, after);
    assert_eq!(of(quantizer(4, 0)), of(quantizer(0, 4)), "an even one does not");
    let form = Form::of(&before).0;
    if let Form::Requantize(form) = form {
        assert!(form.prove(&after).is_err());
    }
    let differ = (-40..=40).filter(|acc| before.code(0, *acc) != after.code(0, *acc)).count();
    assert!(differ > 5, "{differ} codes at ties differ");
}
