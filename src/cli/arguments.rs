//! What several subcommands ask for.

use super::answer::Failure;
use crate::datapath::Catalog;
use crate::design::{Choices, Design, LinkKind, extension_of};
use crate::fold::Goal;
use crate::project::{Comments, Output, Project, Stimuli, TensorFormat, check_folder, folder_of};
use crate::tools::Progress;
use clap::Args;
use std::path::{Path, PathBuf};

/// A design, and where its results go.
#[derive(Args)]
pub struct DesignArguments {
    /// The design file; `ternlet new KIND` writes one to start from.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    /// The folder of the results [default: build/<design name>].
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
    #[command(flatten)]
    choices: ChoicesArguments,
}

/// What the command line says instead of the design file.
#[derive(Args)]
pub struct ChoicesArguments {
    #[command(flatten)]
    board: BoardArguments,
    /// Another way to the streams than the design file's [link]: a serial line, or a shift register on four pins.
    #[arg(long, value_parser = link_kind)]
    link: Option<LinkKind>,
    /// Make products of look-up tables, not of DSP blocks.
    #[arg(long)]
    no_dsp: bool,
}

fn link_kind(text: &str) -> Result<LinkKind, String> {
    match text {
        "uart" => Ok(LinkKind::Uart),
        "scan" => Ok(LinkKind::Scan),
        _ => Err("it is uart or scan".into()),
    }
}

/// A board and a clock, instead of the design file's.
#[derive(Args)]
pub struct BoardArguments {
    /// Another board than the design file's; `ternlet boards` lists them. Or a file that describes one, such as mine.toml.
    #[arg(long)]
    board: Option<String>,
    /// Another clock frequency than the design file's, in MHz.
    #[arg(long, value_name = "MHZ")]
    frequency: Option<f64>,
}

impl ChoicesArguments {
    pub fn choices(&self) -> Choices {
        Choices { link: self.link, ..self.board.choices() }
    }

    /// Whether products may be made in DSP blocks.
    pub fn dsp(&self) -> bool {
        !self.no_dsp
    }
}

impl BoardArguments {
    pub fn choices(&self) -> Choices {
        Choices { board: self.board.clone(), frequency_mhz: self.frequency, link: None }
    }
}

/// What a simulation sends.
#[derive(Args)]
pub struct StimulusArguments {
    /// Data to run after the corners and random frames, instead of the design file's: a .safetensors, .npy or .png file.
    #[arg(long, value_name = "FILE[:TENSOR]")]
    pub input: Option<String>,
    /// How many random frames [default: 300 to 3000, the shorter the more, of a bitstream 1 to 20; of long ones
    /// as many as take a million cycles; thrice as many for edges].
    #[arg(long)]
    pub frames: Option<usize>,
    /// Decides the random frames and stalls.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Send the data alone, once, never stalled: where a frame is so long that all would take hours.
    #[arg(long, conflicts_with_all = ["frames", "seed"])]
    pub once: bool,
}

impl StimulusArguments {
    /// What is sent into `design`.
    pub fn stimuli(&self, design: &Design) -> Result<Stimuli, Failure> {
        if self.once && design.input.is_none() {
            let why = "--once: sends the design's data alone, and there is none; give the design an [input], or say --input";
            return Err(Failure::BadInput(why.into()));
        }
        Ok(Stimuli { frames: self.frames, seed: self.seed, once: self.once })
    }
}

#[derive(Args)]
pub struct PlacementArguments {
    /// How many placements to try; the fastest is taken.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
}

impl DesignArguments {
    /// The design, with the data of `input` if there is one, its Verilog, and the folder of its results.
    pub fn open(
        &self,
        input: Option<&str>,
        catalog: &Catalog,
        progress: &Progress,
    ) -> Result<(Project, Output), Failure> {
        self.open_with(input, Comments::default(), catalog, progress)
    }

    /// As [`DesignArguments::open`]; the Verilog has these comments.
    pub fn open_with(
        &self,
        input: Option<&str>,
        comments: Comments,
        catalog: &Catalog,
        progress: &Progress,
    ) -> Result<(Project, Output), Failure> {
        let mut design = Design::read(&self.design, &self.choices.choices(), catalog)?;
        if let Some(input) = input {
            design.replace_input(input)?;
        }
        progress.note(format_args!(
            "{}: {}\n  for {} at {} MHz",
            design.name,
            design.datapath.doc(),
            design.board.title,
            design.frequency_mhz
        ));
        let project = Project::generate_with(design, self.choices.dsp(), comments)?;
        let output =
            Output::open(self.output.as_deref(), &project.design.name, &project.identity(), progress)?;
        Ok((project, output))
    }
}

/// How fast a design is to be.
#[derive(Args)]
#[group(id = "goal", multiple = false)]
pub struct GoalArguments {
    /// Frames a second.
    #[arg(long)]
    rate: Option<f64>,
    /// Cycles a frame, at most.
    #[arg(long)]
    cycles: Option<u64>,
    /// The fastest that is estimated to fit on the board.
    #[arg(long)]
    fit: bool,
}

impl GoalArguments {
    /// What is asked for at a clock of `mhz`; none where nothing is.
    pub fn goal(&self, mhz: f64) -> Result<Option<Goal>, Failure> {
        let most = mhz * 1e6;
        match (self.cycles, self.rate) {
            (Some(0), _) => Err(Failure::BadInput("--cycles 0: a frame takes at least 1 cycle".into())),
            (Some(cycles), _) => Ok(Some(Goal::Cycles(cycles))),
            (None, Some(rate)) if rate > 0.0 && rate <= most => Ok(Some(Goal::Cycles((most / rate) as u64))),
            (None, Some(rate)) => {
                let why = format!("--rate {rate}: at {mhz} MHz it is more than 0, and at most {most}");
                Err(Failure::BadInput(why))
            }
            (None, None) => Ok(self.fit.then_some(Goal::Fit)),
        }
    }
}

/// Why results cannot go to `output`.
pub fn refused_output(output: &Path, why: &str) -> Failure {
    Failure::BadInput(format!("--output {}: {why}", output.display()))
}

/// The format of the results at `output`, by its extension.
pub fn results_format(output: &Path) -> Result<TensorFormat, Failure> {
    match extension_of(output).as_str() {
        "safetensors" => Ok(TensorFormat::Safetensors),
        "npy" => Ok(TensorFormat::Npy),
        _ => Err(refused_output(output, "results are written as .safetensors or .npy")),
    }
}

/// That results of `design` may be written at `output`.
pub fn check_results(design: &Design, output: &Path) -> Result<(), Failure> {
    if design.is_from(output) {
        return Err(refused_output(output, "the design is read from this file; name another one"));
    }
    Ok(check_folder(&folder_of(output))?)
}
