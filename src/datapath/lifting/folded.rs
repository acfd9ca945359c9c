//! One level's hardware for all levels: the approximation comes back through a FIFO and passes again, frame by frame, until
//! the last level's leaves.
//!
//! A frame of `n` samples takes `n` cycles in its first level, a half, a quarter or an eighth of that in the next, and so on:
//! in all less than 2, 4/3 or 8/7 times as many. The FIFO holds the first level's approximation.

use super::Lifting;
use super::arithmetic::narrowed;
use super::level::Level;
use super::raster::{Points, framed_values, raster};
use super::subband::{Band, inverse_range};
use super::turns::{chosen, routed};
use crate::blocks::Size;
use crate::datapath::LaneStream;
use crate::hdl::{Module, Range, Signal, Stream};

/// For each frame a beat for each level: its turn from 0 on, and its size.
type Turns<'m> = Stream<'m, (Signal<'m>, Vec<Signal<'m>>)>;

/// A value of a detail, and the turn in which it comes.
#[derive(Clone)]
struct Detail<'m> {
    value: Signal<'m>,
    turn: Signal<'m>,
}

crate::payload!(Detail { value, turn });

impl Lifting {
    fn unit(&self) -> Level<'_> {
        Level { first: 1, last: self.levels, fixed: false, ..self.level(1) }
    }

    /// The sizes of a frame at each level, from the first level on or from the last.
    #[track_caller]
    fn turns<'m>(&self, m: &'m Module, size: Size<'m>, from_last: bool) -> Turns<'m> {
        let levels = self.levels as usize;
        let lengths = match size {
            Size::PerFrame { lengths: frames, .. } => frames.repeated(levels),
            fixed => Stream::offer("size", m.always(), None, fixed.lengths(m)).0,
        };
        let turns = Range::new(0, levels - 1);
        lengths.scan("turn", &turns, &[0], |turn, lengths, _| {
            let halved = |length: Signal<'m>| {
                let at = |passed: usize| (length + ((1i64 << passed) - 1)) >> passed as u32;
                let passed = |turn: usize| if from_last { levels - 1 - turn } else { turn };
                turn.choose(&(0..levels).map(|turn| at(passed(turn))).collect::<Vec<_>>())
            };
            let lengths = lengths.into_iter().map(halved).collect();
            (turn.next_count(turn.eq(levels as i64 - 1)), (turn, lengths))
        })
    }

    /// Which turn the frames of `points` have, as these come one by one.
    #[track_caller]
    fn turned<'m>(&self, points: Points<'m>) -> (Signal<'m>, Points<'m>) {
        let levels = i64::from(self.levels);
        let turns = Range::new(0, levels - 1);
        let points = points.scan("turn_behind", &turns, &[0], |turn, point, _| {
            let next = point.ends_frame().mux(turn.next_count(turn.eq(levels - 1)), turn);
            (next, (turn, point))
        });
        let (turn, point) = points.payload().clone();
        (turn, points.with_payload(point))
    }

    /// Points of the first level's approximation.
    fn most_low(&self) -> usize {
        super::low_shape(&self.size, 1).iter().product()
    }

    #[track_caller]
    pub(super) fn folded_forward<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        size: Size<'m>,
    ) -> Vec<LaneStream<'m>> {
        let (unit, ports, levels) = (self.unit(), self.band_ports(), self.levels as usize);
        let turns = self.turns(m, size, false);
        let (turn, lengths) = turns.payload().clone();
        let all_low = vec![Some(Band::Low); self.size.len()];
        let word = unit.word_of(&all_low);
        let (entrance, low) = m.fifo("approximation", self.most_low(), &vec![word.clone()]);
        let samples = chosen("samples", turn.ne(0), vec![x, low]);
        let points =
            raster(samples, Size::PerFrame { lengths: turns.with_payload(lengths), most: self.size.clone() });
        let (turn, points) = self.turned(unit.forward(points));
        let (low, details) = unit.apart(m, points, |value| Detail { value, turn });

        let leaves = turn.eq(levels as i64 - 1);
        let [back, low] = two(routed("low", leaves, framed_values(low), 2));
        entrance.fill(back.unframed().map(|values| vec![narrowed(values[0], &word)]));
        let mut by_level: Vec<Vec<LaneStream<'m>>> = (0..levels).map(|_| Vec::new()).collect();
        for (number, detail) in details.into_iter().enumerate() {
            let Detail { value, turn } = detail.payload().clone();
            let name = format!("detail_{number}");
            let turns = routed(&name, turn, detail.with_payload(vec![value]), levels);
            by_level.iter_mut().zip(turns).for_each(|(streams, stream)| streams.push(stream));
        }
        let names: Vec<String> = self.details().iter().map(|band| band.name()).collect();
        let mut outputs = vec![low];
        for (level, streams) in by_level.into_iter().enumerate().rev() {
            let bands = self.unit_bands();
            for (stream, band) in streams.into_iter().zip(bands) {
                if names.contains(&format!("{band}{}", level + 1)) {
                    outputs.push(stream);
                } else {
                    stream.unframed().take(m.always());
                }
            }
        }
        let ranged = |(stream, port): (LaneStream<'m>, crate::stream::Port)| {
            stream.map(|values| vec![narrowed(values[0], &port.fields[0].range)])
        };
        outputs.into_iter().zip(ports).map(ranged).collect()
    }

    #[track_caller]
    pub(super) fn folded_inverse<'m>(
        &self,
        m: &'m Module,
        mut bands: Vec<LaneStream<'m>>,
        size: Size<'m>,
    ) -> LaneStream<'m> {
        let (unit, levels) = (self.unit(), self.levels as usize);
        let word = self.returning();
        let turns = self.turns(m, size, true);
        let (turn, lengths) = turns.payload().clone();
        let (entrance, low) = m.fifo("approximation", self.most_low(), &vec![word.clone()]);
        let first = bands.remove(0);
        let low = chosen("low", turn.ne(0), vec![first, low]);
        let mut details: Vec<Option<LaneStream<'m>>> = bands.into_iter().map(Some).collect();
        let names: Vec<String> = self.details().iter().map(|band| band.name()).collect();
        let details = self.unit_bands().into_iter().enumerate().map(|(number, band)| {
            let of_turn = |turn: usize| {
                let name = format!("{band}{}", levels - turn);
                let place = names.iter().position(|other| *other == name);
                place.and_then(|place| details[place].take()).unwrap_or_else(|| {
                    // No frame has values there.
                    Stream::offer(name, m.never(), None, vec![m.constant(0)]).0
                })
            };
            chosen(&format!("detail_{number}"), turn, (0..levels).map(of_turn).collect())
        });
        let details = details.collect();
        let points = unit.together(
            low,
            details,
            Size::PerFrame { lengths: turns.with_payload(lengths), most: self.size.clone() },
        );
        let (turn, points) = self.turned(unit.inverse(points));
        let leaves = turn.eq(levels as i64 - 1);
        let [back, y] = two(routed("points", leaves, framed_values(points), 2));
        entrance.fill(back.unframed().map(|values| vec![narrowed(values[0], &word)]));
        y
    }

    /// The word of the approximations that come back, whatever the bands are.
    fn returning(&self) -> Range {
        let ports = self.band_ports();
        let ends = |range: &Range| {
            let end = |bound: &num_bigint::BigInt| i64::try_from(bound).expect("at most 64 bits");
            (end(range.lo()), end(range.hi()))
        };
        let mut low = ends(&ports[0].fields[0].range);
        let mut all = low;
        for level in (2..=self.levels).rev() {
            let bands = self.bands().into_iter().zip(&ports).skip(1);
            let details: Vec<_> = bands
                .filter(|(band, _)| band.level == level)
                .map(|(band, port)| (band.bands, ends(&port.fields[0].range)))
                .collect();
            low = inverse_range(&self.scheme, self.size.len(), low, &details);
            all = (all.0.min(low.0), all.1.max(low.1));
        }
        Range::new(all.0, all.1).word()
    }

    /// The letters of the details that the unit knows, in the order of `subbands`.
    fn unit_bands(&self) -> Vec<String> {
        let first = super::subbands(&self.size, 1).into_iter().skip(1);
        let bands = first.filter(|band| band.shape.iter().all(|length| *length > 0));
        bands.map(|band| band.name().trim_end_matches('1').to_string()).collect()
    }
}

fn two<'m>(streams: Vec<LaneStream<'m>>) -> [LaneStream<'m>; 2] {
    <[_; 2]>::try_from(streams).unwrap_or_else(|_| unreachable!("two branches"))
}
