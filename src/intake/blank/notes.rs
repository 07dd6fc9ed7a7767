//! What is said about a field: how it is written, how long it may be, what is accepted.

use crate::campaign::{Campaign, Field, Kind};

/// Most names of a code list that are said in full.
const MOST_NAMES: usize = 14;

/// Everything about a field, a sentence each: whether it must be answered, the template's note, the limits and an example.
pub(in crate::intake) fn explain(field: &Field, campaign: &Campaign) -> String {
    let mut said = vec![need(field)];
    said.push(sentence(&field.note));
    said.push(limits(field, campaign));
    if !field.example.is_empty() && field.kind != Kind::Long {
        said.push(sentence(&format!("例：“{}”", field.example)));
    }
    said.concat()
}

/// Whether a field must be answered, in words.
pub(super) fn need(field: &Field) -> String {
    match (field.required, field.blank.as_str()) {
        (true, "") => "必填。".to_owned(),
        (true, blank) => format!("必填，没有的填“{blank}”。"),
        (false, "") => "选填。".to_owned(),
        (false, blank) => format!("选填，没有的填“{blank}”。"),
    }
}

/// How a field is written, and its limits.
pub(super) fn limits(field: &Field, campaign: &Campaign) -> String {
    let mut said = match field.kind {
        Kind::Count | Kind::Decimal => sentence(&field.number_in_words()),
        kind => sentence(&writing(campaign, kind)),
    };
    said.push_str(&sentence(&field.pattern_in_words));
    if let Some(length) = field.length {
        said.push_str(&format!("{length} 位。"));
    }
    match (field.min, field.max) {
        (Some(min), Some(max)) => said.push_str(&format!("{min}—{max} 字。")),
        (None, Some(max)) => said.push_str(&format!("不超过 {max} 字。")),
        (Some(min), None) => said.push_str(&format!("不少于 {min} 字。")),
        (None, None) => {}
    }
    let list = field.codes.as_ref().and_then(|id| campaign.lists.get(id));
    if let Some(list) = list {
        let names: Vec<&str> = list.items.iter().map(|i| i.name.as_str()).collect();
        let manner = match (field.free, field.multi) {
            (true, _) => "可从下拉列表中选取，也可自填",
            (false, true) => "从下拉列表中选取，多项用“、”分开",
            (false, false) => "从下拉列表中选取",
        };
        if names.len() <= MOST_NAMES {
            said.push_str(&format!("{manner}：{}。", names.join("、")));
        } else {
            said.push_str(&format!("{manner}。"));
        }
    }
    said
}

/// How a kind of value is written.
fn writing(campaign: &Campaign, kind: Kind) -> String {
    let said = match kind {
        Kind::Text | Kind::Code | Kind::Count | Kind::Decimal => "",
        Kind::Name => "填身份证上的姓名，字间不加空格，间隔号写“·”",
        Kind::Long => "分段处按 Alt+Enter 换行",
        Kind::Month => "写作 1978.05",
        Kind::Span => "写作 1996.09—2000.07，至今的写作 2000.08—至今",
        Kind::Date => return format!("写作 {}-05-08", campaign.year),
        Kind::IdNo => "填完整号码，单元格须为文本格式",
        Kind::Uscc => "填 18 位统一社会信用代码",
        Kind::Phone => "固定电话写区号，如 0311-00000000；多个号码用“、”分开",
        Kind::Mobile => "填 11 位手机号",
        Kind::Email => "填一个电子邮箱",
        Kind::Postcode => "填 6 位邮政编码",
        Kind::YesNo => "填“是”或“否”",
        Kind::Url => "填完整网址，以 http:// 或 https:// 开头，一格一个",
        Kind::File => "填文件名；网页等由多个文件组成的，放进一个文件夹，填文件夹名",
        Kind::Photo => {
            let pattern = campaign.photo_names().id_photo.in_words(campaign);
            return format!("填 photos 文件夹中的文件名；照片已按“{pattern}.jpg”命名的可不填");
        }
    };
    said.to_owned()
}

/// A text as a sentence; empty for none.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['。', '！', '？']) {
        return text.to_owned();
    }
    format!("{text}。")
}

/// Width of a field's column, in characters.
pub(super) fn width_of(field: &Field) -> f64 {
    if field.width > 0 {
        return f64::from(field.width.min(200));
    }
    let kind = match field.kind {
        Kind::Name | Kind::Month | Kind::Date | Kind::Code => 12,
        Kind::Count | Kind::Decimal | Kind::Postcode | Kind::YesNo => 10,
        Kind::Mobile => 15,
        Kind::Phone | Kind::Photo => 20,
        Kind::Span | Kind::IdNo | Kind::Uscc => 22,
        Kind::Email | Kind::File => 24,
        Kind::Url => 36,
        Kind::Long => 60,
        Kind::Text => match field.max {
            Some(0..=10) => 14,
            Some(11..=30) => 24,
            _ => 34,
        },
    };
    let label = u32::try_from(field.label.chars().count() * 2 + 4).unwrap_or(14);
    f64::from(kind.max(label.min(20)))
}
