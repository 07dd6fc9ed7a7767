//! The calibration page (校准页): a square and a ruler of known size, to be measured on the printed sheet.

use crate::campaign::{Align, FormKind, Per};
use crate::face::Face;
use crate::units::Length;

use super::slip::{paragraph, style, upright};
use super::{Block, Border, Cell, Content, Form, Paragraph, Row, Table};

/// The form: a frame 100 mm wide and high, and ten boxes of 10 mm.
pub fn calibration_form() -> Form {
    let title = style(Face::Title, 22, Align::Center, 0);
    let text = style(Face::Fangsong, 14, Align::Justify, 2);
    let words = style(Face::Song, 12, Align::Center, 0);
    let cell = |column, words_in: &str| Cell {
        column,
        columns: 1,
        rows: 1,
        content: Content::Text(vec![Paragraph {
            text: words_in.to_owned(),
            style: words.clone(),
        }]),
        middle: true,
        underline: false,
        label: false,
        continued: false,
        field: String::new(),
    };
    let row = |height, cells| Row {
        height: Length::mm(height),
        most: Length::mm(height),
        fills: false,
        splits: false,
        listed: false,
        keep: false,
        cells,
    };
    let table = |columns: Vec<Length>, rows| {
        Block::Table(Table {
            left: Length::mm(28),
            columns,
            side: None,
            head: 0,
            rows,
            border: Border::Full,
            padding: Length::mm(1),
            whole: false,
            page_note: None,
        })
    };
    let boxes = (0..10).map(|n| cell(n, &(n + 1).to_string())).collect();
    Form {
        kind: FormKind::Checklist,
        path: "校准页".to_owned(),
        title: "校准页".to_owned(),
        copies: 1,
        per: Per::Unit,
        page: upright(),
        blocks: vec![
            paragraph("校准页", &title),
            Block::Space(Length::mm(6)),
            paragraph(
                "打印时选 A4、“实际大小”（不要选“适合页面”或“缩放”）。印好后用尺量：下面的方框横竖都应是100毫米，格子每格10毫米。相差超过1毫米时，请检查打印设置后重印；缩小的页面，二维码可能扫不出。",
                &text,
            ),
            Block::Space(Length::mm(8)),
            table(
                vec![Length::mm(100)],
                vec![row(100, vec![cell(0, "100毫米 × 100毫米")])],
            ),
            Block::Space(Length::mm(8)),
            table(vec![Length::mm(10); 10], vec![row(10, boxes)]),
        ],
        running: Vec::new(),
        words: std::sync::Arc::default(),
    }
}
