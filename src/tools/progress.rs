//! Tells a person what is being done, on standard error.

use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

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

/// Work of many equal parts, until it is dropped. It tells how long the rest will take.
pub struct Bar {
    text: String,
    quiet: bool,
    bar: Option<ProgressBar>,
    start: Instant,
    /// Seconds after which it speaks again where there is no terminal.
    next: Cell<u64>,
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

impl Progress {
    /// Announces work of many parts; it is over when the returned value is dropped.
    #[must_use = "work that is dropped at once is over at once"]
    pub fn bar(&self, text: &str) -> Bar {
        let bar = (!self.quiet && std::io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::default_bar();
            let bar = ProgressBar::new(1).with_message(text.to_owned());
            let template = "{msg} {wide_bar} {pos} of {len}, about {eta} left";
            bar.set_style(style.clone().template(template).unwrap_or(style));
            bar
        });
        if bar.is_none() && !self.quiet {
            eprintln!("{text}");
        }
        Bar { text: text.into(), quiet: self.quiet, bar, start: Instant::now(), next: Cell::new(10) }
    }
}

impl Bar {
    /// `done` parts of `all` are done. Where there is no terminal it says so after 10 seconds, then after twice as long.
    pub fn at(&self, done: usize, all: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(all as u64);
            return bar.set_position(done as u64);
        }
        let seconds = self.start.elapsed().as_secs();
        if seconds >= self.next.get() && done < all && !self.quiet {
            let left = seconds * (all - done) as u64 / done.max(1) as u64;
            eprintln!("{}: {done} of {all}, about {left} s left", self.text);
            self.next.set(2 * seconds);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
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
