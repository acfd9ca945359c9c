//! Pictures in PNG files as tensors.

use crate::datapath::Tensor;
use png::{BitDepth, ColorType, Transformations};
use std::io::Cursor;

/// The most samples of a picture, 8192 by 8192 grey pixels.
const MOST_SAMPLES: usize = 1 << 26;

/// The most bytes that one of a compressed file stands for (RFC 1951: a match of 258 bytes in 2 bits).
const MOST_EXPANSION: usize = 1032;

/// A picture as rows of pixels, or of pixels of several channels: shape `[height, width]` or `[height, width, channels]`. An alpha
/// channel in which everything is opaque says nothing, and is left out.
///
/// # Errors
/// What the file is not, in a sentence; before memory is taken for pixels that it cannot hold.
pub fn from_png(bytes: &[u8]) -> Result<Tensor, String> {
    let wrong =
        |error: png::DecodingError| format!("the picture is truncated or is no PNG ({error}); save it again");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(wrong)?;
    let (width, height) = reader.info().size();
    let size = reader.output_buffer_size().filter(|size| *size <= 2 * MOST_SAMPLES).ok_or_else(|| {
        format!("the picture has {width} x {height} pixels; {MOST_SAMPLES} grey ones are the most, so cut it")
    })?;
    if size > bytes.len().saturating_mul(MOST_EXPANSION) {
        let why = format!("its {} bytes cannot hold the {width} x {height} pixels of its head", bytes.len());
        return Err(format!("the picture is truncated or is no PNG ({why}); save it again"));
    }
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(wrong)?;
    samples.truncate(frame.buffer_size());
    let (values, most): (Vec<i64>, i64) = match frame.bit_depth {
        BitDepth::Sixteen => {
            let pairs = samples.as_chunks::<2>().0;
            (pairs.iter().map(|&pair| u16::from_be_bytes(pair).into()).collect(), u16::MAX.into())
        }
        _ => (samples.into_iter().map(i64::from).collect(), u8::MAX.into()),
    };
    let alpha = matches!(frame.color_type, ColorType::GrayscaleAlpha | ColorType::Rgba);
    let (values, channels) = match frame.color_type.samples() {
        channels if alpha => without_opaque(values, channels, most),
        channels => (values, channels),
    };
    let mut shape = vec![frame.height as usize, frame.width as usize];
    if channels > 1 {
        shape.push(channels);
    }
    Ok(Tensor { shape, values })
}

/// The samples without the last of each pixel, where that is `opaque` in all of them; and how many a pixel has.
fn without_opaque(values: Vec<i64>, channels: usize, opaque: i64) -> (Vec<i64>, usize) {
    if values.iter().skip(channels - 1).step_by(channels).any(|alpha| *alpha != opaque) {
        return (values, channels);
    }
    let colours = values.chunks_exact(channels).flat_map(|pixel| &pixel[..channels - 1]);
    (colours.copied().collect(), channels - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(depth: BitDepth, color: ColorType, samples: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
        encoder.set_depth(depth);
        encoder.set_color(color);
        encoder.write_header().unwrap().write_image_data(samples).unwrap();
        bytes
    }

    #[test]
    fn pictures_are_tensors() {
        let grey = from_png(&picture(BitDepth::Sixteen, ColorType::Grayscale, &[1, 2, 0, 255])).unwrap();
        assert_eq!((grey.shape, grey.values), (vec![1, 2], vec![258, 255]));
        let colored = picture(BitDepth::Eight, ColorType::Rgb, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(from_png(&colored).unwrap().shape, [1, 2, 3]);
        assert!(from_png(&colored[..colored.len() - 20]).unwrap_err().contains("truncated"));
    }

    #[test]
    fn an_opaque_alpha_says_nothing() {
        let read = |color, samples: &[u8]| from_png(&picture(BitDepth::Eight, color, samples)).unwrap();
        let opaque = read(ColorType::GrayscaleAlpha, &[7, 255, 9, 255]);
        assert_eq!((opaque.shape, opaque.values), (vec![1, 2], vec![7, 9]));
        let shining = read(ColorType::GrayscaleAlpha, &[7, 255, 9, 254]);
        assert_eq!((shining.shape, shining.values), (vec![1, 2, 2], vec![7, 255, 9, 254]));
        assert_eq!(read(ColorType::Rgba, &[1, 2, 3, 255, 4, 5, 6, 255]).values, [1, 2, 3, 4, 5, 6]);
    }

    /// A head of any size is refused before its pixels get memory.
    #[test]
    fn a_head_that_the_file_cannot_hold_is_refused() {
        let whole = picture(BitDepth::Eight, ColorType::Grayscale, &[1, 2]);
        for (width, height) in [(u32::MAX >> 1, u32::MAX >> 1), (1 << 13, 1 << 13), (1 << 20, 1)] {
            let mut bytes = whole.clone();
            bytes[16..20].copy_from_slice(&width.to_be_bytes());
            bytes[20..24].copy_from_slice(&height.to_be_bytes());
            let crc = crc(&bytes[12..29]);
            bytes[29..33].copy_from_slice(&crc.to_be_bytes());
            let error = from_png(&bytes).unwrap_err();
            assert!(error.starts_with("the picture"), "{error}");
        }
    }

    /// The checksum of a chunk of PNG.
    fn crc(bytes: &[u8]) -> u32 {
        let bit = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        !bytes.iter().fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc)))
    }
}
