//! Talk on stderr: findings for people, and what went wrong. Readable without colour. What cannot be written there is told at the end
//! where it can: talk that is lost stops no work.

use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use sanlian::campaign::Campaign;
use sanlian::finding::{Finding, Report, Severity};
use sanlian::foreign::{InChinese, io_remedy};

use sanlian::store::StoreError;

use super::colour::{Stream, bad, of_severity, paint};
use super::visible::{Shape, visible};
use super::{data, remedy};

/// Why the first line of talk that was lost could not be written.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Whether only errors are said.
static HUSHED: AtomicBool = AtomicBool::new(false);

/// Says nothing from here on but errors.
pub(crate) fn hush() {
    HUSHED.store(true, Ordering::Relaxed);
}

/// Whether only errors are said.
pub(crate) fn is_hushed() -> bool {
    HUSHED.load(Ordering::Relaxed)
}

/// Why a command could not be done; where stderr takes it no more, on stdout.
pub(crate) fn trouble(error: &anyhow::Error) {
    let lead = paint(Stream::Err, bad(), "未能完成：");
    let words = remedy::complete(&format!("{lead}{}", chain(error)));
    let words = visible(Stream::Err, Shape::Line, &words);
    if let Err(reason) = write(&words) {
        let _ = LOST.set(reason);
        // both are closed: nobody is left to be told
        let _ = data::write(&words);
    }
}

/// What an error says with what caused it, in Chinese. Many name their cause in their own sentence; it is not said twice.
fn chain(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let words = cause
            .downcast_ref::<io::Error>()
            .map_or_else(|| cause.to_string(), InChinese::in_chinese);
        if said.contains(words.trim_end_matches('。')) {
            continue;
        }
        if !said.is_empty() {
            said.push('：');
        }
        said.push_str(&words);
        let remedy = match (cause.downcast_ref(), cause.downcast_ref::<StoreError>()) {
            (Some(error), _) => io_remedy(error).to_owned(),
            (None, Some(error)) => error.finding().hint,
            (None, None) => continue,
        };
        said.push('。');
        said.push_str(&remedy);
    }
    said
}

/// A line of talk; left out where only errors are wanted.
pub(crate) fn say(line: &str) {
    if !is_hushed() {
        fault(line);
    }
}

/// A line that says what is wrong, whatever is wanted.
pub(crate) fn fault(line: &str) {
    shown(Shape::Line, &remedy::complete(line));
}

/// Lines that say what is wrong with the arguments.
pub(crate) fn faults(text: &str) {
    shown(Shape::Text, text);
}

fn shown(shape: Shape, text: &str) {
    if let Err(reason) = write(&visible(Stream::Err, shape, text)) {
        let _ = LOST.set(reason);
    }
}

/// Whether talk was lost that somebody waits for; then it is said on stdout. One who went away does not wait.
pub(crate) fn was_lost() -> bool {
    let lost = LOST.get().filter(|e| e.kind() != ErrorKind::BrokenPipe);
    if let Some(error) = lost {
        let _ = data::write(&format!(
            "标准错误写不进去：{}。说明没有全部显示{}。",
            data::reason(error),
            data::rest()
        ));
    }
    lost.is_some()
}

fn write(line: &str) -> io::Result<()> {
    let mut out = io::stderr().lock();
    // one write a line: lines of several programs do not mix
    out.write_all(format!("{line}\n").as_bytes())?;
    out.flush()
}

/// Findings for people, errors first, each with its remedy, and their count.
pub(crate) fn findings(findings: &[Finding]) {
    sorted(findings).into_iter().for_each(finding);
    count(findings);
}

/// Findings whose fields have the names that people call them by.
pub(crate) fn labelled(campaign: &Campaign, findings: &[Finding]) -> Vec<Finding> {
    let named = |finding: &Finding| {
        let mut finding = finding.clone();
        let field = finding.place.field.take();
        let of_sheet = |key: &str| {
            let label = finding.place.sheet.as_deref()?;
            let sheet = campaign.sheets.iter().find(|s| s.label == label)?;
            sheet.field(key).map(|f| f.label.clone())
        };
        // units and candidates have fields of the same key
        let name = |key: String| {
            let known = of_sheet(&key).or_else(|| campaign.label_of(&key).map(str::to_owned));
            known.unwrap_or(key)
        };
        let field = field.map(name);
        finding.place.field = field;
        finding
    };
    findings.iter().map(named).collect()
}

/// How many findings there are.
pub(crate) fn count(findings: &[Finding]) {
    let report = Report::new(findings);
    say(&format!(
        "共 {} 个错误、{} 个提醒。",
        report.errors, report.warnings
    ));
}

/// One finding with its remedy. An error is told to those too who want to hear nothing else.
pub(crate) fn finding(finding: &Finding) {
    for line in lines(finding, Stream::Err) {
        match finding.severity {
            Severity::Error => fault(&line),
            _ => say(&line),
        }
    }
}

/// Findings, errors first.
pub(crate) fn sorted(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f| std::cmp::Reverse(f.severity));
    sorted
}

/// The lines of a finding and its remedy, for a stream.
pub(crate) fn lines(finding: &Finding, stream: Stream) -> Vec<String> {
    let weight = match finding.severity {
        Severity::Error => "错误",
        Severity::Warning => "提醒",
        Severity::Info => "说明",
    };
    let weight = paint(stream, of_severity(finding.severity), weight);
    // a key is no word for people
    let mut place = finding.place.clone();
    place.field = place.field.filter(|field| !field.is_ascii());
    // whoever is named at the beginning of the sentence is not named twice
    let named = |record: &String| finding.message.starts_with(record.as_str());
    if place.is_only_record() && place.record.as_ref().is_some_and(named) {
        place.record = None;
    }
    let place = place.to_string();
    let colon = if place.is_empty() { "" } else { "：" };
    let mut lines = vec![format!(
        "{weight} {:<3} {place}{colon}{}",
        finding.code, finding.message
    )];
    if !finding.hint.is_empty() {
        lines.push(format!("         → {}", finding.hint));
    }
    lines
}
