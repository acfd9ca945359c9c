//! Streams that come from the SPI flash of a board: what is written once after each reset, such as weights, without a host.
//!
//! An [`image`] stands behind the bitstream: a [`mark`] that tells of which streams it is, then their beats in order, each in whole bytes with the least
//! significant first. The circuit of [`reader`] wakes the chip, looks for the mark until it finds it, and gives the beats; from then on it is silent.

mod image;
mod reader;

pub use image::{MARK, image, image_bytes, mark};
pub use reader::{Place, reader};
