//! What cannot be is named with its help.

use crate::check::*;
use ternlet::datapath::Tensor;
use ternlet::datapath::lifting::LiftingConfig;

fn toml(levels: u32, size: &str, rest: &str) -> String {
    format!("levels = {levels}\ninput = \"u8\"\nsize = {size}\n{rest}")
}

const FIVE_THREE: &str = "scheme = \"jpeg2000_5_3\"";

#[test]
fn a_design_that_cannot_be() {
    let text = problems::<LiftingConfig>(&toml(0, "[8]", FIVE_THREE));
    assert!(text.contains("levels = 0: 8 samples allow 1 to 3 levels (8 at most); write 1 to 3"), "{text}");
    let text = problems::<LiftingConfig>(&toml(4, "[3, 5]", FIVE_THREE));
    assert!(text.contains("levels = 4: 5 samples allow 1 to 3 levels"), "{text}");
    let text = problems::<LiftingConfig>(&toml(9, "[4096]", FIVE_THREE));
    assert!(text.contains("levels = 9: 4096 samples allow 1 to 8 levels"), "{text}");
    let text = problems::<LiftingConfig>(&toml(1, "[0, 4]", FIVE_THREE));
    assert!(text.contains("size = [0, 4]: an axis has 1 to 65536 samples"), "{text}");
    let text = problems::<LiftingConfig>(&toml(1, "[2, 2, 2, 2]", FIVE_THREE));
    assert!(text.contains("a frame has 1 to 3 axes; write [length], [height, width]"), "{text}");
    let text = problems::<LiftingConfig>(&toml(1, "[4, 4]", "lanes = 2\nscheme = \"haar\""));
    assert!(text.contains("lanes = 2: a line takes 1, 2, 4, 8 or 16 samples a beat"), "{text}");
    let text = problems::<LiftingConfig>(&toml(1, "[8]", "lanes = 3\nscheme = \"haar\""));
    assert!(text.contains("lanes = 3: a line takes 1, 2, 4, 8 or 16 samples a beat"), "{text}");
    let text = problems::<LiftingConfig>(&toml(1, "[9]", "lanes = 4\nvarying = true\nscheme = \"haar\""));
    assert!(text.contains("lines that vary come in whole beats"), "{text}");
    let text =
        problems::<LiftingConfig>(&toml(1, "[8]", "lanes = 4\nhardware = \"folded\"\nscheme = \"haar\""));
    assert!(text.contains("lanes = 4: several samples a beat pass a cascade and leave as streams"), "{text}");
    let text = problems::<LiftingConfig>(&toml(1, "[4]", "scheme = \"daubechies\""));
    assert!(
        text.contains("there is no scheme \"daubechies\"; there are haar, jpeg2000_5_3, vc2_haar"),
        "{text}"
    );
}

#[test]
fn a_scheme_that_does_not_invert() {
    let step = "{ kind = \"predict\", taps = [1, 1], first = 0, shift = 1, sign = \"minus\" }";
    let scheme = |keys: &str| toml(1, "[8]", &format!("[scheme]\n{keys}"));
    let text = problems::<LiftingConfig>(&scheme(&format!("scaling = [0, 3]\nsteps = [{step}]")));
    assert!(text.contains("scheme.scaling = (as given): the steps do not invert"), "{text}");
    let text = problems::<LiftingConfig>(&scheme("steps = []"));
    assert!(text.contains("a scheme has at least 1 step"), "{text}");
    let text = problems::<LiftingConfig>(&scheme(&format!(
        "steps = [{}]",
        step.replace("first = 0", "first = 0, offset = 2")
    )));
    assert!(text.contains("scheme.steps[0].offset = (as given): an offset is 0 to 2^shift - 1"), "{text}");
    let text =
        problems::<LiftingConfig>(&scheme(&format!("steps = [{}]", step.replace("predict", "smooth"))));
    assert!(text.contains("unknown variant `smooth`, expected `predict` or `update`"), "{text}");
}

#[test]
fn a_picture_that_does_not_suit() {
    let fixed = datapath::<LiftingConfig>(&toml(1, "[4, 6]", FIVE_THREE));
    let varying = datapath::<LiftingConfig>(&toml(1, "[4, 6]", &format!("varying = true\n{FIVE_THREE}")));
    let tensor = |shape: &[usize], value: i64| Tensor {
        shape: shape.into(),
        values: vec![value; shape.iter().product()],
    };
    let why = |tensor: Tensor| fixed.carry(&tensor).unwrap().unwrap_err();
    let colour = why(tensor(&[4, 6, 3], 0));
    assert!(
        colour
            .contains("a picture of 3 channels; a datapath of pictures takes grey ones, so convert it first"),
        "{colour}"
    );
    let deep = why(tensor(&[4, 6], 3000));
    assert!(
        deep.contains(
            "sample 0 is 3000, but the datapath takes u8 (0..=255); a 16-bit picture wants input = \"u16\""
        ),
        "{deep}"
    );
    let odd = why(tensor(&[3, 5], 0));
    assert!(
        odd.contains(
            "a frame of [3, 5] samples is not one of size = [4, 6]; give its size, or say varying = true"
        ),
        "{odd}"
    );
    let wide = varying.carry(&tensor(&[4, 7], 0)).unwrap().unwrap_err();
    assert!(wide.contains("a frame of [4, 7] samples is larger than size = [4, 6]"), "{wide}");
    // Odd pictures and single pixels are fine where frames vary: the size, then the pixels.
    for shape in [[3, 5], [1, 1]] {
        let carried = varying.carry(&tensor(&shape, 7)).unwrap().unwrap();
        assert_eq!(carried[0].values, shape.map(|length| length as i64));
        assert_eq!(carried[1].values.len(), shape[0] * shape[1]);
    }
}
