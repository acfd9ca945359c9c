//! Frames in batches: what the golden model says of them is what it says of all at once, unless it says that it remembers.

use crate::small::small_examples;
use ternlet::datapath::{Catalog, Datapath};
use ternlet::design::{Choices, Design};
use ternlet::stream::{Draw, Tokens, Transfers};

/// The results of 7 random frames at once, and of the first 3 and the others.
fn both(datapath: &dyn Datapath, seed: u64) -> (Transfers, Transfers) {
    let ports = datapath.ports();
    let inputs = datapath.random(7, &mut Draw::seeded(seed));
    let some = |frames: std::ops::Range<usize>| -> Transfers {
        ports.inputs.iter().zip(&inputs).map(|(port, x)| x.some_frames(port, frames.clone())).collect()
    };
    let mut parts = datapath.golden(&some(0..3));
    for (first, next) in parts.iter_mut().zip(datapath.golden(&some(3..7))) {
        first.append(&next);
    }
    (datapath.golden(&inputs), parts)
}

fn values(transfers: &Transfers) -> Vec<&[i64]> {
    transfers.iter().map(|Tokens { values, .. }| &values[..]).collect()
}

fn read(toml: &str) -> Design {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("design.toml");
    std::fs::write(&path, toml).unwrap();
    Design::read(&path, &Choices::default(), &Catalog::standard()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn batches_give_what_all_frames_give() {
    let (mut remembering, mut others) = (0, 0);
    for (entry, toml) in small_examples() {
        let design = read(&toml);
        for seed in 1..=5 {
            let (whole, parts) = both(&*design.datapath, seed);
            if design.datapath.remembers() {
                remembering += usize::from(whole != parts);
            } else {
                assert_eq!(values(&whole), values(&parts), "{} of seed {seed}", entry.kind);
                others += 1;
            }
        }
    }
    assert!(remembering > 0 && others > 100, "{remembering} and {others}");
}

/// Random numbers go on from frame to frame, wherever they are drawn.
#[test]
fn stochastic_rounding_remembers() {
    let scale = "{ output = \"s4\", multiplier = 3, shift = 4, rounding = \"stochastic\" }";
    let kinds = [
        format!("kind = \"requantize\"\nrows = 5\nlanes = 2\ninput = \"s12\"\nrequantize = {scale}"),
        format!(
            "kind = \"ternary_mac\"\nrows = 2\ncolumns = 8\nlanes = 4\ninput = \"s8\"\nrequantize = {scale}\n\
             weights = {{ from = \"stream\" }}"
        ),
    ];
    for keys in kinds {
        let design = read(&format!("name = \"tested\"\n[datapath]\n{keys}\n"));
        assert!(design.datapath.remembers(), "{keys}");
        let (whole, parts) = both(&*design.datapath, 1);
        assert_ne!(values(&whole), values(&parts), "{keys}");
    }
}
