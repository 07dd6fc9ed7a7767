//! `sanlian export` and `erase`: what is held of a campaign, a unit or a person, handed over and erased.

use std::path::PathBuf;

use anyhow::bail;

use sanlian::clerk::{IfMissing, Office, ToErase, Whose};

use super::end::End;
use super::places::{AtData, Where};
use super::{data, talk};

/// Who acts at the command line, in the audit log.
const BY: &str = "命令行";

/// Whose data are meant.
#[derive(Debug, clap::Args)]
pub(crate) struct OfWhom {
    /// 活动：其中全部单位的材料
    #[arg(long, value_name = "ID")]
    campaign: Option<String>,
    /// 单位全称：只这一个单位的材料，与 --campaign 同用
    #[arg(long, value_name = "NAME", requires = "campaign")]
    unit: Option<String>,
    /// 记录编号（16 位，见 sanlian find）：只这一个人
    #[arg(long, value_name = "REFERENCE", conflicts_with = "campaign")]
    record: Option<String>,
}

impl OfWhom {
    fn whose(&self) -> anyhow::Result<Whose> {
        let [campaign, unit, record] = [&self.campaign, &self.unit, &self.record];
        // a name that was forgotten must not widen the act to all units
        anyhow::ensure!(
            !unit.as_deref().is_some_and(|u| u.trim().is_empty()),
            "--unit 后面是空的。请写单位全称；要办整个活动的，不写 --unit"
        );
        Ok(Whose::named(
            campaign.as_deref(),
            unit.as_deref(),
            record.as_deref(),
        )?)
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    of: OfWhom,
    /// 输出的 .zip；其中的个人信息没有遮盖，只有文件的主人能读
    #[arg(short, long, value_name = "FILE.zip")]
    out: PathBuf,
    #[command(flatten)]
    place: AtData,
    #[command(flatten)]
    templates: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Erase {
    #[command(flatten)]
    of: OfWhom,
    /// 原因，2 至 200 字，记入审计日志，如“保存期限届满”
    #[arg(long)]
    reason: String,
    /// 确认删除；不写时只说明将删除什么
    #[arg(long)]
    yes: bool,
    /// 以 JSON 输出结果
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: AtData,
    #[command(flatten)]
    templates: Where,
}

fn opened(
    place: &AtData,
    templates: &Where,
    act: &mut dyn FnMut(&mut Office<'_>, jiff::Timestamp) -> anyhow::Result<End>,
) -> anyhow::Result<End> {
    let found = place.folders.found()?;
    let campaigns = templates.campaigns()?;
    let (mut office, findings) = Office::open(found.places(), &campaigns, IfMissing::Refuse)?;
    if !findings.is_empty() {
        talk::findings(&findings);
    }
    act(&mut office, place.now())
}

pub(crate) fn export(args: &Export) -> anyhow::Result<End> {
    let whose = args.of.whose()?;
    if args.out.exists() {
        bail!("{} 已经存在，没有导出。请另取文件名", args.out.display());
    }
    opened(&args.place, &args.templates, &mut |office, now| {
        let told = office.hand_over(&whose, &args.out, BY, now)?;
        talk::say(&format!(
            "已导出“{}”的 {} 条记录、{} 个文件到 {}。其中的个人信息没有遮盖，请妥善保管，用后删除。",
            told.what,
            told.records,
            told.files,
            args.out.display()
        ));
        Ok(End::Done)
    })
}

pub(crate) fn erase(args: &Erase) -> anyhow::Result<End> {
    let whose = args.of.whose()?;
    opened(&args.place, &args.templates, &mut |office, now| {
        if !args.yes {
            return told_before(&office.to_erase(&whose, &args.reason)?, args.json);
        }
        let gone = office.erase(&whose, &args.reason, BY, now)?;
        if args.json {
            data::json(&gone)?;
        }
        talk::say(&format!(
            "已删除“{}”的个人信息：{} 个版本的内容、{} 个文件或文件夹、{} 处文字。编号、摘要、收件记录和审计日志保留。",
            gone.what, gone.versions, gone.files, gone.texts
        ));
        for name in &gone.backups {
            talk::say(&format!("备份 {name} 中还有，请另行删除。"));
        }
        gone.left.iter().for_each(|line| talk::say(line));
        Ok(End::Done)
    })
}

/// What would go; nothing was touched.
fn told_before(to_erase: &ToErase, json: bool) -> anyhow::Result<End> {
    if json {
        data::json(to_erase)?;
        return Ok(End::Done);
    }
    lines_before(to_erase)
        .iter()
        .try_for_each(|line| data::line(line))?;
    talk::say(
        "以上只是说明，没有删除。删除以后不能恢复：可先用 sanlian export 导出，确定要删除时，把这条命令加上 --yes 再运行一次。",
    );
    Ok(End::Done)
}

/// What would go, a line each.
fn lines_before(of: &ToErase) -> Vec<String> {
    let mut lines = vec![format!(
        "将删除“{}”的个人信息：{} 条记录的内容（另有 {} 条已删除）。{} 页收件的登记保留。",
        of.what,
        of.records.len(),
        of.erased,
        of.receipts
    )];
    lines.extend(
        of.units
            .iter()
            .map(|unit| format!("  单位 {unit}：全部材料")),
    );
    lines.extend(of.records.iter().map(|r| {
        format!(
            "  {} {}（{}），记录 {}，{} 个版本",
            r.form, r.name, r.unit, r.record, r.versions
        )
    }));
    if of.contacts > 0 {
        lines.push(format!("  单位名册上 {} 个单位的联系人和电话", of.contacts));
    }
    lines.extend(of.files.iter().map(|file| format!("  文件 {file}")));
    let backups = of.backups.iter();
    lines.extend(backups.map(|name| format!("  备份 {name} 中还有，不在删除之列，须另行删除")));
    lines
}
