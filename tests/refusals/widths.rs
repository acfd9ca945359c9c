//! Integers that no 64 bits hold are refused with the widest type that works, which then is exact.

use crate::{accepted, design, folder, i64s, npy, refused, results, ternlet};
use std::fs;

#[test]
fn a_transform_beyond_64_bits_is_told_what_still_works() {
    let keys = |input: &str| {
        format!(
            "levels = 4\ninput = \"{input}\"\nsize = [16]\nsubbands = \"mallat\"\n[datapath.scheme]\n\
             level_shift = 8\nsteps = [\n\
             {{ kind = \"predict\", taps = [1, 1], first = 0, shift = 1, sign = \"minus\" }},\n\
             {{ kind = \"update\", taps = [1, 1], first = -1, offset = 2, shift = 2, sign = \"plus\" }},\n]\n"
        )
    };
    let folder = folder(&design("lifting", &keys("s32")));
    let path = folder.path();
    fs::write(path.join("x.npy"), npy("<i8", false, "(16,)", &i64s(&[(1 << 20) - 1; 16]))).unwrap();
    let golden = || ternlet(path, &["golden", "design.toml", "--input", "x.npy", "-o", "y.npy"]);
    let ran = golden();
    refused(&ran, &["datapath.input = \"s32\": coefficients of 4 levels have more than 62 bits; write \"s"]);
    let widest = ran.said.split("write \"").nth(1).unwrap().split('"').next().unwrap();
    fs::write(path.join("design.toml"), design("lifting", &keys(widest))).unwrap();
    accepted(&golden());
    let coefficients = results(&path.join("y.npy"));
    // A line of one value is its approximation, 8 bits more a level, and has no details.
    let mut expected = vec![0; 16];
    expected[0] = ((1i64 << 20) - 1) << 32;
    assert_eq!(coefficients, expected);
}
