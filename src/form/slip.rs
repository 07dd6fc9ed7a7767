//! The slip that a unit gets back (收件回执): what was received of what was asked for, what is missing, and where the receiving
//! office signs. It carries no mark and no personal data.

use jiff::civil::Date;

use crate::campaign::{Align, FormKind, PageNumberStyle, Per};
use crate::face::Face;
use crate::units::Length;

use super::{Block, Border, Cell, Content, Form, Opinion, PageSetup, Paragraph, Row, Style, Table};

/// What a slip says; all texts are final.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// Title of the campaign with the notice's number.
    pub campaign: String,
    /// The unit's name.
    pub unit: String,
    /// The office that received.
    pub organiser: String,
    /// A line for each material: name, asked for, received, seals seen.
    pub materials: Vec<[String; 4]>,
    /// What is missing or wrong, a line each.
    pub missing: Vec<String>,
    /// What is told and asks for nothing, a line each.
    pub notes: Vec<String>,
    /// The result in one sentence.
    pub result: String,
    /// The day that stands under it.
    pub day: Date,
}

/// Columns of the materials within a type area of 156 mm: number, name in two columns, asked for, received, seals. The first
/// two lines and the last of the table divide it otherwise, on the same rules.
const COLUMNS: [i64; 6] = [12, 14, 47, 24, 24, 35];

/// The form of a slip.
pub fn slip_form(slip: &Slip) -> Form {
    let title = style(Face::Title, 22, Align::Center, 0);
    let mut blocks = vec![
        paragraph("收件回执", &title),
        Block::Space(Length::mm(6)),
        materials(slip),
    ];
    let label = Style {
        keep: true,
        ..style(Face::Hei, 12, Align::Left, 0)
    };
    let list = Style {
        leading: 150,
        ..style(Face::Fangsong, 12, Align::Justify, 0)
    };
    if !slip.missing.is_empty() {
        blocks.push(Block::Space(Length::mm(4)));
        blocks.push(paragraph("请补报、更换或核对：", &label));
        let lines = slip.missing.iter().zip(1..);
        blocks.extend(lines.map(|(line, n): (_, usize)| paragraph(&format!("{n}．{line}"), &list)));
    }
    if !slip.notes.is_empty() {
        blocks.push(Block::Space(Length::mm(4)));
        blocks.push(paragraph("说明：", &label));
        blocks.extend(slip.notes.iter().map(|line| paragraph(line, &list)));
    }
    // the signature never stands alone on a page
    let note = Style {
        keep: true,
        sizes: vec![Length::from_pt(10.5)],
        pitch: Some(Length::from_pt(17.0)),
        ..style(Face::Kai, 12, Align::Justify, 0)
    };
    blocks.extend([
        Block::Space(Length::mm(4)),
        paragraph(
            "以上按每页二维码与电子记录比对得出，只说明收到了哪一份、哪一页、哪一版，不表示纸面未被改动，也不是对材料内容的审核意见。",
            &note,
        ),
        Block::Space(Length::mm(2)),
        signature(slip),
    ]);
    Form {
        kind: FormKind::Checklist,
        path: format!("收件回执-{}", super::safe_name(&slip.unit)),
        title: format!("收件回执（{}）", slip.unit),
        copies: 1,
        per: Per::Unit,
        page: PageSetup {
            top: Length::mm(25),
            bottom: Length::mm(25),
            ..upright()
        },
        blocks,
        running: Vec::new(),
        words: std::sync::Arc::default(),
    }
}

/// An upright A4 page with the margins of GB/T 9704, without mark and number.
pub(super) fn upright() -> PageSetup {
    PageSetup {
        width: Length::mm(210),
        height: Length::mm(297),
        top: Length::mm(37),
        right: Length::mm(26),
        bottom: Length::mm(35),
        left: Length::mm(28),
        numbers: PageNumberStyle::None,
        cover: false,
        marked: false,
        mark_x: Length::ZERO,
        mark_y: Length::ZERO,
        even: None,
        fills: false,
    }
}

fn materials(slip: &Slip) -> Block {
    let head = Style {
        padding: Some(Length::mm(1)),
        ..style(Face::Hei, 12, Align::Center, 0)
    };
    let name = style(Face::Fangsong, 12, Align::Left, 0);
    let value = style(Face::Fangsong, 12, Align::Center, 0);
    // each of the lines: from which column, over how many, what, how
    let mut rows = vec![
        row(&[(0, 2, "报送单位", &head), (2, 4, &slip.unit, &name)]),
        row(&[(0, 2, "活动", &head), (2, 4, &slip.campaign, &name)]),
        row(&[
            (0, 1, "序号", &head),
            (1, 2, "材料", &head),
            (3, 1, "应收（份）", &head),
            (4, 1, "实收（份）", &head),
            (5, 1, "已见公章（份）", &head),
        ]),
    ];
    for (n, [material, needed, received, seals]) in (1_usize..).zip(&slip.materials) {
        rows.push(row(&[
            (0, 1, &n.to_string(), &value),
            (1, 2, material, &name),
            (3, 1, needed, &value),
            (4, 1, received, &value),
            (5, 1, seals, &value),
        ]));
    }
    rows.push(row(&[
        (0, 2, "结论", &head),
        (2, 4, slip.result.trim_end_matches('。'), &name),
    ]));
    Block::Table(Table {
        left: Length::ZERO,
        columns: COLUMNS.map(Length::mm).to_vec(),
        side: None,
        head: 0,
        rows,
        border: Border::Full,
        padding: Length(2500),
        whole: false,
        page_note: None,
    })
}

fn day_words(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// Who received at the left; at the right the office's seal, over its name and the day.
fn signature(slip: &Slip) -> Block {
    let left = style(Face::Fangsong, 12, Align::Left, 0);
    let centre = style(Face::Fangsong, 12, Align::Center, 0);
    let text = |text: &str, style: &Style| Paragraph {
        text: text.to_owned(),
        style: style.clone(),
    };
    let opinion = Opinion {
        text: Vec::new(),
        sign: text("经办人（签字）：", &left),
        seal: Some(text(&slip.organiser, &centre)),
        date: text(&day_words(slip.day), &centre),
        slot: Length::mm(50),
    };
    let mut row = row(&[(0, 1, "", &left)]);
    row.height = Length::mm(56);
    row.most = row.height;
    if let Some(cell) = row.cells.first_mut() {
        cell.content = Content::Opinion(Box::new(opinion));
    }
    Block::Table(Table {
        left: Length::ZERO,
        columns: vec![Length::mm(156)],
        side: None,
        head: 0,
        rows: vec![row],
        border: Border::None,
        padding: Length::mm(1),
        whole: false,
        page_note: None,
    })
}

/// A row of cells: from which column, over how many, what, how.
fn row(cells: &[(usize, usize, &str, &Style)]) -> Row {
    let height = Length::mm(9);
    let cell = |(column, columns, text, style): &(usize, usize, &str, &Style)| Cell {
        column: *column,
        columns: *columns,
        rows: 1,
        content: Content::Text(vec![Paragraph {
            text: (*text).to_owned(),
            style: (*style).clone(),
        }]),
        middle: true,
        underline: false,
        label: false,
        continued: false,
        field: String::new(),
    };
    Row {
        height,
        most: height,
        fills: false,
        splits: false,
        listed: false,
        keep: false,
        cells: cells.iter().map(cell).collect(),
    }
}

pub(super) fn paragraph(text: &str, style: &Style) -> Block {
    Block::Paragraph(Paragraph {
        text: text.to_owned(),
        style: style.clone(),
    })
}

pub(super) fn style(face: Face, points: u8, align: Align, indent: u8) -> Style {
    Style {
        leading: 150,
        align,
        indent,
        ..Style::plain(face, Length::from_pt(f64::from(points)))
    }
}
