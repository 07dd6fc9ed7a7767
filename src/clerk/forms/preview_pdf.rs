//! A binding on paper (绑定图): the pages of the blank form with a box around each place, and behind them a table of what each number is.

use std::path::Path;

use crate::campaign::{Align, Campaign, FormKind, PageNumberStyle, Per};
use crate::export::pdf::{Info, PaperSide, write_pdf};
use crate::face::Face;
use crate::fill::Binding;
use crate::font::FontSet as Fonts;
use crate::form::{
    Block, Border, Cell, Content, Form, JpegPicture, PageSetup, Paragraph, PlacedText, Row, Style,
    Table,
};
use crate::layout::{Item, Pages, Rect, layout};
use crate::media::page_jpeg;
use crate::pictures::Picture;
use crate::units::Length;

use crate::clerk::error::ClerkError;
use crate::clerk::forms::fill::{form_bytes, name_of};
use crate::clerk::forms::preview::{DPI, PlaceState, SeenForm, SeenPlace, see};

/// Type of the numbers in the boxes, in points.
const NUMBER: f64 = 7.0;

/// The binding of a blank form as a PDF to be looked at. Errors: LibreOffice is not installed, or cannot read the form.
pub fn preview_binding(
    campaign: &Campaign,
    form: &Path,
    binding: &Binding,
    fonts: &Fonts,
) -> Result<Vec<u8>, ClerkError> {
    let bytes = form_bytes(form)?;
    let seen = see(campaign, (&name_of(form), &bytes), binding, fonts)?;
    let mut docs = Vec::new();
    for (n, page) in seen.pages.iter().enumerate() {
        docs.push(page_with_boxes(fonts, &seen, (n, page))?);
    }
    docs.push(layout(fonts, &legend(&seen, &binding.form)).0);
    let sheets: Vec<PaperSide> = docs
        .iter()
        .enumerate()
        .flat_map(|(doc, pages)| {
            (0..pages.pages.len()).map(move |page| PaperSide::Printed {
                doc,
                page,
                overlay: Vec::new(),
            })
        })
        .collect();
    let info = Info {
        title: format!("绑定图：{}", binding.form),
        ..Info::default()
    };
    let file = write_pdf(fonts, &docs, &sheets, &info)
        .map_err(|e| ClerkError::Bug(format!("无法生成绑定图：{e}")))?;
    Ok(file.bytes)
}

/// Colour of a box.
fn colour(state: PlaceState) -> [u8; 3] {
    match state {
        PlaceState::Sure => [24, 120, 72],
        PlaceState::Unsure => [190, 105, 0],
        PlaceState::Others => [92, 76, 168],
        PlaceState::Unbound => [178, 42, 42],
    }
}

/// How many pixels of a box's line are drawn and how many are left out: for those who do not tell colours apart.
fn dashes(state: PlaceState) -> (usize, usize) {
    match state {
        PlaceState::Sure => (1, 0),
        PlaceState::Unsure => (12, 6),
        PlaceState::Others => (3, 4),
        PlaceState::Unbound => (24, 4),
    }
}

/// A page's samples that are painted on.
struct Canvas {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Canvas {
    fn of(picture: &Picture) -> Self {
        let rgb = match picture.is_colour() {
            true => picture.samples().to_vec(),
            false => picture.samples().iter().flat_map(|c| [*c; 3]).collect(),
        };
        Self {
            width: picture.width(),
            height: picture.height(),
            rgb,
        }
    }

    /// Mixes a pixel with a colour, which counts `share` of 100.
    fn mix(&mut self, x: usize, y: usize, colour: [u8; 3], share: u16) {
        let at = (y * self.width + x) * 3;
        let pixel = self.rgb.get_mut(at..at + 3).filter(|_| x < self.width);
        for (own, new) in pixel.into_iter().flatten().zip(colour) {
            let mixed = (u16::from(*own) * (100 - share) + u16::from(new) * share) / 100;
            *own = u8::try_from(mixed).unwrap_or(255);
        }
    }

    /// A box: its ground, its line, and a white field for its number.
    fn put(&mut self, (left, top, right, bottom): (usize, usize, usize, usize), state: PlaceState) {
        let (on, off) = dashes(state);
        let ink = colour(state);
        let right = right.min(self.width.saturating_sub(1));
        let bottom = bottom.min(self.height.saturating_sub(1));
        for y in top..=bottom {
            for x in left..=right {
                let edge = x < left + 2 || x + 2 > right || y < top + 2 || y + 2 > bottom;
                let drawn = (x + y) % (on + off) < on;
                match edge && drawn {
                    true => self.mix(x, y, ink, 100),
                    false => self.mix(x, y, ink, 14),
                }
            }
        }
    }

    /// The white field of a number.
    fn tag(
        &mut self,
        (left, top): (usize, usize),
        (wide, high): (usize, usize),
        state: PlaceState,
    ) {
        for y in top..top + high {
            for x in left..left + wide {
                let edge = x == left || y == top || x + 1 == left + wide || y + 1 == top + high;
                match edge {
                    true => self.mix(x, y, colour(state), 100),
                    false => self.mix(x, y, [255; 3], 92),
                }
            }
        }
    }
}

/// Length of some pixels.
fn length(pixels: usize) -> Length {
    let many = i64::try_from(pixels).unwrap_or(i64::MAX / 25_400);
    Length(many * 25_400 / i64::from(DPI))
}

/// A share of a side, in pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a page is between 0 and 1"
)]
fn pixel(share: f64, side: usize) -> usize {
    let side = u32::try_from(side).unwrap_or(u32::MAX);
    (share.clamp(0.0, 1.0) * f64::from(side)).round() as usize
}

/// A page of the form with its boxes and their numbers.
fn page_with_boxes(
    fonts: &Fonts,
    seen: &SeenForm,
    (number, picture): (usize, &Picture),
) -> Result<Pages, ClerkError> {
    let mut canvas = Canvas::of(picture);
    let (wide, high) = (canvas.width, canvas.height);
    let mut numbers = Vec::new();
    let style = Style {
        leading: 100,
        ..Style::plain(Face::Hei, Length::from_pt(NUMBER))
    };
    let mut tags = Vec::new();
    for place in &seen.places {
        for area in place.areas.iter().filter(|a| a.page == number) {
            let (left, top) = (pixel(area.left, wide), pixel(area.top, high));
            let right = pixel(area.left + area.width, wide);
            let bottom = pixel(area.top + area.height, high);
            canvas.put((left, top, right, bottom), place.state);
            tags.push((place, (left, top)));
        }
    }
    for (place, (left, top)) in tags {
        let text = place.number.to_string();
        let size = (6 + 7 * text.len(), 14);
        canvas.tag((left, top), size, place.state);
        numbers.push(Block::Placed(PlacedText {
            height: None,
            x: length(left + 3),
            y: length(top + 1),
            width: Length::mm(20),
            paragraphs: vec![Paragraph {
                text,
                style: style.clone(),
            }],
        }));
    }
    let (width, height) = (length(wide), length(high));
    let page = PageSetup {
        width,
        height,
        ..plain()
    };
    let (mut pages, _) = layout(fonts, &form(page, "绑定图", numbers));
    let sides = [wide, high].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    let jpeg = page_jpeg(canvas.rgb, (sides[0], sides[1]), DPI);
    let jpeg = jpeg.map_err(|e| ClerkError::Bug(e.to_string()))?;
    if pages.pages.is_empty() {
        pages.pages.push(crate::layout::Page {
            width,
            height,
            ..crate::layout::Page::default()
        });
    }
    if let Some(first) = pages.pages.first_mut() {
        let item = Item::Picture {
            at: Rect {
                x: Length::ZERO,
                y: Length::ZERO,
                width,
                height,
            },
            picture: JpegPicture {
                jpeg: jpeg.jpeg.into(),
                width: jpeg.width,
                height: jpeg.height,
                components: jpeg.components,
            },
        };
        first.items.insert(0, item);
    }
    pages.pages.truncate(1);
    Ok(pages)
}

/// A page without mark and number.
fn plain() -> PageSetup {
    PageSetup {
        width: Length::mm(210),
        height: Length::mm(297),
        top: Length::mm(20),
        right: Length::mm(20),
        bottom: Length::mm(20),
        left: Length::mm(20),
        numbers: PageNumberStyle::None,
        cover: false,
        marked: false,
        mark_x: Length::ZERO,
        mark_y: Length::ZERO,
        even: None,
        fills: false,
    }
}

fn form(page: PageSetup, title: &str, blocks: Vec<Block>) -> Form {
    Form {
        kind: FormKind::Checklist,
        path: title.to_owned(),
        title: title.to_owned(),
        copies: 1,
        per: Per::Unit,
        page,
        blocks,
        running: Vec::new(),
        words: std::sync::Arc::default(),
    }
}

/// Columns of the legend, in millimetres: number, page, the form's words, what goes there, how sure.
const COLUMNS: [i64; 5] = [12, 12, 56, 56, 34];

/// What each number is.
fn legend(seen: &SeenForm, name: &str) -> Form {
    let style = |face, size, align| Style {
        align,
        ..Style::plain(face, Length::from_pt(size))
    };
    let line = |text: &str, style: &Style| {
        Block::Paragraph(Paragraph {
            text: text.to_owned(),
            style: style.clone(),
        })
    };
    let (text, head) = (
        style(Face::Song, 10.5, Align::Left),
        style(Face::Hei, 10.5, Align::Center),
    );
    let count = |state| seen.places.iter().filter(|p| p.state == state).count();
    let kinds = [
        (PlaceState::Sure, "绿色实线框：有把握，照填"),
        (PlaceState::Unsure, "橙色虚线框：把握不大，核对以前留空"),
        (
            PlaceState::Others,
            "紫色点线框：别人的、别的单位的或审批机关的，留空",
        ),
        (PlaceState::Unbound, "红色长虚线框：没有对应的栏目，留空"),
    ];
    let mut blocks = vec![line(
        &format!("绑定图：{name}"),
        &style(Face::Title, 16.0, Align::Center),
    )];
    blocks.push(Block::Space(Length::mm(4)));
    let told = kinds.map(|(state, words)| line(&format!("{words}（{}处）。", count(state)), &text));
    blocks.extend(told);
    let lost = seen.places.iter().filter(|p| p.areas.is_empty()).count();
    if lost > 0 {
        let words =
            format!("有{lost}处在印出的页上找不到（在隐藏处，或不在打印范围内），列在表的最后。");
        blocks.push(line(&words, &text));
    }
    blocks.push(Block::Space(Length::mm(3)));
    let heads = ["号", "页", "表上的字", "填什么", "把握"].map(str::to_owned);
    let mut rows = vec![row(heads, &head)];
    rows.extend(seen.places.iter().map(|p| row(told_of(p), &text)));
    blocks.push(Block::Table(Table {
        page_note: None,
        left: Length::ZERO,
        columns: COLUMNS.map(Length::mm).to_vec(),
        side: None,
        head: 1,
        rows,
        border: Border::Full,
        padding: Length::mm(1),
        whole: false,
    }));
    form(plain(), "绑定图", blocks)
}

/// What the legend says of a place.
fn told_of(place: &SeenPlace) -> [String; 5] {
    let page = place.areas.first().map(|a| (a.page + 1).to_string());
    let (meaning, sure) = match place.state {
        PlaceState::Sure => (
            place.meaning.clone(),
            format!("有把握 {:.2}", place.confidence),
        ),
        PlaceState::Unsure => (
            place.meaning.clone(),
            format!("请核对 {:.2}", place.confidence),
        ),
        PlaceState::Others => (format!("“{}”的，留空", place.meaning), "别人的".to_owned()),
        PlaceState::Unbound => ("没有对应的栏目，留空".to_owned(), "—".to_owned()),
    };
    let label = match place.label.as_str() {
        "" => "（没有字）".to_owned(),
        label => label.chars().take(60).collect(),
    };
    [
        place.number.to_string(),
        page.unwrap_or_else(|| "—".to_owned()),
        label,
        meaning,
        sure,
    ]
}

fn row(texts: [String; 5], style: &Style) -> Row {
    let cells = texts.into_iter().enumerate().map(|(column, text)| Cell {
        column,
        columns: 1,
        rows: 1,
        content: Content::Text(vec![Paragraph {
            text,
            style: style.clone(),
        }]),
        middle: true,
        underline: false,
        label: false,
        continued: false,
        field: String::new(),
    });
    Row {
        listed: false,
        height: Length::mm(7),
        most: Length::mm(7),
        fills: false,
        splits: false,
        keep: false,
        cells: cells.collect(),
    }
}
