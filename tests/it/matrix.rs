//! The QR matrix: the standard's, with the best mask, and read by foreign readers.

use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::{EcLevel, Version, bits::Bits, ec::construct_codewords};
use sanlian::mark::{Matrix, MatrixFault, matrix};

use crate::chance::Chance;
use crate::folder::Folder;
use crate::mark::signed;
use crate::tools;

/// The picture of a matrix with its quiet zone, `scale` pixels a module.
fn picture(matrix: &Matrix, scale: usize) -> (Vec<u8>, u32) {
    let side = (matrix.side + 8) * scale;
    let mut luma = vec![255; side * side];
    for (i, _) in matrix.dark.iter().enumerate().filter(|(_, dark)| **dark) {
        let (x, y) = (i % matrix.side + 4, i / matrix.side + 4);
        for line in y * scale..(y + 1) * scale {
            luma[line * side + x * scale..line * side + (x + 1) * scale].fill(0);
        }
    }
    (luma, side as u32)
}

/// What a reader reads.
pub(crate) fn scan(matrix: &Matrix) -> String {
    let (luma, side) = picture(matrix, 3);
    rxing::helpers::detect_in_luma(luma, side, side, Some(rxing::BarcodeFormat::QR_CODE))
        .expect("a reader reads our matrix")
        .getText()
        .to_owned()
}

const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// The penalty of ISO/IEC 18004:2015, 7.8.3.1, counted module by module.
fn slow_penalty(dark: &[bool], side: usize) -> usize {
    let at = |x: usize, y: usize| dark[y * side + x];
    let mut points = 0;
    for down in [false, true] {
        for i in 0..side {
            let line: Vec<bool> = (0..side)
                .map(|j| if down { at(i, j) } else { at(j, i) })
                .collect();
            for run in line.chunk_by(|a, b| a == b).filter(|run| run.len() >= 5) {
                points += 3 + run.len() - 5;
            }
            let pattern = [true, false, true, true, true, false, true];
            for j in 0..=side - 7 {
                if line[j..j + 7] == pattern {
                    let before = line[j.saturating_sub(4)..j].iter().any(|d| *d);
                    let behind = line[j + 7..side.min(j + 11)].iter().any(|d| *d);
                    points += if before && behind { 0 } else { 40 };
                }
            }
        }
    }
    for y in 1..side {
        for x in 1..side {
            let one = at(x, y);
            if [at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)] == [one; 3] {
                points += 3;
            }
        }
    }
    let share = dark.iter().filter(|d| **d).count() as f64 * 100.0 / dark.len() as f64;
    points + 10 * ((share - 50.0).abs() / 5.0) as usize
}

#[test]
fn the_matrix_is_the_standards_with_the_best_mask() {
    let mut chance = Chance::new(6);
    for length in [
        1, 17, 40, 60, 90, 120, 160, 200, 235, 235, 235, 260, 300, 400, 420,
    ] {
        let text: String = (0..length).map(|_| chance.digit()).collect();
        let ours = matrix(&text).unwrap();
        let version = Version::Normal((ours.side as i16 - 17) / 4);
        let mut best = None;
        for level in [EcLevel::Q, EcLevel::M] {
            let mut bits = Bits::new(version);
            bits.push_numeric_data(text.as_bytes()).unwrap();
            if bits.push_terminator(level).is_err() {
                continue;
            }
            let (data, ec) = construct_codewords(&bits.into_bytes(), version, level).unwrap();
            let mut canvas = Canvas::new(version, level);
            canvas.draw_all_functional_patterns();
            canvas.draw_data(&data, &ec);
            best = MASKS
                .iter()
                .map(|mask| {
                    let mut masked = canvas.clone();
                    masked.apply_mask(*mask);
                    let colours = masked.into_colors();
                    colours
                        .iter()
                        .map(|c| c.select(true, false))
                        .collect::<Vec<bool>>()
                })
                .min_by_key(|dark| slow_penalty(dark, ours.side));
            break;
        }
        assert_eq!(Some(ours.dark), best, "{length} digits");
    }
}

#[test]
fn texts_with_an_address_are_read_by_another_reader() {
    let digits = signed().digits();
    for url in [
        "https://v.example.org/",
        "HTTPS://V.EXAMPLE.ORG/",
        "https://verify.example.org/2021/hebei-zuimei-2021/?m=",
        "https://verify.example.org/%E6%B2%B3%E5%8C%97/2021/hebei-zuimei-2021/page/?mark=",
        "https://v.example.org/2021",
    ] {
        let text = format!("{url}{digits}");
        assert_eq!(scan(&matrix(&text).unwrap()), text);
    }
    assert_eq!(matrix(""), Err(MatrixFault::Empty));
    let long = format!("https://{}/{digits}", "a".repeat(300));
    assert_eq!(matrix(&long), Err(MatrixFault::TooLong(long.len())));
}

#[test]
fn a_scanner_of_another_house_reads_the_digits() {
    let digits = signed().digits();
    for text in [digits.clone(), format!("https://v.example.org/m/{digits}")] {
        let (luma, side) = picture(&matrix(&text).unwrap(), 4);
        let image = [format!("P5\n{side} {side}\n255\n").into_bytes(), luma].concat();
        let folder = Folder::new();
        let path = folder.put("mark.pgm", &image);
        let args = ["-q", "--raw", path.to_str().unwrap()];
        if let Some(said) = tools::says("zbarimg", &args) {
            assert_eq!(said.trim(), text);
        }
    }
}

#[test]
fn the_longest_address_that_a_template_may_have_keeps_49_modules() {
    let digits: String = "871".chars().chain("9".repeat(232).chars()).collect();
    let side = |length: usize| {
        sanlian::mark::matrix(&format!("{}{digits}", "u".repeat(length)))
            .unwrap()
            .side
    };
    assert_eq!(side(52), 49);
    assert!(side(53) > 49);
}
