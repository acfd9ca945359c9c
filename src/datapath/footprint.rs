//! What a datapath takes at least, by its configuration alone: area and time.

use crate::stream::{Port, Ports};

/// A lower bound of what the hardware takes, known before anything is built: it says what is hopeless, and how long a frame keeps it busy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    pub lut4: u128,
    /// Bits of memories: weights, lines of a picture, room on edges.
    pub memory_bits: u128,
    /// Changes of keys after which the memories have fewer bits.
    pub denser: Vec<String>,
    /// Room on edges, by what they join: bits that are needed, whatever else is.
    pub rooms: Vec<(String, u128)>,
    /// Clock cycles from a frame to the next.
    pub cycles: u64,
}

impl Footprint {
    /// Of streams alone: each bit that passes takes a look-up table or a register, and each beat a cycle.
    pub fn of_streams(ports: &Ports) -> Self {
        let width = |ports: &[Port]| ports.iter().map(|port| port.width() as u128).sum::<u128>();
        let cycles = ports.each().map(|(port, _)| port.frame_beats() as u64).max().unwrap_or(0);
        Self { lut4: width(&ports.inputs).max(width(&ports.outputs)), cycles, ..Self::default() }
    }

    /// The same and so many bits of memory.
    pub fn with_memory(self, bits: u128) -> Self {
        Self { memory_bits: self.memory_bits.saturating_add(bits), ..self }
    }
}

impl std::ops::Add for Footprint {
    type Output = Footprint;

    fn add(self, other: Footprint) -> Footprint {
        Footprint {
            lut4: self.lut4.saturating_add(other.lut4),
            memory_bits: self.memory_bits.saturating_add(other.memory_bits),
            denser: [self.denser, other.denser].concat(),
            rooms: [self.rooms, other.rooms].concat(),
            // Both work at the same time.
            cycles: self.cycles.max(other.cycles),
        }
    }
}

/// Bits of `lines` innermost lines or planes of frames of `lengths`, of samples of `bits`: what a window along the outermost axis keeps.
pub(super) fn line_bits(lengths: &[usize], bits: u32, lines: u128) -> u128 {
    let inner = lengths.iter().skip(1).fold(1u128, |size, length| size.saturating_mul(*length as u128));
    if lengths.len() < 2 { 0 } else { inner.saturating_mul(u128::from(bits)).saturating_mul(lines) }
}
