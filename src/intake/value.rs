//! A cell to the canonical text of its field's kind. What can be mended is mended and told; what cannot be understood stays as
//! it was typed, for `check` to judge. Canonical texts come out as they went in.

use jiff::civil::Date;

use crate::campaign::{Campaign, CodeList, Field, Kind};
use crate::finding::{Finding, Place, Severity};
use crate::ooxml::CellValue;
use crate::text::contact::{is_phone, split_phones};
use crate::text::date::{Month, is_ambiguous_month, parse_date, parse_month, parse_span};
use crate::text::normal::{Trouble, clean_line, clean_text, mend, troubles};
use crate::text::url::canonical_url;
use crate::text::width::fold_width;

use super::map::without_brackets;
use super::number::{self, plain_number};
use super::person_name;

/// Where a value stands and what is told about it.
pub(super) struct ValueReader<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) findings: &'a mut Vec<Finding>,
}

impl ValueReader<'_> {
    /// Adds a finding.
    pub(super) fn tell(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: &Place,
        message: String,
        hint: &str,
    ) {
        self.findings
            .push(Finding::new(severity, code, place.clone(), message, hint));
    }

    /// The canonical text of a cell.
    pub(super) fn canonical(&mut self, field: &Field, raw: &CellValue, place: &Place) -> String {
        match raw {
            CellValue::Text(text) => self.text_cell(field, text, place),
            CellValue::Number(number) => self.number_cell(field, *number, place),
            CellValue::Day { year, month, day } => {
                self.date_cell(field, *year, *month, *day, place)
            }
            CellValue::Bool(_) => self.text_cell(field, &raw.shown(), place),
            CellValue::Fault(_) | CellValue::Odd(_) | CellValue::NoResult => {
                self.findings.extend(unreadable(&field.label, raw, place));
                String::new()
            }
            // a photo in its own cell is told of in `pictures`
            CellValue::Picture if field.kind == Kind::Photo => String::new(),
            CellValue::Picture => {
                self.tell(
                    Severity::Warning,
                    "I12",
                    place,
                    format!("{}这一格是图片，没有读取，当作空白。", field.label),
                    "请改为文字；照片放入 photos 文件夹。",
                );
                String::new()
            }
        }
    }

    /// A typed number. Text that must be digits is taken where no digit can have been lost.
    fn number_cell(&mut self, field: &Field, number: f64, place: &Place) -> String {
        let shown = plain_number(number);
        match field.kind {
            Kind::Month => self.month_number(field, number, &shown, place),
            Kind::Count | Kind::Date | Kind::Span => shown,
            Kind::Decimal => number::decimal_of(number).map_or(shown, |d| d.to_string()),
            _ if number.abs() >= number::UNSAFE => {
                self.tell(
                    Severity::Error,
                    "F14",
                    place,
                    format!(
                        "{}按数字存放，15位以后的数字已丢失，不能采用。",
                        field.label
                    ),
                    &format!("{}，再对照原件重新输入全部数字。", place.as_text()),
                );
                number::scientific(number)
            }
            Kind::Postcode if shown.len() == 5 && number::is_digits(&shown) => {
                let whole = format!("0{shown}");
                self.mended("F10", field, &shown, &whole, "开头的0丢失", place);
                whole
            }
            Kind::Phone if (10..=11).contains(&shown.len()) && !shown.starts_with('1') => {
                let whole = split_phones(&format!("0{shown}")).join("、");
                if is_phone(&whole) {
                    self.mended("F8", field, &shown, &whole, "开头的0丢失", place);
                    return whole;
                }
                shown
            }
            Kind::Code => {
                // 01 typed as a number is 1.
                let list = self.list(field);
                let padded = format!("{shown:0>2}");
                let name = [shown.as_str(), &padded]
                    .iter()
                    .find_map(|code| list?.name_of(code));
                name.map_or(shown.clone(), str::to_owned)
            }
            _ => self.text_cell(field, &shown, place),
        }
    }

    /// A month typed as a number: `1978.05` is sound, `1978.1` may be January or October.
    fn month_number(&mut self, field: &Field, number: f64, shown: &str, place: &Place) -> String {
        if is_ambiguous_month(shown) {
            let year = shown.split('.').next().unwrap_or_default();
            self.tell(
                Severity::Error,
                "F3",
                place,
                format!(
                    "{}“{shown}”按数字存放，可能是{year}年1月，也可能是丢了末位0的{year}年10月。",
                    field.label
                ),
                &format!("{}，写作“{year}.01”或“{year}.10”。", place.as_text()),
            );
            return shown.to_owned();
        }
        // A bare serial number of a day whose format was lost is not turned into one: it may as well be something else.
        match parse_month(shown).or_else(|| parse_date(shown).map(Month::of)) {
            Some(month) if number > 0.0 => month.to_string(),
            _ => shown.to_owned(),
        }
    }

    /// A date cell. Excel shows a month as a date of its first day.
    fn date_cell(&mut self, field: &Field, year: i16, month: i8, day: i8, place: &Place) -> String {
        let plain = format!("{year:04}-{month:02}-{day:02}");
        let Ok(date) = Date::new(year, month, day) else {
            return plain;
        };
        if let Some(typed) = year_as_serial(date) {
            self.tell(
                Severity::Error,
                "F3",
                place,
                format!(
                    "{}的单元格是日期格式，显示的是{plain}，多半是在里面填了“{typed}.5”这样的数。",
                    field.label
                ),
                "请在这一格按“2021-05-08”的样子重新填写日期；填的是年份、年月的，先把单元格设为文本格式。",
            );
            return plain;
        }
        match field.kind {
            Kind::Month => Month::new(date.year(), date.month()).map_or(plain, |m| m.to_string()),
            Kind::Date => plain,
            _ => {
                self.tell(
                    Severity::Warning,
                    "F3",
                    place,
                    format!("{}是日期格式的单元格，按“{plain}”读取。", field.label),
                    "如果填的不是日期，请把单元格设为文本格式后重新填写。",
                );
                plain
            }
        }
    }

    /// Typed text.
    fn text_cell(&mut self, field: &Field, text: &str, place: &Place) -> String {
        let cleaned = if is_plain(text) {
            text.to_owned()
        } else {
            let two_people = person_name::are_two(field, text);
            let cleaned = match field.kind {
                Kind::Name if two_people => clean_text(text).replace('\n', "、"),
                Kind::Long => clean_text(text),
                // several choices may stand one below the other
                Kind::File => clean_text(text).replace('\n', "、"),
                Kind::Code if field.multi => clean_text(text).replace('\n', "、"),
                _ => clean_line(text),
            };
            let cleaned = self.characters(field, text, cleaned, place);
            if !two_people {
                self.line_ends(field, text, &cleaned, place);
            }
            cleaned
        };
        if cleaned.is_empty() || cleaned == field.blank {
            return cleaned;
        }
        match field.kind {
            Kind::Text if field.codes.is_some() => self.code(field, &cleaned),
            Kind::Text | Kind::Long => cleaned,
            Kind::Photo => cleaned.replace('\\', "/"),
            Kind::Url => canonical_url(&cleaned),
            Kind::File => cleaned.replace('\\', "/"),
            Kind::Name => person_name::read(field, &cleaned, place, self.findings),
            Kind::Code => self.code(field, &cleaned),
            Kind::Month => self.month(field, cleaned, place),
            Kind::Span => parse_span(&cleaned).map_or(cleaned, |span| span.to_string()),
            Kind::Date => parse_date(&cleaned).map_or(cleaned, |date| date.to_string()),
            Kind::YesNo => number::yes_no(&cleaned).map_or(cleaned, str::to_owned),
            Kind::Count => {
                let folded = self.half_width(field, &cleaned, place);
                number::count(&folded, &field.unit).unwrap_or(folded)
            }
            Kind::Decimal => {
                let folded = self.half_width(field, &cleaned, place);
                number::decimal(&folded, &field.unit).map_or(folded, |d| d.to_string())
            }
            Kind::IdNo | Kind::Uscc | Kind::Postcode | Kind::Email | Kind::Mobile | Kind::Phone => {
                let folded = self.half_width(field, &cleaned, place);
                self.digits(field, &folded, place)
            }
        }
    }

    /// Numbers, codes and addresses in half-width characters.
    fn digits(&mut self, field: &Field, folded: &str, place: &Place) -> String {
        let tight: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
        // An apostrophe in front is how people tell Excel that digits are text.
        let tight = tight.trim_start_matches(['\'', '‘', '’', '`']);
        match field.kind {
            Kind::IdNo => self.identity(field, tight, place),
            Kind::Uscc => tight.to_ascii_uppercase(),
            Kind::Email => tight.strip_prefix("mailto:").unwrap_or(tight).to_owned(),
            Kind::Phone | Kind::Mobile => phones(folded),
            _ => tight.to_owned(),
        }
    }

    /// An identity number: a small x at the end becomes X.
    fn identity(&mut self, field: &Field, tight: &str, place: &Place) -> String {
        let body = tight
            .strip_suffix('x')
            .filter(|b| b.len() == 17 && number::is_digits(b));
        let Some(body) = body else {
            return tight.to_owned();
        };
        self.tell(
            Severity::Info,
            "N6",
            place,
            format!("{}末位的小写x已改为大写X。", field.label),
            "无需处理。",
        );
        format!("{body}X")
    }

    /// A month; `1978.1` as text is taken as January, and told.
    fn month(&mut self, field: &Field, cleaned: String, place: &Place) -> String {
        let Some(month) = parse_month(&cleaned).or_else(|| parse_date(&cleaned).map(Month::of))
        else {
            return cleaned;
        };
        if is_ambiguous_month(&cleaned) {
            self.tell(
                Severity::Warning,
                "F3",
                place,
                format!(
                    "{}“{cleaned}”按{month}读取；若原为{}.10，末位的0已丢失。",
                    field.label, month.year
                ),
                &format!("请写作“{month}”或“{}.10”。", month.year),
            );
        }
        month.to_string()
    }

    /// The code list of a field.
    fn list(&self, field: &Field) -> Option<&CodeList> {
        self.campaign.lists.get(field.codes.as_deref()?)
    }

    /// One name, or several, of the code list; words that are not in it stay.
    fn code(&self, field: &Field, cleaned: &str) -> String {
        let Some(list) = self.list(field) else {
            return cleaned.to_owned();
        };
        if let Some(name) = list_name(list, cleaned) {
            return name.to_owned();
        }
        if !field.multi {
            return cleaned.to_owned();
        }
        let mut names: Vec<&str> = Vec::new();
        let mut add = |name| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        for part in pieces(cleaned, &['、', '，', ',', ';', '；', '|']) {
            if let Some(name) = list_name(list, part) {
                add(name);
                continue;
            }
            // A stroke or a blank may belong to a name; it separates only where the whole is none.
            for word in pieces(part, &['/', '／', ' ', '\u{3000}']) {
                add(list_name(list, word).unwrap_or(word));
            }
        }
        names.join("、")
    }

    /// Half-width digits and letters (N6).
    fn half_width(&mut self, field: &Field, cleaned: &str, place: &Place) -> String {
        let folded = fold_width(cleaned);
        let wide = |c: char| ('\u{FF01}'..='\u{FF5E}').contains(&c) && c.is_alphanumeric();
        if cleaned.chars().any(wide) {
            self.tell(
                Severity::Info,
                "N6",
                place,
                format!("{}中的全角数字、字母已改为半角。", field.label),
                "无需处理；今后请用半角填写。",
            );
        }
        folded
    }

    /// Tells that line ends within an answer of one line were taken out (N5).
    fn line_ends(&mut self, field: &Field, typed: &str, cleaned: &str, place: &Place) {
        let one_line = !matches!(field.kind, Kind::Long) && !field.multi;
        if one_line && clean_text(typed).contains('\n') {
            let shown: String = cleaned.chars().take(24).collect();
            self.tell(
                Severity::Info,
                "N5",
                place,
                format!("{}中的换行已去掉，读作“{shown}”。", field.label),
                "请核对；要分开的，请用顿号或空格。",
            );
        }
    }

    /// Characters: what was dropped (N5), what is mended (N4), and what must be replaced by a person (N3, N5).
    fn characters(&mut self, field: &Field, typed: &str, cleaned: String, place: &Place) -> String {
        if typed.is_ascii() && !typed.bytes().any(|b| b < 0x20 && !b.is_ascii_whitespace()) {
            return cleaned;
        }
        let dropped = troubles(typed)
            .iter()
            .filter(|(_, c, t)| {
                // A mark of byte order and the like at the ends is what programs leave behind.
                matches!(t, Trouble::Invisible | Trouble::Control)
                    && !matches!(c, '\u{FEFF}' | '\r')
            })
            .count();
        if dropped > 0 {
            self.tell(
                Severity::Info,
                "N5",
                place,
                format!("{}中{dropped}个不可见字符已删除。", field.label),
                "无需处理。",
            );
        }
        let (mended, changes) = mend(&cleaned);
        if !changes.is_empty() {
            let listed: Vec<String> = changes
                .iter()
                .take(5)
                .map(|(_, was, is)| format!("“{was}”（U+{:04X}）改为“{is}”", u32::from(*was)))
                .collect();
            let more = match changes.len() {
                0..=5 => String::new(),
                many => format!("等{many}处"),
            };
            self.tell(
                Severity::Warning,
                "N4",
                place,
                format!(
                    "{}中的部首字符、兼容汉字已改为通用汉字：{}{more}。",
                    field.label,
                    listed.join("，")
                ),
                "请核对；今后请不要从PDF复制。",
            );
        }
        let lost: Vec<String> = troubles(&mended)
            .iter()
            .filter_map(|(at, c, trouble)| lost(*at, *c, *trouble))
            .take(5)
            .collect();
        if let Some(first) = lost.first() {
            let code = if first.contains("私用区") {
                "N3"
            } else {
                "N5"
            };
            self.tell(
                Severity::Error,
                code,
                place,
                format!("{}{}。", field.label, lost.join("，")),
                "请用支持大字符集的输入法重新输入该字。",
            );
        }
        mended
    }

    /// Told of a value that lost something and was restored.
    fn mended(
        &mut self,
        code: &'static str,
        field: &Field,
        was: &str,
        is: &str,
        why: &str,
        place: &Place,
    ) {
        let message = if field.masked {
            format!("{}按数字存放，{why}，已补上。", field.label)
        } else {
            format!("{}“{was}”按数字存放，{why}，读作“{is}”。", field.label)
        };
        self.tell(
            Severity::Warning,
            code,
            place,
            message,
            &format!(
                "请核对，并{}后重新输入。",
                place.as_text().trim_start_matches('请')
            ),
        );
    }
}

/// I10: a cell in which nothing can be read, under the label that people know it by; none for any other.
pub(super) fn unreadable(label: &str, raw: &CellValue, place: &Place) -> Option<Finding> {
    let (message, hint) = match raw {
        CellValue::Fault(fault) => (
            format!("{label}的公式出错，结果是{fault}。"),
            "请改正公式，或直接填写内容。",
        ),
        CellValue::Odd(text) => {
            let shown: String = text.trim().chars().take(20).collect();
            (
                format!("{label}的单元格已损坏：里面是“{shown}”，与单元格的类型不符，没有读取。"),
                "请清空这一格，重新填写。",
            )
        }
        CellValue::NoResult => (
            format!("{label}是公式，但没有计算结果。"),
            "请用WPS或Excel打开并保存一次，或直接填写内容。",
        ),
        _ => return None,
    };
    Some(Finding::error("I10", place.clone(), message, hint))
}

/// The year that was typed as a number into a cell that shows days: 2021 is then the 2,021st day of the calendar of spreadsheets, in 1905.
/// Nobody has anything to tell of those few months otherwise.
fn year_as_serial(date: Date) -> Option<i32> {
    let first = jiff::civil::date(1899, 12, 30);
    let serial = first.until(date).ok()?.get_days();
    (1900..=2100).contains(&serial).then_some(serial)
}

/// Whether a text is in normal form at first sight, as nearly all are: one line, without blanks at its ends, of ASCII, ideographs of
/// the first block and the usual punctuation. Nothing in it can be cleaned, mended or told of.
fn is_plain(text: &str) -> bool {
    let usual = |c: char| {
        matches!(c,
            ' '..='~' | '\u{4E00}'..='\u{9FFF}' | '·' | '—' | '…' | '‘' | '’' | '“' | '”'
            | '、' | '。' | '《' | '》' | '〔' | '〕' | '，' | '：' | '；' | '！' | '？' | '（' | '）')
    };
    !text.starts_with(' ') && !text.ends_with(' ') && text.chars().all(usual)
}

/// The numbers of a field, in their shapes; what holds none stays. Splitting what is no number may leave pieces that split
/// again.
fn phones(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..4 {
        let mark = |c: char| c.is_whitespace() || matches!(c, '\'' | '‘' | '’' | '`');
        let numbers = split_phones(text.trim_start_matches(mark)).join("、");
        if numbers.is_empty() || numbers == text {
            break;
        }
        text = numbers;
    }
    text
}

/// The words between separators.
fn pieces<'t>(text: &'t str, signs: &'t [char]) -> impl Iterator<Item = &'t str> {
    text.split(|c| signs.contains(&c))
        .map(str::trim)
        .filter(|word| !word.is_empty())
}

/// The list's name for a word: as written, half-width, without blanks, without brackets, and 汉 for 汉族.
fn list_name<'l>(list: &'l CodeList, word: &str) -> Option<&'l str> {
    if let Some(name) = list.name_of(word) {
        return Some(name);
    }
    let tight: String = fold_width(word)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let bare = without_brackets(&tight);
    let people = format!("{bare}族");
    [tight.as_str(), bare.as_str(), people.as_str()]
        .into_iter()
        .find_map(|word| list.name_of(word))
}

/// Words for a character that only a person can replace.
fn lost(at: usize, c: char, trouble: Trouble) -> Option<String> {
    let head = format!("第{}字（U+{:04X}）", at + 1, u32::from(c));
    match trouble {
        Trouble::Pua(Some(likely)) => Some(format!(
            "{head}是私用区字符，可能是“{likely}”（U+{:04X}）",
            u32::from(likely)
        )),
        Trouble::Pua(None) => Some(format!("{head}是私用区字符，换一台电脑就变成别的字")),
        Trouble::Replacement => Some(format!("{head}是乱码，原字已丢失")),
        Trouble::Ids => Some(format!("{head}“{c}”是拼字描述符，应直接输入该字")),
        _ => None,
    }
}
