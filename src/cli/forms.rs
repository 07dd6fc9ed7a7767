//! `sanlian bind`, `fill`, `read`, `diff`: the organiser's own forms.

use std::path::{Path, PathBuf};

use sanlian::campaign::{Campaign, USUAL};
use sanlian::clerk::{
    Marking, bind_form, campaign_of_forms, diff_forms, diff_outside, fill_form, fonts,
    in_canonical_texts, keeps_decisions, meaning_of, preview_binding, read, read_binding,
    read_forms,
};
use sanlian::config::Config;
use sanlian::finding::{Finding, Report, has_errors};
use sanlian::store::write_result;

use super::end::End;
use super::places::Where;
use super::{data, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Bind {
    /// 空白表（.docx 或 .xlsx；装有 LibreOffice 时也可以是 .doc、.xls）；表中可以写占位符 {{键}}、{{#多行表}}…{{/多行表}}、{{?键}}…{{/键}}，见文档“活动模板”
    pub(crate) form: PathBuf,
    /// 活动；不写时按 hebei-zuimei-2021，并说明
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    /// 绑定文件；默认输出到屏幕
    #[arg(short, long, value_name = "FILE.toml")]
    pub(crate) out: Option<PathBuf>,
    /// 绑定图：空白表的每一页，每一处画上有号的彩色框，末尾是各号填什么的表；要装 LibreOffice
    #[arg(long, value_name = "OUT.pdf")]
    pub(crate) preview: Option<PathBuf>,
    /// 去年（或改动前）那份表核对过的绑定：相同的空格照旧，只把不同之处列出来
    #[arg(long, value_name = "OLD.toml")]
    pub(crate) from: Option<PathBuf>,
    /// -o 所写的文件里有核对过的绑定时，也用新的盖掉它
    #[arg(long)]
    pub(crate) replace: bool,
    /// 以 JSON 输出各处
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Fill {
    /// 空白表（.docx 或 .xlsx）
    pub(crate) form: PathBuf,
    /// 绑定文件
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) binding: PathBuf,
    /// 报送文件夹，或一个数据文件
    pub(crate) submission: PathBuf,
    /// 输出目录
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// 活动；默认取绑定文件所记
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    /// 记录簿；默认是报送文件夹中的 records.json。已经制作过、内容未变的，填成的表带标记
    #[arg(long, value_name = "FILE")]
    pub(crate) book: Option<PathBuf>,
    /// 密钥目录；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// 数据目录：版本与重印以其中的台账为准；默认取环境变量 SANLIAN_DATA
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// 不加标记
    #[arg(long)]
    pub(crate) unmarked: bool,
    /// 把握不大、没有核对过的位置也填
    #[arg(long)]
    pub(crate) accept_unsure: bool,
    /// 以 JSON 输出问题
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReadBack {
    /// 填好的表（.docx、.xlsx），可以多份
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// 绑定文件；由 sanlian fill 填成的、带内容控件的表可以不用
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) binding: Option<PathBuf>,
    /// 写成的数据文件；默认输出到屏幕
    #[arg(short, long, value_name = "submission.json")]
    pub(crate) out: Option<PathBuf>,
    /// 活动；默认取绑定文件所记，其次取表中所记
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    #[command(flatten)]
    pub(crate) place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// 填好或改过的表
    pub(crate) filled: PathBuf,
    /// 报送文件夹，或一个数据文件
    pub(crate) submission: PathBuf,
    /// 绑定文件；由 sanlian fill 填成的、带内容控件的表可以不用
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) binding: Option<PathBuf>,
    /// 活动；默认取文件夹所记
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    /// 以 JSON 输出
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: Where,
}

/// The campaign where none is named, which is told.
fn usual() -> String {
    talk::say(&format!(
        "没有指明活动，按“{USUAL}”的栏目办理；是别的活动时请用 --campaign 指明。"
    ));
    USUAL.to_owned()
}

/// The campaign; none where its templates have errors, which are told.
fn campaign(place: &Where, id: &str) -> anyhow::Result<Option<Campaign>> {
    let (campaign, findings) = place.campaigns()?.load(id)?;
    if campaign.is_none() {
        talk::findings(&findings);
    }
    Ok(campaign)
}

/// Findings whose fields have the names that people call them by; in an organiser's form a key without a prefix is a candidate's.
fn with_labels(campaign: &Campaign, findings: &[Finding]) -> Vec<Finding> {
    let label = |finding: &Finding| {
        let mut finding = finding.clone();
        let sheet = campaign.candidate_sheet();
        let key = finding.place.field.as_deref().unwrap_or_default();
        let own = sheet.and_then(|s| s.field(key)).map(|f| f.label.clone());
        finding.place.field = own.or(finding.place.field);
        finding
    };
    let own: Vec<Finding> = findings.iter().map(label).collect();
    talk::labelled(campaign, &own)
}

/// Fails where what is written would take the place of what is read.
fn apart(outs: &[Option<&PathBuf>], read: &[&PathBuf]) -> anyhow::Result<()> {
    for out in outs.iter().flatten() {
        if read.iter().any(|own| is_same(out, own)) {
            anyhow::bail!(
                "{}：这是要读的文件，不能用结果盖掉它。请换一个输出的文件名。",
                out.display()
            );
        }
    }
    Ok(())
}

/// Whether two paths lead to one file.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    one == other || real(one).is_some_and(|one| real(other) == Some(one))
}

pub(crate) fn bind(args: &Bind) -> anyhow::Result<End> {
    let read: Vec<&PathBuf> = args.from.iter().chain([&args.form]).collect();
    // an earlier binding may be brought up to date in its place
    apart(
        &[args.out.as_ref(), args.preview.as_ref()],
        &read[read.len() - 1..],
    )?;
    apart(&[args.preview.as_ref()], &read)?;
    let id = args.campaign.clone().unwrap_or_else(usual);
    let Some(campaign) = campaign(&args.place, &id)? else {
        return Ok(End::Findings);
    };
    let (binding, faults) = bind_form(&campaign, &args.form)?;
    let Some(mut binding) = binding else {
        talk::findings(&faults);
        return Ok(End::Findings);
    };
    if let Some(from) = &args.from {
        let told = binding.take_over(&read_binding(from)?);
        talk::say(&format!(
            "照原来的绑定办理 {} 处，其余的请核对。",
            told.again
        ));
        for (labels, what) in [
            (&told.differing, "原来填的人与这份表上的不同，没有照办"),
            (&told.new, "原来的表上没有"),
        ] {
            if !labels.is_empty() {
                talk::say(&format!("  {what}：“{}”。", labels.join("”“")));
            }
        }
    }
    if let Some(out) = args.out.as_ref().filter(|_| !args.replace) {
        // brought up to date in its place, what was decided in it was taken over above
        let again = args.from.as_ref().is_some_and(|from| is_same(out, from));
        if !again {
            keeps_decisions(out, &binding)?;
        }
    }
    talk::findings(&faults);
    // the picture first: where it cannot be made nothing is written
    let picture = match &args.preview {
        Some(_) => {
            let fonts = fonts(None)?;
            Some(preview_binding(&campaign, &args.form, &binding, &fonts)?)
        }
        None => None,
    };
    if let Some(out) = &args.out {
        write_result(out, binding.to_toml().as_bytes())?;
    }
    if let (Some(out), Some(pdf)) = (&args.preview, picture) {
        write_result(out, &pdf)?;
    }
    if args.json {
        data::json(&binding.to_json())?;
    } else if args.out.is_none() {
        data::whole(binding.to_toml().trim_end())?;
    }
    let doubtful = binding
        .places
        .iter()
        .filter(|b| b.confidence <= 0.8)
        .count();
    talk::say(&format!(
        "找到 {} 处，其中 {doubtful} 处把握不大；{} 处可能指不止一栏，{} 处没有对应的栏目。请核对一遍。",
        binding.places.len(),
        binding.ambiguous.len(),
        binding.unbound.len()
    ));
    for other in &binding.others {
        let (place, label, whose) = (other.at(), &other.place.label, &other.whose);
        talk::say(&format!(
            "  {place}　“{label}”：是“{whose}”的，不填候选人的资料"
        ));
    }
    for open in binding.ambiguous.iter().chain(&binding.unbound) {
        let labels: Vec<String> = open
            .keys
            .iter()
            .map(|key| meaning_of(&campaign, key))
            .collect();
        let what = if labels.is_empty() {
            "没有对应的栏目".to_owned()
        } else {
            format!("可能是“{}”", labels.join("”“"))
        };
        talk::say(&format!("  {}　“{}”：{what}", open.place, open.label));
    }
    Ok(End::Done)
}

pub(crate) fn fill(args: &Fill) -> anyhow::Result<End> {
    let campaigns = args.place.campaigns_for(&args.submission)?;
    let mut binding = read_binding(&args.binding)?;
    binding.confirmed |= args.accept_unsure;
    let named = args.campaign.as_deref().unwrap_or(&binding.campaign);
    let (campaign, reading) = read(&campaigns, &args.submission, Some(named))?;
    let Some(campaign) = campaign else {
        talk::findings(&reading.findings);
        return Ok(End::Findings);
    };
    let usual = Config::from_env();
    let keys = args.keys.clone().unwrap_or(usual.keys);
    let ledger = args.data.clone().or(usual.data);
    let marking = Marking {
        keys: &keys,
        book: args.book.as_deref(),
        data: ledger.as_deref(),
        now: jiff::Timestamp::now(),
    };
    let marking = Some(&marking).filter(|_| !args.unmarked);
    let filled = fill_form(
        &campaign, &args.form, &binding, &reading, marking, &args.out,
    )?;
    if args.json {
        data::json(&Report::new(&filled.findings))?;
    } else {
        talk::findings(&with_labels(&campaign, &filled.findings));
    }
    if has_errors(&filled.findings) {
        talk::say("有错误，没有写任何文件。请改正后再运行。");
        return Ok(End::Findings);
    }
    for file in &filled.files {
        talk::say(&format!("{}", file.display()));
    }
    Ok(End::Done)
}

pub(crate) fn read_back(args: &ReadBack) -> anyhow::Result<End> {
    let read: Vec<&PathBuf> = args.binding.iter().chain(&args.files).collect();
    apart(&[args.out.as_ref()], &read)?;
    let binding = args.binding.as_deref().map(read_binding).transpose()?;
    let named = binding.as_ref().map(|b| b.campaign.clone());
    let id = match args.campaign.clone().or(named) {
        Some(id) => id,
        None => campaign_of_forms(&args.files)?.unwrap_or_else(usual),
    };
    let Some(campaign) = campaign(&args.place, &id)? else {
        return Ok(End::Findings);
    };
    let back = read_forms(&campaign, &args.files, binding.as_ref())?;
    talk::findings(&with_labels(&campaign, &back.findings));
    if back.misfit {
        talk::say("绑定不是这份表的，没有读取。");
        return Ok(End::Findings);
    }
    let read = in_canonical_texts(&campaign, &back)?;
    let json = sanlian::intake::to_json(&read);
    match &args.out {
        Some(out) => write_result(out, serde_json::to_string_pretty(&json)?.as_bytes())?,
        None => data::json(&json)?,
    }
    Ok(if has_errors(&back.findings) {
        End::Findings
    } else {
        End::Done
    })
}

pub(crate) fn diff(args: &Diff) -> anyhow::Result<End> {
    let campaigns = args.place.campaigns_for(&args.submission)?;
    let binding = args.binding.as_deref().map(read_binding).transpose()?;
    let (campaign, reading) = read(&campaigns, &args.submission, args.campaign.as_deref())?;
    let Some(campaign) = campaign else {
        talk::findings(&reading.findings);
        return Ok(End::Findings);
    };
    if let Some(binding) = &binding
        && binding.sure().next().is_none()
    {
        talk::say("绑定中没有一处可以填的栏目，这张表没有什么可以和报送材料比较。");
        if args.json {
            data::json(&serde_json::json!([]))?;
        }
        return Ok(End::Done);
    }
    let files = std::slice::from_ref(&args.filled);
    let back = read_forms(&campaign, files, binding.as_ref())?;
    talk::findings(&with_labels(&campaign, &back.findings));
    if back.misfit {
        talk::say("绑定不是这份表的，没有比较。");
        if args.json {
            data::json(&serde_json::json!([]))?;
        }
        return Ok(End::Findings);
    }
    let mut differences = diff_forms(&campaign, &back, &reading.submission)?;
    let outside = diff_outside(&campaign, &back, &args.filled, &reading.submission)?;
    let named = args.filled.file_name().unwrap_or_default();
    let named = named.to_string_lossy().into_owned();
    differences.extend(outside.into_iter().map(|d| (named.clone(), d)));
    if args.json {
        let all: Vec<_> = differences
            .iter()
            .map(|(who, d)| {
                serde_json::json!({
                    "record": who, "key": d.key, "label": d.label,
                    "record_value": d.before, "form_value": d.after,
                })
            })
            .collect();
        data::json(&all)?;
    } else {
        for (who, difference) in &differences {
            data::line(&format!("{who}　{difference}"))?;
        }
    }
    let same = differences.is_empty() && !has_errors(&back.findings);
    if same {
        talk::say("表与报送材料一致。");
    }
    Ok(if same { End::Done } else { End::Findings })
}
