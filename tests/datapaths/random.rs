//! Random bits: the hardware, the golden model, and sequences that others computed.

use crate::check::*;
use serde::Deserialize;
use ternlet::blocks::{Lfsr, WithRandom};
use ternlet::datapath::{Datapath, LaneStream, RandomBits};
use ternlet::hdl::{Module, Timing, unsigned};
use ternlet::stream::{Port, Ports, Tokens, Transfers};

/// Each beat of `x`, and `bits` random bits next to it.
struct Beside {
    lfsr: Lfsr,
    bits: usize,
}

impl Datapath for Beside {
    fn kind(&self) -> &'static str {
        "beside"
    }

    fn doc(&self) -> String {
        format!("x beside {} bits of {:?}", self.bits, self.lfsr)
    }

    fn ports(&self) -> Ports {
        let stream = |name: &str, width| Port::vectors(name, name, 1, unsigned(width), 1);
        let mut y = stream("y", 4);
        y.fields.extend(Port::vectors("", "random", 1, unsigned(self.bits as u32), 1).fields);
        Ports { inputs: vec![stream("x", 4)], outputs: vec![y] }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let beats = self.lfsr.with_random(inputs.remove(0), self.bits);
        vec![beats.map(|WithRandom { beat, random }| vec![beat[0], random.int(unsigned(self.bits as u32))])]
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let mut random = RandomBits::of(&self.lfsr);
        let values = inputs[0].values.iter().flat_map(|x| [*x, random.next(self.bits as u32)]).collect();
        vec![Tokens { lanes: 2, values, last: vec![] }]
    }
}

#[test]
fn a_register_leaps_when_a_beat_passes_and_only_then() {
    for bits in [1, 7, 16, 17, 40, 63] {
        let beside = Beside { lfsr: Lfsr::for_bits(bits, 5), bits };
        interpreter(&beside, 100, 1);
    }
    let beside = Beside { lfsr: Lfsr::for_bits(16, 1), bits: 16 };
    assert_eq!(verilator(&beside, 2000, 2, Timing::levels(1)).mismatches, 0);
}

/// x^16 + x^12 + x^3 + x + 1, in tables of primitive polynomials everywhere (Peterson and Weldon, Error-Correcting Codes).
fn published() -> Lfsr {
    Lfsr { degree: 16, taps: [12, 3, 1], start: vec![1] }
}

#[test]
fn a_published_polynomial_has_its_period() {
    let mut random = RandomBits::of(&published());
    let first: Vec<i64> = (0..64).map(|_| random.next(4)).collect();
    let mut seen = vec![false; 1 << 16];
    let mut random = RandomBits::of(&published());
    let mut window = random.next(16);
    for step in 0..(1 << 16) - 1 {
        assert!(
            !std::mem::replace(&mut seen[window as usize], true),
            "a window comes back after {step} steps"
        );
        window = window >> 1 | random.next(1) << 15;
    }
    assert!(!seen[0], "every window but that of zeros");
    // The next period, of which 15 bits were drawn already.
    assert_eq!(window, first[0] | first[1] << 4 | first[2] << 8 | first[3] << 12);
    // In hardware, four places a beat, from the start to after its end.
    interpreter(&Beside { lfsr: published(), bits: 4 }, 500, 3);
}

#[derive(Deserialize)]
struct Vector {
    degree: usize,
    taps: [usize; 3],
    words: Vec<u32>,
}

/// tests/vectors/lfsr.py proves with `galois` that the polynomials are primitive, and draws from them.
#[test]
fn sequences_are_those_of_another_implementation() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../vectors/lfsr.json")).unwrap();
    assert_eq!(vectors.len(), 5);
    for (bits, Vector { degree, taps, words }) in [16, 32, 64, 128, 256].into_iter().zip(vectors) {
        let ours = Lfsr::for_bits(bits, 1);
        assert_eq!((ours.degree, ours.taps), (degree, taps), "the polynomial that was proved primitive");
        let mut random = RandomBits::of(&Lfsr { degree, taps, start: words[..degree / 32].to_vec() });
        let drawn: Vec<u32> = words.iter().map(|_| random.next(32) as u32).collect();
        assert_eq!(drawn, words);
    }
}

/// Chi-square of the words of 8 bits of one lane: 255 degrees of freedom, so 255 +- 4 * sqrt(2 * 255); and the correlation of
/// words that follow each other.
#[test]
fn words_are_spread_evenly() {
    let mut random = RandomBits::of(&Lfsr::for_bits(16, 1));
    let draws = 1 << 16;
    let words: Vec<i64> = (0..draws).map(|_| random.next(16)).collect();
    for shift in [0, 8] {
        let mut counts = [0i64; 256];
        words.iter().for_each(|word| counts[(word >> shift & 255) as usize] += 1);
        let expected = draws as f64 / 256.0;
        let chi_square: f64 = counts.iter().map(|&count| (count as f64 - expected).powi(2) / expected).sum();
        assert!((chi_square - 255.0).abs() < 4.0 * 510f64.sqrt(), "{chi_square}");
    }
    let centred: Vec<f64> = words.iter().map(|&word| word as f64 - 32767.5).collect();
    let variance: f64 = centred.iter().map(|x| x * x).sum();
    for lag in 1..=16 {
        let correlation: f64 =
            centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum::<f64>() / variance;
        assert!(correlation.abs() < 5.0 / (draws as f64).sqrt(), "lag {lag}: {correlation}");
    }
}
