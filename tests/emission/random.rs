//! Random whole modules: the interpreter, Verilator and Icarus agree in every cycle.

use crate::operators::random_in;
use crate::recipe::{Recipe, cook};
use crate::simulate::{Case, icarus, verilator, yosys};
use num_bigint::BigInt;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use ternlet::hdl::*;

const CYCLES: usize = 64;

fn case(name: &str, recipe: &Recipe) -> Case {
    let seed = recipe.iter().fold(0, |seed: u64, &choice| seed.wrapping_mul(31).wrapping_add(choice.into()));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let circuit = cook(name, recipe, 1, &mut random);
    let zero = BigInt::from(0);
    let types: Vec<Range> = circuit.inputs.iter().map(|&id| circuit.nodes[id].ty.range()).collect();
    let cycles = (0..CYCLES).map(|cycle| {
        let reset = cycle == 0 || random_in(&mut random, &unsigned(4)) == zero;
        let mut inputs: Vec<BigInt> = types.iter().map(|range| random_in(&mut random, range)).collect();
        if let (0, Some(go)) = (cycle, inputs.last_mut()) {
            *go = zero.clone();
        }
        (reset, inputs)
    });
    Case { cycles: cycles.collect(), circuit: circuit.clone() }
}

/// The least module like `tree`'s of which Icarus and the interpreter disagree, and its Verilog.
fn least(tree: &mut impl ValueTree<Value = Recipe>) -> String {
    let mut least = (tree.current(), String::new());
    let mut moved = true;
    for _ in 0..200 {
        let recipe = tree.current();
        let failure = icarus(&[case("least", &recipe)]).err();
        moved = moved && if failure.is_some() { tree.simplify() } else { tree.complicate() };
        if let Some((_, message)) = failure {
            least = (recipe, message);
        }
        if !moved {
            break;
        }
    }
    format!("{}\n{}", least.1, text(&case("least", &least.0).circuit))
}

#[test]
fn random_modules_mean_the_same_to_all() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let recipes = vec(any::<u16>(), 4..500);
    let mut trees: Vec<_> = (0..48).map(|_| recipes.new_tree(&mut runner).expect("a recipe")).collect();
    let cases: Vec<Case> = trees
        .iter()
        .enumerate()
        .map(|(index, tree)| case(&format!("random{index}"), &tree.current()))
        .collect();
    if let Err((index, message)) = icarus(&cases) {
        panic!("random{index}: {message}\nThe least like it: {}", least(&mut trees[index]));
    }
    for simulator in [verilator, yosys] {
        if let Err((index, message)) = simulator(&cases) {
            panic!("random{index}: {message}\n{}", text(&cases[index].circuit));
        }
    }
}

/// The Verilog of a circuit and of all that is inside it.
fn text(circuit: &Circuit) -> String {
    let text: Vec<String> = ternlet::verilog::emit(circuit).into_iter().map(|file| file.text).collect();
    text.join("\n")
}
