//! What a window remembers of each position of a line: the same position of the lines before.

use crate::hdl::{Memory, Module, Register, Signal, Type};

/// A lane of values, each beside those that came in the same place of older lines.
pub(super) struct Lane<'m> {
    pub value: Signal<'m>,
    /// How many older ones.
    pub older: usize,
}

/// When a beat enters, and when the one that has entered is there.
pub(super) struct Steps<'m> {
    pub steps: Signal<'m>,
    /// Whether a line's first beat enters.
    pub turns: Signal<'m>,
    /// Whether the beat that entered last is there, and does not come again.
    pub keeps: Signal<'m>,
    /// Its place in its line, and the place of the beat that enters.
    pub written: Signal<'m>,
    pub address: Signal<'m>,
}

/// Where lines are kept.
pub(super) struct Store<'n> {
    pub name: &'n str,
    /// Of a line.
    pub words: usize,
    /// Whether in a large memory.
    pub is_large: bool,
}

/// For each lane the values of the beat that entered last, the youngest first. Lines of one word are kept in registers, longer
/// ones in one memory, whose word is all that a window has of a position.
#[track_caller]
pub(super) fn places<'m>(
    m: &'m Module,
    store: &Store,
    lanes: &[Lane<'m>],
    steps: &Steps<'m>,
) -> Vec<Vec<Signal<'m>>> {
    let &Store { name, words, is_large } = store;
    let register = |lane: usize, place: usize| {
        m.unreset_register(lanes[lane].value.ty()).named(format!("{name}_{lane}_{place}"))
    };
    let in_registers = if words == 1 { usize::MAX } else { 0 };
    let kept: Vec<Vec<Register<'m>>> = lanes
        .iter()
        .enumerate()
        .map(|(lane, Lane { older, .. })| {
            (0..=*older.min(&in_registers)).map(|place| register(lane, place)).collect()
        })
        .collect();
    for (registers, lane) in kept.iter().zip(lanes) {
        registers[0].set_when(steps.steps, lane.value);
        registers.windows(2).for_each(|pair| pair[1].set_when(steps.turns, pair[0].get()));
    }
    let mut places: Vec<Vec<Signal<'m>>> =
        kept.iter().map(|registers| registers.iter().map(|register| register.get()).collect()).collect();
    let width: u32 = lanes.iter().map(|lane| lane.value.width() * lane.older as u32).sum();
    if words > 1 && width > 0 {
        let (name, ty) = (format!("{name}_lines"), Type::Bits(width));
        let memory = if is_large { m.large_memory(name, words, ty) } else { m.memory(name, words, ty) };
        let word = memory.read_when(steps.steps, steps.address);
        cut(word, lanes, &mut places);
        write(memory, lanes, &places, steps);
    }
    places
}

/// Takes the older values of all lanes from `word`.
fn cut<'m>(word: Signal<'m>, lanes: &[Lane<'m>], places: &mut [Vec<Signal<'m>>]) {
    let mut lsb = 0;
    for (lane, places) in lanes.iter().zip(places) {
        for _ in 0..lane.older {
            let bits = word.slice(lsb, lane.value.width());
            lsb += bits.width();
            places.push(match lane.value.ty() {
                Type::Int(range) => bits.int(range.word()),
                Type::Bits(_) => bits,
            });
        }
    }
}

/// Keeps all but the oldest values for the line that comes next.
fn write<'m>(memory: Memory<'m>, lanes: &[Lane<'m>], places: &[Vec<Signal<'m>>], steps: &Steps<'m>) {
    let word = lanes.iter().zip(places).flat_map(|(lane, places)| {
        let in_word = |place: &Signal<'m>| match lane.value.ty() {
            Type::Int(range) => place.to_bits_of(&range.word()),
            Type::Bits(_) => *place,
        };
        places[..lane.older].iter().map(in_word)
    });
    let word: Vec<_> = word.collect();
    memory.write_when(steps.keeps, steps.written, steps.keeps.module().concat(&word));
}
