//! `sanlian init`: a ledger where there is none, on purpose. Nothing else at the command line but a first `make --data` makes one.

use sanlian::clerk::{NewPlaces, init};
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
    /// 附件放在对象存储：s3://桶/文件夹?endpoint=https://主机:端口，不含访问密钥（放在 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 里）；默认取环境变量 SANLIAN_OBJECTS，都没有时放在数据目录里
    #[arg(long, value_name = "ADDRESS")]
    objects: Option<String>,
    #[command(flatten)]
    folders: Folders,
}

pub(crate) fn run(args: &Init) -> anyhow::Result<End> {
    let found = args.folders.found()?;
    let config = Config::from_env();
    let new = NewPlaces {
        database: args.database.as_deref().or(config.database.as_deref()),
        objects: args.objects.as_deref().or(config.objects.as_deref()),
    };
    let words = match init(found.places(), new)? {
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
