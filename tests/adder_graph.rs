//! Adder graphs as hardware: every form computes the matrix, whatever the weights and the types of the inputs.

use num_bigint::BigInt;
use proptest::prelude::*;
use ternlet::blocks::{AdderForm, AdderGraph, Polarities, constant_matrix};
use ternlet::hdl::{Interpreter, Module, Range};

fn products(matrix: &[Vec<i64>], inputs: &[(i64, i64)], x: &[i64], form: AdderForm) -> Vec<BigInt> {
    let graph = AdderGraph::of(matrix, inputs, 5);
    let m = Module::new("matrix");
    let ports: Vec<_> = inputs
        .iter()
        .enumerate()
        .map(|(index, &(lo, hi))| m.input(format!("x{index}"), Range::new(lo, hi)))
        .collect();
    ports.iter().for_each(|port| m.ignore(*port));
    for (index, row) in constant_matrix(&graph, &ports, form).into_iter().enumerate() {
        m.output(format!("y{index}"), row);
    }
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    let x: Vec<BigInt> = x.iter().map(|&x| x.into()).collect();
    Interpreter::new(circuit).expect("no black box").cycle(false, &x)
}

type Case = (Vec<Vec<i64>>, Vec<(i64, i64)>, Vec<i64>);

fn case() -> impl Strategy<Value = Case> {
    let range = prop_oneof![Just((-128i64, 127i64)), Just((0, 31)), Just((-1, 0)), Just((0, 1))];
    let input = range.prop_flat_map(|(lo, hi)| (Just((lo, hi)), prop_oneof![Just(lo), Just(hi), lo..=hi]));
    (1usize..7, 1usize..7).prop_flat_map(move |(rows, columns)| {
        let weight = prop_oneof![4 => -1i64..=1, 1 => -100i64..100];
        let matrix = prop::collection::vec(prop::collection::vec(weight, columns), rows);
        let inputs = prop::collection::vec(input.clone(), columns);
        (matrix, inputs).prop_map(|(matrix, inputs)| {
            let (ranges, x) = inputs.into_iter().unzip();
            (matrix, ranges, x)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_form_computes_the_matrix((matrix, inputs, x) in case()) {
        let expected: Vec<BigInt> = matrix
            .iter()
            .map(|row| row.iter().zip(&x).map(|(weight, x)| weight * x).sum::<i64>().into())
            .collect();
        for form in [AdderForm::Polarity, AdderForm::Difference] {
            prop_assert_eq!(&products(&matrix, &inputs, &x, form), &expected);
        }
    }
}

/// `x0 - x1` and `x1 - x0` are one adder in two polarities, and one complement of an input.
#[test]
fn a_difference_and_its_negative_share_their_adder() {
    let graph = AdderGraph::of(&[vec![1, -1], vec![-1, 1]], &[(-128, 127); 2], 0);
    assert_eq!(graph.adders(), 1);
    let polarities = Polarities::of(&graph);
    assert_eq!(
        polarities.luts,
        9 + 8 + 9,
        "the adder, the complement of an input, and the row that is negated"
    );
}
