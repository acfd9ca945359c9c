//! The map of a payload's bits, for the reader of a port.

use super::place::range;
use crate::hdl::Type;

/// As `[7:0] value, [10:8] place`, from the least significant bits up; `[8*i +: 8] value_i, i = 0..15, signed` for lanes alike.
pub fn bit_map(parts: &[(String, Type)]) -> String {
    let mut texts = Vec::new();
    let (mut rest, mut lsb) = (parts, 0);
    while let Some((name, ty)) = rest.first() {
        let lanes = lanes_alike(rest);
        let (width, kind) = (ty.width(), kind(ty));
        texts.push(match (lanes, parts.len()) {
            (1, 1) => format!("{name}{kind}").trim_start_matches(", ").to_string(),
            (1, _) if width == 1 => format!("[{lsb}] {name}{kind}"),
            (1, _) => format!("[{}:{lsb}] {name}{kind}", lsb + width - 1),
            (lanes, _) => {
                let base = name.trim_end_matches('0').trim_end_matches('_');
                let start = if lsb == 0 { String::new() } else { format!("{lsb} + ") };
                let bits =
                    if width == 1 { format!("[{start}i]") } else { format!("[{start}{width}*i +: {width}]") };
                format!("{bits} {}, i = 0..{}{kind}", format!("{base} i").trim_start(), lanes - 1)
            }
        });
        lsb += width * lanes as u32;
        rest = &rest[lanes..];
    }
    texts.join("; ")
}

/// How many of the first parts are lanes of one name, from 0 up, and of one type.
fn lanes_alike(parts: &[(String, Type)]) -> usize {
    let (name, ty) = &parts[0];
    let Some(base) = name.strip_suffix('0').filter(|base| base.is_empty() || base.ends_with('_')) else {
        return 1;
    };
    let alike = |(index, (name, of)): &(usize, &(String, Type))| {
        name.strip_prefix(base) == Some(&index.to_string()) && of == ty
    };
    parts.iter().enumerate().take_while(alike).count()
}

/// What the bits of a part do not say of its number.
fn kind(ty: &Type) -> String {
    match range(ty) {
        Some(range) => format!(", {range}"),
        None if ty.is_signed() => ", signed".into(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Range, signed, unsigned};

    fn part(name: &str, range: Range) -> (String, Type) {
        (name.into(), Type::Int(range))
    }

    #[test]
    fn parts_and_lanes() {
        let lanes: Vec<_> = (0..16).map(|lane| part(&format!("x_{lane}"), signed(8))).collect();
        assert_eq!(bit_map(&lanes), "[8*i +: 8] x i, i = 0..15, signed");
        let mixed = [
            part("flag", unsigned(1)),
            part("0", Range::new(0, 4)),
            part("1", Range::new(0, 4)),
            part("z", signed(2)),
        ];
        assert_eq!(bit_map(&mixed), "[0] flag; [1 + 3*i +: 3] i, i = 0..1, 0..=4; [8:7] z, signed");
        assert_eq!(bit_map(&[part("y", signed(9))]), "y, signed");
        assert_eq!(bit_map(&[part("", unsigned(9))]), "");
        assert_eq!(bit_map(&[(String::new(), Type::Bits(4))]), "");
    }
}
