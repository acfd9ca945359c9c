//! Beats as bytes, as a link carries them.

use crate::stream::packing::{pack, payload_words, unpack};
use crate::stream::{Port, Tokens};

/// Bits of a beat: its payload, and `last` where frames vary; elsewhere that is counted.
fn bits(port: &Port) -> usize {
    port.width() + usize::from(port.is_varying())
}

/// Bytes of a beat of `port`.
pub fn beat_bytes(port: &Port) -> usize {
    bits(port).div_ceil(8).max(1)
}

/// The bytes of `tokens`, beat after beat, each with its least significant byte first; what is beyond its bits is 0.
pub fn to_bytes(port: &Port, tokens: &Tokens) -> Vec<u8> {
    let words = pack(port, tokens);
    let beat = |(beat, words): (usize, &[u32])| {
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        bytes.resize(beat_bytes(port), 0);
        if port.is_varying() && tokens.last[beat] {
            bytes[port.width() / 8] |= 1 << (port.width() % 8);
        }
        bytes
    };
    words.chunks_exact(payload_words(port)).enumerate().flat_map(beat).collect()
}

/// The whole beats of `bytes`: the inverse of [`to_bytes`].
pub fn from_bytes(port: &Port, bytes: &[u8]) -> Tokens {
    let beats = bytes.chunks_exact(beat_bytes(port));
    let last: Vec<bool> = match (port.is_framed(), port.is_varying()) {
        (false, _) => Vec::new(),
        (true, true) => {
            beats.clone().map(|beat| beat[port.width() / 8] >> (port.width() % 8) & 1 == 1).collect()
        }
        (true, false) => (1..=beats.len()).map(|beat| beat % port.frame_beats() == 0).collect(),
    };
    let words: Vec<u32> = beats
        .flat_map(|beat| {
            let mut beat = beat.to_vec();
            beat.resize(4 * payload_words(port), 0);
            beat.chunks_exact(4)
                .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
                .collect::<Vec<_>>()
        })
        .collect();
    Tokens { lanes: port.lanes(), values: unpack(port, &words), last }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{signed, unsigned};
    use crate::stream::{Draw, Field, Frame, Ports};

    #[test]
    fn beats_come_back_from_bytes() {
        let fields = |width: u32| {
            vec![
                Field { name: "a".into(), lanes: 3, range: signed(width) },
                Field { name: "b".into(), lanes: 1, range: unsigned(7) },
            ]
        };
        for width in [1, 3, 8, 19, 32] {
            for frame in [Frame::vector(4), Frame::vector(12), Frame::vector(12).varying()] {
                let port = Port { name: "x".into(), fields: fields(width), frame };
                let ports = Ports { inputs: vec![port.clone()], outputs: vec![] };
                let tokens = Draw::seeded(width.into()).transfers(&ports, 5).remove(0);
                let bytes = to_bytes(&port, &tokens);
                assert_eq!(bytes.len(), tokens.beats() * beat_bytes(&port));
                assert_eq!(from_bytes(&port, &bytes), tokens);
            }
        }
    }
}
