//! What a stream of a datapath is: its port, its frames, the integers that pass, and how they are packed into words.

mod corners;
mod frame;
mod pace;
pub mod packing;
mod port;
mod reach;
mod schedule;
mod stimulus;
pub mod timeline;
mod tokens;

pub use corners::corners_of;
pub use frame::{Axis, Extent, Frame};
pub use pace::Pace;
pub use port::{Field, LaneStream, Pin, Port, Ports, bounds};
pub use reach::Reach;
pub use schedule::{OutputSchedule, Schedule};
pub use stimulus::{Draw, random};
pub use tokens::{Tokens, Transfers};

pub use crate::hdl::Wire;
