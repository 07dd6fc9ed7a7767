//! Probes of pictures, and photos made fit for print. All samples are made here.

use std::io::Cursor;

use image::{ImageEncoder, Rgb, RgbImage};
use sanlian::media::{Jpeg, PhotoError, Probe, is_colour, prepare_photo, probe, upright_photo};
use sanlian::units::Length;

use crate::chance::Chance;

pub(crate) fn seen(bytes: &[u8]) -> Probe {
    probe(&mut Cursor::new(bytes))
}

pub(crate) fn jpeg_facts(bytes: &[u8]) -> Jpeg {
    match seen(bytes) {
        Probe::Jpeg(jpeg) => jpeg,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn reason(bytes: &[u8]) -> String {
    match seen(bytes) {
        Probe::Broken { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

/// A coloured picture: red at the left, blue at the right, green rising downwards.
pub(crate) fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let red = if x < width / 2 { 220 } else { 20 };
        let green = u8::try_from(y * 200 / height).unwrap();
        Rgb([red, green, 240 - red])
    })
}

pub(crate) fn jpeg_of(picture: &RgbImage) -> Vec<u8> {
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 92)
        .encode_image(picture)
        .unwrap();
    out
}

pub(crate) fn grey_jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let pixels = vec![90; (width * height) as usize];
    image::codecs::jpeg::JpegEncoder::new(&mut out)
        .write_image(&pixels, width, height, image::ExtendedColorType::L8)
        .unwrap();
    out
}

/// The JPEG with an EXIF segment that holds the orientation.
pub(crate) fn turned(jpeg: &[u8], orientation: u8, little: bool) -> Vec<u8> {
    let mut tiff: Vec<u8> = Vec::new();
    let word = |v: u16| {
        if little {
            v.to_le_bytes()
        } else {
            v.to_be_bytes()
        }
    };
    let long = |v: u32| {
        if little {
            v.to_le_bytes()
        } else {
            v.to_be_bytes()
        }
    };
    tiff.extend(if little { b"II" } else { b"MM" });
    tiff.extend(word(42));
    tiff.extend(long(8));
    tiff.extend(word(2));
    for (tag, value) in [(0x0100, 7), (0x0112, u16::from(orientation))] {
        tiff.extend(word(tag));
        tiff.extend(word(3));
        tiff.extend(long(1));
        tiff.extend(word(value));
        tiff.extend(word(0));
    }
    tiff.extend(long(0));
    let mut out = vec![0xFF, 0xD8, 0xFF, 0xE1];
    out.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}

/// A JPEG coded by hand in which every component has one value all over: 8 bits, no subsampling.
pub(crate) fn flat_jpeg(size: u16, values: &[u8], progressive: bool, adobe: Option<u8>) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    if let Some(transform) = adobe {
        out.extend(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0");
        out.push(transform);
    }
    out.extend([0xFF, 0xDB, 0, 67, 0]);
    out.extend([8; 64]);
    out.extend([0xFF, if progressive { 0xC2 } else { 0xC0 }, 0]);
    let count = u8::try_from(values.len()).unwrap();
    out.extend([8 + 3 * count, 8]);
    out.extend(size.to_be_bytes());
    out.extend(size.to_be_bytes());
    out.push(count);
    for id in 1..=count {
        out.extend([id, 0x11, 0]);
    }
    // DC: code 0 for category 0, 10 for 7, 110 for 8. AC: code 0 for the end of a block.
    out.extend([0xFF, 0xC4, 0, 22, 0x00, 1, 1, 1]);
    out.extend([0; 13]);
    out.extend([0, 7, 8]);
    out.extend([0xFF, 0xC4, 0, 20, 0x10, 1]);
    out.extend([0; 15]);
    out.push(0);
    out.extend([0xFF, 0xDA, 0, 6 + 2 * count, count]);
    for id in 1..=count {
        out.extend([id, 0]);
    }
    out.extend([0, if progressive { 0 } else { 63 }, 0]);
    let mut bits: Vec<bool> = Vec::new();
    let mut push = |value: u32, length: u32| {
        bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
    };
    let blocks = usize::from(size / 8).pow(2);
    for block in 0..blocks {
        for value in values {
            let level = i32::from(*value) - 128;
            match level.unsigned_abs() {
                _ if block > 0 => push(0, 1),
                0 => push(0, 1),
                64..=127 => {
                    push(0b10, 2);
                    let coded = if level < 0 { level + 127 } else { level };
                    push(u32::try_from(coded).unwrap(), 7);
                }
                128 => {
                    push(0b110, 3);
                    push(127, 8);
                }
                other => panic!("no code for {other}"),
            }
            if !progressive {
                push(0, 1);
            }
        }
    }
    while !bits.len().is_multiple_of(8) {
        bits.push(true);
    }
    for byte in bits.chunks(8) {
        let byte = byte.iter().fold(0, |sum, bit| sum << 1 | u8::from(*bit));
        out.push(byte);
        if byte == 0xFF {
            out.push(0);
        }
    }
    out.extend([0xFF, 0xD9]);
    out
}

fn pixels(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory(jpeg).unwrap().into_rgb8()
}

fn near(found: &Rgb<u8>, wanted: [u8; 3]) {
    let far = found.0.iter().zip(wanted).any(|(a, b)| a.abs_diff(b) > 12);
    assert!(!far, "{found:?} is not {wanted:?}");
}

#[test]
fn jpeg_header_is_read() {
    let facts = jpeg_facts(&jpeg_of(&picture(64, 40)));
    assert_eq!((facts.width, facts.height), (64, 40));
    assert_eq!((facts.components, facts.orientation), (3, 1));
    assert!(!facts.progressive);
    assert_eq!(facts.colour, None);
    assert_eq!(jpeg_facts(&grey_jpeg(16, 24)).components, 1);
}

#[test]
fn progressive_and_cmyk_are_told_apart() {
    let progressive = jpeg_facts(&flat_jpeg(16, &[200, 128, 128], true, None));
    assert!(progressive.progressive);
    assert_eq!(
        jpeg_facts(&flat_jpeg(16, &[255, 255, 0, 255], false, Some(0))).components,
        4
    );
}

#[test]
fn orientation_is_read_in_both_byte_orders() {
    for orientation in 1..=8 {
        for little in [true, false] {
            let bytes = turned(&jpeg_of(&picture(16, 24)), orientation, little);
            assert_eq!(jpeg_facts(&bytes).orientation, orientation);
        }
    }
    let wrong = turned(&jpeg_of(&picture(16, 24)), 9, true);
    assert_eq!(jpeg_facts(&wrong).orientation, 1);
}

#[test]
fn jpeg_cut_anywhere_is_broken_and_never_panics() {
    let whole = turned(&jpeg_of(&picture(32, 48)), 6, true);
    for length in 3..whole.len() {
        let cut = &whole[..length];
        assert!(
            matches!(seen(cut), Probe::Broken { claims: "JPEG", .. }),
            "{length} of {}",
            whole.len()
        );
        assert!(prepare_photo(cut, Length::mm(33), Length::mm(48), 300).is_err());
        assert_eq!(is_colour(cut), None);
    }
}

#[test]
fn jpeg_with_a_video_behind_it_is_whole() {
    let mut bytes = jpeg_of(&picture(32, 48));
    bytes.extend(vec![0x11; 300_000]);
    assert_eq!(jpeg_facts(&bytes).width, 32);
    let end = bytes.windows(2).position(|w| w == [0xFF, 0xD9]).unwrap();
    bytes[end + 1] = 0;
    assert_eq!(reason(&bytes), "文件不完整，没有结束标记");
}

#[test]
fn lossless_and_twelve_bit_jpegs_are_named() {
    for (marker, precision) in [(0xC3, 8), (0xC9, 8), (0xC1, 12)] {
        let mut bytes = flat_jpeg(8, &[200, 128, 128], false, None);
        let at = bytes.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
        bytes[at + 1] = marker;
        bytes[at + 4] = precision;
        assert!(
            reason(&bytes).contains("编码方式少见"),
            "{}",
            reason(&bytes)
        );
    }
}

#[test]
fn other_types_are_known_by_their_bytes() {
    let cases: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"GIF89a\x01\0\x01\0", "GIF"),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "BMP"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "WEBP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"MM\0*\0\0\0\x08", "TIFF"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"RIFF\x24\0\0\0AVI LIST", "AVI"),
    ];
    for (bytes, name) in cases {
        assert_eq!(seen(bytes), Probe::Known(name));
    }
    for nothing in [
        b"".as_slice(),
        b"\0",
        b"BM",
        b"hello world, this is text",
        &[0; 64],
    ] {
        assert_eq!(seen(nothing), Probe::Unknown, "{nothing:?}");
    }
}

// Photos

fn id_photo(jpeg: &[u8]) -> Result<sanlian::media::PaperPhoto, PhotoError> {
    prepare_photo(jpeg, Length::mm(33), Length::mm(48), 300)
}

#[test]
fn large_photo_is_scaled_to_the_box() {
    let prepared = id_photo(&jpeg_of(&picture(1320, 1920))).unwrap();
    assert_eq!((prepared.width, prepared.height), (390, 567));
    assert_eq!(prepared.components, 3);
    let found = jpeg_facts(&prepared.jpeg);
    assert_eq!((found.width, found.height), (390, 567));
    assert!(!found.progressive);
    let pixels = pixels(&prepared.jpeg);
    near(pixels.get_pixel(20, 5), [220, 2, 20]);
    near(pixels.get_pixel(370, 560), [20, 197, 220]);
}

#[test]
fn small_upright_photo_keeps_its_bytes() {
    for jpeg in [jpeg_of(&picture(330, 480)), grey_jpeg(390, 567)] {
        assert_eq!(id_photo(&jpeg).unwrap().jpeg, jpeg);
    }
    let progressive = flat_jpeg(64, &[200, 128, 128], true, None);
    let kept = id_photo(&progressive).unwrap();
    assert_eq!((kept.jpeg, kept.width), (progressive, 64));
}

#[test]
fn small_photo_is_never_scaled_up() {
    let turned = id_photo(&turned(&jpeg_of(&picture(96, 66)), 6, true)).unwrap();
    assert_eq!((turned.width, turned.height), (66, 96));
}

#[test]
fn exif_orientation_is_honoured() {
    // Orientation 6: the stored left edge is the top as seen.
    let stored = turned(&jpeg_of(&picture(1920, 1320)), 6, false);
    let prepared = id_photo(&stored).unwrap();
    assert_eq!((prepared.width, prepared.height), (390, 567));
    assert_eq!(jpeg_facts(&prepared.jpeg).orientation, 1);
    let pixels = pixels(&prepared.jpeg);
    near(pixels.get_pixel(380, 20), [220, 4, 20]);
    near(pixels.get_pixel(380, 550), [20, 4, 220]);
    near(pixels.get_pixel(4, 550), [20, 197, 220]);
}

#[test]
fn photo_near_the_ratio_is_cropped_and_others_are_fitted() {
    let near_it = id_photo(&jpeg_of(&picture(1340, 1920))).unwrap();
    assert_eq!((near_it.width, near_it.height), (390, 567));
    let square = id_photo(&jpeg_of(&picture(1000, 1000))).unwrap();
    assert_eq!((square.width, square.height), (390, 390));
    let tall = id_photo(&jpeg_of(&picture(500, 2000))).unwrap();
    assert_eq!((tall.width, tall.height), (142, 567));
}

#[test]
fn small_photo_near_the_ratio_is_cropped_without_scaling() {
    let cropped = id_photo(&jpeg_of(&picture(336, 480))).unwrap();
    assert_eq!((cropped.width, cropped.height), (330, 480));
}

#[test]
fn cmyk_becomes_rgb() {
    // Adobe stores inverted inks: 255 is no ink. Only yellow is printed in full here.
    let cmyk = flat_jpeg(16, &[255, 255, 0, 255], false, Some(0));
    let prepared = id_photo(&cmyk).unwrap();
    assert_eq!(prepared.components, 3);
    near(pixels(&prepared.jpeg).get_pixel(8, 8), [255, 255, 0]);
    assert_eq!(is_colour(&cmyk), Some(true));
    let plain = flat_jpeg(16, &[255, 255, 0, 255], false, None);
    assert!(matches!(
        id_photo(&plain),
        Err(PhotoError::Unsupported { .. })
    ));
}

/// A grey picture that is no plain area: a ramp with a dark disc in its middle.
fn grey_picture(width: u32, height: u32) -> image::GrayImage {
    image::GrayImage::from_fn(width, height, |x, y| {
        let far =
            (f64::from(x) - f64::from(width) / 2.0).hypot(f64::from(y) - f64::from(height) / 2.0);
        let shade = if far < f64::from(width) / 4.0 {
            40
        } else {
            120 + x * 100 / width
        };
        image::Luma([u8::try_from(shade).unwrap()])
    })
}

#[test]
fn a_grey_photo_that_is_scaled_stays_the_picture_that_it_was() {
    let grey = grey_picture(1320, 1920);
    let mut stored = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut stored, 92)
        .encode(grey.as_raw(), 1320, 1920, image::ExtendedColorType::L8)
        .unwrap();
    let prepared = id_photo(&stored).unwrap();
    assert_eq!(
        (prepared.components, prepared.width, prepared.height),
        (1, 390, 567)
    );
    // what a PDF says of the picture must be what is in it
    assert_eq!(jpeg_facts(&prepared.jpeg).components, prepared.components);
    let printed = pixels(&prepared.jpeg);
    for (x, y) in [(10, 10), (195, 283), (380, 550), (195, 60)] {
        let was = grey.get_pixel(x * 1320 / 390, y * 1920 / 567).0[0];
        near(printed.get_pixel(x, y), [was; 3]);
    }
}

#[test]
fn a_photo_without_colours_is_told_however_it_is_stored() {
    let grey = grey_picture(330, 480);
    let tinted = |tint: [i32; 3], frame: bool| {
        jpeg_of(&RgbImage::from_fn(330, 480, |x, y| {
            let shade = i32::from(grey.get_pixel(x, y).0[0]);
            let edge = !(20..310).contains(&x) || !(20..460).contains(&y);
            if frame && edge {
                return Rgb([200, 20, 30]);
            }
            Rgb(tint.map(|t| u8::try_from((shade + t).clamp(0, 255)).unwrap()))
        }))
    };
    assert_eq!(
        is_colour(&tinted([0, 0, 0], false)),
        Some(false),
        "grey as RGB"
    );
    assert_eq!(
        is_colour(&tinted([3, 0, -2], false)),
        Some(false),
        "nearly grey"
    );
    assert_eq!(
        is_colour(&tinted([20, 8, -20], false)),
        Some(false),
        "yellowed"
    );
    assert_eq!(
        is_colour(&tinted([0, 0, 0], true)),
        Some(false),
        "a red frame"
    );
    assert_eq!(is_colour(&grey_jpeg(66, 96)), Some(false));
    assert_eq!(is_colour(&jpeg_of(&picture(330, 480))), Some(true));
    // a face of pale skin before a blue ground
    let portrait = RgbImage::from_fn(330, 480, |x, y| {
        let far = (f64::from(x) - 165.0).hypot(f64::from(y) - 220.0);
        if far < 90.0 {
            Rgb([225, 190, 170])
        } else {
            Rgb([60, 110, 190])
        }
    });
    assert_eq!(is_colour(&jpeg_of(&portrait)), Some(true));
    let before_white = RgbImage::from_fn(330, 480, |x, y| {
        let far = (f64::from(x) - 165.0).hypot(f64::from(y) - 220.0);
        if far < 90.0 {
            Rgb([225, 190, 170])
        } else {
            Rgb([245, 245, 245])
        }
    });
    assert_eq!(is_colour(&jpeg_of(&before_white)), Some(true));
}

#[test]
fn all_eight_orientations_are_upright_for_a_form_of_others() {
    let stored = jpeg_of(&picture(64, 96));
    assert_eq!(
        upright_photo(&stored).unwrap().jpeg,
        stored,
        "upright already"
    );
    for orientation in 1..=8 {
        let photo = upright_photo(&turned(&stored, orientation, true)).unwrap();
        let size = if orientation > 4 { (96, 64) } else { (64, 96) };
        assert_eq!((photo.width, photo.height), size, "{orientation}");
        let facts = jpeg_facts(&photo.jpeg);
        assert_eq!(facts.width, photo.width);
        if orientation > 1 {
            assert_eq!(facts.orientation, 1, "no reader turns it again");
        }
        // the corner that is stored first is red and has no green
        let (right, below) = (photo.width - 4, photo.height - 4);
        let (x, y) = match orientation {
            1 | 5 => (4, 4),
            2 | 6 => (right, 4),
            3 | 7 => (right, below),
            _ => (4, below),
        };
        near(pixels(&photo.jpeg).get_pixel(x, y), [220, 8, 20]);
    }
}

#[test]
fn hundred_megapixels_are_refused_by_their_header() {
    let mut bytes = jpeg_of(&picture(16, 24));
    let at = bytes.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    bytes[at + 5..at + 9].copy_from_slice(&[0x27, 0x10, 0x27, 0x10]);
    assert_eq!(
        id_photo(&bytes),
        Err(PhotoError::TooLarge {
            width: 10_000,
            height: 10_000
        })
    );
    assert_eq!(is_colour(&bytes), None);
}

#[test]
fn what_is_not_a_jpeg_is_refused() {
    assert_eq!(id_photo(b"\x89PNG\r\n\x1a\n"), Err(PhotoError::NotJpeg));
    assert_eq!(id_photo(b""), Err(PhotoError::NotJpeg));
}

#[test]
fn grey_in_rgb_is_not_colour() {
    let grey = RgbImage::from_pixel(64, 64, Rgb([120, 120, 120]));
    assert_eq!(is_colour(&jpeg_of(&grey)), Some(false));
    assert_eq!(is_colour(&grey_jpeg(8, 8)), Some(false));
    assert_eq!(is_colour(&jpeg_of(&picture(64, 64))), Some(true));
}

#[test]
fn damaged_photos_never_panic() {
    let whole = turned(&jpeg_of(&picture(48, 64)), 3, true);
    let progressive = flat_jpeg(32, &[200, 60, 192], true, Some(1));
    let cmyk = flat_jpeg(32, &[200, 60, 192, 255], false, Some(2));
    let mut chance = Chance::law(0x9E37_79B9);
    for sample in [&whole, &progressive, &cmyk] {
        for _ in 0..1500 {
            let mut bytes = sample.clone();
            for _ in 0..3 {
                let at = chance.index(bytes.len());
                bytes[at] = chance.byte();
            }
            let small = match seen(&bytes) {
                Probe::Jpeg(facts) => facts.width * facts.height < 1_000_000,
                _ => true,
            };
            if small {
                let _ = id_photo(&bytes);
            }
        }
    }
}
