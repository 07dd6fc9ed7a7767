//! `sanlian init`: a ledger where there is none, on purpose. Nothing else at the command line but a first `make --data` makes one.

use sanlian::clerk::init;
use sanlian::config::Config;

use super::end::End;
use super::places::Folders;
use super::talk;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// 新台账建在 PostgreSQL：postgres://用户@主机:端口/数据库，不含密码（放在 PGPASSWORD 或 .pgpass 里）；默认取环境变量 SANLIAN_DATABASE，都没有时建在数据目录里
    #[arg(long, value_name = "ADDRESS")]
    database: Option<String>,
    #[command(flatten)]
    folders: Folders,
}

pub(crate) fn run(args: &Init) -> anyhow::Result<End> {
    let found = args.folders.found()?;
    let database = args.database.clone().or(Config::from_env().database);
    let words = match init(found.places(), database.as_deref())? {
        true => format!(
            "已新建台账：{}。保管密钥在 {}，请另存一份，与数据分开保管。",
            found.data.display(),
            found.keys.display()
        ),
        false => format!("{} 已有台账，没有改动。", found.data.display()),
    };
    talk::say(&words);
    Ok(End::Done)
}
