//! `make readme`: the rows of the README's table that a flow of an example gives, and the picture of its report, by the same run.
//!
//! In each row whose command names a design file in `examples/`, and in those below it that say `the same`, the numbers before `LUT4`,
//! `flip-flops`, `block RAM`, `DSP`, `MHz`, `cycles` and `digits` become those of a flow of that file. Needs `chromium` on PATH for the
//! picture, and says so where there is none.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use ternlet::cli::shown_progress;
use ternlet::datapath::Catalog;
use ternlet::design::{Choices, Design};
use ternlet::project::{Flow, Output, Project, Stimuli, Waves, flow};
use ternlet::tools::Toolchain;

/// The design whose report is the picture.
const PICTURED: &str = "examples/digits_ternary.toml";

/// The row of the other boards, and the clocks that are asked of them.
const BOARDS: &str = "| the same on hx8k, ulx3s, tangnano9k |";
const CLOCKS: [(&str, f64); 3] = [("hx8k", 60.0), ("ulx3s", 60.0), ("tangnano9k", 40.0)];

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match written() {
        Ok(changed) => {
            println!("README.md: {changed} rows changed");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the table and the picture; how many rows are others than before.
fn written() -> Result<usize> {
    let toolchain = Toolchain::new(shown_progress(false))?;
    let text = fs::read_to_string("README.md")?;
    let mut last: Option<Flow> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_same = line.trim_end_matches([' ', '|']).ends_with("the same");
        if let Some(file) = design_of(line) {
            last = Some(run(&toolchain, file, &Choices::default())?);
        } else if !is_same && !line.starts_with(BOARDS) {
            last = None;
        }
        lines.push(match &last {
            _ if line.starts_with(BOARDS) => boards(&toolchain, line)?,
            Some(flow) if is_same || design_of(line).is_some() => with_figures(line, flow)?,
            _ => line.to_owned(),
        });
    }
    let new = lines.join("\n") + "\n";
    fs::write("README.md", &new)?;
    picture()?;
    Ok(text.lines().zip(new.lines()).filter(|(before, after)| before != after).count())
}

/// The design file that a row's command takes through the flow.
fn design_of(line: &str) -> Option<&str> {
    let (_, rest) = line.starts_with("| ").then(|| line.split_once("flow examples/"))??;
    let (name, _) = rest.split_once(".toml")?;
    let start = rest.as_ptr() as usize - line.as_ptr() as usize - "examples/".len();
    Some(&line[start..start + "examples/".len() + name.len() + ".toml".len()])
}

fn run(toolchain: &Toolchain, file: &str, choices: &Choices) -> Result<Flow> {
    let design = Design::read(Path::new(file), choices, &Catalog::standard())?;
    let project = Project::generate(design, true)?;
    let progress = toolchain.progress();
    let folder = choices.board.as_ref().map(|board| format!("build/{}_{board}", project.design.name));
    let output =
        Output::open(folder.as_deref().map(Path::new), &project.design.name, &project.identity(), progress)?;
    let flow = flow(toolchain, &project, &Stimuli::default(), &Waves::default(), 1)?;
    let flow = output.publish_flow(&project, flow)?;
    match flow.unmet() {
        Some(unmet) => Err(format!("{file}: {unmet}").into()),
        None => Ok(flow),
    }
}

fn boards(toolchain: &Toolchain, line: &str) -> Result<String> {
    let mut clocks = Vec::new();
    for (board, mhz) in CLOCKS {
        let choices = Choices { board: Some(board.into()), frequency_mhz: Some(mhz), ..Choices::default() };
        let flow = run(toolchain, PICTURED, &choices)?;
        clocks.push(format!("{:.1}", fmax(&flow)?));
    }
    let (head, rest) = line[2..].split_once(" | ").ok_or("a row has cells")?;
    let (_, tail) = rest.split_once(" MHz").ok_or("the row says MHz")?;
    Ok(format!("| {head} | {} MHz{tail}", clocks.join(", ")))
}

fn fmax(flow: &Flow) -> Result<f64> {
    let placed = flow.synthesized.as_ref().and_then(|synthesized| synthesized.synthesis.placement());
    Ok(placed.ok_or("nothing is placed")?.fmax_mhz)
}

fn with_figures(line: &str, flow: &Flow) -> Result<String> {
    let counts = flow.synthesized.as_ref().ok_or("nothing is synthesized")?.synthesis.counts;
    let mut line = line.to_owned();
    for (unit, value) in [
        (" LUT4", counts.lut4),
        (" flip-flops", counts.ff),
        (" block RAM", counts.block_ram),
        (" DSP", counts.dsp),
    ] {
        line = replaced(&line, unit, &grouped(value));
    }
    line = replaced(&line, " MHz (", &format!("{:.1}", fmax(flow)?));
    if let Some(cycles) = flow.simulated.report.initiation_interval {
        line = replaced(&line, " cycles", &grouped(cycles.round() as u64));
    }
    if let Some(accuracy) = &flow.simulated.accuracy {
        line = replaced(&line, &format!(" of {} digits", accuracy.of), &accuracy.right.to_string());
    }
    Ok(line)
}

/// The line with `value` in place of the number before the first `unit`.
fn replaced(line: &str, unit: &str, value: &str) -> String {
    let Some(end) = line.find(unit) else { return line.to_owned() };
    let is_digit = |c: char| c.is_ascii_digit() || c == ',' || c == '.';
    let start = line[..end].trim_end_matches(is_digit).len();
    if start == end {
        return line.to_owned();
    }
    format!("{}{value}{}", &line[..start], &line[end..])
}

/// With a comma before each three digits.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).expect("digits")).collect();
    parts.join(",")
}

/// The report of the pictured design as `docs/report.png`.
fn picture() -> Result<()> {
    let page = fs::canonicalize("build/digits_ternary/report.html")?;
    let mut browser = Command::new("chromium");
    browser.args(["--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1000,1230"]);
    browser.args([format!("--screenshot={}", fs::canonicalize("docs")?.join("report.png").display())]);
    let output = browser.arg(format!("file://{}", page.display())).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
        Err(error) => Err(format!(
            "docs/report.png is not made again: chromium: {error}; install it with `apt-get install chromium`"
        )
        .into()),
    }
}
