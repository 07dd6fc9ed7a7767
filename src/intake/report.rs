//! The report on the work of recommending (推荐工作情况报告): a .txt or .docx to paragraphs. Only words are taken; what is not
//! words is told.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::campaign::{Campaign, Field, Kind};
use crate::finding::{Finding, Place, Severity};

use super::decode::decode;
use super::grid::Raw;
use super::source::SourceFile;
use super::unzip;
use super::value::ValueReader;

/// Most characters of a report; 200 pages.
const MOST_CHARS: usize = 200_000;
/// Most nested elements; real documents have below fifty.
const MOST_DEPTH: usize = 500;

/// Reads the report: its paragraphs, the first being its title, and its place.
pub(super) fn read(
    campaign: &Campaign,
    source: &SourceFile,
    findings: &mut Vec<Finding>,
) -> (Vec<String>, Place) {
    let place = Place::file(&source.path);
    let before = findings.len();
    let text = text(source, &place, findings);
    let mut desk = ValueReader { campaign, findings };
    let found = text.map(|text| paragraphs(&mut desk, &text, &place));
    let found = found.unwrap_or_default();
    if found.is_empty() && desk.findings.len() == before {
        desk.tell(
            Severity::Error,
            "I8",
            &place,
            format!("报告“{}”里没有文字。", source.path),
            "请填写推荐工作情况报告，第一段为标题。",
        );
    }
    (found, place)
}

/// Clean paragraphs out of text with line ends.
pub(super) fn paragraphs(desk: &mut ValueReader<'_>, text: &str, place: &Place) -> Vec<String> {
    let field = Field {
        label: "报告".to_owned(),
        kind: Kind::Long,
        ..no_field()
    };
    let short: String = text.chars().take(MOST_CHARS).collect();
    if short.len() < text.len() {
        desk.tell(
            Severity::Error,
            "I7",
            place,
            format!("报告超过{MOST_CHARS}字，后面的没有读取。"),
            "请删减报告。",
        );
    }
    let clean = desk.canonical(&field, &Raw::Text(short), place);
    clean.lines().map(str::to_owned).collect()
}

/// A field that asks for nothing.
fn no_field() -> Field {
    Field {
        key: String::new(),
        label: String::new(),
        aliases: Vec::new(),
        kind: Kind::Long,
        max: None,
        min: None,
        required: false,
        blank: String::new(),
        codes: None,
        free: false,
        multi: false,
        note: String::new(),
        example: String::new(),
        width: 0,
        masked: false,
    }
}

/// The text of the file.
fn text(source: &SourceFile, place: &Place, findings: &mut Vec<Finding>) -> Option<String> {
    let path = source.path.as_str();
    let lower = path.to_lowercase();
    let bytes = source.bytes.as_slice();
    if bytes.starts_with(b"PK") {
        let mut archive = unzip::open(path, bytes, findings)?;
        let Some(xml) = unzip::part(&mut archive, "word/document.xml") else {
            findings.push(not_a_report(path, place));
            return None;
        };
        return words(&xml, path, place, findings);
    }
    if lower.ends_with(".docx")
        || bytes.starts_with(b"\xD0\xCF\x11\xE0")
        || bytes.starts_with(b"%PDF")
    {
        findings.push(not_a_report(path, place));
        return None;
    }
    decode(path, bytes, findings)
}

/// Another type of file.
fn not_a_report(path: &str, place: &Place) -> Finding {
    Finding::error(
        "I1",
        place.clone(),
        format!("报告“{path}”读不出：不是完整的.docx，也不是文本文件。"),
        "请用WPS或Word另存为.docx（未设密码），或存为.txt。",
    )
}

/// What stands in a document besides words.
#[derive(Default)]
struct Others {
    tables: usize,
    pictures: usize,
    numbers: usize,
    changes: usize,
}

/// The words of `word/document.xml`: a line for each paragraph. Deleted text, and the second form of what is given twice,
/// are left out.
fn words(xml: &[u8], path: &str, place: &Place, findings: &mut Vec<Finding>) -> Option<String> {
    let mut words = ReportText::default();
    let read = match std::str::from_utf8(xml) {
        Ok(xml) => words.read(&mut Reader::from_str(xml)),
        Err(_) => Err("内容不是UTF-8"),
    };
    if let Err(why) = read {
        findings.push(Finding::error(
            "I1",
            place.clone(),
            format!("报告“{path}”读到一半出错：{why}。"),
            "请用WPS或Word打开后另存为.docx再试。",
        ));
        return None;
    }
    words.others.tell(place, findings);
    Some(words.text)
}

/// The words of a document while it is read.
#[derive(Default)]
struct ReportText {
    text: String,
    others: Others,
    /// How many elements are open.
    depth: usize,
    /// Whether what comes is text of a run.
    in_text: bool,
    /// The depth of the element whose text is left out.
    skipped: Option<usize>,
}

impl ReportText {
    /// Reads to the end; fails with what is wrong.
    fn read(&mut self, reader: &mut Reader<&[u8]>) -> Result<(), &'static str> {
        loop {
            match reader.read_event().map_err(|_| "XML不完整")? {
                Event::DocType(_) => return Err("含有DTD，出于安全不读取"),
                Event::Start(start) => self.open(start.local_name().as_ref())?,
                Event::Empty(empty) if self.skipped.is_none() => {
                    self.single(empty.local_name().as_ref());
                }
                Event::End(end) => self.close(end.local_name().as_ref()),
                Event::Text(piece) if self.in_text => self.text.push_str(&piece.xml10_content()),
                Event::CData(piece) if self.in_text => self.text.push_str(&piece.xml10_content()),
                Event::GeneralRef(reference) if self.in_text => {
                    self.text.push(character_of(&reference));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        match self.depth {
            0 => Ok(()),
            _ => Err("XML不完整"),
        }
    }

    /// An element begins.
    fn open(&mut self, name: &str) -> Result<(), &'static str> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err("嵌套过深");
        }
        if self.skipped.is_none() {
            self.others.count(name);
            if matches!(name, "del" | "moveFrom" | "Fallback") {
                self.skipped = Some(self.depth);
            }
            if name == "p" && !self.text.ends_with('\n') {
                self.text.push('\n');
            }
        }
        self.in_text = name == "t" && self.skipped.is_none();
        Ok(())
    }

    /// An element without contents.
    fn single(&mut self, name: &str) {
        match name {
            "br" | "cr" => self.text.push('\n'),
            "tab" => self.text.push('\t'),
            "noBreakHyphen" => self.text.push('-'),
            name => self.others.count(name),
        }
    }

    /// An element ends.
    fn close(&mut self, name: &str) {
        if self.skipped == Some(self.depth) {
            self.skipped = None;
        } else if self.skipped.is_none() && name == "p" {
            self.text.push('\n');
        }
        self.depth = self.depth.saturating_sub(1);
        self.in_text = false;
    }
}

/// The character that a reference stands for; U+FFFD for one that is not known.
fn character_of(reference: &BytesRef<'_>) -> char {
    let named = match reference.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    };
    named.unwrap_or('\u{FFFD}')
}

impl Others {
    fn count(&mut self, name: &str) {
        match name {
            "tbl" => self.tables += 1,
            "drawing" | "pict" | "object" => self.pictures += 1,
            "numPr" => self.numbers += 1,
            "del" | "ins" | "moveFrom" => self.changes += 1,
            _ => {}
        }
    }

    fn tell(&self, place: &Place, findings: &mut Vec<Finding>) {
        let mut warn = |many: usize, message: &str, hint: &str| {
            if many > 0 {
                findings.push(Finding::warning("I1", place.clone(), message, hint));
            }
        };
        warn(
            self.tables,
            "报告里有表格，只按段落读取了其中的文字。",
            "请把表格改写成文字。",
        );
        warn(
            self.pictures,
            "报告里有图片或文本框，图片没有读取。",
            "报告只用文字；照片请放在photos文件夹。",
        );
        warn(
            self.numbers,
            "报告里有自动编号，编号没有读取。",
            "请把编号改为直接输入的文字，如“一、”“（一）”。",
        );
        warn(
            self.changes,
            "报告里有修订痕迹，按接受全部修订读取。",
            "请在WPS或Word中接受或拒绝全部修订后另存。",
        );
    }
}
