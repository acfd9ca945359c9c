//! What is hopeless is refused at once, and by how much.

use crate::{Ran, accepted, design, folder, refused, ternlet};
use std::fs;
use std::time::Duration;

fn generated(text: &str) -> Ran {
    ternlet(folder(text).path(), &["generate", "design.toml"])
}

/// At once: nothing was built.
#[track_caller]
fn hopeless(text: &str, words: &[&str]) {
    let ran = generated(text);
    refused(&ran, words);
    assert!(ran.elapsed < Duration::from_secs(1), "{:?}", ran.elapsed);
}

#[test]
fn a_layer_with_everything_at_once_is_told_its_size() {
    let mac = |size: usize, lanes: usize| {
        design(
            "ternary_mac",
            &format!(
                "rows = {size}\ncolumns = {size}\nlanes = {lanes}\nparallel_rows = {lanes}\ninput = \"s8\"\nweights = {{ from = \"stream\" }}"
            ),
        )
    };
    let said = [
        "tested takes at least 335,577,088 LUT4",
        "the largest board has 83,640; take fewer lanes or parallel rows",
    ];
    hopeless(&mac(4096, 4096), &said);
    // The help is followed.
    accepted(&generated(&mac(4096, 16)));
    for kind in ["codebook_mac", "nm_mac"] {
        let more =
            if kind == "nm_mac" { "pattern = \"2:4\"\nweight = \"s4\"" } else { "codebook = \"odd2\"" };
        let keys = format!(
            "{more}\nrows = 65536\ncolumns = 65536\nlanes = 65536\nparallel_rows = 65536\ninput = \"s8\"\n\
                            weights = {{ from = \"stream\" }}"
        );
        hopeless(&design(kind, &keys), &["tested takes at least "]);
    }
}

/// No count of any array overflows before it is refused.
#[test]
fn counts_beyond_all_bounds_are_refused() {
    for kind in ["codebook_mac", "nm_mac", "ternary_mac"] {
        let example = ternlet::datapath::Catalog::standard().find(kind).unwrap().example;
        let table: toml::Table = example.parse().unwrap();
        let keys = table["datapath"].as_table().unwrap();
        let metadata = toml::from_str("from = \"memory\"\nfile = \"w.npy\"\nmetadata = \"m\"").unwrap();
        for (key, weights) in ["rows", "columns", "lanes", "parallel_rows"]
            .into_iter()
            .flat_map(|key| [(key, None), (key, Some(&metadata))])
        {
            let mut keys = keys.clone();
            keys.insert(key.into(), toml::Value::Integer(i64::MAX));
            if let Some(weights) = weights.filter(|_| kind == "nm_mac") {
                keys.insert("weights".into(), toml::Value::Table(toml::Table::clone(weights)));
            }
            let mut changed = table.clone();
            changed.insert("datapath".into(), keys.into());
            hopeless(&toml::to_string(&changed).unwrap(), &[&format!("datapath.{key} = ")]);
        }
    }
}

#[test]
fn counts_of_a_convolution_beyond_all_bounds_are_refused() {
    let of_both = [
        "channels",
        "filters",
        "kernel",
        "stride",
        "groups",
        "lanes",
        "parallel_columns",
        "parallel_rows",
        "output_lanes",
    ];
    let of_one = ["dilation", "padding"];
    for (kind, keys) in
        [("convolution", [&of_both[..], &of_one].concat()), ("transposed_convolution", of_both.to_vec())]
    {
        let example = ternlet::datapath::Catalog::standard().find(kind).unwrap().example;
        let table: toml::Table = example.parse().unwrap();
        for key in keys {
            let mut keys = table["datapath"].as_table().unwrap().clone();
            keys.insert(key.into(), toml::Value::Integer(i64::MAX));
            let mut changed = table.clone();
            changed.insert("datapath".into(), keys.into());
            hopeless(&toml::to_string(&changed).unwrap(), &[&format!("datapath.{key} = ")]);
        }
    }
}

#[test]
fn what_follows_sums_has_the_bounds_of_all() {
    let keys = |rows: &str, lanes: &str| {
        let keys = "input = \"s8\"\nrequantize = { output = \"u4\", multiplier = 3, shift = 2 }";
        design("requantize", &format!("rows = {rows}\nlanes = {lanes}\n{keys}"))
    };
    for (rows, lanes) in [("4294967295", "1"), ("8", "4294967295"), ("0", "1"), ("8", "0"), ("65537", "1")] {
        hopeless(&keys(rows, lanes), &["accumulators; write 1 to 65536"]);
    }
    hopeless(&keys("8", "18446744073709551615"), &["the number has more than 63 bits"]);
    hopeless(&keys("65536", "65536"), &["takes at least 1,048,576 LUT4"]);
    accepted(&generated(&keys("65536", "1")));
}

#[test]
fn room_on_an_edge_is_memory() {
    let graph = |depth: &str| {
        format!(
            "name = \"tested\"\n[[node]]\nname = \"a\"\nkind = \"requantize\"\nrows = 4\ninput = \"s8\"\n\
             requantize = {{ output = \"s8\", multiplier = 3, shift = 1 }}\n\
             [[node]]\nname = \"b\"\nkind = \"argmax\"\ncolumns = 4\ninput = \"s8\"\n[[fifo]]\ninto = \"b\"\ndepth = {depth}\n"
        )
    };
    for depth in ["4294967296", "1000000000", "9223372036854775807"] {
        hopeless(
            &graph(depth),
            &["bits of memory, of which the largest board has 3,833,856; store fewer words"],
        );
    }
    accepted(&generated(&graph("64")));
    let first = graph("64").replace("into = \"b\"", "into = \"a\"");
    let folder = folder(&first);
    accepted(&ternlet(folder.path(), &["generate", "design.toml"]));
    let verilog = folder.path().join("build/tested/verilog/tested_acc_to_a_fifo.v");
    assert!(verilog.is_file(), "room before the first node is made");
}

/// A design of many times its board is not simulated and mapped first; one that is a little too large is.
#[test]
fn a_board_is_looked_at_before_anything_is_placed() {
    let keys = "rows = 256\ncolumns = 64\nlanes = 64\nparallel_rows = 64\ninput = \"s8\"\nweights = { from = \"stream\" }";
    let folder = folder(&design("ternary_mac", keys));
    for command in ["synthesize", "flow"] {
        let ran = ternlet(folder.path(), &[command, "design.toml", "--board", "icebreaker", "-q"]);
        refused(&ran, &["at least 82,432", "LUT4, of which icebreaker has 5,280"]);
    }
    accepted(&ternlet(folder.path(), &["generate", "design.toml", "--board", "icebreaker"]));
}

/// The refusal for memory advises a packing only where there is a denser one.
#[test]
fn a_packing_is_advised_where_there_is_a_denser_one() {
    let folder = folder("");
    let path = folder.path();
    fs::write(path.join("w.npy"), crate::npy("|i1", false, "(8192, 4096)", &vec![0; 8192 * 4096])).unwrap();
    for (packing, said) in [("bits2", true), ("trits5", false)] {
        let keys = format!(
            "rows = 8192\ncolumns = 4096\nlanes = 8\ninput = \"s8\"\n\
                            weights = {{ from = \"memory\", file = \"w.npy\", packing = \"{packing}\" }}"
        );
        fs::write(path.join("design.toml"), design("ternary_mac", &keys)).unwrap();
        let ran = ternlet(path, &["generate", "design.toml"]);
        refused(&ran, &["bits of memory, of which the largest board has 3,833,856; store fewer words"]);
        assert_eq!(ran.said.contains("packing = \"trits5\" keeps 5 weights in 8 bits"), said, "{}", ran.said);
    }
}

#[test]
fn frames_that_no_simulation_holds_are_told() {
    let lifting = |size: &str| {
        design("lifting", &format!("scheme = \"haar\"\nlevels = 1\ninput = \"s8\"\nsize = {size}"))
    };
    let folder = folder(&lifting("[512, 512, 512]"));
    let ran = ternlet(folder.path(), &["simulate", "design.toml", "-q"]);
    refused(&ran, &["134,217,728 integers", "a simulation holds 33,554,432; give it a smaller size"]);
}

/// The most lanes that are not refused are built, within the time and the memory that any input may take.
#[test]
fn lanes_at_every_bound_end_well() {
    let scale = "requantize = { output = \"s8\", multiplier = 37, shift = 6 }";
    let factors =
        "gradient = \"s16\"\nlearning_rate = { shift = 4 }\nlambda = { shift = 9 }\nweight = \"s16\"";
    let mut built = 0;
    for lanes in [4096, 16384, 65536] {
        let columns = format!("columns = {lanes}\nlanes = {lanes}");
        for (kind, keys) in [
            ("argmax", format!("{columns}\ninput = \"s8\"")),
            ("requantize", format!("rows = {lanes}\nlanes = {lanes}\ninput = \"s8\"\n{scale}")),
            ("nm_select", format!("{columns}\ninput = \"s8\"\npattern = \"2:4\"")),
            ("nm_compress", format!("{columns}\ninput = \"s8\"\npattern = \"2:4\"")),
            ("nm_compress", format!("{columns}\ninput = \"s2\"\npattern = \"8:16\"")),
            ("sr_ste_update", format!("{columns}\npattern = \"2:4\"\n{factors}")),
        ] {
            let ran = generated(&design(kind, &keys));
            assert!(
                matches!(ran.status, Some(0 | 2)),
                "{kind}, {lanes} lanes: {:?} in {:?}",
                ran.status,
                ran.elapsed
            );
            built += u32::from(ran.status == Some(0));
        }
    }
    assert!(built > 5, "{built} were built");
}

/// Room where paths meet has to be there as a whole: more than the board has is refused, whatever else there is.
#[test]
fn a_skip_that_is_too_large_is_refused() {
    let size = "size = [12, 1024]\nchannels = 128\nlanes = 128";
    let text = format!(
        "name = \"tested\"\nboard = \"ulx3s\"\n[[node]]\nname = \"largest\"\nkind = \"pool\"\noperation = \"max\"\ninput = \"u8\"\n{size}\n\
         kernel = 11\nstride = 1\npadding = 5\n[[node]]\nname = \"sum\"\nkind = \"add\"\n{size}\na = \"u8\"\nb = \"u8\"\n\
         from = {{ a = \"input.x\", b = \"largest\" }}\n"
    );
    refused(
        &generated(&text),
        &[
            "bits of room where paths meet, of which the largest board has",
            "input.x -> sum.a holds 5,2",
            "cut the frames",
        ],
    );
}
