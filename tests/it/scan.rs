//! Paper that comes back: pictures of pages, and the marks that are read on them.

use sanlian::mark::{Matrix, SignatureCheck, SigningKey, TrustedKeys, matrix, print_text};
use sanlian::scan::{How, Issued, Picture, PictureFault, read_marks};

use crate::mark::signed;

fn trusted() -> TrustedKeys {
    TrustedKeys(vec![SigningKey::from_seed(&[7; 32]).trusted("示例单位")])
}

/// Draws a matrix with its quiet zone on a page of `width` pixels a line.
fn draw(luma: &mut [u8], width: usize, matrix: &Matrix, left: usize, top: usize, scale: usize) {
    for (i, dark) in matrix.dark.iter().enumerate() {
        let (x, y) = (
            left + i % matrix.side * scale,
            top + i / matrix.side * scale,
        );
        for line in y..y + scale {
            luma[line * width + x..line * width + x + scale].fill(if *dark { 20 } else { 240 });
        }
    }
}

#[test]
fn a_mark_is_read_beside_a_code_of_another_house() {
    let signed = signed();
    let mut luma = vec![240; 500 * 300];
    draw(
        &mut luma,
        500,
        &matrix(&signed.digits()).unwrap(),
        30,
        40,
        4,
    );
    let foreign = matrix("https://example.org/another").unwrap();
    draw(&mut luma, 500, &foreign, 300, 60, 4);
    let picture = Picture::grey(500, 300, luma).unwrap();
    let reading = read_marks(&picture, &trusted(), &Issued::default());
    assert_eq!(
        (reading.marks.len(), reading.foreign, reading.unread),
        (1, 1, 0)
    );
    let sighting = &reading.marks[0];
    assert_eq!(sighting.digits, signed.digits());
    assert_eq!(sighting.how, How::Direct);
    assert_eq!(sighting.verdict, SignatureCheck::Genuine(*signed.mark()));
    assert!(sighting.verified());
    let expected = [[30.0, 40.0], [226.0, 40.0], [226.0, 236.0], [30.0, 236.0]];
    for (corner, expected) in sighting.corners.iter().zip(expected) {
        let off = (corner[0] - expected[0] as f32).hypot(corner[1] - expected[1] as f32);
        assert!(off < 4.0, "{:?}", sighting.corners);
    }
}

#[test]
fn an_address_before_the_digits_is_read_and_left_out() {
    let signed = signed();
    let text = print_text(&signed.digits(), Some("https://v.example.org/2021/"));
    let mut luma = vec![240; 300 * 300];
    draw(&mut luma, 300, &matrix(&text).unwrap(), 30, 40, 4);
    let picture = Picture::grey(300, 300, luma).unwrap();
    let reading = read_marks(&picture, &TrustedKeys::default(), &Issued::default());
    assert_eq!(reading.marks[0].digits, signed.digits());
    assert_eq!(
        reading.marks[0].verdict,
        SignatureCheck::UnknownKey(*signed.mark())
    );
    assert!(!reading.marks[0].verified());
}

#[test]
fn samples_that_are_no_picture_are_refused() {
    assert_eq!(Picture::grey(0, 5, vec![]), Err(PictureFault::Empty));
    let fault = PictureFault::Samples {
        expected: 12,
        actual: 4,
    };
    assert_eq!(Picture::colour(2, 2, vec![0; 4]), Err(fault));
    let fault = PictureFault::TooLarge {
        width: 30_000,
        height: 30_000,
    };
    assert_eq!(Picture::grey(30_000, 30_000, vec![]), Err(fault));
    let issued = Issued::new([(signed().digits(), matrix(&signed().digits()).unwrap())]);
    assert_eq!(issued.len(), 1);
}
