//! What is being done, for whoever listens: this library prints nothing itself.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a listener hears. Several tasks may go on at once, each with a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    Begins {
        task: u64,
        text: &'a str,
    },
    /// Of a task of many equal parts, `done` of `all` are done.
    Advances {
        task: u64,
        done: usize,
        all: usize,
    },
    Ends {
        task: u64,
    },
    /// A detail that only a person who asks for it wants to know.
    Note(&'a str),
}

type Listener = dyn Fn(Event) + Send + Sync;

/// Where tasks are announced. Clones share the listener.
#[derive(Clone, Default)]
pub struct Progress {
    listener: Option<Arc<Listener>>,
}

/// A task that is being done, until it is dropped.
#[must_use = "a task that is dropped at once is over at once"]
pub struct Task {
    progress: Progress,
    number: u64,
}

impl Progress {
    /// Each event goes to `listener`, from whichever thread it happens in.
    pub fn to(listener: impl Fn(Event) + Send + Sync + 'static) -> Progress {
        Progress { listener: Some(Arc::new(listener)) }
    }

    /// Nobody listens.
    pub fn quiet() -> Progress {
        Progress::default()
    }

    /// Announces a task; it is over when the returned value is dropped.
    pub fn task(&self, text: &str) -> Task {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        self.say(Event::Begins { task: number, text });
        Task { progress: self.clone(), number }
    }

    pub fn note(&self, text: impl fmt::Display) {
        if self.listener.is_some() {
            self.say(Event::Note(&text.to_string()));
        }
    }

    fn say(&self, event: Event) {
        if let Some(listener) = &self.listener {
            listener(event);
        }
    }
}

impl Task {
    /// `done` of its `all` parts are done.
    pub fn at(&self, done: usize, all: usize) {
        self.progress.say(Event::Advances { task: self.number, done, all });
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.progress.say(Event::Ends { task: self.number });
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Progress {{ heard: {} }}", self.listener.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn a_listener_hears_a_task_from_its_begin_to_its_end() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let inner = heard.clone();
        let progress = Progress::to(move |event| {
            let line = match event {
                Event::Begins { text, .. } => text.to_owned(),
                Event::Advances { done, all, .. } => format!("{done} of {all}"),
                Event::Ends { .. } => "end".into(),
                Event::Note(text) => format!("note: {text}"),
            };
            inner.lock().unwrap().push(line);
        });
        let task = progress.task("placing");
        task.at(1, 2);
        progress.note("seed 1");
        drop(task);
        assert_eq!(*heard.lock().unwrap(), ["placing", "1 of 2", "note: seed 1", "end"]);
    }
}
