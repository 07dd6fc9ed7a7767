//! `sanlian check`.

use std::collections::BTreeMap;

use anyhow::Context;
use sanlian::clerk::{Campaigns, Reading, check, fonts, read};
use sanlian::finding::Report;
use sanlian::ooxml::{Note, mark_workbook};
use sanlian::store::write_file;

use super::args::Check;
use super::{End, data, talk};

pub(crate) fn run(args: &Check) -> anyhow::Result<End> {
    let campaigns = Campaigns::open(args.place.templates.as_deref())?;
    let (campaign, reading) = read(&campaigns, &args.submission, args.campaign.as_deref())?;
    let Some(campaign) = campaign else {
        talk::findings(&reading.findings);
        return Ok(End::Findings);
    };
    let fonts = fonts(args.font_dir.as_deref())?;
    let checked = check(
        &campaign,
        &reading,
        &fonts,
        args.now.unwrap_or_else(jiff::Timestamp::now),
    );
    if args.json {
        data::json(&Report::new(&checked.findings))?;
    } else {
        talk::findings(&checked.findings);
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

/// Gives the workbook back with its faults marked.
fn mark(
    reading: &Reading,
    findings: &[sanlian::finding::Finding],
    path: &std::path::Path,
) -> anyhow::Result<()> {
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
    write_file(path, &marked)?;
    talk::say(&format!("已另存标注：{}", path.display()));
    Ok(())
}

fn same_file(a: &std::path::Path, b: &std::path::Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
