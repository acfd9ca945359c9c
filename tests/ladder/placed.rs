//! What is placed on a Gowin board, with open inputs at 0, at 1 and at registers of the design.

use crate::small::small_examples;
use crate::toolchain;
use std::fs;
use std::path::Path;
use ternlet::datapath::Catalog;
use ternlet::design::{Choices, Design, LinkKind};
use ternlet::flow::{Gates, Open, Options, placed, synthesize};
use ternlet::project::{Dut, Project, Stimuli, Waves, simulate};

/// The small example of a datapath on the Gowin board, behind a shift register: the rings of a link are block RAM, which has no model as it is placed.
fn project(kind: &str) -> Project {
    let (_, text) = small_examples().into_iter().find(|(entry, _)| entry.kind == kind).expect("an example");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("design.toml");
    fs::write(&path, text).unwrap();
    let choices =
        Choices { board: Some("tangnano9k".into()), link: Some(LinkKind::Scan), ..Choices::default() };
    let design =
        Design::read(&path, &choices, &Catalog::standard()).unwrap_or_else(|error| panic!("{error}"));
    Project::generate(design, true).unwrap_or_else(|error| panic!("{error}"))
}

/// What does not hold in the simulation of `dut`.
fn unmet(project: &Project, dut: &Dut) -> Option<String> {
    let stimuli = Stimuli { frames: Some(20), ..Stimuli::default() };
    let simulated = simulate(&toolchain(), project, dut, &stimuli, &Waves::default());
    simulated.unwrap_or_else(|error| panic!("{error}")).unmet()
}

/// `dut` with what is in the file `cells` in place of its own cells.
fn with_cells(project: &Project, dut: &Dut, cells: &Path, open: Open) -> Dut {
    let (design, described) = (&project.design, project.described());
    let gates = placed(&toolchain(), &described, &design.board, design.frequency_mhz, cells, open);
    let Gates { sources, .. } = gates.unwrap_or_else(|error| panic!("{error}"));
    Dut { sources, ..dut.clone() }
}

/// nextpnr's cells before carry chains that start from a signal read an open carry; put right, they do not.
#[test]
fn no_open_carry_is_read() {
    let mut heads = 0;
    for kind in ["ternary_mac", "codebook_mac"] {
        let project = project(kind);
        let options = Options { frequency_mhz: project.design.frequency_mhz, seeds: 1, dsp: true };
        let synthesis =
            synthesize(&toolchain(), &project.described(), &project.design.board, options).unwrap();
        let right = fs::read_to_string(&synthesis.placement().unwrap().placed).unwrap();
        let [correction] = project.design.board.family.corrections else { panic!("one is known") };
        let table = |bits: &str| format!("\"{}\":\"{bits:0>32}\"", correction.parameter);
        let (before, after) = (table(correction.wrong), table(correction.right));
        let corrected = right.matches(&after).count();
        heads += corrected;
        let note = format!("{corrected} {}", correction.note);
        assert_eq!(synthesis.notes.contains(&note), corrected > 0, "{:?}", synthesis.notes);

        let folder = tempfile::tempdir().unwrap();
        let wrong = folder.path().join("wrong.json");
        fs::write(&wrong, right.replace(&after, &before)).unwrap();
        for open in [Open::Low, Open::High, Open::Registers] {
            let dut = Dut::placed(&toolchain(), &project, open).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(unmet(&project, &dut), None, "{kind} with {open:?}");
            let fault = unmet(&project, &with_cells(&project, &dut, &wrong, open));
            assert_eq!(
                fault.is_some(),
                corrected > 0 && open != Open::Low,
                "{kind} with {open:?}: {fault:?}"
            );
        }
    }
    assert!(heads > 0, "some chain starts from a signal, or this test shows nothing");
}
