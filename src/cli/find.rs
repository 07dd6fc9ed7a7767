//! `sanlian find`.

use sanlian::clerk::{Campaigns, Found, IfMissing, Office};

use super::end::End;
use super::places::AtDesk;
use super::{data, desk, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Find {
    /// 完整的身份证号或电话号码，或姓名中的几个字
    text: String,
    /// 列出存有这个人信息的全部地方：记录、文件、图像、文字、单位文件夹、备份
    #[arg(long)]
    all: bool,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    desk: AtDesk,
}

pub(crate) fn run(args: &Find) -> anyhow::Result<End> {
    let campaigns = desk::campaigns(&args.desk)?;
    let mut at = desk::open(&args.desk, &campaigns, IfMissing::Refuse)?;
    if args.all {
        let places = Office::from(at).find_all(&args.text, desk::now(&args.desk))?;
        if args.json {
            data::json(&places)?;
        } else {
            places
                .iter()
                .try_for_each(|place| data::line(&place.line()))?;
        }
        talk::say(&format!("存在 {} 个地方。", places.len()));
        return Ok(if places.is_empty() {
            End::Findings
        } else {
            End::Done
        });
    }
    let found = at.find(&args.text, desk::now(&args.desk))?;
    if args.json {
        data::json(&found)?;
    } else {
        for one in &found {
            data::line(&format!(
                "{}　{} 版本{}　{}　{} {}",
                one.record,
                one.title,
                one.version,
                one.unit,
                label(&campaigns, one),
                one.value
            ))?;
        }
    }
    talk::say(&format!("找到 {} 条。", found.len()));
    Ok(if found.is_empty() {
        End::Findings
    } else {
        End::Done
    })
}

/// What people call the field in which something was found.
fn label(campaigns: &Campaigns, found: &Found) -> String {
    let campaign = campaigns.load(&found.campaign).ok().and_then(|c| c.0);
    let label = campaign.and_then(|c| {
        let own = c.candidate_sheet().filter(|_| found.of_candidate);
        let own = own.and_then(|sheet| sheet.field(&found.field));
        let label = own.map(|f| f.label.as_str());
        label
            .or_else(|| c.label_of(&found.field))
            .map(str::to_owned)
    });
    label.unwrap_or_else(|| found.field.clone())
}
