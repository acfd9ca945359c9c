//! Figures of a datapath as files and as parts of the page: pictures as PNG, plots as SVG.

use super::plot;
use crate::datapath::Figure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The figure as a file: how its name ends, and its bytes.
pub fn file(figure: &Figure) -> (&'static str, Vec<u8>) {
    match figure {
        Figure::Picture { width, pixels, range, .. } => ("png", png(*width, pixels, *range)),
        plotted => ("svg", plot::alone(&html(plotted)).into_bytes()),
    }
}

/// The figure as a part of the page.
pub(super) fn html(figure: &Figure) -> String {
    match figure {
        Figure::Picture { title, width, pixels, range } => {
            let address = STANDARD.encode(png(*width, pixels, *range));
            let title = plot::escaped(title);
            format!("<img src=\"data:image/png;base64,{address}\" alt=\"{title}\">")
        }
        Figure::Curves { title, x, y, curves } => plot::curves(title, x, y, curves),
        Figure::Histogram { title, x, y, edges, sets } => plot::histogram(title, x, y, edges, sets),
    }
}

/// Whether the figure wants the page's whole width.
pub(super) fn wide(figure: &Figure) -> bool {
    !matches!(figure, Figure::Picture { .. })
}

/// The bytes of a PNG file, 8 bits of grey a pixel.
fn png(width: usize, pixels: &[i64], range: (i64, i64)) -> Vec<u8> {
    let (black, white) = (i128::from(range.0), i128::from(range.1));
    let grey = |pixel: &i64| {
        let above = i128::from(*pixel).clamp(black, white) - black;
        (255 * above / (white - black).max(1)) as u8
    };
    let samples: Vec<u8> = pixels.iter().map(grey).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, (pixels.len() / width) as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&samples));
    written.expect("writing into memory");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_come_back() {
        let pixels = vec![-5, 0, 5, 10, 100, 2];
        let figure = Figure::Picture { title: "x".into(), width: 3, pixels, range: (0, 10) };
        let mut reader = png::Decoder::new(std::io::Cursor::new(file(&figure).1)).read_info().unwrap();
        let mut samples = vec![0; 6];
        let info = reader.next_frame(&mut samples).unwrap();
        assert_eq!((info.width, info.height), (3, 2));
        assert_eq!(samples, [0, 0, 127, 255, 255, 51]);
        assert!(html(&figure).starts_with("<img src=\"data:image/png;base64,iVBOR"));
    }
}
