//! `sanlian init`: a ledger where there is none, on purpose. Nothing else at the command line but a first `make --data` makes one.

use sanlian::clerk::init;

use super::end::End;
use super::places::Folders;
use super::talk;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    #[command(flatten)]
    folders: Folders,
}

pub(crate) fn run(args: &Init) -> anyhow::Result<End> {
    let found = args.folders.found()?;
    let words = match init(found.places())? {
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
