//! Tells a person what is being done, on standard error.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// Where steps are announced. On a terminal a running step shows its seconds and goes when it is done; elsewhere
/// each step is a plain line.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    quiet: bool,
}

/// A step that is being done, until it is dropped.
pub struct Step {
    spinner: Option<ProgressBar>,
}

impl Progress {
    pub fn new() -> Progress {
        Progress { quiet: false }
    }

    /// Says nothing.
    pub fn quiet() -> Progress {
        Progress { quiet: true }
    }

    /// Announces a step; it is over when the returned value is dropped.
    #[must_use = "a step that is dropped at once is over at once"]
    pub fn step(&self, text: &str) -> Step {
        if self.quiet {
            return Step { spinner: None };
        }
        if !std::io::stderr().is_terminal() {
            eprintln!("{text}");
            return Step { spinner: None };
        }
        let style = ProgressStyle::default_spinner();
        let spinner = ProgressBar::new_spinner().with_message(text.to_owned());
        spinner.set_style(style.clone().template("{spinner} {msg} ({elapsed})").unwrap_or(style));
        spinner.enable_steady_tick(Duration::from_millis(120));
        Step { spinner: Some(spinner) }
    }
}

impl Default for Progress {
    fn default() -> Progress {
        Progress::new()
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}
