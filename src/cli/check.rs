//! `sanlian check`: what is found is its result, so it stands on stdout; how many, and what was written, is talk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sanlian::clerk::{Reading, check_telling, fonts};
use sanlian::finding::{Finding, Report};
use sanlian::ooxml::{Note, mark_workbook};
use sanlian::store::write_result;

use super::colour::Stream;
use super::end::End;
use super::places::Submitted;
use super::{data, progress, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    given: Submitted,
    /// 另存一份标出问题的工作簿：红色单元格、批注、“错误说明”列；也可写 --out
    #[arg(short = 'o', long, alias = "out", value_name = "FILE.xlsx")]
    marked: Option<PathBuf>,
}

pub(crate) fn run(args: &Check) -> anyhow::Result<End> {
    let (campaign, reading) = args.given.read()?;
    let Some(campaign) = campaign else {
        show(&reading.findings)?;
        return Ok(End::Findings);
    };
    let fonts = fonts(args.given.font_dir.as_deref())?;
    let now = args.given.now();
    let checked = progress::of_steps(|step| check_telling(&campaign, &reading, &fonts, now, step));
    if args.given.json {
        data::json(&Report::new(&checked.findings))?;
    } else {
        show(&talk::labelled(&campaign, &checked.findings))?;
    }
    if let Some(path) = &args.marked {
        mark(&reading, &checked.findings, path)?;
    }
    Ok(if checked.has_errors() {
        End::Findings
    } else {
        End::Done
    })
}

/// Findings as data, errors first, each with its remedy; their count as talk.
fn show(findings: &[Finding]) -> anyhow::Result<()> {
    for finding in talk::sorted(findings) {
        let lines = talk::lines(finding, Stream::Out);
        lines.iter().try_for_each(|line| data::line(line))?;
    }
    talk::count(findings);
    Ok(())
}

/// Gives the workbook back with its faults marked.
fn mark(reading: &Reading, findings: &[Finding], path: &Path) -> anyhow::Result<()> {
    let Some((name, bytes)) = &reading.workbook else {
        anyhow::bail!("报送材料不是 .xlsx 工作簿，无法另存标注");
    };
    anyhow::ensure!(
        !same_file(path, &reading.dir.join(name)),
        "--marked 不能与原工作簿是同一个文件：{}",
        path.display()
    );
    let notes: Vec<Note> = findings.iter().map(Note::from).collect();
    let marked = mark_workbook(bytes, &notes, &BTreeMap::new()).context("工作簿无法标注")?;
    write_result(path, &marked)?;
    talk::say(&format!("已另存标注：{}", path.display()));
    Ok(())
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
