//! Talk on stderr: findings for people, and what went wrong. Readable without colour.
#![expect(clippy::print_stderr, reason = "this is where the program talks")]

use sanlian::finding::{Finding, Report, Severity};

/// Why a command could not be done.
pub(crate) fn trouble(error: &anyhow::Error) {
    eprintln!("未能完成：{error:#}");
}

/// A line of talk.
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

/// Findings for people, errors first, each with its remedy, and their count.
pub(crate) fn findings(findings: &[Finding]) {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f| std::cmp::Reverse(f.severity));
    sorted.into_iter().for_each(finding);
    let report = Report::new(findings);
    eprintln!("共 {} 个错误、{} 个提醒。", report.errors, report.warnings);
}

/// One finding with its remedy.
pub(crate) fn finding(finding: &Finding) {
    let weight = match finding.severity {
        Severity::Error => "错误",
        Severity::Warning => "提醒",
        Severity::Info => "说明",
    };
    let place = finding.place.to_string();
    let colon = if place.is_empty() { "" } else { "：" };
    eprintln!(
        "{weight} {:<3} {place}{colon}{}",
        finding.code, finding.message
    );
    if !finding.hint.is_empty() {
        eprintln!("         → {}", finding.hint);
    }
}

/// A path as a shell takes it whole, whatever is in it.
pub(crate) fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', r"'\''"))
}
