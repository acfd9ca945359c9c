//! `ternlet run`

use super::answer::{Answer, Failure};
use super::arguments::{ChoicesArguments, check_results, results_format};
use crate::datapath::Catalog;
use crate::design::Design;
use crate::link::{HostPort, ports};
use crate::project::{Error, Project, RunRequest, run as run_on};
use crate::tools::Progress;
use clap::Args;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

/// Run a design on its board: send its data, take what comes back.
///
/// The board holds the bitstream that `ternlet load` loads, and is at the other end of a serial port; or it is a twin
/// (`ternlet twin`). A board that holds another design is refused.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  ternlet run examples/digits_ternary.toml --check\n  ternlet run design.toml --port /dev/ttyUSB1 --input digits.npy --output scores.safetensors"
)]
pub struct Arguments {
    /// The design file.
    #[arg(value_name = "DESIGN.toml")]
    design: PathBuf,
    #[command(flatten)]
    choices: ChoicesArguments,
    /// The serial port; where there is only one adapter it need not be named.
    #[arg(long)]
    port: Option<String>,
    /// The data, instead of the design file's: a .safetensors, .npy or .png file.
    #[arg(long, value_name = "FILE[:TENSOR]")]
    input: Option<String>,
    /// Where the results go.
    #[arg(long, short, value_name = "FILE.safetensors|FILE.npy")]
    output: Option<PathBuf>,
    /// Compare all that comes with the golden model.
    #[arg(long)]
    check: bool,
    /// Seconds in which nothing may move.
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    timeout: f64,
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { design, choices, port, input, output, check, timeout } = arguments;
    let format = output.as_deref().map(results_format).transpose()?;
    if !(timeout > 0.0 && timeout <= 1e6) {
        return Err(Failure::BadInput(format!("--timeout {timeout}: seconds are more than 0")));
    }
    let mut design = Design::read(&design, &choices.choices(), catalog)?;
    if let Some(input) = input {
        design.replace_input(&input)?;
    }
    output.as_deref().map_or(Ok(()), |output| check_results(&design, output))?;
    let project = Project::generate(design, choices.dsp())?;
    let port = port.map_or_else(only_port, Ok)?;
    let (_, serial) = project.on_line()?;
    let wire = HostPort::open(&port, serial.baud).map_err(|error| no_port(&port, &error))?;
    let request = RunRequest {
        port: &port,
        check,
        output: output.as_deref().zip(format),
        limit: Duration::from_secs_f64(timeout),
    };
    let hosted = run_on(&project, &serial, wire, request, progress)?;
    Ok(Answer::new(&hosted, hosted.to_string()).unless(hosted.unmet()))
}

/// The port that there is, if it is one.
fn only_port() -> Result<String, Failure> {
    match &ports()[..] {
        [port] => Ok(port.clone()),
        ports => Err(Failure::BadInput(format!("--port: {}", there_are(ports)))),
    }
}

fn there_are(ports: &[String]) -> String {
    match ports {
        [] => "there is no adapter of a serial line on this machine; plug the board in, or be one with `ternlet twin`"
            .into(),
        ports => format!("name one of those that there are: {}", ports.join(", ")),
    }
}

fn no_port(port: &str, error: &std::io::Error) -> Failure {
    let why = match error.kind() {
        ErrorKind::NotFound => format!("there is no such port; {}", there_are(&ports())),
        ErrorKind::PermissionDenied => {
            let group = group_of(port).unwrap_or_else(|| "dialout".into());
            format!(
                "you may not open it; join its group (`sudo usermod -aG {group} $USER`), then log in again"
            )
        }
        _ => error.to_string(),
    };
    Error::NoPort { port: port.into(), why }.into()
}

/// The group that the file belongs to.
fn group_of(path: &str) -> Option<String> {
    let number = std::fs::metadata(path).ok()?.gid().to_string();
    let groups = std::fs::read_to_string("/etc/group").ok()?;
    let of = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == number).then(|| name.to_owned())
    };
    groups.lines().find_map(of)
}
