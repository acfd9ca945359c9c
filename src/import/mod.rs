//! ONNX files of trained networks to graphs, exactly.

pub mod activation;
mod check;
mod error;
pub mod exact;
mod lower;
pub mod meaning;
pub mod onnx;
mod recorded;
mod report;
mod request;

pub use check::{Check, CheckedTensor, Deviation};
pub use error::{ImportError, Problem};
pub use lower::{Activation, InputMeaning, Layer, Lowered, Made, Outcome, Scores, Wishes, lower};
pub use report::{NodeReport, Report, ScoresReport};
pub use request::{Imported, Request, import};
