//! Colour on a terminal. What is said is said in words: without colour nothing is lost.

use std::io::IsTerminal;
use std::sync::OnceLock;

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};

use sanlian::clerk::{PageState, Verdict};
use sanlian::config;
use sanlian::finding::Severity;

/// When colour is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A stream on which words are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Data.
    Out,
    /// Talk.
    Err,
}

/// Whether stdout and stderr take colours.
static COLOURED: OnceLock<(bool, bool)> = OnceLock::new();

/// Settles once for the run where colour is used.
pub(crate) fn settle(when: When) {
    let wanted = |is_terminal: bool| match when {
        When::Always => true,
        When::Never => false,
        When::Auto => is_terminal && !config::no_colour(),
    };
    let _ = COLOURED.set((
        wanted(std::io::stdout().is_terminal()),
        wanted(std::io::stderr().is_terminal()),
    ));
}

/// Whether a stream takes colours.
pub(crate) fn is_on(stream: Stream) -> bool {
    let (out, err) = COLOURED.get().copied().unwrap_or_default();
    match stream {
        Stream::Out => out,
        Stream::Err => err,
    }
}

/// A word in a style, where the stream takes it.
pub(crate) fn paint(stream: Stream, style: Style, word: &str) -> String {
    match is_on(stream) {
        true => format!("{style}{word}{style:#}"),
        false => word.to_owned(),
    }
}

/// A line in which the first of a word is in a style, where the stream takes it.
pub(crate) fn in_line(stream: Stream, style: Style, line: &str, word: &str) -> String {
    match is_on(stream) && !word.is_empty() {
        true => line.replacen(word, &paint(stream, style, word), 1),
        false => line.to_owned(),
    }
}

/// A text that has colours as escapes, as the stream takes it.
pub(crate) fn fit(stream: Stream, text: &str) -> String {
    match is_on(stream) {
        true => text.to_owned(),
        false => without(text),
    }
}

/// A text without the escapes of colours: from escape to `m`.
fn without(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

/// How grave a finding is.
pub(crate) fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Error => bad(),
        Severity::Warning => doubtful(),
        Severity::Info => AnsiColor::Cyan.on_default(),
    }
}

/// What a desk answers.
pub(crate) fn of_verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Match => good(),
        Verdict::Again | Verdict::Unreadable | Verdict::Unverified | Verdict::Ahead => doubtful(),
        Verdict::Stale
        | Verdict::Void
        | Verdict::Foreign
        | Verdict::Forged
        | Verdict::Differs
        | Verdict::Unissued => bad(),
    }
}

/// What was read of a page.
pub(crate) fn of_page(state: PageState) -> Style {
    match state {
        PageState::Verified => good(),
        PageState::Blank | PageState::Faint | PageState::Unread => doubtful(),
        PageState::Unverified | PageState::Failed => bad(),
    }
}

/// In order.
pub(crate) fn good() -> Style {
    AnsiColor::Green.on_default().bold()
}

/// To be looked at.
pub(crate) fn doubtful() -> Style {
    AnsiColor::Yellow.on_default().bold()
}

/// Not in order.
pub(crate) fn bad() -> Style {
    AnsiColor::Red.on_default().bold()
}
