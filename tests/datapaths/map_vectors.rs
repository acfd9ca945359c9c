//! Golden models of datapaths on feature maps against ONNX's reference evaluator: what `tests/vectors/maps.py` wrote.

use crate::check::datapath;
use serde_json::Value;
use ternlet::datapath::{
    AddConfig, ArgmaxConfig, ConcatConfig, Config, CropConfig, FlattenConfig, PadConfig, PixelShuffleConfig,
    PoolConfig, UpsampleConfig,
};
use ternlet::stream::Tokens;

fn integers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
}

/// The cases of a kind, of which there are so many.
fn agree<C: Config>(count: usize) {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/maps.json")).unwrap();
    let cases = vectors[C::KIND].as_array().unwrap();
    assert_eq!(cases.len(), count);
    for case in cases {
        let datapath = datapath::<C>(case["keys"].as_str().unwrap());
        let ports = datapath.ports();
        let streams = ports.inputs.iter().zip(case["inputs"].as_array().unwrap());
        let inputs = streams.map(|(port, values)| Tokens::pack(port, &integers(values))).collect();
        let output = datapath.golden(&inputs)[0].unpack(&ports.outputs[0]);
        assert_eq!(output, integers(&case["output"]), "{}", datapath.doc());
    }
}

#[test]
fn pools_are_those_of_onnx() {
    agree::<PoolConfig>(20);
}

#[test]
fn sums_are_those_of_onnx() {
    agree::<AddConfig>(6);
}

#[test]
fn concatenations_are_those_of_onnx() {
    agree::<ConcatConfig>(3);
}

#[test]
fn classes_are_those_of_onnx() {
    agree::<ArgmaxConfig>(3);
}

#[test]
fn maps_in_another_order_are_those_of_onnx() {
    agree::<FlattenConfig>(3);
    agree::<PixelShuffleConfig>(6);
}

#[test]
fn other_sizes_are_those_of_onnx() {
    agree::<UpsampleConfig>(4);
    agree::<PadConfig>(3);
    agree::<CropConfig>(3);
}
