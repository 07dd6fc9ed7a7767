//! `sanlian key new|export|trust|revoke|list`.

use std::path::{Path, PathBuf};

use sanlian::clerk::{
    Campaigns, DayEnd, IfMissing, KeyLine, Office, Trusting, export_key, list_keys, new_key,
    new_key_told, private_algorithm, revoke_key, time, trust_key,
};
use sanlian::config::Config;
use sanlian::store::write_result;

use super::end::End;
use super::{data, hours, places, shell, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Key {
    /// 密钥目录；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR", global = true)]
    keys: Option<PathBuf>,
    #[command(subcommand)]
    act: KeyAct,
}

/// Signature algorithms.
const ALGORITHMS: [&str; 2] = ["ed25519", "sm2"];

#[derive(Debug, clap::Subcommand)]
pub(crate) enum KeyAct {
    /// 换一把新的签名密钥：原密钥停用，私钥另存，旧标记仍然有效，记录编号不变
    New(New),
    /// 导出本单位的公钥，交给收件单位
    Export(Export),
    /// 信任一把公钥，可以限定起止时间
    Trust(Trust),
    /// 吊销一把密钥：自某时起签发的标记不再可信
    Revoke(Revoke),
    /// 列出全部密钥
    List {
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// 单位全称，写入公钥文件；默认沿用原密钥的
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// 算法
    #[arg(long, default_value = "ed25519", value_parser = ALGORITHMS)]
    algorithm: String,
    /// 原密钥的停用时刻（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339")]
    now: Option<jiff::Timestamp>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// 写入文件；默认写到标准输出
    #[arg(short, long, value_name = "FILE.pem")]
    out: Option<PathBuf>,
    /// 算法
    #[arg(long, default_value = "ed25519", value_parser = ALGORITHMS)]
    algorithm: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Trust {
    /// 公钥文件
    file: PathBuf,
    /// 所有者；默认取文件所记
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// 自何时起有效，如 2026-01-01（含当日）
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// 至何时止有效，如 2026-12-31（含当日）
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// 单位换了密钥，或由它代报的：可代表哪个单位报送（全称）；记入台账和审计日志
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// 与 --unit 同用：数据目录
    #[arg(long, value_name = "DIR", requires = "unit")]
    data: Option<PathBuf>,
    /// 与 --unit 同用：活动
    #[arg(long, value_name = "CAMPAIGN", requires = "unit")]
    campaign: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// 密钥编号（4 位），或指纹开头更长的一段
    id: String,
    /// 自何时起；默认取当前时刻
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// 原因，写成一行
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(crate) fn run(args: &Key) -> anyhow::Result<End> {
    let folder = args.keys.clone().unwrap_or_else(|| Config::from_env().keys);
    match &args.act {
        KeyAct::New(new) => renew(&folder, new),
        KeyAct::Export(to) => export(&folder, to),
        KeyAct::Trust(whom) => trust(&folder, whom),
        KeyAct::Revoke(which) => revoke(&folder, which),
        KeyAct::List { json } => list(&folder, *json),
    }
}

fn renew(folder: &Path, new: &New) -> anyhow::Result<End> {
    let now = new.now.unwrap_or_else(this_second);
    let owner = new.owner.as_deref().unwrap_or_default();
    let made = new_key(folder, owner, &new.algorithm, now)?;
    data::line(&made.id)?;
    if made.resumed {
        talk::say(&format!(
            "上次换密钥（{}）被中断，现已做完，没有另做一把；确要再换的，请再运行一次。",
            hours::second(made.at)
        ));
    }
    if let Some((old, path)) = &made.retired {
        talk::say(&format!(
            "原密钥 {old} 自 {} 起停用，私钥保存在 {}；此前签发的标记仍然有效，记录编号不变。",
            hours::second(made.at),
            path.display()
        ));
    }
    talk::say(&format!("新密钥 {} 的指纹：{}", made.id, made.fingerprint));
    talk::say(
        "请备份密钥目录，再用 sanlian key export -o 公钥.pem 导出公钥交给收件单位，并请对方核对指纹。",
    );
    // last of all: until here, a run that is killed is answered by the next one
    new_key_told(folder, &new.algorithm)?;
    Ok(End::Done)
}

fn trust(folder: &Path, args: &Trust) -> anyhow::Result<End> {
    let at = |text: &Option<String>, end| text.as_deref().map(|t| time(t, end)).transpose();
    let say = Trusting {
        owner: args.owner.clone(),
        from: at(&args.from, DayEnd::First)?,
        until: at(&args.until, DayEnd::Last)?,
        unit: None,
    };
    let unit = args.unit.as_deref();
    let named = unit.map(|unit| (unit, args.campaign.as_deref()));
    let campaigns = Campaigns::open(None)?;
    // where the unit is not known nothing is entered at all
    let mut office = named
        .map(|named| opened(folder, args.data.as_deref(), &campaigns, named))
        .transpose()?;
    is_public(&args.file)?;
    let key = trust_key(folder, &args.file, &say)?;
    data::line(&words(&key))?;
    if key.revoked.is_some() {
        talk::say("这把密钥已经吊销，吊销不能撤回：请向对方索取新的公钥。");
        return Ok(End::Findings);
    }
    if let (Some(office), Some(named)) = (&mut office, named) {
        let_file(office, &key, named)?;
        office.judge_unbelieved(this_second())?;
    }
    talk::say(&format!(
        "已列入信任名单。请当面或电话与对方核对指纹：{}",
        key.fingerprint
    ));
    talk::say(
        "收件台此前因不认识这把密钥没有登记的页，下一次查看收件情况、待处理或收件时自动重新比对，不必重扫。",
    );
    Ok(End::Done)
}

/// Refuses a private key, with the command that exports what is to be handed over instead.
fn is_public(file: &Path) -> anyhow::Result<()> {
    // what cannot be read, the act itself tells
    let small = file
        .metadata()
        .is_ok_and(|m| m.is_file() && m.len() < KEY_MAX);
    let bytes = if small {
        std::fs::read(file)
    } else {
        Ok(Vec::new())
    };
    let text = bytes.map(|b| String::from_utf8_lossy(&b).into_owned());
    let Some(algorithm) = private_algorithm(&text.unwrap_or_default()) else {
        return Ok(());
    };
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty());
    let folder = shell::path(folder.unwrap_or(Path::new(".")));
    let algorithm = match algorithm {
        "ed25519" => String::new(),
        other => format!(" --algorithm {other}"),
    };
    anyhow::bail!(
        "{} 是私钥，不是公钥，没有列入。私钥绝不能交给别人，只有公钥可以交换。请在它的密钥目录导出公钥：sanlian key export -o 公钥.pem --keys {folder}{algorithm}。如果这是别人传来的，请告知对方立即换一把密钥，改交公钥。",
        file.display()
    )
}

/// Most bytes of a key file.
const KEY_MAX: u64 = 1 << 20;

fn revoke(folder: &Path, which: &Revoke) -> anyhow::Result<End> {
    let since = match &which.since {
        Some(text) => time(text, DayEnd::First)?,
        None => this_second(),
    };
    let key = revoke_key(folder, &which.id, since, &which.reason)?;
    data::line(&words(&key))?;
    talk::say(&format!(
        "密钥 {} 签发于 {} 及以后的标记不再可信，更早的仍然有效。",
        key.id,
        hours::of_text(key.revoked.as_deref().unwrap_or_default())
    ));
    talk::say(
        "注意：得到私钥的人可以把签发时间写早。来历不明的早期纸质件，请与出具单位核对；拿不准的，把 --since 提前再吊销一次。",
    );
    if key.own == Some("signing") {
        talk::say("这是本单位正在使用的密钥，请运行 sanlian key new 换一把新的。");
    }
    Ok(End::Done)
}

fn list(folder: &Path, json: bool) -> anyhow::Result<End> {
    let keys = list_keys(folder)?;
    if json {
        data::json(&keys)?;
        return Ok(End::Done);
    }
    keys.iter().try_for_each(|key| data::line(&words(key)))?;
    if keys.is_empty() {
        talk::say(
            "还没有密钥。请运行 sanlian key new，或用 sanlian key trust 公钥.pem 加入别人的公钥。",
        );
    }
    Ok(End::Done)
}

/// Opens the ledger in which a unit is named.
fn opened<'a>(
    keys: &Path,
    ledger: Option<&Path>,
    campaigns: &'a Campaigns,
    named: (&str, Option<&str>),
) -> anyhow::Result<Office<'a>> {
    let found = places::folders(ledger, Some(keys))?;
    let (mut office, _) = Office::open(found.places(), campaigns, IfMissing::Refuse)?;
    office.campaign_of_unit(named)?;
    Ok(office)
}

/// Lets a key file for a unit.
fn let_file(
    office: &mut Office<'_>,
    key: &KeyLine,
    named: (&str, Option<&str>),
) -> anyhow::Result<()> {
    let (campaign, fresh) = office.let_file(&key.fingerprint, named, this_second())?;
    talk::say(&format!(
        "密钥 {} {}可代表“{}”报送（{campaign}）。",
        key.id,
        if fresh { "现在起" } else { "原已" },
        named.0
    ));
    Ok(())
}

fn export(folder: &Path, args: &Export) -> anyhow::Result<End> {
    let pem = export_key(folder, &args.algorithm)?;
    let Some(path) = &args.out else {
        data::whole(pem.trim_end())?;
        return Ok(End::Done);
    };
    write_result(path, pem.as_bytes())?;
    talk::say(&format!(
        "已导出公钥：{}。它不是秘密，可以随邮件发送。",
        path.display()
    ));
    Ok(End::Done)
}

/// One line for a person: tabs between number, algorithm, standing and owner.
fn words(key: &KeyLine) -> String {
    let mut standing = Vec::new();
    match key.own {
        Some("signing") => standing.push("本单位在用".to_owned()),
        Some(_) => standing.push("本单位停用".to_owned()),
        None => {}
    }
    if let Some(from) = &key.from {
        standing.push(format!("自 {}", hours::of_text(from)));
    }
    if let Some(until) = &key.until {
        standing.push(format!("至 {}", hours::of_text(until)));
    }
    if let (Some(since), Some(reason)) = (&key.revoked, &key.reason) {
        standing.push(format!("{} 起吊销（{reason}）", hours::of_text(since)));
    }
    if standing.is_empty() {
        standing.push("可信".to_owned());
    }
    let owner = if key.owner.is_empty() {
        "所有者未注明"
    } else {
        &key.owner
    };
    format!(
        "{}\t{}\t{owner}\t{}",
        key.id,
        key.algorithm,
        standing.join("，")
    )
}

/// Now, without fractions that nobody reads.
fn this_second() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now)
}
