//! How many registers the beats of a stream come through.

/// Register stages from a module's input streams to a stream, along the path with the most, where no beat waits. A beat that
/// is offered to an input in one clock cycle is there so many cycles later, or its result, if no later beat is needed for it.
///
/// Unknown where a stream is made by hand ([`Stream::offer`](super::Stream::offer)) and nobody says it with
/// [`Stream::after`](super::Stream::after); and where the cycles depend on what the beats carry.
///
/// ```
/// use ternlet::hdl::{Module, signed};
/// let m = Module::new("doubled");
/// let x = m.input_stream("x", false, &signed(8));
/// assert_eq!(x.stages().count(), Some(0));
/// let y = x.map(|x| x + x).spill().fifo(4);
/// assert_eq!(y.stages().count(), Some(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stages {
    count: Option<u32>,
    /// The inputs of which the stream is without a register, a bit each.
    inputs: u64,
    /// Cycles that the first beat of these is offered before it passes.
    held: u32,
}

/// What a circuit's registers take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// For each output stream the stages before it.
    pub outputs: Vec<(String, Stages)>,
    /// The same for each stream that enters a part or leaves it, in the order in which they were described. It is called after the
    /// parts, the outermost first, and its own name: `level_1.rows.y`. Equal parts have equal names.
    pub parts: Vec<(String, Stages)>,
    /// For each pipeline, whose registers move together, the part in which it stands, called so too, and the same after it.
    pub pipelines: Vec<(String, Stages)>,
    /// Cycles from the first beat's offer to its pass, of the input where these are fewest: more than 0 where it is given several times
    /// before it is taken.
    pub entry: u32,
}

impl Stages {
    pub const UNKNOWN: Self = Self { count: None, inputs: 0, held: 0 };

    /// Those of input `index`.
    pub(super) fn of_input(index: usize) -> Self {
        Self {
            count: Some(0),
            inputs: u32::try_from(index).ok().and_then(|index| 1u64.checked_shl(index)).unwrap_or(0),
            held: 0,
        }
    }

    pub fn count(self) -> Option<u32> {
        self.count
    }

    /// So many more.
    pub fn plus(self, stages: u32) -> Self {
        if stages == 0 {
            return self;
        }
        Self { count: self.count.map(|count| count + stages), inputs: 0, held: 0 }
    }

    /// Of what waits for both.
    pub fn meet(self, other: Self) -> Self {
        let count = self.count.zip(other.count).map(|(here, there)| here.max(there));
        Self { count, inputs: self.inputs | other.inputs, held: self.held.max(other.held) }
    }

    /// Of a stream that gives each beat as `count` beats before it takes it.
    pub(super) fn held(self, count: usize) -> Self {
        Self { held: (self.held + 1) * count as u32 - 1, ..self }
    }

    /// Of a stream that is held until a beat of `other` is there.
    pub(super) fn waiting_for(self, other: Self) -> Self {
        Self { held: self.held.max(other.count.unwrap_or(0)), ..self }
    }

    /// For each input of which the stream is without a register the cycles that its first beat waits.
    pub(super) fn waits(self) -> impl Iterator<Item = (usize, u32)> {
        (0..u64::BITS)
            .filter(move |index| self.inputs >> index & 1 == 1)
            .map(move |index| (index as usize, self.held))
    }
}
