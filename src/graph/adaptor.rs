//! What is put between two streams that carry the same integers in another form.

use crate::datapath::LaneStream;
use crate::hdl::Signal;
use crate::stream::timeline::{Channel, Gather, Repeat, Timeline};
use crate::stream::{Frame, Pace, Port, Tokens};
use std::fmt;

/// A change of form that leaves every integer and their order as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adaptor {
    /// Positions become channels of a vector, or the other way: nothing but a name.
    Reshape { from: Frame, to: Frame },
    /// Beats are cut and joined: other lanes.
    Lanes { from: usize, to: usize },
    /// `last` in every beat, where a frame of one beat meets frames of any length.
    Last,
}

impl fmt::Display for Adaptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reshape { from, to } => write!(f, "{from} read as {to}"),
            Self::Lanes { from, to } => write!(f, "{from} to {to} lanes"),
            Self::Last => write!(f, "last in every beat"),
        }
    }
}

/// What is put between a stream of `from` and one of `to`, which `taker` takes, in the order of the stream.
///
/// # Errors
/// Why none can be: what the one gives, what the other takes, and what to do.
pub fn join(from: &Port, to: &Port, taker: &str) -> Result<Vec<Adaptor>, String> {
    let mut adaptors = Vec::new();
    adaptors.extend(reshape(&from.frame, &to.frame, taker)?);
    same_fields(from, to, taker)?;
    for (given, taken) in from.fields.iter().zip(&to.fields) {
        let (gives, takes) = (&given.range, &taken.range);
        if !takes.covers(gives) {
            return Err(format!(
                "gives integers in {gives}, but `{taker}` takes {takes}; widen its input type"
            ));
        }
    }
    if from.lanes() != to.lanes() {
        if from.is_varying() && from.lanes() > 1 {
            return Err(format!(
                "gives {} lanes a beat of frames that vary, but `{taker}` takes {}, and how many of the last beat mean \
                 something nobody can tell; make the lanes equal",
                from.lanes(),
                to.lanes()
            ));
        }
        adaptors.push(Adaptor::Lanes { from: from.lanes(), to: to.lanes() });
    }
    if to.is_framed() && !from.is_framed() && from.lanes() == to.lanes() {
        adaptors.push(Adaptor::Last);
    }
    Ok(adaptors)
}

/// Whether frames are equal, or the same integers under another name.
fn reshape(from: &Frame, to: &Frame, taker: &str) -> Result<Option<Adaptor>, String> {
    let differ = |help: &str| Err(format!("gives frames of {from}, but `{taker}` takes {to}; {help}"));
    if from.is_varying() && !to.is_varying() {
        return differ("give both one size, or let both vary");
    }
    let alike = from.axes().len() == to.axes().len() && from.channels() == to.channels();
    if to.is_varying() {
        let fits = from.lengths().iter().zip(to.lengths()).all(|(given, most)| *given <= most);
        let reads = alike && fits || from.is_vector() && from.values() <= to.values();
        return if reads { Ok(None) } else { differ("make room for the largest frame") };
    }
    if alike && from.lengths() == to.lengths() {
        return Ok(None);
    }
    if from.values() == to.values() && (from.is_vector() || to.is_vector()) {
        return Ok(Some(Adaptor::Reshape { from: from.clone(), to: to.clone() }));
    }
    differ("make the sizes of both equal")
}

/// That the fields of both, in their order, carry the same integers.
fn same_fields(from: &Port, to: &Port, taker: &str) -> Result<(), String> {
    let single = from.fields.len() == 1 && to.fields.len() == 1;
    let lanes = |port: &Port| port.fields.iter().map(|field| field.lanes).collect::<Vec<_>>();
    if single || lanes(from) == lanes(to) {
        return Ok(());
    }
    let named = |port: &Port| {
        let fields = port.fields.iter().map(|field| format!("{} of {}", field.lanes, field.name));
        fields.collect::<Vec<_>>().join(", ")
    };
    Err(format!("gives in a beat {}, but `{taker}` takes {}; take another stream", named(from), named(to)))
}

/// How beats of some lanes become beats of others: cut into pieces of as many lanes as divide both, and these joined.
#[derive(Clone, Copy)]
struct Recut {
    /// Lanes of a piece.
    lanes: usize,
    /// Pieces of a beat that comes, and of a frame's last one.
    cuts: usize,
    tail: usize,
    /// Pieces of a frame.
    pieces: usize,
    /// Pieces of a beat that leaves.
    joined: usize,
}

impl Recut {
    fn of(from: &Port, to: &Port) -> Self {
        let lanes = num_integer::gcd(from.lanes(), to.lanes());
        let tail = from.tail().div_ceil(lanes);
        // A frame of one beat may have fewer integers than the beat has lanes.
        let cuts = if from.is_framed() { from.lanes() / lanes } else { tail };
        Self { lanes, cuts, tail, pieces: from.frame_values().div_ceil(lanes), joined: to.lanes() / lanes }
    }

    /// The pieces of beats.
    fn cut<'m>(self, stream: LaneStream<'m>) -> LaneStream<'m> {
        let Self { lanes, cuts, tail, pieces, .. } = self;
        if stream.payload().len() == lanes {
            return stream;
        }
        let cut = |beat: Vec<Signal<'m>>| -> Vec<Vec<Signal<'m>>> {
            beat.iter().skip(cuts * lanes).for_each(|lane| lane.module().ignore(*lane));
            beat.chunks(lanes).take(cuts).map(<[_]>::to_vec).collect()
        };
        stream.map(cut).flatten(tail).framed(pieces)
    }

    /// Beats of pieces, by a shift register where frames are whole beats.
    fn join<'m>(self, pieces: LaneStream<'m>, is_varying: bool) -> LaneStream<'m> {
        let whole = !is_varying && self.pieces.is_multiple_of(self.joined);
        let joined = self.joined;
        let beats = if whole { pieces.chunk_whole(joined) } else { pieces.each_framed().chunk(joined) };
        beats.map(|pieces| pieces.concat())
    }
}

/// `stream` of `from` as one of `to`, with which [`join`] has joined it.
pub fn adapt<'m>(stream: LaneStream<'m>, from: &Port, to: &Port) -> LaneStream<'m> {
    if from.lanes() == to.lanes() {
        return if to.is_framed() { stream.each_framed() } else { stream };
    }
    let recut = Recut::of(from, to);
    let pieces = recut.cut(stream);
    if to.is_varying() {
        return recut.join(pieces.each_framed(), from.is_varying()).each_framed();
    }
    recut.join(pieces, from.is_varying()).framed(to.frame_beats())
}

/// When the beats come that [`adapt`] makes of those of `pace`.
pub fn adapt_pace(pace: &Pace, from: &Port, to: &Port) -> Option<Pace> {
    if from.lanes() == to.lanes() {
        return Some(pace.clone());
    }
    let Recut { cuts, pieces, joined, .. } = Recut::of(from, to);
    let cut = if cuts == 1 { pace.clone() } else { pace.spread(cuts, pieces)? };
    cut.gathered(joined)
}

/// [`adapt`] in a timed run.
pub fn timed_adapt(t: &mut Timeline, x: Channel, from: &Port, to: &Port) -> Channel {
    if from.lanes() == to.lanes() {
        return x;
    }
    let Recut { cuts, tail, joined, .. } = Recut::of(from, to);
    let pieces = if cuts == 1 { x } else { t.through(x, 0, Repeat::new(cuts, tail)) };
    if joined == 1 { pieces } else { t.through(pieces, 1, Gather::chunk(joined)) }
}

/// `tokens` of `from` as tokens of `to`, with which [`join`] has joined it.
pub fn adapt_tokens(tokens: &Tokens, from: &Port, to: &Port) -> Tokens {
    let mut adapted = Tokens { lanes: to.lanes(), ..Tokens::default() };
    for frame in tokens.frames(from) {
        let values = if from.is_varying() { frame } else { &frame[..from.frame_values()] };
        adapted.push_frame(to, values);
    }
    adapted
}
