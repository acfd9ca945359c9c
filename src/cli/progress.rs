//! Shows a person what is being done, on standard error.

use crate::tools::{Event, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A running task.
struct Shown {
    text: String,
    /// On a terminal: a spinner with the task's seconds, or a bar once parts are counted. It goes when the task is done.
    bar: Option<ProgressBar>,
    start: Instant,
    /// Seconds after which it speaks again where there is no terminal.
    next: u64,
}

/// Tasks on standard error: as they run on a terminal, elsewhere a line each; notes if it is `verbose`.
pub fn shown(verbose: bool) -> Progress {
    let tasks: Mutex<HashMap<u64, Shown>> = Mutex::default();
    Progress::to(move |event| {
        let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Begins { task, text } => {
                tasks.insert(task, Shown::begin(text));
            }
            Event::Advances { task, done, all } => {
                tasks.entry(task).and_modify(|shown| shown.advance(done, all));
            }
            Event::Ends { task } => {
                if let Some(bar) = tasks.remove(&task).and_then(|shown| shown.bar) {
                    bar.finish_and_clear();
                }
            }
            Event::Note(text) if verbose => eprintln!("{text}"),
            Event::Note(_) => {}
        }
    })
}

impl Shown {
    fn begin(text: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner().with_message(text.to_owned());
            style(&bar, "{spinner} {msg} ({elapsed})");
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            eprintln!("{text}");
        }
        Self { text: text.into(), bar, start: Instant::now(), next: 10 }
    }

    /// Where there is no terminal it says so after 10 seconds, then after twice as long.
    fn advance(&mut self, done: usize, all: usize) {
        if let Some(bar) = &self.bar {
            if bar.length().is_none() {
                bar.disable_steady_tick();
                style(bar, "{msg} {wide_bar} {pos} of {len}, about {eta} left");
            }
            bar.set_length(all as u64);
            return bar.set_position(done as u64);
        }
        let seconds = self.start.elapsed().as_secs();
        if seconds >= self.next && done < all {
            let left = seconds * (all - done) as u64 / done.max(1) as u64;
            eprintln!("{}: {done} of {all}, about {left} s left", self.text);
            self.next = 2 * seconds;
        }
    }
}

fn style(bar: &ProgressBar, template: &str) {
    let plain = ProgressStyle::default_bar();
    bar.set_style(plain.clone().template(template).unwrap_or(plain));
}
