//! Data on stdout.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::colour::Stream;
use super::remedy;
use super::visible::{Shape, visible};

/// A value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> anyhow::Result<()> {
    Ok(write(&serde_json::to_string_pretty(value)?).map_err(Unwritten)?)
}

/// A value as JSON in one line, out at once.
pub(crate) fn json_line<T: Serialize>(value: &T) -> anyhow::Result<()> {
    Ok(write(&serde_json::to_string(value)?).map_err(Unwritten)?)
}

/// A line for people, out before this returns: the next page is not taken in before the answer to the last is out. Fails where nobody
/// reads any more or nothing more can be written, so that a long run ends there.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let text = visible(Stream::Out, Shape::Line, &remedy::complete(text));
    Ok(write(&text).map_err(Unwritten)?)
}

/// A text of many lines that suggests no command: a document, help.
pub(crate) fn whole(text: &str) -> anyhow::Result<()> {
    Ok(write(&visible(Stream::Out, Shape::Text, text)).map_err(Unwritten)?)
}

/// Writes a line and nothing else.
pub(super) fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Data that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("标准输出写不进去：{words}。前面的结果不完整{}", rest(), words = reason(.0))]
pub(crate) struct Unwritten(pub(crate) io::Error);

impl Unwritten {
    /// Whether whoever read went away, as `head` does when it has enough: nobody is to be told.
    pub(crate) fn unread(&self) -> bool {
        self.0.kind() == io::ErrorKind::BrokenPipe
    }
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

/// Whether a ledger is open, in which more may be done than was shown.
static AT_DESK: AtomicBool = AtomicBool::new(false);

/// From here on acts are entered in a ledger.
pub(crate) fn at_desk() {
    AT_DESK.store(true, Ordering::Relaxed);
}

/// What to do where not all was shown.
pub(crate) fn rest() -> &'static str {
    match AT_DESK.load(Ordering::Relaxed) {
        true => "；办到哪一步请用 sanlian status、sanlian audit list 核对，再换一个能写的地方做",
        false => "；请换一个能写的地方再做一次",
    }
}
