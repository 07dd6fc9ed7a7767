//! The report on the work of recommending (推荐工作情况报告): a .txt or .docx to paragraphs. Only words are taken; what is not
//! words is told.

use crate::campaign::{Campaign, Field, Kind};
use crate::finding::{Finding, Place, Severity};
use crate::ooxml::{
    CellValue, DocumentWords, OoxmlError, OpcPackage, document_part, remarks_of, running_words,
    words_of,
};

use super::decode::{Wanted, decode};
use super::packed::unpacked;
use super::rows::brief;
use super::source::SourceFile;
use super::value::ValueReader;

/// Most characters of a report; 200 pages.
const MOST_CHARS: usize = 200_000;

/// Reads the report: its paragraphs, the first being its title, and its place.
pub(super) fn read(
    campaign: &Campaign,
    source: &SourceFile,
    findings: &mut Vec<Finding>,
) -> (Vec<String>, Place) {
    let place = Place::file(&source.path);
    let before = findings.len();
    let text = text(source, &place, findings);
    let mut reading = ValueReader { campaign, findings };
    let found = text.map(|text| paragraphs(&mut reading, &text, &place));
    let found = found.unwrap_or_default();
    if found.is_empty() && reading.findings.len() == before {
        reading.tell(
            Severity::Error,
            "I8",
            &place,
            format!("报告“{}”里没有文字。", source.path),
            "请填写报告的内容，第一段为标题。",
        );
    }
    (found, place)
}

/// The paragraphs of a report, for comparing it with another one; none where it cannot be read.
pub fn report_words(campaign: &Campaign, source: &SourceFile) -> Vec<String> {
    read(campaign, source, &mut Vec::new()).0
}

/// Clean paragraphs out of text with line ends.
pub(super) fn paragraphs(reading: &mut ValueReader<'_>, text: &str, place: &Place) -> Vec<String> {
    let field = Field {
        label: "报告".to_owned(),
        kind: Kind::Long,
        ..no_field()
    };
    let short: String = text.chars().take(MOST_CHARS).collect();
    if short.len() < text.len() {
        reading.tell(
            Severity::Error,
            "I7",
            place,
            format!("报告超过{MOST_CHARS}字，后面的没有读取。"),
            "请删减报告。",
        );
    }
    let clean = reading.canonical(&field, &CellValue::Text(short), place);
    clean.lines().map(str::to_owned).collect()
}

/// A field that asks for nothing.
fn no_field() -> Field {
    Field {
        kind: Kind::Long,
        ..Field::default()
    }
}

/// The text of the file.
fn text(source: &SourceFile, place: &Place, findings: &mut Vec<Finding>) -> Option<String> {
    let path = source.path.as_str();
    let bytes = source.bytes.as_slice();
    if bytes.starts_with(b"PK") {
        return document(path, bytes, place, findings);
    }
    if let Some(what) = kind_of(bytes) {
        findings.push(not_a_report(path, place, what));
        return None;
    }
    if path.to_lowercase().ends_with(".docx") {
        findings.push(not_a_report(path, place, "不是完整的.docx文件"));
        return None;
    }
    decode(path, bytes, Wanted::Words, findings)
}

/// What a file is that is neither a document of today nor text, by how it begins: whatever its name says, it is told by what it is.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let head: Vec<u8> = head.iter().copied().filter(|b| *b != 0).collect();
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let head = head
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{FFFD}'));
    let has = |word: &str| head.contains(word);
    Some(match () {
        () if bytes.starts_with(b"\xD0\xCF\x11\xE0") => "是旧格式（.doc）或设有密码的文件",
        () if head.starts_with("%pdf") => "是PDF文件",
        () if head.starts_with("{\\rtf") => "是RTF格式的文件",
        () if head.starts_with("%!ps") => "是打印文件（PostScript）",
        () if has("mime-version:") && has("content-type:") => "是单个文件网页（.mht）",
        () if has("<w:worddocument") || has("<pkg:package") => "是XML格式的Word文件",
        () if has("<html") || has("<!doctype html") || has("<body") || has("<div") => {
            "是网页（HTML）文件"
        }
        () if head.starts_with("<?xml") || head.starts_with("<!doctype") => "是XML文件",
        () => return None,
    })
}

/// Another type of file.
fn not_a_report(path: &str, place: &Place, what: &str) -> Finding {
    Finding::error(
        "I1",
        place.clone(),
        format!("报告“{path}”读不出：{what}。"),
        "请用WPS或Word打开，另存为“Word文档（.docx）”（未设密码），或存为.txt。",
    )
}

/// The words of a document, and findings about what it has besides.
fn document(
    path: &str,
    bytes: &[u8],
    place: &Place,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    let package = match unpacked(path, bytes) {
        Ok(package) => package,
        Err(finding) => {
            findings.push(*finding);
            return None;
        }
    };
    let words = || -> Result<_, OoxmlError> {
        Ok(match document_part(&package)? {
            Some(part) => Some((words_of(&package, &part)?, part)),
            None => None,
        })
    };
    match words() {
        Ok(Some((words, part))) => {
            tell_besides(&words, place, findings);
            tell_running(&package, &part, place, findings);
            tell_remarks(&package, &part, place, findings);
            Some(words.text)
        }
        Ok(None) => {
            findings.push(not_a_report(path, place, "不是.docx文件"));
            None
        }
        Err(error) => {
            findings.push(Finding::error(
                "I1",
                place.clone(),
                format!("报告“{path}”读到一半出错：{error}。"),
                "请用WPS或Word打开后另存为.docx再试。",
            ));
            None
        }
    }
}

/// Words at the head and the foot of the pages, which belong to the paper that the document was and not to the report. One that is torn is
/// no fault of the report.
fn tell_running(package: &OpcPackage, part: &str, place: &Place, findings: &mut Vec<Finding>) {
    for (kind, text) in running_words(package, part).unwrap_or_default() {
        let called = match kind {
            "header" => "页眉",
            _ => "页脚",
        };
        findings.push(Finding::warning(
            "I1",
            place.clone(),
            format!(
                "报告的{called}里写着“{}”，没有读取，也不会印出。",
                brief(&text)
            ),
            "要印出的，请写进正文；不要的，请删去页眉、页脚里的文字。",
        ));
    }
}

/// What was remarked beside the words (批注): it is no part of the report, and whoever wrote it believes that somebody reads it.
fn tell_remarks(package: &OpcPackage, part: &str, place: &Place, findings: &mut Vec<Finding>) {
    let remarks = remarks_of(package, part).unwrap_or_default();
    let Some(first) = remarks.first() else { return };
    let more = match remarks.len() {
        1 => String::new(),
        many => format!("等{many}条"),
    };
    findings.push(Finding::warning(
        "I1",
        place.clone(),
        format!(
            "报告里有批注“{}”{more}，没有读取，也不会印出。",
            brief(first)
        ),
        "要印出的，请写进正文；看过不要的，请删去批注。",
    ));
}

/// What a document has besides words.
fn tell_besides(words: &DocumentWords, place: &Place, findings: &mut Vec<Finding>) {
    if let Some(first) = words.struck.first() {
        let more = match words.struck.len() {
            1 => String::new(),
            many => format!("等{many}处"),
        };
        findings.push(Finding::error(
            "I16",
            place.clone(),
            format!(
                "报告里“{}”{more}划了删除线，读取时不分有没有删除线，会照样印出。",
                brief(first)
            ),
            "不要的请删去文字，要的请取消删除线。",
        ));
    }
    if words.colourless > 0 {
        findings.push(Finding::warning(
            "I16",
            place.clone(),
            "报告里有白色的文字，在屏幕上看不见，仍读取了，会印成黑色。",
            "不要的请删去；要的请把字的颜色改为黑色。",
        ));
    }
    let mut warn = |many: usize, message: &str, hint: &str| {
        if many > 0 {
            findings.push(Finding::warning("I1", place.clone(), message, hint));
        }
    };
    warn(
        words.tables,
        "报告里有表格，只按段落读取了其中的文字。",
        "请把表格改写成文字。",
    );
    warn(
        words.pictures,
        "报告里有图片，没有读取。",
        "报告只用文字；照片请放在photos文件夹。",
    );
    warn(
        words.boxes,
        "报告里有文本框，其中的文字放在它所在的那一段后面，印出时没有框。",
        "请核对次序；最好把框里的文字写进正文。",
    );
    warn(
        words.unnumbered,
        "报告里有项目符号或读不懂的自动编号，没有读取。",
        "请把编号改为直接输入的文字，如“一、”“（一）”。",
    );
    warn(
        words.changes,
        "报告里有修订痕迹，按接受全部修订读取。",
        "请在WPS或Word中接受或拒绝全部修订后另存。",
    );
    warn(
        words.hidden,
        "报告里有隐藏文字，没有读取，也不会印出。",
        "要印出的，请在“字体”中取消“隐藏”；不要的，请删去。",
    );
    warn(
        words.notes,
        "报告里有脚注或尾注，已按〔1〕〔2〕编号放在文末。",
        "请核对；最好把注的内容写进正文。",
    );
    warn(
        words.symbols,
        "报告里有符号字体的字符（如Wingdings、Symbol），没有读取。",
        "请改用普通的文字或标点。",
    );
    warn(
        words.prompts,
        "报告里有没有填写的内容控件（如“单击或点击此处输入文字”），没有读取。",
        "请填写，或删去这个控件。",
    );
}
