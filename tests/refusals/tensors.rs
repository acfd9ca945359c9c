//! Tensors as people save them.

use crate::{accepted, design, folder, i64s, npy, refused, results, save, ternlet};
use safetensors::tensor::Dtype;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// The index of the largest of 8.
fn argmax(more: &str) -> String {
    design("argmax", "columns = 8\ninput = \"s8\"") + more
}

const X: [i64; 8] = [3, -5, 0, 100, 7, -128, 2, 1];

/// `golden` of the index of the largest of 8, for this file of data.
fn index_of(name: &str, bytes: &[u8]) -> Vec<i64> {
    let folder = folder(&argmax(&format!("[input]\nfile = \"{name}\"\n")));
    fs::write(folder.path().join(name), bytes).unwrap();
    accepted(&ternlet(folder.path(), &["golden", "design.toml", "-o", "y.npy"]));
    results(&folder.path().join("y.npy"))
}

/// The half-precision word of an integer of at most 11 bits.
fn half(value: i64) -> u16 {
    let bits = value.unsigned_abs().checked_ilog2();
    let sign = u16::from(value < 0) << 15;
    bits.map_or(sign, |bits| {
        let fraction = ((value.unsigned_abs() << 10 >> bits) & 1023) as u16;
        sign | (15 + bits as u16) << 10 | fraction
    })
}

#[test]
fn whole_numbers_of_every_type_are_integers() {
    let bytes = |word: &dyn Fn(i64) -> Vec<u8>| X.iter().flat_map(|x| word(*x)).collect::<Vec<u8>>();
    let f16 = bytes(&|x| half(x).to_le_bytes().into());
    let bf16 = bytes(&|x| (((x as f32).to_bits() >> 16) as u16).to_le_bytes().into());
    let f32 = bytes(&|x| (x as f32).to_le_bytes().into());
    let f64 = bytes(&|x| (x as f64).to_le_bytes().into());
    let big = bytes(&|x| (x as i32).to_be_bytes().into());
    let native = bytes(&|x| (x as i32).to_le_bytes().into());
    for (dtype, data) in [
        (Dtype::F16, &f16),
        (Dtype::BF16, &bf16),
        (Dtype::F32, &f32),
        (Dtype::F64, &f64),
        (Dtype::I64, &i64s(&X)),
    ] {
        let saved = tempfile::tempdir().unwrap();
        let path = saved.path().join("x.safetensors");
        save(&path, &[("x", dtype, &[1, 8], data.clone())]);
        assert_eq!(index_of("x.safetensors", &fs::read(path).unwrap()), [3], "{dtype:?}");
    }
    for (descr, data) in [("<f2", &f16), ("<f4", &f32), ("<f8", &f64), (">i4", &big), ("=i4", &native)] {
        assert_eq!(index_of("x.npy", &npy(descr, false, "(8L,)", data)), [3], "{descr}");
        assert_eq!(index_of("X.NPY", &npy(descr, false, "(1L, 8L)", data)), [3], "{descr}");
    }
    // Two frames, the first dimension running fastest.
    let columns: Vec<i64> = (0..8).flat_map(|column| [X[column], X[7 - column]]).collect();
    assert_eq!(index_of("x.npy", &npy("<i8", true, "(2, 8)", &i64s(&columns))), [3, 4]);
}

#[test]
fn weights_and_scales_are_read_as_exporters_write_them() {
    let keys = "rows = 4\ncolumns = 8\nlanes = 4\ninput = \"s8\"\n\
                weights = { from = \"memory\", file = \"t.safetensors\", tensor = \"w\" }\n\
                [datapath.requantize]\noutput = \"s8\"\nshift = 10\n\
                multiplier = { file = \"t.safetensors\", tensor = \"scale\" }\n";
    let whole: Vec<u8> = (0..32).flat_map(|at| ((at % 3) as f32 - 1.0).to_le_bytes()).collect();
    for (shape, scale) in
        [(&[4, 8][..], &[1][..]), (&[4, 8, 1, 1], &[]), (&[4, 8], &[1, 1]), (&[1, 4, 8], &[1])]
    {
        let folder = folder(&design("ternary_mac", keys));
        let tensors = [("w", Dtype::F32, shape, whole.clone()), ("scale", Dtype::I64, scale, i64s(&[37]))];
        save(&folder.path().join("t.safetensors"), &tensors);
        accepted(&ternlet(folder.path(), &["generate", "design.toml"]));
    }
    let folder = folder(&design("ternary_mac", keys));
    let path = folder.path().join("t.safetensors");
    let scales = |count: usize| ("scale", Dtype::I64, vec![37; count]);
    for (count, holds) in [(1, true), (3, false), (4, true)] {
        let (name, dtype, values) = scales(count);
        save(&path, &[("w", Dtype::F32, &[4, 8], whole.clone()), (name, dtype, &[count, 1], i64s(&values))]);
        let ran = ternlet(folder.path(), &["generate", "design.toml"]);
        if holds {
            accepted(&ran)
        } else {
            refused(&ran, &["there are 3 integers for 4 rows; give one, or 4"])
        }
    }
}

/// A help that a person reads is followed, and then it works.
#[test]
fn the_help_about_fractions_works() {
    let fractions: Vec<u8> = X.iter().flat_map(|x| (*x as f32 / 16.0).to_le_bytes()).collect();
    let input = "[input]\nfile = \"x.npy\"\n";
    let folder = folder(&argmax(input));
    let path = folder.path();
    fs::write(path.join("x.npy"), npy("<f4", false, "(8,)", &fractions)).unwrap();
    let golden = |more: &[&str]| ternlet(path, &[&["golden", "design.toml", "-o", "y.npy"], more].concat());
    let help = "give the table a `scale` that makes them so";
    refused(
        &golden(&[]),
        &["design.toml:6", "x.npy: number 0 is 0.1875, and a datapath takes integers", help],
    );
    let help = "save integers, or name it in the table [input] of the design file with a `scale`";
    let bare = crate::folder(&argmax(""));
    fs::copy(path.join("x.npy"), bare.path().join("x.npy")).unwrap();
    refused(&ternlet(bare.path(), &["golden", "design.toml", "--input", "x.npy", "-o", "y.npy"]), &[help]);
    let scaled = |scale: &str| fs::write(path.join("design.toml"), argmax(input) + scale).unwrap();
    scaled("scale = 160.0\n");
    let help = "the largest number fits with scale = 15.8";
    let said = golden(&[]);
    refused(&said, &["integer 3 of frame 0 is 1000", help]);
    scaled("scale = 15.8\n");
    accepted(&golden(&[]));
    scaled("scale = 16.0\n");
    accepted(&golden(&[]));
    assert_eq!(results(&path.join("y.npy")), [3]);
    fs::write(path.join("x.npy"), npy("<i8", false, "(8,)", &i64s(&X))).unwrap();
    refused(&golden(&[]), &["holds integers, which a scale would round; leave `scale` out"]);
    scaled("");
    accepted(&golden(&[]));
}

#[test]
fn weights_that_are_no_integers_say_what_to_save() {
    let keys =
        "rows = 1\ncolumns = 2\ninput = \"s8\"\nweights = { from = \"memory\", file = \"w.safetensors\" }\n";
    let folder = folder(&design("ternary_mac", keys));
    let path = folder.path().join("w.safetensors");
    save(&path, &[("w", Dtype::F32, &[1, 2], [0.5f32, 1.0].iter().flat_map(|w| w.to_le_bytes()).collect())]);
    let ran = ternlet(folder.path(), &["generate", "design.toml"]);
    let help =
        "number 0 is 0.5, and a datapath takes integers; save the integers that they were quantized to\n";
    refused(&ran, &["datapath.weights.file = \"w.safetensors\"", help]);
    assert!(!ran.said.contains("scale"), "weights have none: {}", ran.said);
}

#[test]
fn metadata_is_words_or_places() {
    let keys = "pattern = \"2:4\"\nrows = 2\ncolumns = 8\ninput = \"s8\"\nweight = \"s4\"\n\
                weights = { from = \"memory\", file = \"w.safetensors\", tensor = \"values\", metadata = \"places\" }\n\
                [input]\nfile = \"x.npy\"\n";
    let folder = folder(&design("nm_mac", keys));
    let path = folder.path();
    fs::write(path.join("x.npy"), npy("<i8", false, "(8,)", &i64s(&[1, 10, 100, -7, 3, 5, 9, 11]))).unwrap();
    let values = i64s(&[1, 2, 3, 4, -1, -2, -3, -4]);
    let mut found = Vec::new();
    let places = i64s(&[0, 2, 1, 3, 0, 1, 2, 3]);
    let words = i64s(&[0b1000, 0b1101, 0b0100, 0b1110]);
    for (shape, metadata) in [(&[2, 4][..], places), (&[2, 2], words)] {
        let metadata = ("places", Dtype::I64, shape, metadata);
        save(&path.join("w.safetensors"), &[("values", Dtype::I64, &[2, 4], values.clone()), metadata]);
        accepted(&ternlet(path, &["golden", "design.toml", "-o", "y.npy"]));
        found.push(results(&path.join("y.npy")));
    }
    assert_eq!(found, vec![vec![1 + 200 + 15 + 44, -1 - 20 - 27 - 44]; 2]);
    for (shape, metadata, why) in [
        (
            &[2, 3][..],
            i64s(&[0; 6]),
            "metadata is a word of all places for each group, 2 x 2, or the places themselves, 2 x 4",
        ),
        (
            &[2, 4],
            i64s(&[0, 2, 3, 1, 0, 1, 2, 3]),
            "\"places\" (row 0, group 1): places [3, 1] are impossible metadata",
        ),
    ] {
        let metadata = ("places", Dtype::I64, shape, metadata);
        save(&path.join("w.safetensors"), &[("values", Dtype::I64, &[2, 4], values.clone()), metadata]);
        refused(&ternlet(path, &["generate", "design.toml"]), &["datapath.weights.metadata = ", why]);
    }
}

/// Pictures as cameras and drawing programs save them: upper-case names, alpha, colours. The help's command is taken at its word: it
/// leaves grey pixels, and no alpha.
#[test]
fn pictures_are_read_or_converted() {
    let keys = "size = [2, 8]\ninput = \"u8\"\n[datapath.modulus_maxima]\nscale = 1\n[input]\nfile = \"IMG_0001.PNG\"\n";
    let folder = folder(&design("edge_enhance", keys));
    let save = |color, samples: &[u8]| {
        let file = fs::File::create(folder.path().join("IMG_0001.PNG")).unwrap();
        let mut encoder = png::Encoder::new(file, 8, 2);
        encoder.set_color(color);
        encoder.write_header().unwrap().write_image_data(samples).unwrap();
    };
    let golden = || ternlet(folder.path(), &["golden", "design.toml", "-o", "y.safetensors"]);
    save(png::ColorType::Grayscale, &[9; 16]);
    accepted(&golden());
    save(png::ColorType::GrayscaleAlpha, &[9, 255].repeat(16));
    accepted(&golden());
    save(png::ColorType::GrayscaleAlpha, &[9, 254].repeat(16));
    refused(&golden(), &["takes grey ones", "`convert in.png -alpha off -colorspace Gray out.png`"]);
}

/// Each file is refused, at once and with little memory, by every command that reads tensors.
#[test]
fn heads_that_lie_are_refused() {
    let folder = folder(&argmax(""));
    let path = folder.path();
    let write = |name: &str, bytes: &[u8]| fs::write(path.join(name), bytes).unwrap();
    write("wraps.npy", &npy("<i8", false, "(9223372036854775809, 2)", &i64s(&[1, 2])));
    write("zero.npy", &npy("<i8", false, "(9223372036854775809, 2, 0)", &[]));
    write("huge.npy", &npy("<f8", false, "(2305843009213693953,)", &i64s(&[1])));
    write("deep.npy", &npy(&"[".repeat(30_000), false, "(8,)", &i64s(&X)));
    write("shape.npy", &npy("<i8", false, &"(".repeat(30_000), &i64s(&X)));
    write("axes.npy", &npy("<i8", false, &format!("({})", "1, ".repeat(10_000)), &i64s(&[1])));
    let json =
        format!("{{\"x\":{{\"dtype\":\"I64\",\"shape\":{},\"data_offsets\":[0,8]}}}}", "[".repeat(100_000));
    write("deep.safetensors", &[&(json.len() as u64).to_le_bytes()[..], json.as_bytes()].concat());
    let json = "{\"x\":{\"dtype\":\"I64\",\"shape\":[9223372036854775809,2],\"data_offsets\":[0,16]}}";
    write("wraps.safetensors", &[&(json.len() as u64).to_le_bytes()[..], json.as_bytes(), &[0; 16]].concat());
    write("head.safetensors", &u64::MAX.to_le_bytes());
    // 4 x 2^30 by 2^30 pixels of 16 bits in four channels, in 70 bytes.
    let head = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0x3f; 8], &[16, 6, 0, 0, 0]].concat();
    let crc = crc(&head[12..]).to_be_bytes();
    write("head.png", &[&head, &crc[..], &[0, 0, 0, 0], b"IDAT", &[0; 4]].concat());
    for entry in fs::read_dir(path).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.contains(".toml") {
            continue;
        }
        refused(&ternlet(path, &["golden", "design.toml", "--input", &name, "-o", "y.npy"]), &[&name]);
        refused(&ternlet(path, &["fit", &name, "--bits", "2", "-o", "-"]), &[&name]);
    }
}

/// The checksum of a chunk of PNG.
fn crc(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc)))
}

#[test]
fn what_has_no_end_is_refused() {
    let folder = folder(&argmax(""));
    let path = folder.path();
    let made = |program: &str, arguments: &[&str]| {
        assert!(Command::new(program).args(arguments).current_dir(path).status().unwrap().success());
    };
    made("mkfifo", &["pipe.npy", "pipe.toml"]);
    symlink("/dev/zero", path.join("zero.png")).unwrap();
    symlink("/dev/zero", path.join("zero.toml")).unwrap();
    fs::create_dir(path.join("folder.npy")).unwrap();
    for name in ["pipe.npy", "zero.png"] {
        let ran = ternlet(path, &["golden", "design.toml", "--input", name, "-o", "y.npy"]);
        refused(
            &ran,
            &[name, "no regular file but a pipe or a device; save what comes from it as a file first"],
        );
    }
    let ran = ternlet(path, &["golden", "design.toml", "--input", "folder.npy", "-o", "y.npy"]);
    refused(&ran, &["a folder, not a file"]);
    for name in ["pipe.toml", "zero.toml", "folder.npy"] {
        refused(&ternlet(path, &["generate", name]), &[name]);
    }
    assert!(!Path::new(&path.join("build")).exists());
}
