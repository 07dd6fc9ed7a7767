//! What a field's kind asks for: F2 to F14, N1, N2 and N6. Values come in their canonical texts where intake understood them, and
//! as typed where not.

use std::borrow::Cow;

use crate::campaign::Kind;
use crate::finding::Severity::{Error, Warning};
use crate::text::contact::{is_email, is_mobile, is_phone, is_postcode, split_phones};
use crate::text::date::{Month, is_ambiguous_month, parse_date, parse_month, parse_span};
use crate::text::decimal::Decimal;
use crate::text::name::{NameFault, NameRepair, canonical_name, name_faults};
use crate::text::uscc::check_uscc;
use crate::text::width::fold_width;

use super::checking::Checking;
use super::identity;
use super::nearest::nearest;
use super::url;
use super::value::CheckedValue;
use crate::check::params::{brief, quoted, words_or};

/// Checks one value, which is not empty, by its field's kind.
pub(super) fn check(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    let folded = half_width(checking, spot);
    let text = folded.as_ref();
    match spot.field.kind {
        Kind::Text | Kind::Long | Kind::Photo => code_list(checking, spot, text),
        Kind::Name => name(checking, spot),
        Kind::Code => code_list(checking, spot, text),
        Kind::Month => month(checking, spot, text),
        Kind::Span => span(checking, spot, text),
        Kind::Date => date(checking, spot, text),
        Kind::Count => count(checking, spot, text),
        Kind::Decimal => decimal(checking, spot, text),
        Kind::IdNo => identity::check(checking, spot, text),
        Kind::Uscc => uscc(checking, spot, text),
        Kind::Phone => phone(checking, spot, text),
        Kind::Mobile => mobile(checking, spot, text),
        Kind::Email => email(checking, spot, text),
        Kind::Postcode => postcode(checking, spot, text),
        Kind::YesNo => yes_no(checking, spot, text),
        Kind::Url => url::check(checking, spot, text),
        // what lies in the folder is compared in `works`
        Kind::File => {}
    }
}

/// N6: numbers and addresses are written half-width. Returns the text as it should be, so that one fault is told once.
fn half_width<'a>(checking: &mut Checking<'_>, spot: &CheckedValue<'a>) -> Cow<'a, str> {
    let narrow = matches!(
        spot.field.kind,
        Kind::Month
            | Kind::Date
            | Kind::Count
            | Kind::Decimal
            | Kind::IdNo
            | Kind::Uscc
            | Kind::Phone
            | Kind::Mobile
            | Kind::Email
            | Kind::Postcode
    );
    let wide = |c: char| c.is_alphanumeric() && ('\u{FF01}'..='\u{FF5E}').contains(&c);
    if !narrow || !spot.text.chars().any(wide) {
        return Cow::Borrowed(spot.text);
    }
    let folded = fold_width(spot.text);
    let message = format!(
        "{}“{}”含全角数字或字母。",
        spot.label(),
        shown(spot, spot.text)
    );
    let hint = format!("请改为半角“{}”。", shown(spot, &folded));
    spot.tell(checking, Warning, "N6", message, hint);
    Cow::Owned(folded)
}

/// A value as a message may show it: numbers of documents are never repeated in full.
pub(super) fn shown(spot: &CheckedValue<'_>, text: &str) -> String {
    if spot.field.kind == Kind::IdNo || spot.field.masked {
        let count = text.chars().count();
        let tail = |most: usize| text.chars().skip(count.saturating_sub(most));
        return match count {
            9.. => format!("…{}", tail(4).collect::<String>()),
            // so short a number is shown by its length
            4..=8 => format!("…{}（共{count}位）", tail(1).collect::<String>()),
            _ => format!("…（共{count}位）"),
        };
    }
    brief(text)
}

/// N1 and N2: a person's name.
fn name(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    let (canonical, repairs) = canonical_name(spot.text);
    let label = spot.label();
    for repair in repairs {
        let (code, what) = match repair {
            NameRepair::Spaces => ("N1", "含多余空格"),
            NameRepair::Dots => ("N2", "的间隔号应为“·”（U+00B7）"),
        };
        let message = format!("{label}“{}”{what}。", brief(spot.text));
        let hint = format!("请改为“{}”。", brief(&canonical));
        spot.tell(checking, Error, code, message, hint);
    }
    for fault in name_faults(&canonical) {
        let (weight, hint) = match fault {
            NameFault::Single => (Warning, "请核对姓名是否填全。"),
            NameFault::Lost { .. } => (Error, "请用支持大字符集的输入法重新输入该字。"),
            NameFault::Digit { .. } | NameFault::Sign { .. } => {
                (Error, "姓名只填身份证上的姓名，不加序号、括号和说明。")
            }
            NameFault::Long { .. } => (Error, "请核对姓名，不超过25个汉字。"),
        };
        let message = format!("{label}“{}”{fault}。", brief(&canonical));
        spot.tell(checking, weight, "N1", message, hint);
    }
}

/// F2: names out of a code list, with the nearest one.
fn code_list(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let field = spot.field;
    let Some(list) = field
        .codes
        .as_ref()
        .and_then(|id| checking.campaign.lists.get(id))
    else {
        return;
    };
    if field.free {
        return;
    }
    let words: Vec<&str> = if field.multi {
        text.split('、')
            .map(str::trim)
            .filter(|w| !w.is_empty())
            .collect()
    } else {
        vec![text]
    };
    let label = spot.label();
    for (at, word) in words.iter().enumerate() {
        if words.iter().take(at).any(|earlier| earlier == word) {
            let message = format!("{label}中“{}”写了两次。", brief(word));
            spot.tell(checking, Warning, "F2", message, "请保留一个。");
        }
        if list.name_of(word).is_some() {
            continue;
        }
        let names = list.items.iter().map(|i| i.name.as_str());
        let hint = match nearest(word, names.clone()) {
            Some(near) => format!("可能是“{near}”。请从{}中选择。", choice(names)),
            None => format!("请从{}中选择。", choice(names)),
        };
        let message = format!("{label}“{}”不在可选项之内。", brief(word));
        spot.tell(checking, Error, "F2", message, hint);
    }
}

/// Names to choose from; a long list is cut.
fn choice<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 13;
    let names: Vec<&str> = names.collect();
    let head = quoted(names.iter().take(MOST).copied());
    if names.len() > MOST {
        format!("{head}等{}项", names.len())
    } else {
        head
    }
}

/// F3 for months.
fn month(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let label = spot.label();
    let Some(month) = parse_month(text) else {
        let message = format!("{label}“{}”不是年月，应写作“1978.05”。", brief(text));
        spot.tell(
            checking,
            Error,
            "F3",
            message,
            "请按“年.月”填写，月份两位。",
        );
        return;
    };
    if is_ambiguous_month(text) {
        let message = format!("{label}“{text}”可能是1月，也可能是丢了末位0的10月。");
        let hint = format!("请写作“{month}”或“{}.10”。", month.year);
        spot.tell(checking, Warning, "F3", message, hint);
    } else if month > Month::of(checking.reference_day()) {
        let message = format!("{label}“{month}”晚于本月。");
        spot.tell(checking, Warning, "F3", message, "请核对年月。");
    }
}

/// F3 for spans; what they mean together is in `history`.
fn span(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    if parse_span(text).is_none() {
        let label = spot.label();
        let message = format!("{label}“{}”不是起止年月。", brief(text));
        let hint = "请写作“1996.09—2000.07”，延续到现在的写作“2000.08—至今”。";
        spot.tell(checking, Error, "F3", message, hint);
    }
}

/// F3 for days.
fn date(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    if parse_date(text).is_none() {
        let message = format!("{}“{}”不是日期。", spot.label(), brief(text));
        let year = checking.campaign.year;
        let hint = format!("请写作“{year}-05-08”或“{year}年5月8日”，并核对月、日是否存在。");
        spot.tell(checking, Error, "F3", message, hint);
    }
}

/// F11: whole numbers, not negative.
fn count(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits && text.parse::<u32>().is_ok() {
        within(checking, spot, Decimal::parse(text));
        return;
    }
    let message = format!("{}“{}”应为不小于0的整数。", spot.label(), brief(text));
    let inner: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = !inner.is_empty() && inner.len() < 10 && !text.contains(['-', '.', '—', '~', '－']);
    let hint = if let Some(whole) = in_full(&spot.field.unit, text) {
        format!("请把数写全：{whole}，不写“万”“亿”。")
    } else if plain && !digits {
        format!("请只填数字，如“{inner}”，单位不必填写。")
    } else {
        "请只填整数，单位不必填写。".to_owned()
    };
    spot.tell(checking, Error, "F11", message, hint);
}

/// The digits of a number that people write short, `15000` of 1.5万人; none for another one, and where the field itself counts in such units.
fn in_full(unit: &str, text: &str) -> Option<String> {
    const SHORT: [(&str, usize); 6] = [
        ("千万", 7),
        ("百万", 6),
        ("十万", 5),
        ("万", 4),
        ("亿", 8),
        ("千", 3),
    ];
    if SHORT.iter().any(|(word, _)| unit.starts_with(word)) {
        return None;
    }
    let (head, behind, zeros) = SHORT.iter().find_map(|(word, zeros)| {
        let (head, behind) = text.split_once(word)?;
        Some((head.trim(), behind, *zeros))
    })?;
    let (whole, part) = head.split_once('.').unwrap_or((head, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let numeral = |c: char| c.is_numeric() || "一二三四五六七八九十百千万亿余多".contains(c);
    let sound = !whole.is_empty() && digits(whole) && digits(part) && !behind.contains(numeral);
    if !sound || part.len() > zeros || whole.len() > 6 {
        return None;
    }
    let full = format!("{whole}{part}{}", "0".repeat(zeros - part.len()));
    let full = full.trim_start_matches('0');
    (!full.is_empty()).then(|| full.to_owned())
}

/// F11: numbers that may have digits after the point.
fn decimal(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let label = spot.label();
    let Some(number) = Decimal::parse(text) else {
        let message = format!("{label}“{}”应为数字。", brief(text));
        let hint = match in_full(&spot.field.unit, text) {
            Some(whole) => format!("请把数写全：{whole}，不写“万”“亿”。"),
            None => "请只填数字，小数点用“.”，单位不必填写。".to_owned(),
        };
        spot.tell(checking, Error, "F11", message, hint);
        return;
    };
    if let Some(places) = spot.field.places.filter(|p| number.places() > *p as usize) {
        let message = format!("{label}“{text}”最多保留{places}位小数。");
        spot.tell(checking, Error, "F11", message, "请按要求四舍五入后填写。");
    }
    within(checking, spot, Some(number));
}

/// F11: the limits of a number; 0 is the least where none is written.
fn within(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, number: Option<Decimal>) {
    let Some(number) = number else { return };
    let least = spot.field.at_least.map_or_else(Decimal::default, |l| l.0);
    let most = spot.field.at_most.map(|l| l.0);
    let label = spot.label();
    let asked = match most {
        Some(most) => format!("应在{least}到{most}之间"),
        None => format!("不应小于{least}"),
    };
    if number < least || most.is_some_and(|most| number > most) {
        let message = format!("{label}“{number}”{asked}。");
        spot.tell(checking, Error, "F11", message, "请核对这个数。");
    }
}

/// F7: unified social credit codes.
fn uscc(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Err(fault) = check_uscc(&code.to_ascii_uppercase()) {
        let message = format!("{}{fault}。", spot.label());
        spot.tell(
            checking,
            Error,
            "F7",
            message,
            "请对照法人证书或营业执照核对。",
        );
    }
}

/// F8: fixed and mobile numbers.
fn phone(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let label = spot.label();
    for number in split_phones(text) {
        if is_phone(&number) || is_mobile(&number) {
            continue;
        }
        let local = (7..=8).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        let (message, hint) = if local {
            (
                format!("{label}“{number}”缺区号。"),
                format!("请写作“0311-{number}”的样子，区号按实际填写。"),
            )
        } else {
            (
                format!("{label}“{}”不是电话号码。", shown(spot, &number)),
                "请写作“0311-00000000”或11位手机号，多个号码用“、”隔开。".to_owned(),
            )
        };
        spot.tell(checking, Error, "F8", message, hint);
    }
}

/// F8: mobile numbers.
fn mobile(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let label = spot.label();
    let numbers = split_phones(text);
    let parts = numbers.len();
    // one number with blanks in it looks like several
    if parts > 1 && !numbers.iter().any(|number| is_mobile(number)) {
        let message = format!("{label}里的数字分成了{parts}段，都不是11位的手机号。");
        let hint = "请核对手机号：一个号码中间不加空格，多个号码用“、”隔开。";
        spot.tell(checking, Error, "F8", message, hint);
        return;
    }
    for number in numbers {
        if is_mobile(&number) {
            continue;
        }
        let count = number.chars().count();
        let message = if number.bytes().all(|b| b.is_ascii_digit()) && count != 11 {
            format!("{label}应为11位，“{}”为{count}位。", shown(spot, &number))
        } else {
            format!(
                "{label}“{}”不是手机号，应为13至19开头的11位数字。",
                shown(spot, &number)
            )
        };
        spot.tell(checking, Error, "F8", message, "请核对手机号。");
    }
}

/// F9: mail addresses; several are not foreseen.
fn email(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    if is_email(text) {
        return;
    }
    let fixed: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '。' | '，' | ',' => '.',
            '＠' => '@',
            _ => c,
        })
        .collect();
    let message = format!("{}“{}”不是电子邮箱地址。", spot.label(), shown(spot, text));
    let hint = if is_email(&fixed) {
        format!("请改为“{}”。", shown(spot, &fixed))
    } else {
        "请写作“name@example.org”的样子，只填一个。".to_owned()
    };
    spot.tell(checking, Error, "F9", message, hint);
}

/// F10: postcodes. Parameter `prefixes`: how postcodes of the campaign's province begin.
fn postcode(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let label = spot.label();
    if !is_postcode(text) {
        let message = format!("{label}“{}”应为6位数字。", brief(text));
        spot.tell(checking, Error, "F10", message, "请核对邮政编码。");
        return;
    }
    let rule = checking.campaign.rules.0.get("F10");
    let prefixes = rule.map_or_else(Vec::new, |r| words_or(r, "prefixes", &[]));
    if !prefixes.is_empty() && !prefixes.iter().any(|p| text.starts_with(p)) {
        let message = format!(
            "{label}“{text}”不是本省的邮政编码（以{}开头）。",
            quoted(prefixes)
        );
        spot.tell(
            checking,
            Warning,
            "F10",
            message,
            "请核对邮政编码；单位确在外省的无需处理。",
        );
    }
}

/// F13: 是 or 否.
fn yes_no(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    if !matches!(text, "是" | "否") {
        let message = format!("{}“{}”应为“是”或“否”。", spot.label(), brief(text));
        spot.tell(checking, Error, "F13", message, "请填“是”或“否”。");
    }
}
