//! A cell that asks for a person's name: the name in its one way of writing, and what stands there besides.

use crate::campaign::{Field, Kind};
use crate::finding::{Finding, Place, Severity};
use crate::text::name::{NameRepair, canonical_name};
use crate::text::name_cell::name_cell;

/// Whether two names stand in one cell, one below the other. A name of one person that was broken is short, or has the dot of foreign
/// names.
pub(super) fn are_two(field: &Field, typed: &str) -> bool {
    const LONGEST: usize = 4;
    let lines: Vec<&str> = typed
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let letters = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c) || c >= '\u{20000}';
    let name = |line: &&str| line.chars().count() > 1 && line.chars().all(letters);
    let long = lines.iter().map(|l| l.chars().count()).sum::<usize>() > LONGEST;
    field.kind == Kind::Name && lines.len() > 1 && long && lines.iter().all(name)
}

/// A person's name in its one way of writing; what stands in its cell besides is told once (N1).
pub(super) fn read(
    field: &Field,
    cleaned: &str,
    place: &Place,
    findings: &mut Vec<Finding>,
) -> String {
    let label = &field.label;
    let mut tell = |severity, code, message: String, hint: &str| {
        findings.push(Finding::new(severity, code, place.clone(), message, hint));
    };
    let cell = name_cell(cleaned);
    if cell.names.len() > 1 {
        let quoted: Vec<String> = cell.names.iter().map(|name| format!("“{name}”")).collect();
        let message = format!(
            "{label}一格里写着{}，像是{}个人。",
            quoted.concat(),
            cell.names.len()
        );
        let hint = "一格只写一个人的姓名：是几位候选人的，请每人写一行；是一个人的，请写成身份证上的样子。";
        tell(Severity::Error, "N1", message, hint);
        return cell.names.join("、");
    }
    if let (Some(name), false) = (cell.names.first(), cell.besides.is_empty()) {
        let besides: Vec<String> = cell.besides.iter().map(|b| format!("“{b}”")).collect();
        let besides = besides.concat();
        let message = format!("{label}一格写着“{cleaned}”，{besides}不是姓名，按“{name}”读取。");
        let hint = format!("姓名只填身份证上的姓名，不加序号、括号和说明，请删去{besides}。");
        tell(Severity::Error, "N1", message, &hint);
        return name.clone();
    }
    let (name, repairs) = canonical_name(cleaned);
    for repair in repairs {
        let (severity, code, what) = match repair {
            NameRepair::Spaces => (Severity::Info, "N1", "姓名中的空格已去掉"),
            NameRepair::Dots => (Severity::Warning, "N2", "间隔号已改为“·”"),
        };
        let message = format!("{label}“{cleaned}”读作“{name}”：{what}。");
        tell(severity, code, message, "请核对；如不对，请改正。");
    }
    name
}
