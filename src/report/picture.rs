//! Figures of a datapath as pictures.

use crate::datapath::Figure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The figure as the bytes of a PNG file, 8 bits of grey a pixel.
pub fn png(figure: &Figure) -> Vec<u8> {
    let Figure::Picture { width, pixels, range, .. } = figure;
    let (black, white) = (i128::from(range.0), i128::from(range.1));
    let grey = |pixel: &i64| {
        let above = i128::from(*pixel).clamp(black, white) - black;
        (255 * above / (white - black).max(1)) as u8
    };
    let samples: Vec<u8> = pixels.iter().map(grey).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, *width as u32, (pixels.len() / width) as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&samples));
    written.expect("writing into memory");
    bytes
}

/// The figure as an address that holds the whole picture.
pub fn address(figure: &Figure) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png(figure)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_come_back() {
        let pixels = vec![-5, 0, 5, 10, 100, 2];
        let figure = Figure::Picture { title: "x".into(), width: 3, pixels, range: (0, 10) };
        let mut reader = png::Decoder::new(std::io::Cursor::new(png(&figure))).read_info().unwrap();
        let mut samples = vec![0; 6];
        let info = reader.next_frame(&mut samples).unwrap();
        assert_eq!((info.width, info.height), (3, 2));
        assert_eq!(samples, [0, 0, 127, 255, 255, 51]);
        assert!(address(&figure).starts_with("data:image/png;base64,iVBOR"));
    }
}
