//! `sanlian init`: a ledger where there is none, on purpose. Nothing else at the command line but a first `make --data` makes one.

use std::path::PathBuf;

use sanlian::clerk::{DataPlaces, init};

use super::{End, desk, talk};

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// 数据目录，台账建在其中；默认取环境变量 SANLIAN_DATA
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// 密钥目录，其中有或将有保管密钥 vault.key；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

pub(crate) fn run(args: &Init) -> anyhow::Result<End> {
    let (data, keys) = desk::folders(args.data.as_ref(), args.keys.as_ref())?;
    let places = DataPlaces {
        data: &data,
        keys: &keys,
    };
    let words = match init(places)? {
        true => format!(
            "已新建台账：{}。保管密钥在 {}，请另存一份，与数据分开保管。",
            data.display(),
            keys.display()
        ),
        false => format!("{} 已有台账，没有改动。", data.display()),
    };
    talk::say(&words);
    Ok(End::Done)
}
