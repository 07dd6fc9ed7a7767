//! `sanlian backup`, `restore` and `audit`: what keeps a ledger over years.

use std::path::{Path, PathBuf};

use serde::Serialize;

use sanlian::clerk::{AuditRow, ChainState, Proof, audit, back_up, restore};

use super::end::End;
use super::places::AtData;
use super::{data, hours, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// 备份文件夹：尚不存在、是空的，或者是同一份台账较早的备份
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// 以 JSON 输出备份清单
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: AtData,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// 备份文件夹，或者服务页面上备份的 .zip
    backup: PathBuf,
    /// 恢复早先格式的备份：它没有密钥签记，不能证明没有被改动，只在确知来源时使用
    #[arg(long)]
    old_format: bool,
    #[command(flatten)]
    place: AtData,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    what: AuditWhat,
    /// 以 JSON 输出，每行一条
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    place: AtData,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum AuditWhat {
    /// 核对：日志的每一行都由前一行而来；断开时说出行号
    Verify,
    /// 列出：何时、何事、结果；个人信息不出现
    List,
}

pub(crate) fn backup(args: &Backup) -> anyhow::Result<End> {
    let found = args.place.folders.found()?;
    outside(&args.out, &found.data)?;
    let (manifest, findings) = back_up(found.places(), &args.out, args.place.now())?;
    if args.json {
        data::json(&manifest)?;
    }
    if !findings.is_empty() {
        talk::findings(&findings);
    }
    let held = &manifest.ledger;
    talk::say(&format!(
        "已备份到 {}：{} 个单位、{} 条记录、{} 页收件、{} 行审计日志，另 {} 个文件。",
        args.out.display(),
        held.units,
        held.records,
        held.receipts,
        held.audit_rows,
        manifest.files.len().saturating_sub(1)
    ));
    talk::say(&format!("审计日志末行摘要：{}", held.audit_last));
    talk::say(&format!(
        "密钥不在备份中。请把密钥目录 {} 整个另存一份，与备份分开保管：没有其中的 vault.key，备份恢复不了；没有公钥和信任名单，恢复以后认不出单位的签名。",
        found.keys.display(),
    ));
    Ok(if findings.is_empty() {
        End::Done
    } else {
        End::Findings
    })
}

/// Refuses a backup inside what it backs up: it would go with it, and grow with each one.
fn outside(out: &Path, data: &Path) -> anyhow::Result<()> {
    let whole = |path: &Path| {
        // what is not there yet lies where the nearest folder that is there lies
        let path = std::path::absolute(path)?;
        let there = path.ancestors().find(|p| p.exists()).unwrap_or(&path);
        let rest = path.strip_prefix(there).unwrap_or(Path::new(""));
        Ok::<_, std::io::Error>(there.canonicalize()?.join(rest))
    };
    anyhow::ensure!(
        !whole(out)?.starts_with(whole(data)?),
        "{} 在数据目录 {} 之内，没有备份。备份要能在台账丢失时用：请写别处的文件夹，最好是另一块磁盘",
        out.display(),
        data.display()
    );
    Ok(())
}

pub(crate) fn put_back(args: &Restore) -> anyhow::Result<End> {
    let found = args.place.folders.found()?;
    let proof = match args.old_format {
        true => Proof::Waived,
        false => Proof::Asked,
    };
    let done = restore(&args.backup, found.places(), args.place.now(), proof)?;
    if done.manifest.proof.is_none() {
        talk::say(
            "这份备份是早先格式的，没有密钥签记：只核对了校验和与审计日志，不能证明它没有被人改动。",
        );
    }
    let held = &done.manifest.ledger;
    let words = if done.before {
        "此前已由这份备份恢复，没有改动"
    } else {
        "已恢复，校验和、数据库和审计日志都核对无误"
    };
    talk::say(&format!(
        "{}：{words}。{} 个单位、{} 条记录、{} 页收件，备份于 {}。",
        found.data.display(),
        held.units,
        held.records,
        held.receipts,
        hours::minute(done.manifest.made_at)
    ));
    Ok(End::Done)
}

/// A row of the log as data.
#[derive(Serialize)]
struct AuditLine<'a> {
    no: i64,
    at: String,
    actor: &'a str,
    source: &'a str,
    act: &'a str,
    subject: &'a str,
    detail: &'a str,
    /// The row's digest, as a backup notes that of the last row.
    digest: String,
}

pub(crate) fn log(args: &Audit) -> anyhow::Result<End> {
    let found = args.place.folders.found()?;
    let show = matches!(args.what, AuditWhat::List);
    let mut trouble = None;
    let state = audit(found.places(), &mut |row| {
        if show && trouble.is_none() {
            trouble = line(row, args.json).err();
        }
    })?;
    if let Some(trouble) = trouble {
        return Err(trouble);
    }
    let (words, end) = verdict(&state);
    if show {
        talk::say(&words);
    } else {
        data::line(&words)?;
    }
    Ok(end)
}

/// What was found of the chain, in words.
fn verdict(state: &ChainState) -> (String, End) {
    match state {
        ChainState::Whole {
            rows,
            last,
            keyed_from,
            headed,
        } => {
            let last: String = last.iter().map(|b| format!("{b:02x}")).collect();
            let mut words = format!("审计日志完整：{rows} 行，末行摘要 {last}");
            if *keyed_from > 1 {
                let old = keyed_from - 1;
                words.push_str(&format!(
                    "。前 {old} 行是早先的程序写的，没有密钥保护，只知道第 {keyed_from} 行写下之后没有改动"
                ));
            }
            if !headed && *rows > 0 {
                words.push_str(
                    "。密钥目录中没有末尾记录，末尾是否被截去无从核对；请核对 --keys，或用 sanlian audit list --json 找一找备份时记下的末行摘要（digest）还在不在",
                );
            }
            (words, End::Done)
        }
        ChainState::Broken { row } => (
            format!(
                "审计日志在第 {row} 行断开：这一行或它前面的行被改动、删除或插入过。请保留现场，与此前的备份核对。"
            ),
            End::Findings,
        ),
        ChainState::Cut { rows, known } => {
            let what = match known > rows {
                true => format!(
                    "审计日志只有 {rows} 行，密钥目录中记有第 {known} 行：末尾被截去，或者台账是早先的副本"
                ),
                false => format!(
                    "审计日志的第 {known} 行不是密钥目录中记下的那一行：末尾被截去之后另写过"
                ),
            };
            let todo = "请保留现场，与此前的备份核对；确需沿用时，用 sanlian backup 和 sanlian restore 另立一份";
            (format!("{what}。{todo}。"), End::Findings)
        }
    }
}

fn line(row: &AuditRow, json: bool) -> anyhow::Result<()> {
    let by = who(row);
    let when = hours::second(row.at);
    let row = AuditLine {
        no: row.no,
        at: row.at.to_string(),
        actor: &row.actor,
        source: &row.source,
        act: &row.act,
        subject: &row.subject,
        detail: &row.detail,
        digest: row.digest.iter().map(|b| format!("{b:02x}")).collect(),
    };
    if json {
        return data::json_line(&row);
    }
    data::line(&format!(
        "{}　{}　{}　{}　{}　{}",
        row.no, when, by, row.act, row.subject, row.detail
    ))?;
    Ok(())
}

/// Who acted and from where; a dash for a row that does not say.
fn who(row: &AuditRow) -> String {
    match (row.actor.as_str(), row.source.as_str()) {
        ("", _) => "—".to_owned(),
        (actor, "") => actor.to_owned(),
        (actor, source) => format!("{actor} @ {source}"),
    }
}
