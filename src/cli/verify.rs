//! `sanlian verify`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use sanlian::clerk::{Verified, format_of_scan, marks_in, verify};
use sanlian::config::{Config, zone};
use sanlian::store::read_trusted;

use super::colour::{self, Stream, in_line};
use super::end::End;
use super::{data, shell, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// 235 位数字，或含有数字的文件（manifest.json、文本）
    #[arg(required = true)]
    marks: Vec<String>,
    /// 密钥目录：其中的公钥是可信的
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
}

/// Most bytes of a file that is searched for marks.
const MOST_BYTES: u64 = 256 << 20;

/// Name of the format that holds text as well as pictures.
const PDF: &str = "PDF";

pub(crate) fn run(args: &Verify) -> anyhow::Result<End> {
    let dir = args.keys.clone().unwrap_or_else(|| Config::from_env().keys);
    let (trusted, findings) = read_trusted(&dir)?;
    if !findings.is_empty() {
        talk::findings(&findings);
    }
    let mut all: Vec<Verified> = Vec::new();
    for given in &args.marks {
        let path = Path::new(given);
        anyhow::ensure!(!path.is_dir(), "{given}：是文件夹。{}", scan_instead(given));
        if !path.is_file() {
            is_no_path(given)?;
            all.push(verify(&shortened(given), given, &trusted));
            continue;
        }
        let marks = marks_of(given)?;
        all.extend(marks.iter().map(|digits| verify(given, digits, &trusted)));
    }
    if args.json {
        data::json(&all)?;
    } else {
        all.iter().try_for_each(|v| data::line(&line(v)))?;
    }
    Ok(if all.iter().all(|v| v.genuine) {
        End::Done
    } else {
        End::Findings
    })
}

/// Refuses what is meant as a file and is none: its name would be judged as a mark.
fn is_no_path(given: &str) -> anyhow::Result<()> {
    let like_path = given.contains(['/', '\\', '.']) && marks_in(given).is_empty();
    anyhow::ensure!(
        !Path::new(given).exists(),
        "{given}：不是普通文件，没有读取。请给出一个普通的文件"
    );
    anyhow::ensure!(
        !like_path,
        "{given}：没有这个文件。请检查路径是否写错；要验的是标记时，请给出 871 开头的 235 位数字"
    );
    Ok(())
}

/// One line for a person.
fn line(verified: &Verified) -> String {
    let line = verified.line(&zone());
    match (&verified.finding, verified.genuine) {
        (_, true) => in_line(Stream::Out, colour::good(), &line, "签名成立"),
        (Some(finding), false) => in_line(Stream::Out, colour::bad(), &line, &finding.message),
        (None, false) => line,
    }
}

/// The digits that stand in a file. What only shows its pages, a photo or a scan, is read by another command, and that is said.
fn marks_of(given: &str) -> anyhow::Result<Vec<String>> {
    let path = Path::new(given);
    let size = path.metadata().with_context(|| given.to_owned())?.len();
    anyhow::ensure!(
        size <= MOST_BYTES,
        "{given}：文件超过 {} MB，没有读取",
        MOST_BYTES >> 20
    );
    let bytes = std::fs::read(path).with_context(|| given.to_owned())?;
    let format = format_of_scan(&bytes);
    let picture = format.filter(|f| *f != PDF);
    if let Some(name) = picture {
        // what digits stand in a picture's remarks says nothing of the page that it shows
        anyhow::bail!("{given}：是图片（{name}）。{}", scan_instead(given));
    }
    let marks = marks_in(&String::from_utf8_lossy(&bytes));
    if marks.is_empty() {
        anyhow::ensure!(
            format.is_none(),
            "{given}：是 PDF，其中没有写成文字的数字。{}",
            scan_instead(given)
        );
        anyhow::bail!(
            "{given}：没有找到 871 开头的 235 位数字。请给出 make 写的 manifest.json、含有这些数字的文本，或数字本身"
        );
    }
    Ok(marks)
}

/// What to run for pages that are pictures, ready to be copied.
fn scan_instead(given: &str) -> String {
    format!(
        "图片、扫描件上的标记请用扫描命令读：sanlian scan {}",
        shell::path(Path::new(given))
    )
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
