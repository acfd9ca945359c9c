//! Thresholds that follow the magnitudes of the gradients.
//!
//! The sum of a frame's magnitudes gives its threshold. Each layer has a state: whether `depth` frames were seen, where the next
//! threshold goes in the ring of the last ones, and their sum, whose high bits are the prediction.

use super::folded::{Folded, frame_sums};
use crate::blocks::{constant_multiple, product, signed_digits, tree_with_carries};
use crate::datapath::LaneStream;
use crate::hdl::{
    Memory, Module, Payload, Range, Register, Registers, Rounding, Shape, Signal, Stream, Type, unsigned,
};
use std::collections::{BTreeMap, BTreeSet};

/// What thresholds follow.
pub(super) struct Follow<'a> {
    /// Of thresholds: `unsigned(n)`.
    pub magnitudes: Range,
    /// Frames of a layer whose mean predicts the next threshold, a power of two.
    pub depth: usize,
    /// Of each layer, times `2^shift`, what a threshold is of a sum of magnitudes.
    pub constants: &'a [i64],
    pub shift: u32,
}

/// The sum of the magnitudes of each frame.
pub(super) fn magnitude_sums<'m>(gradients: LaneStream<'m>, beats: usize) -> Stream<'m, Signal<'m>> {
    let (lanes, width) = (gradients.payload().len(), gradients.payload()[0].width() - 1);
    let most = unsigned(width).hi() * (beats * lanes);
    // |g| is the folded gradient and its sign, which an adder takes as its carry-in.
    let sums = gradients.map(|gradients| {
        let folded: Vec<Folded<'m>> = gradients.into_iter().map(Folded::of).collect();
        let saturated = unsigned(width).hi().clone();
        let carry = |folded: &Folded<'m>| folded.sign & folded.low.ne(&saturated);
        let low: Vec<Signal<'m>> = folded.iter().map(|folded| folded.low).collect();
        tree_with_carries(&low, &folded.iter().map(carry).collect::<Vec<_>>())
    });
    frame_sums(sums, "magnitude_sum", &Range::new(0, most), |total, sum| sum.add_to(total))
}

impl<'a> Follow<'a> {
    /// For each frame the threshold that is predicted, at once, and the one that its own `sums` give, after it. `layer` has a
    /// beat for each frame where there are several layers.
    pub fn thresholds<'m>(
        &self,
        sums: Stream<'m, Signal<'m>>,
        layer: Option<Stream<'m, Signal<'m>>>,
    ) -> (Stream<'m, Signal<'m>>, Stream<'m, Signal<'m>>) {
        let m = sums.module();
        let uniform = self.constants.windows(2).all(|pair| pair[0] == pair[1]);
        let (selected, layer) = match layer {
            Some(layer) if uniform => (None, Some(layer)),
            Some(layer) => {
                let [selected, layer] = layer.fork_to(["scales", "recalls"]);
                (Some(selected), Some(layer))
            }
            None => (None, None),
        };
        let rounded = |product: Signal<'m>| {
            let measured = product.round_shift(self.shift, Rounding::HalfUp);
            measured.saturate(self.magnitudes.clone()).named("measured")
        };
        let measured = match selected {
            None => sums.map(|sum| rounded(constant_multiple(sum, self.constants[0]))),
            Some(selected) => sums.zip(selected).map(|(sum, layer)| rounded(self.scaled(sum, layer))),
        };
        let [pushed, reported] = measured.named("measured").fork_to(["pushed", "reported"]);
        (self.predictions(m, pushed, layer), reported)
    }

    /// `sum` times the constant of its layer: one of its multiples by all constants, or a product with one of the constants, where
    /// that is a hard multiplier or has no more rows than the multiples have adders. Layers whose lengths differ by a power of
    /// two share a multiple.
    fn scaled<'m>(&self, sum: Signal<'m>, layer: Signal<'m>) -> Signal<'m> {
        let m = sum.module();
        let parts = |constant: i64| {
            let shift = if constant == 0 { 0 } else { constant.trailing_zeros() };
            (constant >> shift, shift)
        };
        let odd: BTreeSet<i64> = self.constants.iter().map(|&constant| parts(constant).0).collect();
        let adders: usize = odd.iter().map(|&odd| signed_digits(odd).len().saturating_sub(1)).sum();
        let range = Range::hull(self.constants.iter().map(|&constant| constant.into()));
        let rows = range.width() as usize;
        if adders >= rows || m.timing().has_hard_multiplier(&sum.range(), &range) {
            let constants: Vec<_> = self.constants.iter().map(|&constant| m.constant(constant)).collect();
            return product(sum, layer.choose(&constants));
        }
        // No multiple is negative, which a difference of shifted sums does not know.
        let positive = |odd: i64| Range::new(0, sum.range().hi() * odd).word();
        let multiples: BTreeMap<i64, Signal<'m>> =
            odd.into_iter().map(|odd| (odd, constant_multiple(sum, odd).wrap(positive(odd)))).collect();
        let multiple = |&constant: &i64| {
            let (odd, shift) = parts(constant);
            multiples[&odd] << shift
        };
        layer.choose(&self.constants.iter().map(multiple).collect::<Vec<_>>())
    }

    /// The threshold of each frame: recalls the state of its layer, offers the prediction, and adds what the frame itself
    /// measured before the next frame's turn comes.
    fn predictions<'m>(
        &self,
        m: &'m Module,
        measured: Stream<'m, Signal<'m>>,
        layer: Option<Stream<'m, Signal<'m>>>,
    ) -> Stream<'m, Signal<'m>> {
        let [recalled, offered, given] =
            ["layer_recalled", "threshold_offered", "threshold_given"].map(|name| m.flag(name));
        let idle = !(recalled.get() | offered.get());
        let shape = self.history();
        let states = States::begin(m, layer, idle, &shape);
        recalled.set(states.recalls);

        let places = self.depth.trailing_zeros();
        let History { full, place, sum } = states.history.clone();
        let prediction = full.mux(sum >> places, 0).wrap(self.magnitudes.clone());
        let (threshold, ready) = Stream::offer(
            "threshold",
            offered.get() & !given.get(),
            None,
            prediction.named("threshold_predicted"),
        );
        let taken = measured.take(offered.get() & (given.get() | ready));
        let ends = taken.passes.named("history_moves");
        given.set((given.get() | (offered.get() & ready)) & !ends);
        offered.set(recalled.get() | (offered.get() & !ends));

        let next = match place {
            None => {
                m.ignore(sum);
                // At low rates no frame's threshold is as wide as thresholds may be.
                let sum = taken.payload.to_bits_of(&shape.sum).int(shape.sum);
                History { full: m.always(), place: None, sum }
            }
            Some(place) => {
                let address = states.address(place);
                let thresholds = states.count.next_power_of_two() * self.depth;
                let ring = m.memory("thresholds", thresholds, self.magnitudes.clone());
                let oldest = full.mux(ring.read_when(recalled.get(), address), 0);
                ring.write_when(ends, address, taken.payload);
                let sum = (sum - oldest + taken.payload).assume_when(ends, shape.sum.clone());
                let wraps = place.eq(self.depth as i64 - 1);
                let place = (place + 1).wrap(unsigned(places));
                History { full: full | wraps, place: Some(place), sum: sum.wrap(shape.sum) }
            }
        };
        states.end(m, ends, &next);
        threshold
    }

    fn history(&self) -> HistoryShape {
        let places = self.depth.trailing_zeros();
        HistoryShape {
            full: Range::condition(),
            place: (places > 0).then(|| unsigned(places)),
            sum: unsigned(self.magnitudes.width() + places),
        }
    }
}

/// The state of a layer.
#[derive(Clone)]
struct History<'m> {
    /// Whether as many frames were seen as there are places.
    full: Signal<'m>,
    /// Where the next threshold goes, where there is more than one place.
    place: Option<Signal<'m>>,
    /// Of the last thresholds.
    sum: Signal<'m>,
}

struct HistoryShape {
    full: Range,
    place: Option<Range>,
    sum: Range,
}

crate::payload!(History { full, place, sum } of HistoryShape);

/// The states of all layers: a register for one, a memory for more, which is cleared after a reset.
struct States<'m> {
    count: usize,
    /// Whether a state is recalled in this clock cycle.
    recalls: Signal<'m>,
    /// The state that was recalled, from the next clock cycle on.
    history: History<'m>,
    store: Store<'m>,
}

enum Store<'m> {
    Registers(Registers<'m, History<'m>>),
    Memory { memory: Memory<'m>, layer: Signal<'m>, clearing: Register<'m> },
}

impl<'m> States<'m> {
    /// Recalls the state of the next layer where `idle`.
    fn begin(
        m: &'m Module,
        layer: Option<Stream<'m, Signal<'m>>>,
        idle: Signal<'m>,
        shape: &HistoryShape,
    ) -> Self {
        let Some(layer) = layer else {
            let registers = m.registers("history", shape, &vec![0; shape.types().len()]);
            return Self {
                count: 1,
                recalls: idle,
                history: registers.get(),
                store: Store::Registers(registers),
            };
        };
        let clearing = m.register(Range::condition(), 1).named("clearing");
        let taken = layer.take(idle & !clearing.get());
        let count = usize::try_from(taken.payload.range().hi()).expect("a number of layers") + 1;
        let memory = m.memory("histories", count, Type::Bits(shape.width()));
        let word = memory.read_when(taken.passes, taken.payload);
        let history = shape.cut(word).each("history", |signal, name| signal.named(name));
        let layer = taken.payload.delay(taken.passes).named("layer_now");
        Self { count, recalls: taken.passes, history, store: Store::Memory { memory, layer, clearing } }
    }

    /// Where the threshold at `place` of the recalled layer is.
    fn address(&self, place: Signal<'m>) -> Signal<'m> {
        match &self.store {
            Store::Registers(_) => place,
            Store::Memory { layer, .. } => {
                let m = place.module();
                let layers = unsigned(layer.range().width());
                let address = m.concat(&[place.to_bits(), layer.to_bits_of(&layers)]);
                address.int(unsigned(place.width() + layers.width()))
            }
        }
    }

    /// The state becomes `next` where `ends`.
    fn end(self, m: &'m Module, ends: Signal<'m>, next: &History<'m>) {
        match self.store {
            Store::Registers(registers) => registers.set_when(ends, next),
            Store::Memory { memory, layer, clearing } => {
                let sweep = m.register(layer.range(), 0).named("cleared");
                let done = sweep.get().eq(self.count as i64 - 1);
                sweep.set_when(clearing.get(), sweep.get().next_count(done));
                clearing.set(clearing.get() & !done);
                let next = next.word();
                let nothing = m.bits(next.width(), 0);
                let address = clearing.get().mux(sweep.get(), layer);
                memory.write_when(clearing.get() | ends, address, clearing.get().mux(nothing, next));
            }
        }
    }
}
