//! `sanlian account`: accounts of the service, from the machine that it runs on: for an administrator who cannot come in any more.

use sanlian::clerk::{AccountLine, IfMissing, Office};

use super::end::End;
use super::places::{AtData, Where};
use super::{data, talk};

/// Arguments of `account`.
#[derive(Debug, clap::Args)]
pub(crate) struct Account {
    #[command(subcommand)]
    what: AccountWhat,
    /// 以 JSON 输出
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    place: AtData,
    #[command(flatten)]
    templates: Where,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum AccountWhat {
    /// 列出服务的全部账号
    List,
    /// 重设：给一个账号新的一次性密码，解除等待；它的登录和令牌都结束
    Reset {
        /// 账号名
        name: String,
        /// 同时取消两步验证：手机也丢了
        #[arg(long)]
        drop_code: bool,
    },
}

pub(crate) fn run(args: &Account) -> anyhow::Result<End> {
    let found = args.place.folders.found()?;
    let campaigns = args.templates.campaigns()?;
    let (mut office, _) = Office::open(found.places(), &campaigns, IfMissing::Refuse)?;
    match &args.what {
        AccountWhat::List => {
            let accounts = office.accounts(args.place.now())?;
            if args.json {
                data::json(&accounts)?;
            } else {
                accounts.iter().try_for_each(|a| data::line(&line(a)))?;
            }
        }
        AccountWhat::Reset { name, drop_code } => {
            let new = office.reset_at_command_line(name, *drop_code, args.place.now())?;
            if args.json {
                data::json(&new)?;
            } else {
                data::line(&new.password)?;
            }
            talk::say(&format!(
                "账号“{}”的一次性密码已写在标准输出，只显示这一次；登录后须改密码。原来的登录和令牌都已结束。",
                new.name
            ));
        }
    }
    Ok(End::Done)
}

fn line(account: &AccountLine) -> String {
    let mut said = vec![account.name.clone(), account.role.label().to_owned()];
    said.extend(Some(account.unit.clone()).filter(|unit| !unit.is_empty()));
    for (is, word) in [
        (!account.settled, "还没有改过密码"),
        (account.two_steps, "两步验证"),
        (account.locked, "有地址试得太多，正在等待"),
        (account.closed, "已停用"),
    ] {
        if is {
            said.push(word.to_owned());
        }
    }
    said.join("　")
}
