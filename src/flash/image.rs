//! What stands in the flash.

use crate::link::{beat_bytes, to_bytes};
use crate::stream::{Port, Transfers};
use sha2::{Digest, Sha256};

/// Bytes of a mark.
pub const MARK: usize = 4;

/// Tells an image of these streams from one of others, and from a flash that is empty: names, fields and beats count, what they carry does not.
pub fn mark(ports: &[Port]) -> [u8; MARK] {
    let streams: String = ports
        .iter()
        .map(|port| {
            let fields = port.fields.iter().map(|field| format!("{}x{} ", field.lanes, field.range));
            format!("{}: {}beats {}\n", port.name, fields.collect::<String>(), port.frame_beats())
        })
        .collect();
    let hash = Sha256::digest(streams);
    // The lowest bit keeps it from being all ones, as an empty flash is.
    [hash[0], hash[1], hash[2], hash[3] & 0xfe]
}

/// The mark, then the beats of each of `ports`.
pub fn image(ports: &[Port], tokens: &Transfers) -> Vec<u8> {
    let beats = ports.iter().zip(tokens).flat_map(|(port, tokens)| to_bytes(port, tokens));
    mark(ports).into_iter().chain(beats).collect()
}

/// Bytes of an image of `ports`.
pub fn image_bytes(ports: &[Port]) -> usize {
    MARK + ports.iter().map(bytes).sum::<usize>()
}

/// Bytes of the beats of a port.
pub(super) fn bytes(port: &Port) -> usize {
    beat_bytes(port) * port.frame_beats()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::signed;
    use crate::stream::{Field, Frame, Tokens};

    #[test]
    fn an_image_is_its_mark_and_all_beats() {
        let port = |lanes| Port {
            name: "w".into(),
            fields: vec![Field { name: "w".into(), lanes, range: signed(4) }],
            frame: Frame::vector(4),
        };
        let tokens = Tokens { lanes: 2, values: vec![1, -1, -8, 7], last: vec![false, true] };
        let ports = [port(2)];
        assert_eq!(bytes(&ports[0]), 2);
        assert_eq!(image(&ports, &vec![tokens]), [&mark(&ports)[..], &[0xf1, 0x78]].concat());
        assert_ne!(mark(&ports), mark(&[port(4)]));
        assert_ne!(mark(&ports)[3], 0xff);
    }
}
