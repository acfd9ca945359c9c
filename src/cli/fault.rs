//! A fault of the program itself: nothing that a person gives should make it panic.

use super::answer::{Answer, Failure};
use std::backtrace::Backtrace;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::{Mutex, PoisonError};

/// What the first panic said, and where.
static FIRST: Mutex<Option<String>> = Mutex::new(None);

/// What `command` answers. A panic becomes a failure with a status of its own, which asks for a report.
pub fn caught(command: impl FnOnce() -> Result<Answer, Failure>) -> Result<Answer, Failure> {
    set_hook(Box::new(note));
    catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| {
        let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner).take();
        Err(Failure::Fault(first.unwrap_or_else(|| "a panic".into())))
    })
}

fn note(info: &PanicHookInfo<'_>) {
    let at = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
    let text = info.payload().downcast_ref::<String>().map(String::as_str);
    let said = text.or_else(|| info.payload().downcast_ref::<&str>().copied()).unwrap_or("a panic");
    let mut first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
    // Empty unless RUST_BACKTRACE asks for it.
    let trace = Backtrace::capture();
    let trace = if trace.status() == std::backtrace::BacktraceStatus::Captured {
        format!("\n{trace}")
    } else {
        String::new()
    };
    first.get_or_insert_with(|| format!("{at}: {said}{trace}"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{set_hook, take_hook};

    #[test]
    fn a_panic_is_a_failure_of_its_own_that_asks_for_a_report() {
        let before = take_hook();
        let caught = caught(|| panic!("the sky falls"));
        set_hook(before);
        let failure = caught.expect_err("it panics");
        assert_eq!(failure.status(), 4);
        let said = failure.to_string();
        assert!(
            said.starts_with("ternlet itself is at fault, not what you gave it; report this line"),
            "{said}"
        );
        assert!(said.contains("src/cli/fault.rs:") && said.contains(": the sky falls"), "{said}");
    }
}
