//! Packets, and the frames that carry them.
//!
//! | from | byte 0 | byte 1 | bytes 2, 3 | then |
//! |---|---|---|---|---|
//! | host | kind (2 bits: [`Asked`]), stream (6) | session (5) | position (14), the lower bits first | data |
//! | board, data | 0 (2 bits), stream (6) | session | position | data |
//! | board, [`Answer::Told`] | 1, kind (2 bits), stream (5) | 1, session | 1, 7 bits of the position that is expected, twice | 1, the upper 7 bits of the position that was read |
//! | board, [`Answer::Hello`] | 1, kind, 0 | 1, session | 1, 7 bits, thirteen times: the identity | |
//!
//! What the board tells has no zero in it, so that it needs no buffer to stuff it in.

use super::crc;

/// Bytes of a packet before its data.
pub const HEADER: usize = 4;

/// Bytes of a packet, at most.
pub const MOST_CONTENTS: usize = 126;

/// Bits of a session's number.
pub const SESSION_BITS: u32 = 5;

/// Groups of 7 bits of an identity.
pub const IDENTITY: usize = 13;

/// What a host asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// A new session: the design is reset, and all that was on its way is gone.
    Reset,
    /// Take this data.
    Data,
    /// All before this position has come.
    Have,
    /// Give again from this position on; all before it has come.
    Again,
}

/// What a host sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    pub asked: Asked,
    pub stream: usize,
    pub session: u8,
    pub position: u16,
    pub data: Vec<u8>,
}

/// What a board sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Data of a stream that comes out of the design. `length` is that of its frame in the ring.
    Data { stream: usize, session: u8, position: u16, length: u16, data: Vec<u8> },
    /// The position that is expected of a stream into the design, and the one up to which it was read, in 128ths of all positions, rounded down. `refused`:
    /// something else came.
    Told { stream: usize, session: u8, expected: u16, read: u8, refused: bool },
    /// A session has begun.
    Hello { session: u8, identity: [u8; IDENTITY] },
}

/// Kinds of what the board tells.
pub const TOLD: u8 = 0;
pub const REFUSED: u8 = 1;
pub const HELLO: u8 = 2;

impl Asked {
    pub const ALL: [Asked; 4] = [Asked::Reset, Asked::Data, Asked::Have, Asked::Again];

    pub(super) fn number(self) -> u8 {
        Asked::ALL.iter().position(|asked| *asked == self).expect("one of them") as u8
    }
}

impl Request {
    fn contents(&self) -> Vec<u8> {
        let head = [
            self.asked.number() << 6 | self.stream as u8,
            self.session,
            self.position as u8,
            (self.position >> 8) as u8,
        ];
        [&head[..], &self.data].concat()
    }

    /// What goes over the wire, the zero after it included.
    ///
    /// # Panics
    /// If there is more data than a packet holds.
    pub fn frame(&self) -> Vec<u8> {
        framed(&self.contents())
    }

    /// The request of a packet; none if there is no such one.
    pub fn of(contents: &[u8]) -> Option<Self> {
        let ([kind, session, low, high], data) = contents.split_first_chunk()?;
        let position = u16::from_le_bytes([*low, *high]);
        let asked = Asked::ALL[usize::from(kind >> 6)];
        Some(Self {
            asked,
            stream: usize::from(kind & 0x3f),
            session: *session,
            position,
            data: data.to_vec(),
        })
    }
}

impl Answer {
    /// The answer of a packet; none if there is no such one.
    pub fn of(contents: &[u8]) -> Option<Self> {
        let (&kind, rest) = contents.split_first()?;
        if kind & 0x80 == 0 {
            let ([session, low, high], data) = rest.split_first_chunk()?;
            let position = u16::from_le_bytes([*low, *high]);
            // A code, and the zero at the end.
            let length = contents.len() as u16 + 2;
            return Some(Answer::Data {
                stream: kind.into(),
                session: *session,
                position,
                length,
                data: data.to_vec(),
            });
        }
        let bits: Vec<u8> = rest.iter().map(|byte| byte & 0x7f).collect();
        let two = |at: usize| u16::from(bits[at]) | u16::from(bits[at + 1]) << 7;
        match (kind >> 5 & 3, bits.len()) {
            (TOLD | REFUSED, 4) => Some(Answer::Told {
                stream: usize::from(kind & 0x1f),
                session: bits[0],
                expected: two(1),
                read: bits[3],
                refused: kind >> 5 & 3 == REFUSED,
            }),
            (HELLO, 14) => {
                let identity = bits[1..].try_into().expect("thirteen of them");
                Some(Answer::Hello { session: bits[0], identity })
            }
            _ => None,
        }
    }

    /// What goes over the wire, the zero after it included.
    pub fn frame(&self) -> Vec<u8> {
        let two = |position: u16| [position as u8 & 0x7f, (position >> 7) as u8 & 0x7f];
        let contents = match self {
            Answer::Data { stream, session, position, data, .. } => {
                [&[*stream as u8, *session, *position as u8, (*position >> 8) as u8][..], data].concat()
            }
            Answer::Told { stream, session, expected, read, refused } => {
                let kind = if *refused { REFUSED } else { TOLD };
                let bits = [&[kind << 5 | *stream as u8, *session][..], &two(*expected), &[*read]].concat();
                bits.into_iter().map(|bits| bits | 0x80).collect()
            }
            Answer::Hello { session, identity } => {
                let bits = [&[HELLO << 5, *session][..], identity].concat();
                bits.into_iter().map(|bits| bits | 0x80).collect()
            }
        };
        framed(&contents)
    }
}

/// `contents` stuffed, with their sum and the zero at the end.
fn framed(contents: &[u8]) -> Vec<u8> {
    assert!(contents.len() <= MOST_CONTENTS, "a packet of {} bytes", contents.len());
    let blocks = contents.split(|byte| *byte == 0);
    let mut frame: Vec<u8> =
        blocks.flat_map(|block| [&[block.len() as u8 + 1][..], block].concat()).collect();
    frame.extend(crc::carried(crc::sum(&frame)));
    frame.push(0);
    frame
}

/// Takes the bytes of a wire, and gives the packets of the frames whose sums are right.
#[derive(Clone, Debug, Default)]
pub struct Unframer {
    bytes: Vec<u8>,
}

/// A frame that is no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

impl Unframer {
    /// What the frame that ends with this byte contains; none where none ends, or an empty one.
    pub fn push(&mut self, byte: u8) -> Option<Result<Vec<u8>, Broken>> {
        /// A code, contents and a sum.
        const MOST: usize = 1 + MOST_CONTENTS + crc::BYTES;
        if byte != 0 {
            // One more than there may be says that it is too long.
            if self.bytes.len() <= MOST {
                self.bytes.push(byte);
            }
            return None;
        }
        let bytes = std::mem::take(&mut self.bytes);
        (!bytes.is_empty()).then(|| unframed(&bytes).ok_or(Broken))
    }
}

fn unframed(bytes: &[u8]) -> Option<Vec<u8>> {
    let stuffed = bytes.len().checked_sub(crc::BYTES)?;
    let (stuffed, sum) = bytes.split_at(stuffed);
    if sum != crc::carried(crc::sum(stuffed)) {
        return None;
    }
    let mut contents = Vec::new();
    let mut rest = stuffed;
    while let Some((&code, after)) = rest.split_first() {
        let block = after.get(..usize::from(code).checked_sub(1)?)?;
        contents.extend_from_slice(block);
        rest = &after[block.len()..];
        if !rest.is_empty() {
            contents.push(0);
        }
    }
    Some(contents).filter(|contents| contents.len() <= MOST_CONTENTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unframe(bytes: &[u8]) -> Vec<Result<Vec<u8>, Broken>> {
        let mut unframer = Unframer::default();
        bytes.iter().filter_map(|byte| unframer.push(*byte)).collect()
    }

    /// Of the paper on the stuffing: a code tells how far the next zero is.
    #[test]
    fn zeros_become_distances() {
        let stuffed = |contents: &[u8]| {
            let frame = framed(contents);
            frame[..frame.len() - crc::BYTES - 1].to_vec()
        };
        assert_eq!(stuffed(&[0x45, 0, 0, 0x2c, 0x4c]), [2, 0x45, 1, 3, 0x2c, 0x4c]);
        assert_eq!(stuffed(&[0]), [1, 1]);
        assert_eq!(stuffed(&[7]), [2, 7]);
    }

    #[test]
    fn packets_come_back_from_frames() {
        for length in 0..=super::super::MOST_DATA {
            for fill in [0, 1, 0xff] {
                let data: Vec<u8> = (0..length).map(|place| if place % 3 == 0 { 0 } else { fill }).collect();
                let request = Request {
                    asked: Asked::Data,
                    stream: 5,
                    session: 0,
                    position: 0x3f00,
                    data: data.clone(),
                };
                let frame = request.frame();
                assert!(frame[..frame.len() - 1].iter().all(|byte| *byte != 0));
                assert_eq!(unframe(&frame), [Ok(request.contents())]);
                assert_eq!(Request::of(&request.contents()), Some(request));
                let length = length as u16 + 6;
                let answer = Answer::Data { stream: 3, session: 9, position: 256, length, data };
                let contents = unframe(&answer.frame()).remove(0).unwrap();
                assert_eq!(Answer::of(&contents), Some(answer));
            }
        }
        let told = Answer::Told { stream: 31, session: 31, expected: 0x3fff, read: 127, refused: true };
        let hello = Answer::Hello { session: 1, identity: [0; IDENTITY] };
        for answer in [told, hello] {
            let frame = answer.frame();
            assert!(frame[1..frame.len() - 1].iter().all(|byte| *byte >= 0x80));
            assert_eq!(Answer::of(&unframe(&frame)[0].clone().unwrap()), Some(answer));
        }
    }

    #[test]
    fn after_garbage_a_zero_is_a_clean_start() {
        let frame = Request { asked: Asked::Have, stream: 0, session: 3, position: 77, data: vec![] }.frame();
        let garbage: Vec<u8> = (1..=255).cycle().take(1000).collect();
        let found = unframe(&[&garbage[..], &[0], &frame].concat());
        assert_eq!((found.len(), &found[0]), (2, &Err(Broken)));
        assert!(found[1].is_ok());
        // Whatever single bit of it is another, it is broken or no frame at all.
        for bit in 0..8 * (frame.len() - 1) {
            let mut changed = frame.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(unframe(&changed).iter().all(Result::is_err), "bit {bit}");
        }
    }
}
