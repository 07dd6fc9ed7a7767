//! `sanlian fsck`: whether the objects that the ledger names are there and whole.

use serde::Serialize;

use sanlian::clerk::{NamedObject, ObjectsCheck, Step, check_objects};

use super::end::End;
use super::places::Folders;
use super::{data, progress, talk};

/// Arguments of `fsck`.
#[derive(Debug, clap::Args)]
pub(crate) struct Fsck {
    /// 逐个读出来，核对校验和；不加时只看在不在
    #[arg(long)]
    deep: bool,
    /// 清理台账没有登记的附件；对象存储里的只清理放了一天以上的
    #[arg(long)]
    sweep: bool,
    /// 以 JSON 输出结果
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folders: Folders,
}

/// The result as data.
#[derive(Serialize)]
struct Report {
    named: usize,
    deep: bool,
    missing: Vec<Named>,
    damaged: Vec<Named>,
    unnamed: usize,
    removed: usize,
}

#[derive(Serialize)]
struct Named {
    object: String,
    what: String,
}

pub(crate) fn run(args: &Fsck) -> anyhow::Result<End> {
    let found = args.folders.found()?;
    let check = ObjectsCheck {
        deep: args.deep,
        sweep: args.sweep,
    };
    let state = progress::of_steps(|told| {
        check_objects(found.places(), check, &mut |done, of| {
            told(Step {
                what: "核对附件",
                done,
                of,
            });
        })
    })?;
    let named = |list: &[NamedObject]| -> Vec<Named> {
        list.iter()
            .map(|one| Named {
                object: one.object.to_string(),
                what: one.what.clone(),
            })
            .collect()
    };
    let end = match state.missing.is_empty() && state.damaged.is_empty() {
        true => End::Done,
        false => End::Findings,
    };
    if args.json {
        data::json(&Report {
            named: state.named,
            deep: args.deep,
            missing: named(&state.missing),
            damaged: named(&state.damaged),
            unnamed: state.unnamed,
            removed: state.removed,
        })?;
        return Ok(end);
    }
    for (list, what) in [
        (&state.missing, "没有找到"),
        (&state.damaged, "与校验和不符"),
    ] {
        for one in list {
            data::line(&format!("{what}：{}（{}）", one.what, one.object))?;
        }
    }
    let looked = match args.deep {
        true => "逐个读出核对",
        false => "只看在不在，没有读出来核对（--deep）",
    };
    let sound = match end {
        End::Done => "都在".to_owned(),
        _ => format!(
            "{} 个没有找到，{} 个与校验和不符，请从备份或对象存储的旧版本中找回",
            state.missing.len(),
            state.damaged.len()
        ),
    };
    data::line(&format!(
        "台账登记的附件 {} 个，{sound}；{looked}。",
        state.named
    ))?;
    if state.unnamed > 0 {
        talk::say(&match args.sweep {
            true => format!("清理了没有登记的附件 {} 个。", state.removed),
            false => format!(
                "另有 {} 个附件没有登记，是中断的程序留下的；加 --sweep 清理。",
                state.unnamed
            ),
        });
    }
    Ok(end)
}
