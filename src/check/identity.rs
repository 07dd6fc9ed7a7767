//! Numbers of identity documents: F4, F14, and what they say about birth and sex: F5, F6.

use crate::finding::{Place, Severity};
use crate::text::date::{Month, parse_date, parse_month};
use crate::text::id::{IdFacts, IdFault, check_id};

use super::checking::Checking;
use super::value::CheckedValue;

/// The first two digits of areas in GB/T 2260.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "81",
    "82", "83",
];

/// Checks a number by the document's kind in `id_type`; a blank one is an identity card.
pub(super) fn check(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, text: &str) {
    let number: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if is_damaged(&number) {
        let message = format!("{}已被表格软件改成科学计数，末几位已丢失。", spot.label());
        let hint = spot.retype();
        spot.tell(checking, Severity::Error, "F14", message, hint);
        return;
    }
    let kind = spot.entry.text("id_type").trim();
    let by_standard = kind.is_empty() || kind.contains("身份证") || kind.contains("居住证");
    if !by_standard {
        other_document(checking, spot, &number);
        return;
    }
    match check_id(&number) {
        Ok(facts) => agrees(checking, spot, &facts),
        Err(IdFault::CheckDigit { .. }) if number.ends_with("000") => {
            let message = format!(
                "{}末三位为000，且校验不符，应是被表格软件改坏。",
                spot.label()
            );
            let hint = spot.retype();
            spot.tell(checking, Severity::Error, "F14", message, hint);
        }
        Err(fault) => {
            let message = format!("{}{fault}。", spot.label());
            spot.tell(checking, Severity::Error, "F4", message, fault.hint());
        }
    }
}

/// `1.39900198502140E+17`.
fn is_damaged(number: &str) -> bool {
    let upper = number.to_ascii_uppercase();
    upper.split_once('E').is_some_and(|(head, power)| {
        !head.is_empty()
            && head.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && power
                .trim_start_matches('+')
                .bytes()
                .all(|b| b.is_ascii_digit())
            && (head.contains('.') || power.starts_with('+'))
    })
}

/// Passports and the like: letters and digits, brackets of some identity cards.
fn other_document(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, number: &str) {
    let sound = (5..=20).contains(&number.chars().count())
        && number
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '(' | ')' | '（' | '）' | '-'));
    if !sound {
        let message = format!("{}应为5至20位字母和数字。", spot.label());
        spot.tell(checking, Severity::Error, "F4", message, "请核对原件。");
    }
}

/// F5 and F6: typed sex and birth agree with the number.
fn agrees(checking: &mut Checking<'_>, spot: &CheckedValue<'_>, facts: &IdFacts) {
    if !facts.area.get(..2).is_some_and(|p| PROVINCES.contains(&p)) {
        let message = format!("{}前两位不是已知的省份代码。", spot.label());
        spot.tell(checking, Severity::Warning, "F4", message, "请核对原件。");
    }
    if facts.birth > checking.reference_day() {
        let message = format!("{}中的出生日期晚于今天。", spot.label());
        spot.tell(checking, Severity::Error, "F4", message, "请核对原件。");
    }
    if spot.row.is_some() {
        return;
    }
    let place_of = |key: &str| spot.entry.place_of(key).of(spot.record, key);
    let sex = spot.entry.text("sex").trim();
    let by_number = if facts.male { "男" } else { "女" };
    if matches!(sex, "男" | "女") && sex != by_number {
        let message = format!("“性别”填为“{sex}”，按身份证号为“{by_number}”。");
        mismatch(checking, "F5", place_of("sex"), message);
    }
    let birth = spot.entry.text("birth").trim();
    let typed = parse_month(birth).or_else(|| parse_date(birth).map(Month::of));
    let by_number = Month::of(facts.birth);
    if let Some(typed) = typed.filter(|typed| *typed != by_number) {
        let message = format!("“出生年月”填为“{typed}”，按身份证号为“{by_number}”。");
        mismatch(checking, "F6", place_of("birth"), message);
    }
}

fn mismatch(checking: &mut Checking<'_>, code: &'static str, place: Place, message: String) {
    if let Some(weight) = checking.weight(code, Severity::Error) {
        checking.add(weight, code, place, message, "请核对身份证原件后改正其一。");
    }
}
