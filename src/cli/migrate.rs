//! `sanlian migrate`: the ledger goes to PostgreSQL or comes back into its file, its objects go to an object store or come back into the
//! data folder; what else lies in the data folder stays.

use std::path::PathBuf;

use sanlian::clerk::{BucketAddress, Destination, Step, migrate, migrate_objects};

use super::end::End;
use super::places::{Found, folders};
use super::{progress, talk};

/// Arguments of `migrate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Migrate {
    /// 数据目录；默认取环境变量 SANLIAN_DATA
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// 台账搬到哪里：postgres://用户@主机:端口/数据库（不含密码，密码放在 PGPASSWORD 或 .pgpass 里），或者 file：搬回数据目录里的 ledger.db
    #[arg(long, value_name = "ADDRESS", required_unless_present = "objects")]
    to: Option<String>,
    /// 附件搬到哪里：s3://桶/文件夹?endpoint=https://主机:端口&region=地区（访问密钥放在 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 里），或者 folder：搬回数据目录
    #[arg(long, value_name = "ADDRESS")]
    objects: Option<String>,
    /// 密钥目录：可信公钥和保管密钥 vault.key；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 按此时刻办理（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339")]
    now: Option<jiff::Timestamp>,
}

pub(crate) fn run(args: &Migrate) -> anyhow::Result<End> {
    let found = folders(args.from.as_deref(), args.keys.as_deref())?;
    let now = args.now.unwrap_or_else(jiff::Timestamp::now);
    // understood before anything is moved
    let objects = match args.objects.as_deref() {
        None => None,
        Some("folder") => Some(None),
        Some(url) => Some(Some(
            url.parse::<BucketAddress>()
                .map_err(|reason| anyhow::anyhow!("{url}：{reason}。"))?,
        )),
    };
    if let Some(to) = &args.to {
        ledger(&found, to, now)?;
    }
    match objects {
        Some(to) => self::objects(&found, to.as_ref(), now),
        None => Ok(End::Done),
    }
}

fn ledger(found: &Found, to: &str, now: jiff::Timestamp) -> anyhow::Result<()> {
    let to = match to {
        "file" => Destination::File,
        url => Destination::Server(url.to_owned()),
    };
    let moved = migrate(found.places(), &to, now)?;
    let data = found.data.display();
    let Some(rows) = moved.rows else {
        talk::say(&format!("{data} 的台账已经在那里，没有搬。"));
        return Ok(());
    };
    let place = match &to {
        Destination::Server(url) => format!("搬到 {url}"),
        Destination::File => "搬回 ledger.db".to_owned(),
    };
    talk::say(&format!(
        "{data} 的台账已{place}：{rows} 行，逐表核对了行数和摘要，审计日志完整。附件（objects）和各单位的材料（units）等没有动。"
    ));
    talk::say(&match (&to, &moved.left) {
        (Destination::Server(_), Some(left)) => format!(
            "原来的台账留在 {}，其中仍有个人信息，以后删除个人信息不会动到它：核对无误后请另行删除。",
            left.display()
        ),
        _ => format!(
            "数据库 {} 里的内容留着，其中仍有个人信息，以后删除个人信息不会动到它：核对无误后请数据库管理员删除。",
            moved.url
        ),
    });
    Ok(())
}

fn objects(found: &Found, to: Option<&BucketAddress>, now: jiff::Timestamp) -> anyhow::Result<End> {
    let moved = progress::of_steps(|told| {
        migrate_objects(found.places(), to, now, &mut |done, of| {
            told(Step {
                what: "搬附件",
                done,
                of,
            });
        })
    })?;
    let data = found.data.display();
    let Some(n) = moved.objects else {
        talk::say(&format!("{data} 的附件已经在那里，没有搬。"));
        return Ok(End::Done);
    };
    let place = match to {
        Some(address) => format!("搬到 {address}"),
        None => "搬回数据目录的 objects".to_owned(),
    };
    talk::say(&format!(
        "{data} 的附件已{place}：{n} 个，都核对了校验和。各单位的材料（units）等没有动。"
    ));
    match (&moved.left, &moved.from) {
        (Some(left), _) => talk::say(&format!(
            "原来的附件留在 {}，以后删除个人信息不会动到它：核对无误后请另行删除。",
            left.display()
        )),
        (None, Some(from)) => talk::say(&format!(
            "{from} 里的附件留着，以后删除个人信息不会动到它：核对无误后请管理对象存储的人删除。"
        )),
        (None, None) => {}
    }
    if moved.left_out.is_empty() {
        return Ok(End::Done);
    }
    for error in &moved.left_out {
        talk::fault(&format!("没有搬：{error}。"));
    }
    talk::fault("这些附件原来就坏了或者不在：请从备份中找回，用 sanlian fsck 可以再列出来。");
    Ok(End::Findings)
}
