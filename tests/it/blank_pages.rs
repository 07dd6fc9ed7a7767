//! Pages on which little or nothing stands: pencil, a faint seal and a pale form are not blank, whatever the paper; dust, shadows,
//! holes and grain are no writing. The pages are drawn here, in millimetres on A4 at 100 dpi; grain is told as of 200 dpi.

use std::path::{Path, PathBuf};

use sanlian::scan::{Picture, Trace, trace};
use serde_json::Value;

use crate::chance::Chance;
use crate::desk::Desk;

const WIDTH: usize = 827;
const HEIGHT: usize = 1169;
const PER_MM: f32 = 100.0 / 25.4;

type Colour = [f32; 3];
const WHITE: Colour = [252.0, 252.0, 252.0];
const YELLOWED: Colour = [236.0, 226.0, 190.0];
const GREYISH: Colour = [172.0, 174.0, 170.0];
const PENCIL: Colour = [105.0, 105.0, 110.0];
const INK: Colour = [30.0, 30.0, 40.0];
const RED: Colour = [220.0, 40.0, 50.0];

/// Strokes of 同意 in a square of 7 mm each, from (0, 0).
const WORDS: [[f32; 4]; 14] = [
    [0.5, 0.5, 0.5, 7.0],
    [0.5, 0.5, 6.5, 0.5],
    [6.5, 0.5, 6.5, 7.0],
    [1.8, 2.0, 5.2, 2.0],
    [2.0, 3.5, 5.0, 3.5],
    [2.0, 3.5, 2.0, 5.5],
    [5.0, 3.5, 5.0, 5.5],
    [2.0, 5.5, 5.0, 5.5],
    [9.0, 1.0, 14.5, 1.0],
    [8.5, 2.6, 15.0, 2.6],
    [10.0, 3.2, 13.5, 3.2],
    [10.0, 4.6, 13.5, 4.6],
    [9.0, 5.5, 9.0, 7.0],
    [9.5, 7.0, 14.5, 6.4],
];

/// A page that is drawn.
#[derive(Clone)]
struct Page {
    colour: bool,
    pixels: Vec<Colour>,
}

impl Page {
    fn of(paper: Colour) -> Self {
        Self {
            colour: true,
            pixels: vec![paper; WIDTH * HEIGHT],
        }
    }

    fn in_grey(mut self) -> Self {
        self.colour = false;
        self
    }

    /// Lays ink of a strength from 0 to 1 on a box, in millimetres; `cover` says how much of a place is inked.
    fn ink(
        mut self,
        [left, top, right, bottom]: [f32; 4],
        ink: Colour,
        cover: impl Fn(f32, f32) -> f32,
    ) -> Self {
        let pixel = |mm: f32, most: usize| ((mm * PER_MM).max(0.0) as usize).min(most);
        for y in pixel(top, HEIGHT)..pixel(bottom, HEIGHT) {
            for x in pixel(left, WIDTH)..pixel(right, WIDTH) {
                let share = cover((x as f32 + 0.5) / PER_MM, (y as f32 + 0.5) / PER_MM);
                for (v, ink) in self.pixels[y * WIDTH + x].iter_mut().zip(ink) {
                    *v += (ink - *v) * share.clamp(0.0, 1.0);
                }
            }
        }
        self
    }

    /// A straight line of a width in millimetres.
    fn line(self, [x1, y1, x2, y2]: [f32; 4], width: f32, ink: Colour, strength: f32) -> Self {
        let around = [
            x1.min(x2) - 1.0,
            y1.min(y2) - 1.0,
            x1.max(x2) + 1.0,
            y1.max(y2) + 1.0,
        ];
        self.ink(around, ink, |x, y| {
            let (dx, dy) = (x2 - x1, y2 - y1);
            let along = (((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
            let far = (x - x1 - along * dx).hypot(y - y1 - along * dy);
            strength * ((width / 2.0 - far) * PER_MM + 0.5).clamp(0.0, 1.0)
        })
    }

    fn ring(self, (x, y): (f32, f32), outer: f32, inner: f32, ink: Colour, strength: f32) -> Self {
        let around = [
            x - outer - 1.0,
            y - outer - 1.0,
            x + outer + 1.0,
            y + outer + 1.0,
        ];
        self.ink(around, ink, |px, py| {
            let far = (px - x).hypot(py - y);
            let within = (outer - far).min(far - inner);
            strength * (within * PER_MM + 0.5).clamp(0.0, 1.0)
        })
    }

    fn words(self, (x, y): (f32, f32), width: f32, ink: Colour, strength: f32) -> Self {
        WORDS.iter().fold(self, |page, [x1, y1, x2, y2]| {
            page.line([x + x1, y + y1, x + x2, y + y2], width, ink, strength)
        })
    }

    /// A round seal of 42 mm with a ring and the strokes of a star.
    fn seal(self, (x, y): (f32, f32), ink: Colour, strength: f32) -> Self {
        let page = self.ring((x, y), 21.0, 19.8, ink, strength);
        (0..5).fold(page, |page, n| {
            let turn = |n: f32| (n * std::f32::consts::TAU / 5.0).sin_cos();
            let ((a, b), (c, d)) = (turn(n as f32), turn(n as f32 + 2.0));
            page.line(
                [x + 6.0 * a, y - 6.0 * b, x + 6.0 * c, y - 6.0 * d],
                1.0,
                ink,
                strength,
            )
        })
    }

    /// Grain of a deviation, by seeded chance.
    fn grain(mut self, deviation: f32, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut step = || (chance.next() >> 40) as f32 / (1 << 24) as f32 - 0.5;
        for pixel in &mut self.pixels {
            // four even chances have a deviation of 0.577
            let all = (step() + step() + step() + step()) / 0.577 * deviation / 2.0;
            let own = [step(), step(), step()].map(|s| s * deviation / 2.0);
            for (v, own) in pixel.iter_mut().zip(own) {
                *v += all + own;
            }
        }
        self
    }

    /// The shadow that the lid throws along the left and the upper edge.
    fn shadow(self) -> Self {
        let page = self.ink([0.0, 0.0, 30.0, 300.0], [60.0; 3], |x, _| {
            0.9 * (-x / 1.5).exp()
        });
        page.ink([0.0, 0.0, 215.0, 30.0], [60.0; 3], |_, y| {
            0.7 * (-y / 1.0).exp()
        })
    }

    fn dust(self) -> Self {
        let specks = [
            (40.0, 50.0),
            (41.0, 180.0),
            (100.0, 120.0),
            (160.0, 33.0),
            (170.0, 260.0),
            (90.5, 201.0),
        ];
        specks
            .iter()
            .fold(self, |page, at| page.ring(*at, 0.25, -1.0, INK, 0.9))
    }

    fn holes(self) -> Self {
        let page = self.ring((12.0, 108.5), 3.0, -1.0, [15.0; 3], 1.0);
        page.ring((12.0, 188.5), 3.0, -1.0, [15.0; 3], 1.0)
    }

    /// Lines of print on the other side, a photo and a mark, as they shine through paper of 80 g/m².
    fn other_side(mut self) -> Self {
        self = self.ink([20.0, 20.0, 48.0, 48.0], [0.0; 3], |x, y| {
            if ((x * 2.0) as u32 + (y * 2.0) as u32).is_multiple_of(2) {
                0.03
            } else {
                0.015
            }
        });
        self = self.ink([30.0, 60.0, 55.0, 95.0], [0.0; 3], |_, _| 0.036);
        for line in 0..20 {
            let y = 105.0 + line as f32 * 8.0;
            for word in 0..8 {
                self = self.words((30.0 + word as f32 * 18.0, y), 0.9, [0.0; 3], 0.03);
            }
        }
        self
    }

    fn picture(&self) -> Picture {
        let byte = |v: f32| v.round().clamp(0.0, 255.0) as u8;
        if self.colour {
            let rgb = self.pixels.iter().flat_map(|p| p.map(byte)).collect();
            return Picture::colour(WIDTH, HEIGHT, rgb).unwrap();
        }
        let luma = self
            .pixels
            .iter()
            .map(|[r, g, b]| byte(r * 0.299 + g * 0.587 + b * 0.114));
        Picture::grey(WIDTH, HEIGHT, luma.collect()).unwrap()
    }

    fn trace(&self) -> Trace {
        trace(&self.picture())
    }

    /// The page as a file of half the resolution: what no mark is found on is looked at for long.
    fn write(&self, path: &Path) -> String {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let (wide, high) = (WIDTH / 2, HEIGHT / 2);
        let mut rgb = Vec::new();
        for (y, x) in (0..high).flat_map(|y| (0..wide).map(move |x| (y, x))) {
            let near = [(0, 0), (0, 1), (1, 0), (1, 1)];
            let near = near.map(|(dy, dx)| self.pixels[(2 * y + dy) * WIDTH + 2 * x + dx]);
            rgb.extend([0, 1, 2].map(|c| {
                let sum: f32 = near.iter().map(|p| p[c]).sum();
                (sum / 4.0).round().clamp(0.0, 255.0) as u8
            }));
        }
        let file = std::fs::File::create(path).unwrap();
        let mut encoder = png::Encoder::new(file, wide as u32, high as u32);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&rgb).unwrap();
        writer.finish().unwrap();
        path.to_str().unwrap().to_owned()
    }
}

#[test]
fn paper_without_anything_is_blank_whatever_its_colour() {
    for (name, page) in [
        ("white", Page::of([255.0; 3])),
        ("grain", Page::of(WHITE).grain(3.0, 1)),
        ("yellowed", Page::of(YELLOWED).grain(4.0, 2)),
        ("recycled grey", Page::of(GREYISH).grain(6.0, 3).in_grey()),
        ("much grain", Page::of([200.0; 3]).grain(14.0, 4).in_grey()),
        ("shadow", Page::of(WHITE).shadow().grain(3.0, 5)),
        ("dust", Page::of(WHITE).dust().grain(3.0, 6)),
        ("holes", Page::of(WHITE).holes().shadow().grain(3.0, 7)),
        (
            "a fold",
            Page::of(WHITE)
                .line([0.0, 99.0, 211.0, 101.0], 0.6, [120.0; 3], 0.3)
                .grain(3.0, 8),
        ),
        (
            "a streak",
            Page::of(WHITE)
                .line([70.0, 0.0, 70.0, 300.0], 0.15, [90.0; 3], 0.9)
                .grain(2.0, 9),
        ),
    ] {
        assert_eq!(page.trace(), Trace::Nothing, "{name}");
    }
}

#[test]
fn the_other_side_shining_through_is_no_writing() {
    let page = Page::of(WHITE).other_side();
    assert_eq!(page.clone().grain(3.0, 11).trace(), Trace::Nothing);
    assert_ne!(
        page.trace(),
        Trace::Plain,
        "without any grain it may be doubted"
    );
}

#[test]
fn two_words_are_writing_wherever_they_stand() {
    for paper in [WHITE, YELLOWED, GREYISH] {
        let ink = Page::of(paper)
            .words((120.0, 200.0), 0.5, INK, 0.9)
            .grain(3.0, 21);
        assert_eq!(ink.trace(), Trace::Plain, "ink on {paper:?}");
        assert_eq!(
            ink.in_grey().trace(),
            Trace::Plain,
            "ink on {paper:?}, in grey"
        );
        let pencil = Page::of(paper)
            .shadow()
            .words((60.0, 140.0), 0.4, PENCIL, 0.6)
            .grain(3.0, 22);
        assert_ne!(pencil.trace(), Trace::Nothing, "pencil on {paper:?}");
        assert_ne!(
            pencil.in_grey().trace(),
            Trace::Nothing,
            "pencil on {paper:?}, in grey"
        );
    }
    for at in [(14.0, 12.0), (180.0, 280.0), (13.0, 150.0)] {
        let page = Page::of(WHITE).words(at, 0.4, PENCIL, 0.6).grain(2.0, 23);
        assert_ne!(page.trace(), Trace::Nothing, "at {at:?}");
    }
}

#[test]
fn a_faint_seal_is_not_blank() {
    for (paper, strength) in [
        (WHITE, 0.10),
        (WHITE, 0.25),
        (YELLOWED, 0.12),
        (YELLOWED, 0.25),
        (GREYISH, 0.25),
    ] {
        let page = Page::of(paper)
            .seal((105.0, 150.0), RED, strength)
            .grain(3.0, 31);
        assert_ne!(page.trace(), Trace::Nothing, "{strength} on {paper:?}");
    }
    let grey = Page::of(WHITE)
        .seal((105.0, 150.0), RED, 0.15)
        .grain(2.0, 32)
        .in_grey();
    assert_ne!(grey.trace(), Trace::Nothing, "in grey");
    // a blue seal on yellowed paper is seen in red alone
    let blue = Page::of(YELLOWED)
        .seal((60.0, 240.0), [60.0, 70.0, 190.0], 0.2)
        .grain(3.0, 33);
    assert_ne!(blue.trace(), Trace::Nothing, "blue");
}

#[test]
fn a_pale_form_is_not_blank() {
    let form = |paper, level: f32, width| {
        let page = Page::of(paper);
        let page = (0..12).fold(page, |page, n| {
            let y = 40.0 + n as f32 * 18.0;
            page.line([25.0, y, 185.0, y], width, [level; 3], 1.0)
        });
        [25.0, 65.0, 145.0, 185.0].iter().fold(page, |page, x| {
            page.line([*x, 40.0, *x, 238.0], width, [level; 3], 1.0)
        })
    };
    for (name, page) in [
        ("white", form(WHITE, 205.0, 0.25).grain(2.0, 41)),
        ("hairlines", form(WHITE, 190.0, 0.13).grain(2.0, 42)),
        ("yellowed", form(YELLOWED, 175.0, 0.3).grain(3.0, 43)),
        ("drawn by a program", form([255.0; 3], 232.0, 0.3)),
        (
            "shaded",
            Page::of([255.0; 3]).ink([25.0, 40.0, 185.0, 60.0], [238.0; 3], |_, _| 1.0),
        ),
    ] {
        assert_ne!(page.trace(), Trace::Nothing, "{name}");
    }
}

#[test]
fn a_page_that_is_black_all_over_is_doubted() {
    assert_eq!(Page::of([12.0; 3]).grain(3.0, 51).trace(), Trace::Doubtful);
}

#[test]
fn what_is_soft_all_over_is_not_blank() {
    // out of focus: nothing stands out from what is near it
    let soft = |depth: f32| {
        Page::of(WHITE).ink([0.0, 0.0, 211.0, 298.0], [0.0; 3], |x, y| {
            depth * (0.5 + 0.25 * (x / 25.0).sin() + 0.25 * (y / 30.0 + x / 60.0).cos())
        })
    };
    assert_eq!(soft(0.6).grain(3.0, 81).trace(), Trace::Plain);
    assert_ne!(soft(0.25).grain(3.0, 82).trace(), Trace::Nothing);
    // the lamp of a scanner is not quite even
    let lamp = Page::of(WHITE).ink([0.0, 0.0, 211.0, 298.0], [0.0; 3], |x, _| x / 211.0 * 0.08);
    assert_eq!(lamp.grain(3.0, 83).trace(), Trace::Nothing);
}

#[test]
fn a_picture_of_any_size_is_judged() {
    for (width, height) in [(1, 1), (1, 900), (900, 1), (3, 7), (160, 120), (829, 13)] {
        for (level, seen) in [
            (0, Trace::Doubtful),
            (160, Trace::Nothing),
            (255, Trace::Nothing),
        ] {
            let even = vec![level; width * height * 3];
            let colour = Picture::colour(width, height, even.clone()).unwrap();
            assert_eq!(trace(&colour), seen, "{width}×{height} {level}");
            let grey = even[..width * height].to_vec();
            let grey = Picture::grey(width, height, grey).unwrap();
            assert_eq!(trace(&grey), seen, "{width}×{height} {level}");
        }
    }
}

/// A picture of twice the resolution.
fn twice(picture: &Picture) -> Picture {
    let rows = picture.samples().chunks_exact(WIDTH * 3);
    let rgb = rows.flat_map(|row| {
        let wide: Vec<u8> = row.chunks_exact(3).flat_map(|p| [p, p].concat()).collect();
        [wide.clone(), wide].concat()
    });
    Picture::colour(WIDTH * 2, HEIGHT * 2, rgb.collect()).unwrap()
}

#[test]
fn a_finer_picture_is_judged_alike() {
    let back = Page::of(YELLOWED).shadow().grain(3.0, 71);
    assert_eq!(trace(&twice(&back.picture())), Trace::Nothing);
    let seal = back.seal((105.0, 150.0), RED, 0.12);
    assert_ne!(trace(&twice(&seal.picture())), Trace::Nothing);
}

/// AT THE DESK
fn received(desk: &Desk, files: &[&str]) -> (i32, Vec<Value>, String) {
    let args = [&["receive", "scan", "--json"], files].concat();
    let output = desk.run(&args, "");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|l| serde_json::from_str(l).unwrap());
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), lines.collect(), said)
}

#[test]
fn blank_pages_are_named_and_doubtful_ones_wait_with_a_picture() {
    let desk = Desk::new("blank-pages");
    let at = |name: &str| desk.dir.join(name);
    let back = Page::of(YELLOWED).shadow().grain(3.0, 61);
    let blank = back.write(&at("背面/1.png"));
    let seal = back
        .clone()
        .ring((105.0, 150.0), 21.0, 19.8, RED, 0.12)
        .write(&at("盖章/1.png"));
    let pencil = back
        .words((60.0, 140.0), 0.4, PENCIL, 0.6)
        .write(&at("意见/2.png"));
    let (code, lines, said) = received(&desk, &[&blank, &seal, &pencil]);
    assert_eq!(code, 1);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0]["name"], "背面/1.png 第1页");
    assert_eq!(lines[0]["left_out"], "blank");
    assert_eq!(lines[0]["reason"], "空白页，未登记");
    assert!(said.contains("空白页 1 页"), "{said}");
    assert_eq!(lines[1]["name"], "盖章/1.png 第1页");
    assert_eq!(lines[2]["name"], "2.png 第1页");
    let reason = lines[1]["reason"].as_str().unwrap();
    assert!(reason.contains("像空白页"), "{reason}");
    let tray = desk.run(&["tray", "--json", "--out", &desk.path("pictures")], "");
    let tray: Vec<Value> = serde_json::from_slice(&tray.stdout).unwrap();
    let names: Vec<&str> = tray.iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["盖章/1.png 第1页", "2.png 第1页"]);
    // what was faint is dark in the picture that a person is shown
    let file = PathBuf::from(tray[0]["file"].as_str().unwrap());
    let reader = std::io::BufReader::new(std::fs::File::open(file).unwrap());
    let mut reader = png::Decoder::new(reader).read_info().unwrap();
    let mut luma = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut luma).unwrap();
    let dark = luma.iter().filter(|v| **v < 215).count();
    assert!(dark > 500, "{dark}");
    // in words
    let output = desk.run(&["receive", "scan", &blank], "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text, "1.png 第1页：空白页，未登记\n");
}

/// A shadow runs along its edge or fills a corner; what reaches into the page from one place at the edge was put there.
#[test]
fn a_word_at_the_very_edge_is_no_shadow() {
    let at_edge = |ink: [f32; 4]| Page::of(WHITE).ink(ink, INK, |_, _| 1.0).grain(3.0, 11);
    for (name, page) in [
        ("left", at_edge([0.0, 120.0, 8.0, 127.0])),
        ("top", at_edge([80.0, 0.0, 88.0, 7.0])),
        ("right", at_edge([203.0, 60.0, 211.0, 66.0])),
    ] {
        assert_ne!(page.trace(), Trace::Nothing, "{name}");
    }
    let corner = at_edge([0.0, 0.0, 8.0, 8.0]);
    assert_eq!(
        corner.trace(),
        Trace::Nothing,
        "a corner is dark under a lid"
    );
}
