//! Room on an edge: how much, why, and as what.

use crate::hdl::{MemoryNode, Payload, Stream, Timing};
use crate::stream::Port;
use crate::stream::timeline::{Channel, Delay, Fifo, LargeFifo, Timeline};

/// Room before the input of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Beats, in a circuit without pipeline registers.
    pub depth: usize,
    /// Of these so many that no path waits for ever for another; none where nobody knows.
    pub needed: Option<usize>,
    pub reason: Reason,
    /// Registers that the latest input of the node comes through in a circuit without a pipeline's, and how many this one has less: the
    /// depth is for these.
    pub registers: [u32; 2],
    /// Whether a large memory holds it, where the family has such.
    pub is_large: bool,
}

/// Why an edge has the room that it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reason {
    /// No paths meet at its node, and none is needed.
    #[default]
    Alone,
    /// With less the design would stand still for ever.
    Least,
    /// With less a frame would take longer.
    Speed,
    /// With less frames would follow each other more slowly, as nodes take and give beats in bursts.
    Bursts,
    /// A frame, as nobody knows how much less would do; and why nobody does.
    Frame(&'static str),
    /// A person has chosen it.
    Chosen,
}

/// What stands on an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Nothing,
    /// So many registers.
    Stages(u32),
    Fifo {
        depth: usize,
        is_large: bool,
    },
}

/// The most registers that stand for a FIFO.
const MOST_STAGES: u32 = 4;

impl Room {
    /// What stands there, where the latest input of the node comes through `latest` registers and this stream through `own`. Where paths meet
    /// a beat is added for each that pipelines have put on the other paths: those on this one may hold but one, as their registers move
    /// together.
    pub fn held(&self, latest: u32, own: u32) -> Held {
        let fifo = |depth| Held::Fifo { depth, is_large: self.is_large };
        if matches!(self.reason, Reason::Alone | Reason::Chosen | Reason::Bursts) {
            return if self.depth == 0 { Held::Nothing } else { fifo(self.depth) };
        }
        let [before, fewer] = self.registers;
        match (self.depth, (latest - own).saturating_sub(fewer)) {
            (0, 0) => Held::Nothing,
            (0, more) if more <= MOST_STAGES => Held::Stages(more),
            (0, more) => fifo(more as usize),
            (depth, _) => fifo(depth + latest.saturating_sub(before) as usize),
        }
    }
}

/// `stream` with the room of an edge of this name.
pub fn with_room<'m, P: Payload<'m>>(stream: Stream<'m, P>, held: Held, name: &str) -> Stream<'m, P> {
    let m = stream.module();
    match held {
        Held::Nothing => stream,
        Held::Stages(count) => {
            m.part(format!("{name}_stages"), "as many registers as on the other paths", |part| {
                let stream = part.input_stream("x", stream);
                part.output_stream("y", (0..count).fold(stream, |stream, _| stream.stage()))
            })
        }
        Held::Fifo { depth, is_large } => {
            let large = is_large && m.timing().has_large_memory();
            let doc =
                format!("room for {depth} beats{}", if large { ", in pairs behind one port" } else { "" });
            m.part(format!("{name}_fifo"), doc, |part| {
                let x = part.input_stream("x", stream);
                part.output_stream("y", if large { x.large_fifo(depth) } else { x.fifo(depth) })
            })
        }
    }
}

/// The same in a timed run.
pub fn timed_room(t: &mut Timeline, stream: Channel, held: Held, name: &str) -> Channel {
    match held {
        Held::Nothing => stream,
        Held::Stages(count) => t.part(format!("{name}_stages"), |t| {
            let stream = t.crossing(stream, "x");
            let held = (0..count).fold(stream, |stream, _| t.through(stream, 1, Delay::default()));
            t.crossing(held, "y")
        }),
        Held::Fifo { depth, is_large: true } if t.timing().has_large_memory() => {
            t.block(&format!("{name}_fifo"), stream, 2, LargeFifo::new(depth))
        }
        Held::Fifo { depth, .. } => t.block(&format!("{name}_fifo"), stream, 2, Fifo::new(depth)),
    }
}

impl Room {
    /// What a report says of it, before an input of this port, in a circuit for `timing`.
    pub fn fact(&self, port: &Port, timing: Timing) -> Option<String> {
        let registers = "a register for each that the other paths have more";
        let why = match (self.reason, self.needed.unwrap_or(0)) {
            (Reason::Alone, _) => return None,
            (Reason::Chosen, needed) if needed > self.depth => {
                format!("as [[fifo]] says, with which it stands still for ever: {needed} are needed")
            }
            (Reason::Chosen, _) if self.depth == 0 => return None,
            (Reason::Chosen, _) => "as [[fifo]] says".into(),
            (Reason::Least | Reason::Speed, _) if self.depth == 0 => return Some(registers.into()),
            (Reason::Least, _) => "with one less it would stand still for ever".into(),
            (Reason::Bursts, _) => "with one less frames would follow each other more slowly".into(),
            (Reason::Speed, 0) => "so that frames take no longer".into(),
            (Reason::Speed, needed) => {
                format!("{needed} not to stand still for ever, the others so that frames take no longer")
            }
            (Reason::Frame(why), _) => format!("a whole frame, as {why}"),
        };
        let beats = if self.depth == 1 { "beat" } else { "beats" };
        let more = match self.reason {
            Reason::Chosen | Reason::Bursts => "",
            _ => "; and one for each register that the other paths have more",
        };
        // `last` waits with its beat.
        let bits = port.width() + usize::from(port.is_framed());
        let memory = self.memory(bits, timing).unwrap_or_default();
        Some(format!("room for {} {beats} of {bits} bits{memory} ({why}){more}", self.depth))
    }

    /// The memory of the FIFO; none where that is not known, or where one so small is made of flip-flops.
    fn memory(&self, bits: usize, timing: Timing) -> Option<String> {
        let family = timing.family()?;
        let (depth, bits) = (self.depth as u64, bits as u64);
        // A word is a pair of beats.
        let large = family.numbers().large_memories_and_banks(depth.div_ceil(2), 2 * bits);
        if let Some([count, _]) = large.filter(|_| self.is_large) {
            return Some(format!(", {count} SPRAM"));
        }
        let in_block_ram = depth * bits >= MemoryNode::written_bits(Some(family)) as u64;
        in_block_ram.then(|| format!(", {} block RAM", family.numbers().block_rams(depth, bits)))
    }
}
