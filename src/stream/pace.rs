//! When the beats of a stream pass: the algebra of which schedules are made.

/// In which clock cycles the beats of a stream's first frame pass, and how many cycles a frame takes in the steady state, while
/// nothing outside waits. Cycle 0 is that in which the inputs offer their first beats. Registers do not count: they are the
/// [`Stages`](crate::hdl::Stages) of the circuit, and move all beats alike.
///
/// A block has a function from paces to paces next to its circuit. A datapath's schedule is their composition, as its hardware is
/// that of the blocks, and a graph's is that of its datapaths'. Each is exact or none.
///
/// ```
/// use ternlet::stream::Pace;
/// // Two vectors of 12 integers, 4 a beat, each one multiplied with 5 rows: 3 beats that are held for 5 passes.
/// let rows = Pace::dense(3).replayed(5).gathered(3).unwrap();
/// assert_eq!((rows.first, rows.last, rows.interval), (4, 16, Some(15)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Beats of a frame.
    pub beats: u64,
    /// The cycle of the first frame's first beat.
    pub first: u64,
    /// The cycle of its last beat.
    pub last: u64,
    /// Cycles a frame in the steady state; none where that is not known.
    pub interval: Option<u64>,
    /// How the others come; none where that is not regular.
    rhythm: Option<Rhythm>,
}

/// Beat `k` comes `gap * (k / burst) + step * (k % burst)` cycles after the first. The last ones may come earlier, one a cycle up to
/// [`Pace::last`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rhythm {
    burst: u64,
    step: u64,
    gap: u64,
}

impl Rhythm {
    fn even(gap: u64) -> Self {
        Self { burst: 1, step: gap, gap }
    }

    /// The same by one name.
    fn of(burst: u64, step: u64, gap: u64) -> Self {
        if burst == 1 || burst * step == gap {
            return Self::even(if burst == 1 { gap } else { step });
        }
        Self { burst, step, gap }
    }

    fn at(self, beat: u64) -> u64 {
        self.gap * (beat / self.burst) + self.step * (beat % self.burst)
    }
}

impl Pace {
    /// Frames of `beats` beats, one in each cycle: an input that never waits.
    ///
    /// # Panics
    /// If `beats` is 0.
    pub fn dense(beats: usize) -> Self {
        assert!(beats > 0, "a frame has at least 1 beat, not 0");
        let beats = beats as u64;
        Self { beats, first: 0, last: beats - 1, interval: Some(beats), rhythm: Some(Rhythm::even(1)) }
    }

    /// Whether a frame's beats come in neighbouring cycles.
    pub fn is_dense(&self) -> bool {
        self.last - self.first == self.beats - 1
    }

    fn rhythm(&self) -> Option<Rhythm> {
        if self.is_dense() { Some(Rhythm::even(1)) } else { self.rhythm }
    }

    /// The cycle of `beat`, if it is known.
    fn at(&self, beat: u64) -> Option<u64> {
        match beat {
            0 => Some(self.first),
            beat if beat + 1 == self.beats => Some(self.last),
            beat => {
                let latest = self.last + 1 + beat - self.beats;
                self.rhythm().map(|rhythm| latest.min(self.first + rhythm.at(beat)))
            }
        }
    }

    /// Whether the last beats come earlier than the others would say.
    fn hurries(&self) -> bool {
        self.rhythm().is_some_and(|rhythm| self.last < self.first + rhythm.at(self.beats - 1))
    }

    /// Of [`Stream::chunk`](crate::hdl::Stream::chunk) and, where `count` divides a frame, of a
    /// [`Stream::fold`](crate::hdl::Stream::fold) of so many beats: result `k` comes with beat `count (k + 1) - 1`, the last one with the
    /// last beat. None where nobody knows when that is.
    pub fn gathered(&self, count: usize) -> Option<Self> {
        let count = count as u64;
        let first = self.at(count.min(self.beats) - 1)?;
        let hurries = self.hurries() && count > 1;
        let rhythm = self.rhythm().and_then(|Rhythm { burst, step, gap }| {
            if hurries && burst > count {
                None
            } else if burst.is_multiple_of(count) {
                Some(Rhythm::of(burst / count, step * count, gap))
            } else {
                count.is_multiple_of(burst).then(|| Rhythm::even(gap * (count / burst)))
            }
        });
        Some(Self { beats: self.beats.div_ceil(count), first, rhythm, ..self.clone() })
    }

    /// A beat a frame, with its last: of a [`Stream::fold`](crate::hdl::Stream::fold) of whole frames.
    pub fn folded(&self) -> Self {
        Self { beats: 1, first: self.last, ..self.clone() }
    }

    /// Of [`Stream::flatten`](crate::hdl::Stream::flatten) and [`Stream::repeated`](crate::hdl::Stream::repeated): `count` beats for
    /// each, one a cycle, but `total` beats of a frame in all; a beat waits while those before it are given.
    /// None where nobody knows when beats come, or what waits for what.
    pub fn spread(&self, count: usize, total: usize) -> Option<Self> {
        if count == 1 {
            return Some(self.clone());
        }
        let (count, total) = (count as u64, total as u64);
        let Rhythm { burst, step, gap } = self.rhythm()?;
        let tail = total - (self.beats - 1) * count;
        let spread = |rhythm, last, interval| {
            Some(Self {
                beats: total,
                first: self.first,
                last,
                interval: longer(self.interval, interval),
                rhythm,
            })
        };
        if burst == 1 && gap >= count {
            let free = self.beats.checked_sub(2).map_or(0, |before| self.first + gap * before + count);
            let last = self.last.max(free) + tail - 1;
            return spread(Some(Rhythm::of(count, 1, gap)), last, total);
        }
        if burst == 1 {
            // What makes a beat stands still while the beat waits, so that it does not hurry for a short one.
            let cycles = (self.beats - 1) * count + tail.max(gap);
            return spread(Some(Rhythm::even(1)), self.first + total - 1, cycles);
        }
        if step > count || gap < burst * count {
            return None;
        }
        let before = (self.beats - 1) / burst * burst;
        let free = if before > 0 { self.first + gap * (before / burst - 1) + burst * count } else { 0 };
        let last = self.at(before)?.max(free) + (total - before * count) - 1;
        spread(Some(Rhythm::of(burst * count, 1, gap)), last, total)
    }

    /// Of [`replay`](crate::blocks::replay): the frame `passes` times, a beat a cycle, from its last beat on; at once if it is once.
    pub fn replayed(&self, passes: usize) -> Self {
        if passes == 1 {
            return self.clone();
        }
        let beats = self.beats * passes as u64;
        let first = self.last;
        Self {
            first,
            last: first + beats - 1,
            interval: longer(self.interval, beats),
            ..Self::dense(beats as usize)
        }
    }

    /// Of [`Stream::zip`](crate::hdl::Stream::zip): each beat when both are there. None where both wait for each other by turns.
    pub fn joined(&self, other: &Self) -> Option<Self> {
        let (early, late) = if self.first < other.first { (self, other) } else { (other, self) };
        let late_is_slower =
            early.is_dense() || early.rhythm().is_some_and(|rhythm| late.rhythm() == Some(rhythm));
        let slower = match (late_is_slower, late.is_dense() && early.first == late.first) {
            _ if early.beats != late.beats => return None,
            (true, _) => late,
            (false, true) => early,
            (false, false) => return None,
        };
        let (last, interval) = (early.last.max(late.last), both(early.interval, late.interval));
        Some(Self { last, interval, ..slower.clone() })
    }

    /// The same beats, where a frame takes at least `cycles`.
    pub fn at_least(&self, cycles: u64) -> Self {
        Self { interval: longer(self.interval, cycles), ..self.clone() }
    }

    /// The same beats, of which nobody knows how many cycles a frame takes.
    pub fn once(&self) -> Self {
        Self { interval: None, ..self.clone() }
    }

    /// The same beats so many cycles later.
    pub fn later(&self, cycles: usize) -> Self {
        let cycles = cycles as u64;
        Self { first: self.first + cycles, last: self.last + cycles, ..self.clone() }
    }

    /// Beats `gap` cycles apart from `first` on, where a frame takes as many times that, and at least as long as here.
    pub fn every(&self, gap: usize, beats: usize, first: u64) -> Self {
        let (gap, beats) = (gap as u64, beats as u64);
        let interval = longer(self.interval, gap * beats);
        Self { beats, first, last: first + gap * (beats - 1), interval, rhythm: Some(Rhythm::even(gap)) }
    }
}

/// Cycles of a frame that takes at least so many.
fn longer(interval: Option<u64>, cycles: u64) -> Option<u64> {
    interval.map(|interval| interval.max(cycles))
}

/// Cycles of a frame that takes both.
fn both(interval: Option<u64>, other: Option<u64>) -> Option<u64> {
    other.and_then(|other| longer(interval, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cycle of every beat, as the hardware makes them: one after the other.
    type Cycles = Vec<u64>;

    fn gathered(beats: &Cycles, count: usize) -> Cycles {
        beats.chunks(count).map(|chunk| chunk[chunk.len() - 1]).collect()
    }

    fn spread(beats: &Cycles, count: usize, total: usize) -> Cycles {
        let mut cycles: Cycles = Vec::new();
        for beat in beats {
            for _ in 0..count {
                let free = cycles.last().map_or(0, |last| last + 1);
                cycles.push(free.max(*beat));
            }
        }
        cycles.truncate(total);
        cycles
    }

    fn replayed(beats: &Cycles, passes: usize) -> Cycles {
        let last = beats[beats.len() - 1];
        if passes == 1 { beats.clone() } else { (last..last + (beats.len() * passes) as u64).collect() }
    }

    fn joined(left: &Cycles, right: &Cycles) -> Cycles {
        let mut cycles: Cycles = Vec::new();
        for (left, right) in left.iter().zip(right) {
            cycles.push((*left).max(*right).max(cycles.last().map_or(0, |last| last + 1)));
        }
        cycles
    }

    /// All paces that `depth` operations make of a dense one, with what the beats do one by one.
    fn made(pace: Pace, cycles: Cycles, depth: usize, all: &mut Vec<(Pace, Cycles)>) {
        if depth > 0 {
            for count in 1..=4 {
                if let Some(pace) = pace.gathered(count) {
                    made(pace, gathered(&cycles, count), depth - 1, all);
                }
                for total in (cycles.len() - 1) * count + 1..=cycles.len() * count {
                    if let Some(pace) = pace.spread(count, total) {
                        made(pace, spread(&cycles, count, total), depth - 1, all);
                    }
                }
            }
            made(pace.replayed(3), replayed(&cycles, 3), depth - 1, all);
            made(pace.folded(), gathered(&cycles, cycles.len()), depth - 1, all);
        }
        all.push((pace, cycles));
    }

    fn all_made() -> Vec<(Pace, Cycles)> {
        let mut all = Vec::new();
        (1..=7).for_each(|beats| made(Pace::dense(beats), (0..beats as u64).collect(), 3, &mut all));
        all
    }

    fn agrees(pace: &Pace, cycles: &Cycles) {
        assert_eq!(pace.beats as usize, cycles.len(), "{pace:?} {cycles:?}");
        for (beat, cycle) in cycles.iter().enumerate() {
            assert!(pace.at(beat as u64).is_none_or(|at| at == *cycle), "{beat}: {pace:?} {cycles:?}");
        }
    }

    #[test]
    fn beats_come_when_they_do_one_by_one() {
        let all = all_made();
        all.iter().for_each(|(pace, cycles)| agrees(pace, cycles));
        let known = all.iter().filter(|(pace, _)| pace.rhythm().is_some()).count();
        assert!(10 * known > 9 * all.len(), "{known} of {}", all.len());
    }

    #[test]
    fn a_join_waits_for_both() {
        let all: Vec<_> = all_made().into_iter().step_by(37).collect();
        let mut found = 0;
        for (left, left_cycles) in &all {
            for (right, right_cycles) in &all {
                let Some(pace) = left.joined(right) else { continue };
                agrees(&pace, &joined(left_cycles, right_cycles));
                found += 1;
            }
        }
        assert!(found > all.len(), "{found} of {}", all.len());
    }
}
