//! Wavelet transforms by lifting, forward and inverse.

mod golden;
mod scheme;
mod subband;

pub use golden::{forward, forward_line, inverse, inverse_line, low_shape};
pub use scheme::{Extension, Kind, Order, Scheme, SchemeConfig, Sign, Step};
pub use subband::{Band, Subband, range, subbands};
