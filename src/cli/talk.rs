//! Talk on stderr: findings for people, and what went wrong. Readable without colour. What cannot be written there is told at the end
//! where it can: talk that is lost stops no work.

use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use sanlian::finding::{Finding, Report, Severity};

use super::data;

/// Why the first line of talk that was lost could not be written.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Why a command could not be done; where stderr takes it no more, on stdout.
pub(crate) fn trouble(error: &anyhow::Error) {
    let words = format!("未能完成：{error:#}");
    if let Err(reason) = write(&words) {
        let _ = LOST.set(reason);
        // both are closed: nobody is left to be told
        let _ = data::write(&words);
    }
}

/// A line of talk.
pub(crate) fn say(line: &str) {
    if let Err(reason) = write(line) {
        let _ = LOST.set(reason);
    }
}

/// Whether talk was lost that somebody waits for; then it is said on stdout. One who went away does not wait.
pub(crate) fn was_lost() -> bool {
    let lost = LOST.get().filter(|e| e.kind() != ErrorKind::BrokenPipe);
    if let Some(error) = lost {
        let _ = data::write(&format!(
            "标准错误写不进去：{}。说明没有全部显示，办到哪一步请用 sanlian status、sanlian audit list 或输出目录核对。",
            reason(error)
        ));
    }
    lost.is_some()
}

/// Why a stream takes no more, in words.
pub(crate) fn reason(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "磁盘空间已满",
        ErrorKind::FileTooLarge => "文件超过了允许的大小",
        ErrorKind::BrokenPipe => "对方已关闭",
        _ => "写入出错",
    }
}

fn write(line: &str) -> io::Result<()> {
    let mut out = io::stderr().lock();
    // one write a line: lines of several programs do not mix
    out.write_all(format!("{line}\n").as_bytes())?;
    out.flush()
}

/// Findings for people, errors first, each with its remedy, and their count.
pub(crate) fn findings(findings: &[Finding]) {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f| std::cmp::Reverse(f.severity));
    sorted.into_iter().for_each(finding);
    let report = Report::new(findings);
    say(&format!(
        "共 {} 个错误、{} 个提醒。",
        report.errors, report.warnings
    ));
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
    say(&format!(
        "{weight} {:<3} {place}{colon}{}",
        finding.code, finding.message
    ));
    if !finding.hint.is_empty() {
        say(&format!("         → {}", finding.hint));
    }
}

/// A path as a shell takes it whole, whatever is in it.
pub(crate) fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', r"'\''"))
}
