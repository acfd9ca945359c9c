//! Frames with their classes: what is trained on, what validates, what tests.

use super::description::{Description, Labelled};
use super::error::TrainError;
use super::front::Front;
use super::ops::{Seen, Windows};
use crate::datapath::{Source, Tensor};
use crate::design::{Accuracy, TensorFiles};
use crate::import::InputMeaning;
use crate::import::exact::approximate;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::Path;

/// Frames of integers, and the class of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frames {
    /// The integers of a frame.
    pub length: usize,
    pub integers: Vec<i64>,
    /// One each, or one for each position that leaves.
    pub labels: Vec<usize>,
    /// The frames as they come in where something stands in front of the network.
    pub raw: Option<Tensor>,
}

/// All data of a training.
#[derive(Clone, Debug)]
pub struct Data {
    pub train: Frames,
    /// Cut from what was given to train on.
    pub validation: Frames,
    pub test: Option<Frames>,
    pub meaning: InputMeaning,
    /// What integers are divided by.
    pub divisor: f32,
}

impl Frames {
    pub fn count(&self) -> usize {
        self.integers.len() / self.length.max(1)
    }

    /// Labels of a frame.
    pub fn labels_each(&self) -> usize {
        self.labels.len() / self.count().max(1)
    }

    pub fn labels(&self, index: usize) -> &[usize] {
        &self.labels[index * self.labels_each()..][..self.labels_each()]
    }

    pub fn frame(&self, index: usize) -> &[i64] {
        &self.integers[index * self.length..][..self.length]
    }

    /// Of classes, as many as labels.
    pub fn accuracy(&self, classes: &[i64]) -> Accuracy {
        let labels: Vec<i64> = self.labels.iter().map(|label| *label as i64).collect();
        Accuracy::of(classes, &labels, self.labels_each() > 1)
    }

    /// Those at these places.
    fn chosen(&self, places: &[usize]) -> Self {
        Self {
            length: self.length,
            integers: places.iter().flat_map(|place| self.frame(*place)).copied().collect(),
            labels: places.iter().flat_map(|place| self.labels(*place)).copied().collect(),
            raw: self.raw.as_ref().map(|raw| {
                let length = raw.values.len() / self.count().max(1);
                let frame = |place: &usize| &raw.values[place * length..][..length];
                Tensor {
                    shape: vec![places.len(), length],
                    values: places.iter().flat_map(frame).copied().collect(),
                }
            }),
        }
    }

    /// What a network sees of these frames behind its front, if it has one.
    pub(super) fn behind(
        front: Option<&Front>,
        frames: Tensor,
        labels: Tensor,
        (classes, meaning): (usize, &InputMeaning),
    ) -> Result<Self, String> {
        match front {
            Some(front) => {
                let seen = Self::of(&front.seen(&frames)?, labels, classes, meaning)?;
                Ok(Self { raw: Some(frames), ..seen })
            }
            None => Self::of(&frames, labels, classes, meaning),
        }
    }

    fn of(frames: &Tensor, labels: Tensor, classes: usize, meaning: &InputMeaning) -> Result<Self, String> {
        let count = frames.shape.first().copied().unwrap_or(0);
        if count < 4 || frames.values.is_empty() {
            return Err(format!("frames: its shape is {:?}; 4 frames or more are needed", frames.shape));
        }
        if labels.values.is_empty() || !labels.values.len().is_multiple_of(count) {
            return Err(format!(
                "labels: there are {} for {count} frames; write one for each, or one for each position",
                labels.values.len()
            ));
        }
        let each = labels.values.len() / count;
        let ty = meaning.ty;
        if let Some(wrong) = frames.values.iter().find(|value| !(ty.lo()..=ty.hi()).contains(*value)) {
            return Err(format!("frames: {wrong} is no {ty}; say another type as `input`"));
        }
        let class = |(place, label): (usize, &i64)| {
            let class = usize::try_from(*label).ok().filter(|class| *class < classes);
            class.ok_or(format!("labels: that of frame {} is {label}, but there are {classes} classes; the last node has a row for each", place / each))
        };
        let labels = labels.values.iter().enumerate().map(class).collect::<Result<_, _>>()?;
        Ok(Self { length: frames.values.len() / count, integers: frames.values.clone(), labels, raw: None })
    }
}

impl Data {
    /// The data of a training file that stands in `folder`; `raw` is its text.
    ///
    /// # Errors
    /// What cannot be read or does not suit the network, with its line.
    pub fn read(
        description: &Description,
        front: Option<&Front>,
        (path, raw): (&Path, &str),
        classes: usize,
        seed: u64,
    ) -> Result<Self, TrainError> {
        let wrong = |key: &str, why: String| TrainError::Wrong {
            path: path.into(),
            problems: vec![Description::problem(raw, key, why)],
        };
        let meaning = InputMeaning::parse(&description.data.input).map_err(|why| wrong("data.input", why))?;
        let files = TensorFiles::relative_to(path.parent().unwrap_or(Path::new("")));
        let read = |key: &str, labelled: &Labelled| {
            let tensor = |name: &str| files.tensor(&labelled.file, Some(name));
            let (frames, labels) = (tensor(&labelled.frames), tensor(&labelled.labels));
            let cut = |tensor: Tensor| match &labelled.blocks {
                Some(within) => blocks(&tensor, within, &description.data.size),
                None => Ok(tensor),
            };
            let [frames, labels] = [frames, labels].map(|tensor| tensor.and_then(cut));
            let seen = |frames| Frames::behind(front, frames, labels?, (classes, &meaning));
            frames.and_then(seen).map_err(|why| wrong(key, why))
        };
        let all = read("data.train", &description.data.train)?;
        let test = description.data.test.as_ref().map(|test| read("data.test", test)).transpose()?;
        if let Some(test) = test.as_ref().filter(|test| test.length != all.length) {
            let why = format!("a frame has {} integers, but {} in training", test.length, all.length);
            return Err(wrong("data.test", why));
        }
        // Which frames validate depends on the seed alone.
        let mut places: Vec<usize> = (0..all.count()).collect();
        places.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let kept = (all.count() as f64 * description.train.validation).round() as usize;
        let (validation, train) = places.split_at(kept.min(places.len()));
        if validation.is_empty() || train.len() < 2 {
            let why = format!(
                "validation = {}: of {} frames {} validate and {} train; let there be some of both",
                description.train.validation,
                all.count(),
                validation.len(),
                train.len()
            );
            return Err(wrong("train.validation", why));
        }
        let divisor = approximate(&meaning.divisor) as f32;
        Ok(Self { train: all.chosen(train), validation: all.chosen(validation), test, meaning, divisor })
    }
}

/// The blocks of `size` next to each other `within` a map, each a frame.
fn blocks(
    Tensor { shape, values }: &Tensor,
    within: &[[usize; 2]],
    size: &[usize],
) -> Result<Tensor, String> {
    let axes = size.len();
    let fits = |(length, [from, to]): (&usize, &[usize; 2])| from < to && to <= length;
    if axes == 0 || shape.len() < axes || within.len() != axes || !shape.iter().zip(within).all(fits) {
        return Err(format!(
            "blocks = {within:?}: write [from, to] for each axis of size = {size:?}, within a tensor of {shape:?}"
        ));
    }
    let region: Vec<usize> = within.iter().map(|[from, to]| to - from).collect();
    let windows = Windows::blocks(region, size);
    if windows.output().is_err() {
        return Err(format!("blocks = {within:?}: no block of {size:?} fits in there"));
    }
    let Seen { taps, positions } = windows.seen();
    let channels: usize = shape[axes..].iter().product();
    let mut cut = Vec::with_capacity(positions.len() * channels);
    for mut position in positions.iter().flatten().copied() {
        let (mut place, mut inner) = (0, 1);
        for axis in (0..axes).rev() {
            place += (within[axis][0] + position % windows.size[axis]) * inner;
            position /= windows.size[axis];
            inner *= shape[axis];
        }
        cut.extend_from_slice(&values[place * channels..][..channels]);
    }
    let count = positions.len() / taps;
    Ok(Tensor { shape: [&[count], size, &shape[axes..]].concat(), values: cut })
}

/// The order in which an epoch takes frames, by the seed and its number: batches of `batch`, of which the last has as many as are left, but never
/// one alone.
pub fn batches(count: usize, batch: usize, seed: u64, epoch: usize) -> Vec<Vec<usize>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(1 + epoch as u64);
    let mut places: Vec<usize> = (0..count).collect();
    for index in (1..count).rev() {
        places.swap(index, random.random_range(0..=index));
    }
    let mut batches: Vec<Vec<usize>> = places.chunks(batch).map(<[usize]>::to_vec).collect();
    if batches.len() > 1 && batches.last().is_some_and(|last| last.len() == 1) {
        let last = batches.pop().unwrap_or_default();
        batches.iter_mut().last().into_iter().for_each(|batch| batch.extend(&last));
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_epoch_takes_each_frame_once_in_an_order_of_its_own() {
        let (first, second) = (batches(21, 4, 7, 0), batches(21, 4, 7, 1));
        assert_ne!(first, second);
        assert_eq!(first, batches(21, 4, 7, 0));
        for epoch in [first, second] {
            assert_eq!(epoch.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 4, 4, 5]);
            let mut places = epoch.concat();
            places.sort_unstable();
            assert_eq!(places, (0..21).collect::<Vec<_>>());
        }
    }

    #[test]
    fn blocks_are_cut_from_a_map() {
        let map = Tensor { shape: vec![3, 4], values: (0..12).collect() };
        let cut = blocks(&map, &[[0, 3], [1, 4]], &[1, 2]).unwrap();
        assert_eq!((cut.shape, cut.values), (vec![3, 1, 2], vec![1, 2, 5, 6, 9, 10]));
        for (within, size) in
            [(vec![[0, 4], [0, 4]], [1, 1]), (vec![[0, 3]], [1, 1]), (vec![[2, 2], [0, 4]], [1, 1])]
        {
            assert!(blocks(&map, &within, &size).unwrap_err().contains("within a tensor of [3, 4]"));
        }
        assert!(blocks(&map, &[[0, 3], [0, 4]], &[4, 1]).unwrap_err().contains("no block of [4, 1] fits"));
    }

    #[test]
    fn what_does_not_suit_is_refused() {
        let meaning = InputMeaning::parse("u5/16").unwrap();
        let tensor = |shape: &[usize], values: Vec<i64>| Tensor { shape: shape.into(), values };
        let of = |frames: Vec<i64>, labels: Vec<i64>| {
            Frames::of(&tensor(&[4, 2], frames), tensor(&[labels.len()], labels), 3, &meaning).map(|_| ())
        };
        assert_eq!(of(vec![16; 8], vec![0, 1, 2, 0]), Ok(()));
        for (frames, labels, why) in [
            (vec![16; 8], vec![0, 1, 2], "there are 3 for 4 frames"),
            (vec![16; 8], vec![0, 1, 3, 0], "that of frame 2 is 3, but there are 3 classes"),
            (vec![16; 8], vec![0, 1, -1, 0], "that of frame 2 is -1"),
            (vec![40; 8], vec![0, 1, 2, 0], "40 is no u5"),
        ] {
            let error = of(frames, labels).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
