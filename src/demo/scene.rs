//! Work photos (生活或工作照片): simple scenes with the grain of a camera, so that the files are as large as real ones.

use super::canvas::{Canvas, Chance, Colour, mix};

/// Size in pixels, and the range of the file's size in bytes.
pub(super) struct Wanted {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) least: u64,
    pub(super) most: u64,
}

/// Grain that gives about 4.7 bits a pixel at [`QUALITY`].
const GRAIN: u8 = 15;
/// Quality of the JPEG.
const QUALITY: u8 = 97;
/// Tries to meet the range.
const TRIES: usize = 6;

/// A scene as JPEG; the scene goes by the seed. The last try stands where the range cannot be met.
pub(super) fn draw(wanted: &Wanted, seed: u64) -> Vec<u8> {
    let mut chance = Chance::new(seed);
    let canvas = match seed % 4 {
        0 => field(wanted, &mut chance),
        1 => laboratory(wanted, &mut chance),
        2 => lecture(wanted, &mut chance),
        _ => station(wanted, &mut chance),
    };
    let mut grain = GRAIN;
    let mut jpeg = Vec::new();
    for _ in 0..TRIES {
        jpeg = canvas
            .noisy(grain, &mut Chance::new(seed))
            .jpeg(QUALITY, 300);
        let size = u64::try_from(jpeg.len()).unwrap_or(u64::MAX);
        if size < wanted.least {
            grain = grain.saturating_add(grain / 3 + 1).min(120);
        } else if wanted.most > 0 && size > wanted.most {
            grain = grain.saturating_sub(grain / 4 + 1);
        } else {
            break;
        }
    }
    jpeg
}

/// A hundredth of the width and of the height, in pixels.
fn grid(canvas: &Canvas) -> [i64; 2] {
    [
        i64::from(canvas.width) / 100,
        i64::from(canvas.height) / 100,
    ]
}

/// A person: legs or coat, head, hair.
fn person(canvas: &mut Canvas, x: i64, foot: i64, tall: i64, coat: Colour) {
    let head = tall / 8;
    let skin = [226, 186, 156];
    canvas.trapezium(
        [foot - tall + head * 2, foot],
        [x - head, x + head],
        [x - head * 3 / 2, x + head * 3 / 2],
        coat,
    );
    canvas.ellipse(x, foot - tall + head, [head * 4 / 5, head], skin);
    canvas.cut_ellipse(
        x,
        foot - tall + head,
        [head * 9 / 10, head + 2],
        [-head - 2, -head / 3],
        [34, 28, 26],
    );
}

/// A row of hills, highest at `top`.
fn hills(canvas: &mut Canvas, top: i64, colour: Colour, chance: &mut Chance) {
    let [w, h] = grid(canvas);
    for _ in 0..7 {
        let x = w * i64::from(chance.below(100));
        let half = [
            w * i64::from(12 + chance.below(18)),
            h * i64::from(8 + chance.below(10)),
        ];
        canvas.cut_ellipse(x, top + half[1], half, [-half[1], 0], colour);
    }
}

fn field(wanted: &Wanted, chance: &mut Chance) -> Canvas {
    let mut canvas = Canvas::new(wanted.width, wanted.height, [96, 160, 222], [214, 232, 244]);
    let [w, h] = grid(&canvas);
    canvas.ellipse(w * 80, h * 16, [w * 5, w * 5], [255, 246, 214]);
    hills(&mut canvas, h * 34, [120, 152, 150], chance);
    hills(&mut canvas, h * 40, [96, 138, 110], chance);
    canvas.rect(0, h * 50, w * 101, h * 51, [[196, 178, 84], [120, 128, 46]]);
    let colour = mix([226, 196, 92], [104, 150, 56], chance.below(10), 10);
    for row in 0..16 {
        let x = w * (row * 13 - 48);
        canvas.trapezium(
            [h * 50, h * 101],
            [w * 44 + row * w, w * 44 + row * w + w / 2],
            [x, x + w * 5],
            colour,
        );
    }
    for n in 0..3 {
        person(
            &mut canvas,
            w * (34 + n * 14),
            h * 82,
            h * (34 + n * 3),
            mix([40, 78, 140], [226, 228, 230], chance.below(10), 10),
        );
    }
    canvas
}

fn laboratory(wanted: &Wanted, chance: &mut Chance) -> Canvas {
    let mut canvas = Canvas::new(
        wanted.width,
        wanted.height,
        [226, 232, 236],
        [198, 206, 212],
    );
    let [w, h] = grid(&canvas);
    canvas.rect(
        w * 6,
        h * 10,
        w * 30,
        h * 38,
        [[176, 212, 238], [222, 238, 248]],
    );
    canvas.rect(w * 20, h * 10, w, h * 38, [[240, 240, 240]; 2]);
    for shelf in 0..3 {
        let y = h * (18 + shelf * 12);
        canvas.rect(w * 56, y, w * 40, h, [[120, 96, 74]; 2]);
        for n in 0..12 {
            let tall = h * i64::from(3 + chance.below(5));
            let colour = mix([46, 110, 160], [176, 70, 52], chance.below(10), 10);
            canvas.rect(
                w * (57 + n * 3),
                y - tall,
                w * 2,
                tall,
                [mix(colour, [255; 3], 1, 3), colour],
            );
        }
    }
    person(&mut canvas, w * 46, h * 96, h * 66, [244, 246, 248]);
    canvas.rect(
        0,
        h * 72,
        w * 101,
        h * 4,
        [[236, 236, 234], [160, 164, 168]],
    );
    canvas.rect(0, h * 76, w * 101, h * 25, [[104, 116, 126], [70, 80, 90]]);
    for n in 0..7 {
        let x = w * (8 + n * 13);
        let colour = mix([72, 168, 120], [214, 150, 48], chance.below(10), 10);
        canvas.rect(x - w / 2, h * 60, w, h * 7, [[222, 234, 240]; 2]);
        canvas.trapezium(
            [h * 66, h * 72],
            [x - w, x + w],
            [x - w * 3, x + w * 3],
            colour,
        );
    }
    canvas
}

fn lecture(wanted: &Wanted, chance: &mut Chance) -> Canvas {
    let mut canvas = Canvas::new(wanted.width, wanted.height, [92, 74, 62], [58, 46, 40]);
    let [w, h] = grid(&canvas);
    canvas.rect(
        w * 22,
        h * 8,
        w * 56,
        h * 40,
        [[240, 246, 250], [214, 228, 238]],
    );
    canvas.rect(w * 22, h * 8, w * 56, h * 7, [[176, 34, 40]; 2]);
    for n in 0..9 {
        let tall = h * i64::from(4 + chance.below(20));
        canvas.rect(
            w * (28 + n * 5),
            h * 44 - tall,
            w * 3,
            tall,
            [[70, 136, 190], [36, 90, 150]],
        );
    }
    canvas.rect(
        w * 8,
        h * 44,
        w * 9,
        h * 22,
        [[150, 108, 70], [110, 76, 48]],
    );
    person(&mut canvas, w * 12, h * 60, h * 36, [40, 52, 88]);
    for row in 0..4 {
        for seat in 0..13 {
            let x = w * (seat * 8 + (row % 2) * 4);
            let y = h * (64 + row * 11);
            let coat = mix([60, 74, 110], [170, 96, 80], chance.below(10), 10);
            canvas.ellipse(x, y + h * 9, [w * 3 + row, h * 6], coat);
            canvas.ellipse(x, y, [w * 2, h * 3 + row], [38, 30, 28]);
        }
    }
    canvas
}

fn station(wanted: &Wanted, chance: &mut Chance) -> Canvas {
    let mut canvas = Canvas::new(
        wanted.width,
        wanted.height,
        [140, 176, 206],
        [226, 228, 222],
    );
    let [w, h] = grid(&canvas);
    hills(&mut canvas, h * 26, [124, 136, 150], chance);
    hills(&mut canvas, h * 36, [104, 118, 112], chance);
    canvas.rect(0, h * 56, w * 101, h * 45, [[146, 132, 104], [104, 92, 70]]);
    canvas.rect(
        w * 60,
        h * 34,
        w * 26,
        h * 28,
        [[232, 228, 216], [206, 200, 186]],
    );
    canvas.trapezium(
        [h * 26, h * 34],
        [w * 64, w * 82],
        [w * 57, w * 89],
        [150, 62, 48],
    );
    canvas.rect(
        w * 70,
        h * 46,
        w * 6,
        h * 16,
        [[86, 102, 120], [62, 76, 92]],
    );
    for n in 0..3 {
        let x = w * (14 + n * 9);
        canvas.rect(x, h * 48, w, h * 20, [[190, 196, 200], [120, 126, 132]]);
        canvas.ellipse(x + w / 2, h * 47, [w * 2, h * 2], [70, 110, 160]);
    }
    let x = w * 44;
    canvas.trapezium(
        [h * 60, h * 84],
        [x - 4, x + 4],
        [x - w * 5, x - w * 4],
        [60, 60, 64],
    );
    canvas.trapezium(
        [h * 60, h * 84],
        [x - 4, x + 4],
        [x + w * 4, x + w * 5],
        [60, 60, 64],
    );
    canvas.rect(
        x - w * 2,
        h * 54,
        w * 4,
        h * 6,
        [[230, 176, 40], [186, 132, 20]],
    );
    let coat = mix([206, 92, 34], [44, 92, 150], chance.below(10), 10);
    person(&mut canvas, w * 51, h * 88, h * 40, coat);
    canvas
}
