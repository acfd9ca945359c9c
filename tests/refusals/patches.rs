//! Data larger than a frame, as far as it can be cut.

use crate::{accepted, folder, i64s, npy, refused, ternlet};
use std::fs;

/// A convolution of 3 x 3 with a border of zeros, a pool of 2 x 2, and what follows.
fn design(height: usize, width: usize, more: &str) -> String {
    let pooled = [height / 2, width / 2];
    format!(
        "name = \"tested\"\n[input]\nfile = \"x.npy\"\npatches = true\n\
         [[node]]\nname = \"edges\"\nkind = \"convolution\"\nsize = [{height}, {width}]\nchannels = 1\ninput = \"u4\"\n\
         filters = 1\nkernel = 3\npadding = 1\nweight = \"ternary\"\n\
         weights = {{ from = \"memory\", values = [[1, 0, -1, 1, 0, -1, 1, 0, -1]] }}\n\
         [[node]]\nname = \"pool\"\nkind = \"pool\"\noperation = \"max\"\nsize = [{height}, {width}]\nchannels = 1\n\
         input = \"s8\"\nkernel = 2\n\
         [[node]]\nname = \"class\"\nkind = \"argmax\"\nsize = {pooled:?}\nchannels = 1\ninput = \"s8\"\n{more}"
    )
}

/// The pictures of these lengths, through the golden model.
fn golden(design: &str, height: usize, width: usize) -> crate::Ran {
    let folder = folder(design);
    let bytes = i64s(&vec![3; height * width]);
    fs::write(folder.path().join("x.npy"), npy("<i8", false, &format!("({height}, {width})"), &bytes))
        .unwrap();
    ternlet(folder.path(), &["golden", "design.toml", "-o", "y.npy"])
}

#[test]
fn a_whole_that_is_smaller_than_a_frame() {
    let words = [
        "design.toml:2: input: x.npy: the tensor has shape [6, 9]",
        "axes of at least [8, 8] positions",
        "a smaller `size`",
    ];
    refused(&golden(&design(8, 8, ""), 6, 9), &words);
    accepted(&golden(&design(6, 8, ""), 6, 10));
}

#[test]
fn a_whole_in_which_patches_would_lie_between() {
    let words = [
        "an axis of 21 positions is no patch of 8 and a multiple of 2 more",
        "choose a `size` of 9 along it, or give 22 positions",
    ];
    refused(&golden(&design(8, 8, ""), 20, 21), &words);
    accepted(&golden(&design(8, 8, ""), 20, 22));
    // Nine positions of the pool's map of 4.5 do not fit its own: the next design's width is cut off by its argmax.
    accepted(&golden(&design(8, 9, ""), 20, 21));
}

#[test]
fn a_patch_of_which_nothing_is_as_in_the_whole() {
    let words =
        ["a patch of 2 positions has not 2 in a row", "choose a `size` of at least 6 along this axis"];
    refused(&golden(&design(2, 8, ""), 8, 8), &words);
    refused(&golden(&design(4, 8, ""), 8, 8), &["choose a `size` of at least 6 along this axis"]);
    accepted(&golden(&design(6, 8, ""), 8, 8));
    accepted(&golden(&design(4, 8, ""), 4, 12));
}

#[test]
fn nodes_that_look_at_all_of_a_map() {
    let dense = "[[node]]\nname = \"dense\"\nkind = \"ternary_mac\"\nrows = 1\ncolumns = 16\ninput = \"u1\"\n\
                 weights = { from = \"memory\", values = [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]] }\n";
    let flatten =
        "[[node]]\nname = \"flat\"\nkind = \"flatten\"\nsize = [4, 4]\nchannels = 1\ninput = \"u1\"\n";
    let global = "[[node]]\nname = \"all\"\nkind = \"pool\"\noperation = \"sum\"\nsize = [4, 4]\nchannels = 1\ninput = \"u1\"\n";
    let random = "[[node]]\nname = \"noise\"\nkind = \"requantize\"\nrows = 1\nsize = [4, 4]\ninput = \"u1\"\n\
                  requantize = { output = \"u4\", multiplier = 3, shift = 1, rounding = \"stochastic\" }\n";
    for more in [dense, &format!("{flatten}{dense}"), global, random] {
        let ran = golden(&design(8, 8, more), 20, 20);
        refused(
            &ran,
            &[
                "design.toml:2: input: x.npy: a node looks at more than what lies around a position",
                "give it whole frames",
            ],
        );
        // As they are meant.
        accepted(&golden(&design(8, 8, more).replace("patches = true", ""), 8, 8));
    }
    let above = "[[node]]\nname = \"sum\"\nkind = \"add\"\nsize = [4, 4]\nchannels = 1\na = \"u1\"\nb = \"u1\"\nfrom = { a = \"class\" }\n";
    refused(&golden(&design(8, 8, above), 20, 20), &["each with a table [input."]);
}

#[test]
fn labels_of_maps_are_as_many_as_positions() {
    let classes = |count: usize| {
        let folder = folder(&design(8, 8, "[labels]\nfile = \"l.npy\"\nstream = \"index\"\n"));
        fs::write(folder.path().join("x.npy"), npy("<i8", false, "(2, 20, 12)", &i64s(&[3; 480]))).unwrap();
        fs::write(
            folder.path().join("l.npy"),
            npy("<i8", false, &format!("({count},)"), &i64s(&vec![0; count])),
        )
        .unwrap();
        ternlet(folder.path(), &["golden", "design.toml", "-o", "y.npy"])
    };
    accepted(&classes(2 * 10 * 6));
    refused(
        &classes(2),
        &["there are 2 labels (shape [2]) for 120 positions of `index`; give each position one"],
    );
}
