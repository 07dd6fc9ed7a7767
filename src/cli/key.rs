//! `sanlian key new|export|trust|revoke|list`.

use std::path::PathBuf;

use sanlian::clerk::{
    Campaigns, DataPlaces, DayEnd, IfMissing, KeyLine, Office, Trusting, export_key, list_keys,
    new_key, new_key_told, revoke_key, time, trust_key,
};
use sanlian::config::Config;
use sanlian::store::write_file;

use super::args::{Key, KeyAct};
use super::{End, data, desk, talk};

pub(crate) fn run(args: &Key) -> anyhow::Result<End> {
    let folder = args.keys.clone().unwrap_or_else(|| Config::from_env().keys);
    match &args.act {
        KeyAct::New {
            owner,
            algorithm,
            now,
        } => {
            let now = now.unwrap_or_else(this_second);
            let owner = owner.as_deref().unwrap_or_default();
            let made = new_key(&folder, owner, algorithm, now)?;
            data::line(&made.id)?;
            if made.resumed {
                talk::say(&format!(
                    "上次换密钥（{}）被中断，现已做完，没有另做一把；确要再换的，请再运行一次。",
                    made.at
                ));
            }
            if let Some((old, path)) = &made.retired {
                talk::say(&format!(
                    "原密钥 {old} 自 {} 起停用，私钥保存在 {}；此前签发的标记仍然有效，记录编号不变。",
                    made.at,
                    path.display()
                ));
            }
            talk::say(&format!("新密钥 {} 的指纹：{}", made.id, made.fingerprint));
            talk::say(
                "请备份密钥目录，再用 sanlian key export --out 公钥.pem 导出公钥交给收件单位，并请对方核对指纹。",
            );
            // last of all: until here, a run that is killed is answered by the next one
            new_key_told(&folder, algorithm)?;
            Ok(End::Done)
        }
        KeyAct::Export { out, algorithm } => export(&folder, out.as_ref(), algorithm),
        KeyAct::Trust {
            file,
            owner,
            from,
            until,
            unit,
            data: ledger,
            campaign,
        } => {
            let at = |text: &Option<String>, end| text.as_deref().map(|t| time(t, end)).transpose();
            let say = Trusting {
                owner: owner.clone(),
                from: at(from, DayEnd::First)?,
                until: at(until, DayEnd::Last)?,
                unit: None,
            };
            let named = unit.as_deref().map(|unit| (unit, campaign.as_deref()));
            let campaigns = Campaigns::open(None)?;
            // where the unit is not known nothing is entered at all
            let mut office = named
                .map(|named| opened(&folder, ledger.as_ref(), &campaigns, named))
                .transpose()?;
            let key = trust_key(&folder, file, &say)?;
            data::line(&words(&key))?;
            if key.revoked.is_some() {
                talk::say("这把密钥已经吊销，吊销不能撤回：请向对方索取新的公钥。");
                return Ok(End::Findings);
            }
            if let (Some(office), Some(named)) = (&mut office, named) {
                let_file(office, &key, named)?;
            }
            talk::say(&format!(
                "已列入信任名单。请当面或电话与对方核对指纹：{}",
                key.fingerprint
            ));
            Ok(End::Done)
        }
        KeyAct::Revoke { id, since, reason } => {
            let since = match since {
                Some(text) => time(text, DayEnd::First)?,
                None => this_second(),
            };
            let key = revoke_key(&folder, id, since, reason)?;
            data::line(&words(&key))?;
            talk::say(&format!(
                "密钥 {} 签发于 {} 及以后的标记不再可信，更早的仍然有效。",
                key.id,
                key.revoked.as_deref().unwrap_or_default()
            ));
            talk::say(
                "注意：得到私钥的人可以把签发时间写早。来历不明的早期纸质件，请与出具单位核对；拿不准的，把 --since 提前再吊销一次。",
            );
            if key.own == Some("signing") {
                talk::say("这是本单位正在使用的密钥，请运行 sanlian key new 换一把新的。");
            }
            Ok(End::Done)
        }
        KeyAct::List { json } => {
            let keys = list_keys(&folder)?;
            if *json {
                data::json(&keys)?;
            } else {
                keys.iter().try_for_each(|key| data::line(&words(key)))?;
                if keys.is_empty() {
                    talk::say(
                        "还没有密钥。请运行 sanlian key new，或用 sanlian key trust 加入别人的公钥。",
                    );
                }
            }
            Ok(End::Done)
        }
    }
}

/// Opens the ledger in which a unit is named.
fn opened<'a>(
    keys: &PathBuf,
    ledger: Option<&PathBuf>,
    campaigns: &'a Campaigns,
    named: (&str, Option<&str>),
) -> anyhow::Result<Office<'a>> {
    let (data, keys) = desk::folders(ledger, Some(keys))?;
    let places = DataPlaces {
        data: &data,
        keys: &keys,
    };
    let (mut office, _) = Office::open(places, campaigns, IfMissing::Refuse)?;
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

fn export(folder: &std::path::Path, out: Option<&PathBuf>, algorithm: &str) -> anyhow::Result<End> {
    let pem = export_key(folder, algorithm)?;
    let Some(path) = out else {
        data::line(pem.trim_end())?;
        return Ok(End::Done);
    };
    write_file(path, pem.as_bytes())?;
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
        standing.push(format!("自 {from}"));
    }
    if let Some(until) = &key.until {
        standing.push(format!("至 {until}"));
    }
    if let (Some(since), Some(reason)) = (&key.revoked, &key.reason) {
        standing.push(format!("{since} 起吊销（{reason}）"));
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
