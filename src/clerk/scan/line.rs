//! A scanned page as a line: of JSON for machines, whose keys and their order are a published contract, and of words for people.

use serde::Serialize;

use crate::campaign::FormKind;
use crate::finding::Finding;
use crate::scan::{How, SeenMark};

use super::scanned::{PageState, ScannedPage, shown};

/// The JSON line of a page.
#[derive(Clone, Debug, Serialize)]
pub struct PageLine<'a> {
    /// The file as it was given or found.
    pub file: String,
    /// Page from 1; 0 for a file that could not be read.
    pub page: usize,
    /// Milliseconds that the page took.
    pub ms: u64,
    /// Its marks, from top to bottom.
    pub marks: Vec<MarkLine<'a>>,
    /// Findings, where there are some.
    #[serde(skip_serializing_if = "<[Finding]>::is_empty")]
    pub findings: &'a [Finding],
}

/// A mark of a page.
#[derive(Clone, Debug, Serialize)]
pub struct MarkLine<'a> {
    /// The 235 digits.
    pub digits: &'a str,
    /// How it was read: `direct`, `ladder`, `rescue` or `nearest`.
    pub how: How,
    /// Whether the page itself carries the signature of a trusted key.
    pub verified: bool,
    /// Key id, four hex digits.
    pub key: Option<String>,
    /// Form kind as the number in the mark: 1 recommendation, 2 summary, 3 status, 4 report.
    pub kind: Option<u8>,
    /// Record reference, 16 hex digits.
    pub record: Option<String>,
    /// Version of the record.
    pub version: Option<u16>,
    /// Copy.
    pub copy: Option<u8>,
    /// Number of copies.
    pub copies: Option<u8>,
    /// Page.
    pub page: Option<u8>,
    /// Page count.
    pub pages: Option<u8>,
    /// Corners in pixels of the picture as it is stored, to 0.1: top left, top right, bottom right, bottom left of the symbol.
    pub corners: [[f64; 2]; 4],
}

impl ScannedPage {
    /// The page as a line of JSON.
    pub fn json(&self) -> PageLine<'_> {
        PageLine {
            file: shown(&self.file),
            page: self.page,
            ms: self.ms,
            marks: self.marks.iter().map(mark).collect(),
            findings: &self.findings,
        }
    }

    /// The page as a line for a person.
    pub fn line(&self) -> String {
        let file = shown(&self.file);
        let place = match (self.page, self.pages) {
            (0, _) | (_, 1) => file,
            (page, _) => format!("{file} 第{page}页"),
        };
        let said = match self.state {
            PageState::Verified | PageState::Unverified => {
                self.marks.iter().map(words).collect::<Vec<_>>().join("；")
            }
            PageState::Blank => "空白页".to_owned(),
            PageState::Faint => "像空白页，有淡的痕迹".to_owned(),
            PageState::Unread if self.foreign > 0 => "没有读出标记（有其他二维码）".to_owned(),
            PageState::Unread => "没有读出标记".to_owned(),
            PageState::Failed if self.page == 0 && self.pages > 0 => "不完整".to_owned(),
            PageState::Failed => "读不出".to_owned(),
        };
        format!("{place}：{said}")
    }
}

fn mark(sighting: &SeenMark) -> MarkLine<'_> {
    let mark = sighting.verdict.mark();
    let tenth = |v: f32| (f64::from(v) * 10.0).round() / 10.0;
    MarkLine {
        digits: &sighting.digits,
        how: sighting.how,
        verified: sighting.verified(),
        key: mark.map(|m| m.key().to_string()),
        kind: mark.map(|m| m.kind()),
        record: mark.map(|m| m.record()),
        version: mark.map(|m| m.version()),
        copy: mark.map(|m| m.copy()),
        copies: mark.map(|m| m.copies()),
        page: mark.map(|m| m.page()),
        pages: mark.map(|m| m.pages()),
        corners: sighting.corners.map(|c| c.map(tenth)),
    }
}

fn words(sighting: &SeenMark) -> String {
    let verdict = match (sighting.how, sighting.verified()) {
        (How::Nearest, _) => "识别未验签",
        (How::Direct, true) => "签名成立",
        (How::Ladder, true) => "签名成立，增强后读出",
        (How::Rescue, true) => "签名成立，修复后读出",
        (_, false) => "未通过验证",
    };
    let Some(mark) = sighting.verdict.mark() else {
        return format!("标记（{verdict}）");
    };
    let form = FormKind::from_mark_code(mark.kind()).map_or("未知表种".into(), FormKind::label);
    let which = if mark.copies() == 0 {
        String::new()
    } else {
        format!(" 第{}/{}份", mark.copy(), mark.copies())
    };
    let page = if mark.pages() == 0 {
        String::new()
    } else {
        format!(" 第{}/{}页", mark.page(), mark.pages())
    };
    format!(
        "{form} 记录{} 版本{}{which}{page}（{verdict}）",
        mark.record(),
        mark.version()
    )
}
