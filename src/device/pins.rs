//! What the pins of a board are for.

use serde::Deserialize;

/// The pins of a board by what they do, as its package calls them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// Where the oscillator is.
    pub clk: String,
    /// A serial line to a host, if there is one.
    pub uart: Option<Uart>,
    /// The SPI flash from which the FPGA is configured, for streams that it gives after a reset.
    pub flash: Option<Flash>,
    /// Four pins that a person can reach, for a design behind a shift register.
    pub scan: Option<Scan>,
}

/// A serial line: both pins as the FPGA sees them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uart {
    /// What the host says comes in here.
    pub rx: String,
    pub tx: String,
    /// Bits a second that the chip between line and host can do, at most.
    pub baud: u32,
    /// Where a person finds both and what has to be there, if the board has no USB of its own for it.
    pub connector: Option<String>,
}

/// The pins of an SPI flash, and what of it is free.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flash {
    pub cs: String,
    /// None where a cell of the family drives it.
    pub sck: Option<String>,
    pub mosi: String,
    pub miso: String,
    /// The first byte behind all bitstreams that another program may write.
    pub free_from: u32,
    pub bytes: u32,
    /// Commands that write the file `{image}` at byte `{offset}`, the usual one first.
    #[serde(default)]
    pub loaders: Vec<String>,
}

/// The pins of a shift register.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    pub sck: String,
    pub serial_in: String,
    pub apply: String,
    pub serial_out: String,
    /// Where a person finds these four, in this order.
    pub connector: String,
}
