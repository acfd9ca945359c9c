//! Many frames: what `golden` and `simulate` hold does not grow with their number.

use crate::{accepted, design, folder, limited, npy, results};
use std::fs;

/// Bytes of address space of a run, of which the program, its threads and its allocator take the half.
const BYTES: u64 = 320 << 20;
const SECONDS: u64 = 300;

const COLUMNS: usize = 8;

/// The bytes of signed frames from number `first` on, no two neighbours alike.
fn frames(first: usize, count: usize) -> Vec<u8> {
    let integer = |at: usize| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u8;
    (first * COLUMNS..(first + count) * COLUMNS).map(integer).collect()
}

fn file(first: usize, count: usize) -> Vec<u8> {
    npy("|i1", false, &format!("({count}, {COLUMNS})"), &frames(first, count))
}

#[test]
fn many_frames_take_the_memory_of_few() {
    const MANY: usize = 4_000_000;
    const FEW: usize = 1000;
    let folder = folder(&design("argmax", "columns = 8\nlanes = 8\ninput = \"s8\""));
    let path = folder.path();
    let golden = |x: Vec<u8>, y: &str| {
        fs::write(path.join("x.npy"), x).unwrap();
        let arguments = ["golden", "design.toml", "--input", "x.npy", "-o", y];
        accepted(&limited(path, &arguments, BYTES, SECONDS));
        results(&path.join(y))
    };
    let all = golden(file(0, MANY), "y.npy");
    assert_eq!(all.len(), MANY);
    for first in [0, MANY / 2, MANY - FEW] {
        assert!(all[first..first + FEW] == golden(file(first, FEW), "few.npy"), "frames from {first} on");
    }
}

/// What is wrong in the last of many frames is said as it is in a small file.
#[test]
fn the_last_of_many_frames_is_checked() {
    const MANY: usize = 1_200_000;
    let folder = folder(&design("argmax", "columns = 8\nlanes = 8\ninput = \"s7\""));
    let mut x: Vec<u8> = frames(0, MANY).into_iter().map(|byte| byte & 63).collect();
    *x.last_mut().unwrap() = 100;
    fs::write(folder.path().join("x.npy"), npy("|i1", false, &format!("({MANY}, {COLUMNS})"), &x)).unwrap();
    let arguments = ["golden", "design.toml", "--input", "x.npy", "-o", "y.npy"];
    let ran = limited(folder.path(), &arguments, 4 * BYTES, SECONDS);
    let why = "integer 7 of frame 1199999 is 100, but stream `x` takes -64..=63";
    assert!(ran.status == Some(2) && ran.said.contains(why), "{:?}: {}", ran.status, ran.said);
}

#[test]
fn many_frames_are_simulated_in_the_memory_of_few() {
    const MANY: usize = 1_200_000;
    let argmax = design("argmax", "columns = 8\nlanes = 8\ninput = \"s8\"");
    let folder = folder(&argmax);
    let path = folder.path();
    fs::write(path.join("x.npy"), file(0, MANY)).unwrap();
    let simulate = ["simulate", "design.toml", "-q", "--frames"];
    // The model is compiled here; a compiler wants more memory.
    accepted(&limited(path, &[&simulate[..], &["1"]].concat(), 8 * BYTES, SECONDS));
    let golden = ["golden", "design.toml", "--input", "x.npy", "-o", "y.npy"];
    accepted(&limited(path, &golden, BYTES, SECONDS));
    let data = "[input]\nfile = \"x.npy\"\n[expected]\nindex = { file = \"y.npy\" }\n";
    fs::write(path.join("design.toml"), argmax + data).unwrap();
    let ran = limited(path, &[&simulate[..], &["1500000"]].concat(), BYTES, SECONDS);
    accepted(&ran);
    assert!(ran.said.contains("index equals what [expected] lists (1200000 integers)"), "{}", ran.said);
    assert!(ran.said.contains("2700"), "{}", ran.said);
}
