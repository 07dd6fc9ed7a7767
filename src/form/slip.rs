//! The slip that a unit gets back (收件回执): what was received of what was asked for, what is missing, and where the receiving
//! office signs. It carries no mark and no personal data.

use jiff::civil::Date;

use crate::campaign::{Align, FormKind, PageNumberStyle, Per};
use crate::face::Face;
use crate::units::Length;

use super::{Block, Border, Cell, Content, Form, PageSetup, Paragraph, Row, Style, Table};

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

/// Type area of an upright A4 page with the margins of GB/T 9704: 156 mm.
const COLUMNS: [i64; 4] = [78, 26, 26, 26];

/// The form of a slip.
pub fn slip_form(slip: &Slip) -> Form {
    let title = style(Face::Title, 22, Align::Center, 0);
    let text = style(Face::Fangsong, 14, Align::Left, 0);
    let indented = style(Face::Fangsong, 14, Align::Justify, 2);
    let mut blocks = vec![
        paragraph("收件回执", &title),
        Block::Space(Length::mm(4)),
        paragraph(&format!("{}：", slip.unit), &text),
        paragraph(
            &format!("你单位报送的{}材料，收件情况如下。", slip.campaign),
            &indented,
        ),
        Block::Space(Length::mm(3)),
        materials(slip),
        Block::Space(Length::mm(3)),
        paragraph(&slip.result, &indented),
    ];
    if !slip.missing.is_empty() {
        let label = style(Face::Hei, 14, Align::Left, 2);
        blocks.push(paragraph("请补报、更换或核对：", &label));
        let list = style(Face::Fangsong, 12, Align::Left, 2);
        let lines = slip.missing.iter().zip(1..);
        blocks.extend(lines.map(|(line, n): (_, usize)| paragraph(&format!("{n}．{line}"), &list)));
    }
    if !slip.notes.is_empty() {
        let label = style(Face::Hei, 14, Align::Left, 2);
        blocks.push(paragraph("说明：", &label));
        let list = style(Face::Fangsong, 12, Align::Left, 2);
        blocks.extend(slip.notes.iter().map(|line| paragraph(line, &list)));
    }
    // the signature never stands alone on a page
    let note = Style {
        keep: true,
        ..style(Face::Kai, 12, Align::Justify, 2)
    };
    blocks.extend([
        Block::Space(Length::mm(3)),
        paragraph(
            "以上按每页二维码与电子记录比对得出，只说明收到了哪一份、哪一页、哪一版，不表示纸面未被改动，也不是对材料内容的审核意见。",
            &note,
        ),
        Block::Space(Length::mm(6)),
        signature(slip),
    ]);
    Form {
        kind: FormKind::Checklist,
        path: format!("收件回执-{}", super::safe_name(&slip.unit)),
        title: format!("收件回执（{}）", slip.unit),
        copies: 1,
        per: Per::Unit,
        page: upright(),
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
    let head = style(Face::Hei, 12, Align::Center, 0);
    let name = style(Face::Fangsong, 12, Align::Left, 0);
    let value = style(Face::Fangsong, 12, Align::Center, 0);
    let heads = ["材料", "应收（份）", "实收（份）", "已见公章（份）"];
    let mut rows = vec![row(heads.map(str::to_owned), &[&head; 4])];
    let styles = [&name, &value, &value, &value];
    rows.extend(slip.materials.iter().map(|m| row(m.clone(), &styles)));
    Block::Table(Table {
        left: Length::ZERO,
        columns: COLUMNS.map(Length::mm).to_vec(),
        side: None,
        head: 1,
        rows,
        border: Border::Full,
        padding: Length::mm(1),
        whole: false,
    })
}

/// Who received, where the office's seal goes, and the day.
fn signature(slip: &Slip) -> Block {
    let left = style(Face::Fangsong, 14, Align::Left, 0);
    let right = style(Face::Fangsong, 14, Align::Center, 0);
    let line = |a: &str, b: &str| {
        let mut row = row(
            [a.to_owned(), b.to_owned(), String::new(), String::new()],
            &[&left, &right, &right, &right],
        );
        row.cells.truncate(2);
        row.keep = true;
        row
    };
    let day = format!(
        "{}年{}月{}日",
        slip.day.year(),
        slip.day.month(),
        slip.day.day()
    );
    Block::Table(Table {
        left: Length::ZERO,
        columns: vec![Length::mm(70), Length::mm(86)],
        side: None,
        head: 0,
        rows: vec![
            line("经办人（签字）：", &slip.organiser),
            line("", "（盖章）"),
            line("", &day),
        ],
        border: Border::None,
        padding: Length::mm(1),
        whole: false,
    })
}

fn row(texts: [String; 4], styles: &[&Style; 4]) -> Row {
    let cells = texts.into_iter().zip(styles).enumerate();
    Row {
        height: Length::mm(10),
        most: Length::mm(10),
        fills: false,
        splits: false,
        keep: false,
        cells: cells
            .map(|(column, (text, style))| Cell {
                column,
                columns: 1,
                rows: 1,
                content: Content::Text(vec![Paragraph {
                    text,
                    style: (*style).clone(),
                }]),
                middle: true,
                underline: false,
                label: false,
                continued: false,
                field: String::new(),
            })
            .collect(),
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
