use crate::check::*;
use serde_json::Value;
use ternlet::datapath::SlbSelectConfig;
use ternlet::hdl::Timing;
use ternlet::stream::Tokens;
use ternlet::verify::Case;

fn config(weights: usize, lanes: usize, codebook: &str, score: &str) -> String {
    format!("weights = {weights}\nlanes = {lanes}\ncodebook = {codebook}\nscore = \"{score}\"")
}

/// Against numpy's `argmax` and one-hot product (`tests/vectors/slb_select.py`), with many ties; one codebook holds an
/// integer twice.
#[test]
fn golden_model_and_verilog_choose_as_numpy_does() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../vectors/slb_select.json")).unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let integers = |key: &str| -> Vec<i64> {
            case[key].as_array().unwrap().iter().map(|value| value.as_i64().unwrap()).collect()
        };
        let codebook = case["codebook"].to_string();
        let datapath = datapath::<SlbSelectConfig>(&config(32, 5, &codebook, "s3"));
        let ports = datapath.ports();
        let inputs = vec![Tokens::pack(&ports.inputs[0], &integers("scores"))];
        let outputs = ports.outputs.iter().zip(["index", "weight"]);
        let expected = outputs.map(|(port, key)| Tokens::pack(port, &integers(key))).collect();
        assert_eq!(datapath.golden(&inputs), expected, "{codebook}");
        verilator_on(&*datapath, &[Case { inputs, expected }], 45, Timing::levels(2));
    }
}

#[test]
fn hardware_equals_golden() {
    for (weights, lanes, codebook, score) in [
        (1, 1, "\"binary\"", "u1"),
        (7, 3, "\"ternary\"", "s8"),
        (4, 4, "\"odd4\"", "s3"),
        (5, 2, "[0, 0]", "s1"),
        (3, 1, "[-32768, 32767, 7]", "u32"),
        (6, 4, "[9, 8, 7, 6, 5, 4, 3, 2, 1]", "s32"),
    ] {
        interpreter(&*datapath::<SlbSelectConfig>(&config(weights, lanes, codebook, score)), 30, 46);
    }
    let report =
        verilator(&*datapath::<SlbSelectConfig>(&config(9, 2, "\"odd3\"", "s6")), 300, 47, Timing::levels(1));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(5.0)));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<SlbSelectConfig>(&config(4, 5, "[1]", "s8"));
    assert!(text.contains("lanes = 5: a beat has 1 to `weights` lanes; write 1 to 4"), "{text}");
    assert!(text.contains("codebook = 1: a codebook has 2 to 16 entries; write 2 to 16"), "{text}");
    let text = problems::<SlbSelectConfig>(&config(0, 0, "\"binary\"", "s8"));
    assert!(text.contains("weights = 0: a frame has 1 to 65536 weights; write 1 to 65536"), "{text}");
    let text = problems::<SlbSelectConfig>(&config(1, 1, "\"odd5\"", "s8"));
    assert!(text.contains("one of \"binary\", \"ternary\", \"odd2\", \"odd3\" and \"odd4\""), "{text}");
}
