//! The id photo (正面免冠彩色照片): a stylised head and shoulders, 33 × 48 mm (小2寸) at 508 dpi where the campaign asks for no other size.

use super::canvas::{Canvas, Chance, Colour, mix};

/// Width in pixels.
const WIDTH: u32 = 660;

/// Colour of the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    Blue,
    Red,
    White,
}

impl Ground {
    /// `red`, `white`, and blue for all else.
    pub(super) fn parse(word: &str) -> Self {
        match word {
            "red" => Self::Red,
            "white" => Self::White,
            _ => Self::Blue,
        }
    }

    fn colours(self) -> [Colour; 2] {
        match self {
            Self::Blue => [[52, 130, 205], [98, 168, 228]],
            Self::Red => [[196, 32, 38], [214, 58, 60]],
            Self::White => [[244, 245, 247], [252, 252, 252]],
        }
    }
}

/// A portrait as JPEG; `shape` is its width and height in any unit.
pub(super) fn draw(woman: bool, ground: Ground, shape: [u32; 2], seed: u64) -> Vec<u8> {
    let mut chance = Chance::new(seed);
    let [top, bottom] = ground.colours();
    let high = (WIDTH * shape[1]).div_ceil(shape[0].max(1));
    let [width, height] = [WIDTH, high.clamp(WIDTH, 2 * WIDTH)].map(|side| side * 2);
    let mut canvas = Canvas::new(width, height, top, bottom);
    let skin = mix([241, 206, 178], [222, 178, 146], chance.below(10), 10);
    let shade = mix(skin, [120, 76, 56], 2, 10);
    let hair = mix([22, 20, 22], [52, 38, 32], chance.below(10), 10);
    let suit = if woman {
        mix([96, 34, 60], [38, 58, 96], chance.below(10), 10)
    } else {
        mix([28, 34, 48], [46, 52, 60], chance.below(10), 10)
    };
    let x = i64::from(width / 2);
    if woman {
        canvas.ellipse(x, 800, [372, 470], hair);
    }
    body(&mut canvas, x, suit, skin, shade, woman);
    head(&mut canvas, x, skin, shade, hair, woman);
    canvas.halved().noisy(2, &mut chance).jpeg(94, 508)
}

fn body(canvas: &mut Canvas, x: i64, suit: Colour, skin: Colour, shade: Colour, woman: bool) {
    let bottom = i64::from(canvas.height);
    canvas.cut_ellipse(x, 1960, [620, 560], [-560, 0], suit);
    canvas.trapezium([1180, 1440], [x - 120, x + 120], [x - 150, x + 150], shade);
    canvas.ellipse(x, 1420, [150, 70], shade);
    // shirt, lapels and tie
    canvas.trapezium(
        [1410, bottom],
        [x - 170, x + 170],
        [x - 40, x + 40],
        [248, 248, 250],
    );
    canvas.cut_ellipse(x, 1405, [150, 90], [0, 90], mix(skin, shade, 1, 2));
    let dark = mix(suit, [0, 0, 0], 3, 10);
    canvas.trapezium([1430, bottom], [x - 250, x - 180], [x - 130, x - 36], dark);
    canvas.trapezium([1430, bottom], [x + 180, x + 250], [x + 36, x + 130], dark);
    if !woman {
        canvas.trapezium(
            [1500, 1560],
            [x - 44, x + 44],
            [x - 30, x + 30],
            [150, 28, 40],
        );
        canvas.trapezium(
            [1560, bottom],
            [x - 30, x + 30],
            [x - 52, x + 52],
            [166, 34, 46],
        );
    }
}

fn head(canvas: &mut Canvas, x: i64, skin: Colour, shade: Colour, hair: Colour, woman: bool) {
    for side in [-1, 1] {
        canvas.ellipse(x + side * 306, 840, [48, 88], mix(skin, shade, 1, 2));
    }
    canvas.ellipse(x, 820, [310, 400], skin);
    // a high hair line, parted
    canvas.cut_ellipse(x, 760, [322, 380], [-380, -150], hair);
    canvas.trapezium([580, 700], [x - 292, x - 120], [x - 306, x - 262], hair);
    canvas.trapezium([580, 700], [x + 60, x + 292], [x + 268, x + 306], hair);
    if woman {
        canvas.ellipse(x - 312, 880, [64, 310], hair);
        canvas.ellipse(x + 312, 880, [64, 310], hair);
    }
    for side in [-1, 1] {
        let eye = x + side * 128;
        canvas.cut_ellipse(eye, 732, [80, 26], [-26, -6], mix(hair, skin, 1, 4));
        canvas.ellipse(eye, 790, [58, 27], [250, 250, 250]);
        canvas.ellipse(eye, 790, [26, 26], [48, 32, 26]);
        canvas.ellipse(eye + 8, 782, [7, 7], [250, 250, 250]);
        canvas.cut_ellipse(eye, 790, [60, 31], [-31, -22], hair);
    }
    canvas.trapezium(
        [790, 940],
        [x - 14, x + 14],
        [x - 44, x + 44],
        mix(skin, shade, 1, 3),
    );
    canvas.ellipse(x, 942, [48, 20], mix(skin, shade, 2, 3));
    let lips = if woman { [190, 74, 84] } else { [178, 100, 92] };
    canvas.cut_ellipse(x, 1030, [96, 40], [0, 40], lips);
    canvas.cut_ellipse(x, 1024, [88, 22], [0, 22], skin);
}
