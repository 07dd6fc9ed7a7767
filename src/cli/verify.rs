//! `sanlian verify`.

use std::path::Path;

use anyhow::Context;
use sanlian::clerk::{Verified, marks_in, verify};
use sanlian::config::Config;
use sanlian::store::read_trusted;

use super::args::Verify;
use super::{End, data, talk};

/// Most bytes of a file that is searched for marks.
const MOST_BYTES: u64 = 256 << 20;

pub(crate) fn run(args: &Verify) -> anyhow::Result<End> {
    let dir = args.keys.clone().unwrap_or_else(|| Config::from_env().keys);
    let (trusted, findings) = read_trusted(&dir)?;
    if !findings.is_empty() {
        talk::findings(&findings);
    }
    let mut all: Vec<Verified> = Vec::new();
    for given in &args.marks {
        let path = Path::new(given);
        if !path.is_file() {
            all.push(verify(&shortened(given), given, &trusted));
            continue;
        }
        let size = path.metadata().with_context(|| given.clone())?.len();
        anyhow::ensure!(
            size <= MOST_BYTES,
            "{given}：文件超过 {} MB，没有读取",
            MOST_BYTES >> 20
        );
        let bytes = std::fs::read(path).with_context(|| given.clone())?;
        let marks = marks_in(&String::from_utf8_lossy(&bytes));
        anyhow::ensure!(!marks.is_empty(), "{given}：没有找到 871 开头的 235 位数字");
        all.extend(marks.iter().map(|digits| verify(given, digits, &trusted)));
    }
    if args.json {
        data::json(&all)?;
    } else {
        all.iter().try_for_each(|v| data::line(&v.line()))?;
    }
    Ok(if all.iter().all(|v| v.genuine) {
        End::Done
    } else {
        End::Findings
    })
}

/// Digits are long; people want to see which ones were meant.
fn shortened(given: &str) -> String {
    let shown: String = given.chars().take(12).collect();
    if given.chars().count() > 12 {
        format!("{shown}…")
    } else {
        shown
    }
}
