//! QR codes of any house in a plane, by the reader of the crate `rxing`. A reader that breaks on a picture has read nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, Point};

use super::plane::Plane;

/// A QR code that was read.
pub(super) struct Symbol {
    /// What it says.
    pub(super) text: String,
    /// Outer corners: top left, top right, bottom right, bottom left of the symbol.
    pub(super) corners: [(f32, f32); 4],
}

/// Least pixels a side in which a QR code is looked for.
const SIDE_MIN: usize = 21;

/// Reads every QR code of a plane, which should be a small part of a page: the reader's time grows with what is in it.
pub(super) fn read(plane: &Plane) -> Vec<Symbol> {
    if plane.width < SIDE_MIN || plane.height < SIDE_MIN {
        return Vec::new();
    }
    catch_unwind(AssertUnwindSafe(|| attempt(plane))).unwrap_or_default()
}

fn attempt(plane: &Plane) -> Vec<Symbol> {
    let (Ok(width), Ok(height)) = (u32::try_from(plane.width), u32::try_from(plane.height)) else {
        return Vec::new();
    };
    let Ok(source) = Luma8LuminanceSource::new(plane.luma.clone(), width, height) else {
        return Vec::new();
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = DecodeHints {
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let found = QrReader
        .decode_multiple_with_hints(&mut bitmap, &hints)
        .unwrap_or_default();
    found
        .iter()
        .filter_map(|result| {
            let corners = corners(result.getPoints())?;
            Some(Symbol {
                text: result.getText().to_owned(),
                corners,
            })
        })
        .collect()
}

/// Four corners of the reader's points, which it gives in the order of reading.
fn corners(points: &[Point]) -> Option<[(f32, f32); 4]> {
    let [a, b, d, c, ..] = points else {
        return None;
    };
    Some([a, b, c, d].map(|p| (p.x, p.y)))
}
