//! The report page: real digits, hostile names, checks that do not hold, and flows that have little to tell.

use safetensors::SafeTensors;
use std::path::{Path, PathBuf};
use ternlet::datapath::{Roofline, RooflinePoint};
use ternlet::device::{Counts, Family, Resources};
use ternlet::flow::{CriticalPath, Outcome, PathStep, Placement, SeedResult, Synthesis, ToolUsed, Usage};
use ternlet::report::{Page, Picture};
use ternlet::verify::Report;

const HOSTILE: &str = "<script>alert('x')</script>\"&";

fn simulation() -> Report {
    Report {
        seed: 7,
        frames: 1665,
        beats_in: 6660,
        beats_out: 124875,
        passes: 7,
        mismatches: 0,
        cycles: 726_724,
        outputs: vec![],
        latency_cycles: Some(16),
        initiation_interval: Some(64.0),
        timed_case: 0,
        timed_frames: 0,
        frame_latencies: vec![],
        pace: 0,
        cycles_per_second: 1e7,
        cached: false,
    }
}

fn placement() -> Placement {
    let seeds = [35.49, 33.0, 20.0];
    let step = |name: &str, at_ns, sources: &[&str]| PathStep {
        name: name.into(),
        at_ns,
        sources: sources.iter().map(ToString::to_string).collect(),
    };
    Placement {
        used: vec![Usage { resource: "logic_cell".into(), used: 2017, there_is: 5280 }],
        fmax_mhz: 35.49,
        timing_met: true,
        critical_path: Some(CriticalPath {
            delay_ns: 28.0,
            routing_ns: 21.0,
            steps: vec![
                step("hidden_ready", 7.0, &["digits.v:67.16-67.20"]),
                step("hidden.valid_q", 28.0, &[]),
            ],
        }),
        seeds: (1..).zip(seeds).map(|(seed, fmax_mhz)| SeedResult { seed, fmax_mhz }).collect(),
        median_fmax_mhz: 33.0,
        seed: 1,
        bitstream: PathBuf::from("digits.bin"),
        placed: PathBuf::from("seed1.placed"),
    }
}

fn synthesis() -> Synthesis {
    placed(placement())
}

fn placed(placement: Placement) -> Synthesis {
    Synthesis {
        design: "digits".into(),
        board: "icebreaker".into(),
        family: Family::ICE40_UP,
        counts: Counts { lut4: 1432, ff: 651, carry: 615, block_ram: 21, dsp: 2, spram: 0 },
        device: Resources { lut4: 5280, ff: 5280, block_ram: 30, dsp: 8, spram: 0 },
        frequency_mhz: 24.0,
        outcome: Outcome::Placed(Box::new(placement)),
        needed_mhz: 24.0,
        board_clock_mhz: 24.0,
        notes: vec!["The board top holds the design behind a shift register.".into()],
        netlist: PathBuf::from("netlist.v"),
        netlist_hash: "6591b301".into(),
        tools: vec![ToolUsed { name: "yosys".into(), version: "0.70".into() }],
        cached: false,
    }
}

fn page<'a>(simulation: &'a Report, synthesis: &'a Synthesis) -> Page<'a> {
    Page {
        design: "digits",
        board: "iCEBreaker",
        kind: "network",
        doc: "hidden: y = W x, 64 x 64 weights in -1, 0, +1\nclass: index = the place of the largest",
        facts: vec![("ternary MACs a cycle".into(), "64".into())],
        simulator: "verilator 5.48.0",
        simulation,
        references: vec![("hidden", 23040, 0), ("score", 3600, 0)],
        accuracy: Some((348, 360)),
        dice: vec![],
        synthesis,
        pictures: vec![],
        figures: &[],
        roofline: None,
        version: "0.1.0",
    }
}

/// The first real digits, with the scores that a reference computed for them.
fn digits(count: usize) -> Vec<Picture> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/digits_test.safetensors");
    let bytes = std::fs::read(path).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let values = |name: &str| tensors.tensor(name).unwrap().data();
    let integers: Vec<i64> = values("test.ternary.score")
        .chunks_exact(4)
        .map(|four| i64::from(i32::from_le_bytes(four.try_into().unwrap())))
        .collect();
    let picture = |frame: usize| {
        let scores = integers[frame * 10..frame * 10 + 10].to_vec();
        let best = scores.iter().max().unwrap();
        Picture {
            width: 8,
            pixels: values("test.image")[frame * 64..frame * 64 + 64]
                .iter()
                .copied()
                .map(i64::from)
                .collect(),
            label: values("test.label")[frame].into(),
            class: scores.iter().position(|score| score == best).unwrap() as i64,
            scores,
        }
    };
    (0..count).map(picture).collect()
}

/// Whether every tag that is opened is closed, in order.
fn well_formed(html: &str) -> bool {
    const VOID: [&str; 4] = ["!DOCTYPE", "meta", "path", "br"];
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1) {
        let name = tag.split([' ', '>', '\n']).next().unwrap();
        if let Some(name) = name.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else if !VOID.contains(&name) {
            open.push(name);
        }
    }
    open.is_empty()
}

/// A file that needs nothing else, with no number that is none.
fn sound(html: &str) {
    assert!(well_formed(html), "{html}");
    for outside in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"] {
        assert!(!html.contains(outside), "the page needs nothing else: {outside}");
    }
    for number in ["NaN", "inf%", "inf ", "Some(", "None"] {
        assert!(!html.contains(number), "{number}");
    }
}

/// `text` with a narrow space, which stands between thousands, for each `~`.
fn spaced(text: &str) -> String {
    text.replace('~', "\u{202f}")
}

#[test]
fn a_flow_that_holds_is_told_with_its_figures() {
    let (simulation, synthesis) = (simulation(), synthesis());
    let html = Page { pictures: digits(10), ..page(&simulation, &synthesis) }.html();
    // Left for a person who wants to look at the page without running a flow.
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html"), &html).unwrap();
    sound(&html);
    for text in [
        "✓ Every check holds",
        "<b>1~665 <small>frames",
        "<b>96.7 <small>%",
        "348 of 360 named right",
        "<b>35.5 <small>MHz",
        "<b>2.667 <small>µs a frame",
        "64 cycles; 375~000 frames a second at 24 MHz",
        "1~432 of 5~280",
        "27.1 %",
        "2~017 of 5~280",
        "726~724 clock cycles in all, seed 7, verilator 5.48.0",
        "16 cycles from the first beat in to the last beat of the first frame",
        "✓ equal</span>: 23~040 integers",
        "13.49 ns left of a period of 41.67 ns",
        "seed 1 (taken)",
        "20.00 MHz",
        "7.00 ns logic",
        "21.00 ns wires (75 %)",
        "hidden_ready<br><small>digits.v:67.16-67.20",
        "+21.00 ns",
        "7 for the stimuli and stalls, 1 for the placement",
        "yosys",
        "6591b301",
        "behind a shift register",
    ] {
        assert!(html.contains(&spaced(text)), "{text}");
    }
    assert!(!html.contains("SPRAM"), "the device has none");
    assert_eq!(html, Page { pictures: digits(10), ..page(&simulation, &synthesis) }.html());
}

#[test]
fn digits_are_pictures_with_class_and_scores() {
    let (simulation, synthesis) = (simulation(), synthesis());
    let mut pictures = digits(2);
    pictures[1].label = 7;
    let html = Page { pictures, ..page(&simulation, &synthesis) }.html();
    sound(&html);
    assert_eq!(html.matches("<svg ").count(), 2);
    assert!(html.contains("viewBox=\"0 0 8 8\" shape-rendering=\"crispEdges\""));
    assert!(
        html.contains("✓ class 6</strong>") && html.contains(&spaced("\">−132~018</span>")),
        "the first digit"
    );
    assert!(html.contains("✗ class 1</strong> <span class=\"soft\">labelled 7"));
    assert!(html.contains("aria-label=\"input frame labelled 7, classified 1\""));
    assert!(html.contains("Pixels from 0 (blank) to 16 (full)"));
    assert_eq!(html.matches("<li class=\"chosen\">").count(), 2);
}

#[test]
fn what_does_not_hold_is_said_first() {
    let simulation = Report { mismatches: 3, ..simulation() };
    let synthesis = placed(Placement { timing_met: false, fmax_mhz: 20.0, ..placement() });
    let references = vec![("score", 3600, 2)];
    let html = Page { references, ..page(&simulation, &synthesis) }.html();
    sound(&html);
    assert!(!html.contains("Every check holds") && html.contains("✗ A check does not hold"));
    for text in [
        "<li>3 integers differ from the golden model.</li>",
        "<li>Output score: 2 of 3600 integers differ from the reference's.</li>",
        "<li>The clock reaches 20.00 MHz, 24 MHz are needed.</li>",
        "−8.33 ns left",
        "✗ 2 differ</span> of 3~600 integers",
    ] {
        // askama writes an apostrophe as a number
        assert!(html.replace("&#39;", "'").contains(&spaced(text)), "{text}");
    }
}

#[test]
fn a_design_that_does_not_fit_is_a_page_with_its_cells() {
    let over = vec![Usage { resource: "dsp".into(), used: 12, there_is: 8 }];
    let synthesis = Synthesis { outcome: Outcome::TooLarge { over }, ..synthesis() };
    let simulation = simulation();
    let html = page(&simulation, &synthesis).html();
    sound(&html);
    assert!(html.contains("<li>The design does not fit: 12 DSP of 8.</li>"));
    assert!(html.contains(&spaced("1~432 of 5~280")), "the cells are counted all the same");
    for absent in ["Timing", "slowest path", "placement", "NaN"] {
        assert!(!html.contains(absent), "{absent}");
    }
}

#[test]
fn a_simulation_of_nothing_does_not_hold() {
    let simulation = Report { frames: 0, beats_in: 0, beats_out: 0, ..simulation() };
    let html = page(&simulation, &synthesis()).html();
    assert!(html.contains("<li>No frame was simulated.</li>") && html.contains("✗ nothing was simulated"));
}

#[test]
fn a_flow_with_little_to_tell_is_still_a_page() {
    let simulation = Report { latency_cycles: None, initiation_interval: None, ..simulation() };
    let placement = Placement { critical_path: None, used: vec![], ..placement() };
    let synthesis = Synthesis { notes: vec![], ..placed(placement) };
    let html =
        Page { accuracy: None, references: vec![], facts: vec![], ..page(&simulation, &synthesis) }.html();
    sound(&html);
    for absent in
        ["accuracy", "Dice", "reference", "A few frames", "slowest path", "µs", "latency", "board top"]
    {
        assert!(!html.contains(absent), "{absent}");
    }
    assert!(html.contains("✓ Every check holds"));
    let dice = vec![(1, 0.94754), (2, 0.9456)];
    let maps = Page { dice, ..page(&simulation, &synthesis) }.html();
    sound(&maps);
    assert!(
        maps.contains("<b>0.9475</b><span>Dice of class 1")
            && maps.contains("<b>0.9456</b><span>Dice of class 2")
    );
    let pictures = vec![Picture { width: 2, pixels: vec![0; 4], label: 0, class: 0, scores: vec![] }];
    let blank = Page { pictures, accuracy: Some((0, 0)), ..page(&simulation, &synthesis) }.html();
    sound(&blank);
    assert!(blank.contains("✓ class 0") && !blank.contains("<ul class=\"scores\""));
}

#[test]
fn what_limits_is_drawn() {
    let point = |name: &str, products_a_cycle| RooflinePoint {
        name: name.into(),
        products_a_cycle,
        products_a_byte: 4.0,
    };
    let roofline = Roofline {
        layers: vec![point("a", 9.0), point("b", 3.5)],
        whole: point("the whole", 12.5),
        bytes_a_cycle: 60.0,
        products_a_cycle: 40.0,
    };
    let (simulation, synthesis) = (simulation(), placed(placement()));
    let html = Page { roofline: Some(roofline.figure()), ..page(&simulation, &synthesis) }.html();
    sound(&html);
    assert!(html.contains("<h2>What limits</h2>") && html.contains("products a byte of weights"));
    assert!(!page(&simulation, &synthesis).html().contains("What limits"));
}

#[test]
fn hostile_names_stay_text() {
    let simulation = simulation();
    let mut placement = placement();
    placement.used[0].resource = HOSTILE.into();
    let step = &mut placement.critical_path.as_mut().unwrap().steps[0];
    (step.name, step.sources) = (HOSTILE.into(), vec![HOSTILE.into()]);
    let mut synthesis =
        Synthesis { notes: vec![HOSTILE.into()], netlist_hash: HOSTILE.into(), ..placed(placement) };
    synthesis.tools[0] = ToolUsed { name: HOSTILE.into(), version: HOSTILE.into() };
    let html = Page {
        design: HOSTILE,
        board: HOSTILE,
        kind: HOSTILE,
        doc: HOSTILE,
        facts: vec![(HOSTILE.into(), HOSTILE.into())],
        simulator: HOSTILE,
        references: vec![(HOSTILE, 1, 1)],
        version: HOSTILE,
        ..page(&simulation, &synthesis)
    }
    .html();
    sound(&html);
    assert!(html.matches("&#60;script&#62;").count() >= 15, "every place still says it");
}
