//! `sanlian migrate`: the ledger goes to PostgreSQL, or comes back; files stay in the data folder.

use std::path::PathBuf;

use sanlian::clerk::{Destination, migrate};

use super::end::End;
use super::places::folders;
use super::talk;

/// Arguments of `migrate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Migrate {
    /// 数据目录；默认取环境变量 SANLIAN_DATA
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// 搬到哪里：postgres://用户@主机:端口/数据库（不含密码，密码放在 PGPASSWORD 或 .pgpass 里），或者 file：搬回数据目录里的 ledger.db
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    /// 密钥目录：可信公钥和保管密钥 vault.key；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 按此时刻办理（RFC 3339）；默认取当前时刻
    #[arg(long, value_name = "RFC3339")]
    now: Option<jiff::Timestamp>,
}

pub(crate) fn run(args: &Migrate) -> anyhow::Result<End> {
    let found = folders(args.from.as_deref(), args.keys.as_deref())?;
    let to = match args.to.as_str() {
        "file" => Destination::File,
        url => Destination::Server(url.to_owned()),
    };
    let now = args.now.unwrap_or_else(jiff::Timestamp::now);
    let moved = migrate(found.places(), &to, now)?;
    let data = found.data.display();
    let Some(rows) = moved.rows else {
        talk::say(&format!("{data} 的台账已经在那里，没有搬。"));
        return Ok(End::Done);
    };
    let place = match &to {
        Destination::Server(url) => format!("搬到 {url}"),
        Destination::File => "搬回 ledger.db".to_owned(),
    };
    talk::say(&format!(
        "{data} 的台账已{place}：{rows} 行，逐表核对了行数和摘要，审计日志完整。文件（objects、units 等）仍在数据目录里。"
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
    Ok(End::Done)
}
