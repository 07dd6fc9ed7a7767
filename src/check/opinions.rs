//! Opinions (意见) that are printed ready on the forms or stand in the answers: they must not say what the publicity denies, which D2
//! tells, and what nobody prints is told (F19).

use crate::campaign::{Campaign, Channel, FormKind};
use crate::finding::Severity;
use crate::record::{Entry, Value};

use super::checking::Checking;
use super::params::{brief, says_nothing};

/// Most sentences that one message names.
const NAMED: usize = 3;

/// Words that say that nobody objected.
const NO_OBJECTION: [&str; 8] = [
    "无异议",
    "未收到异议",
    "没有异议",
    "无任何异议",
    "未收到任何异议",
    "无不良反映",
    "未收到不同意见",
    "没有不同意见",
];

/// Words of a result that somebody objected.
const OBJECTION: [&str; 7] = [
    "异议",
    "举报",
    "投诉",
    "不同意见",
    "反对意见",
    "反映问题",
    "质疑",
];

/// Whether a result of the publicity tells of an objection.
pub(super) fn tells_objection(result: &str) -> bool {
    let none = ["未收到", "没有收到", "未接到", "没有接到", "未发现"];
    let named = |word: &&str| result.contains(*word) && !result.contains(&format!("无{word}"));
    OBJECTION.iter().any(named)
        && !NO_OBJECTION.iter().any(|word| result.contains(word))
        && !none.iter().any(|word| result.contains(word))
}

/// The sentences of opinions that a channel's forms of candidates and of the unit print ready: form and sentence.
fn printed<'a>(campaign: &'a Campaign, channel: &Channel) -> Vec<(String, &'a str)> {
    let forms = campaign
        .forms
        .iter()
        .filter(|form| channel.forms.contains(&form.kind));
    let on = |name: &str| campaign.switches.get(name).copied().unwrap_or(false);
    forms
        .flat_map(|form| {
            let name = campaign.form_name(form.kind).into_owned();
            let sentences = form.opinions(&channel.kind, on).into_iter();
            sentences.map(move |sentence| (name.clone(), sentence))
        })
        .collect()
}

/// What says that nobody objected: sentences printed ready on forms of the channel, and with `written` those in answers and report, each
/// with its place in words; empty where nothing does.
pub(super) fn no_objection_said(checking: &Checking<'_>, and_written: bool) -> String {
    let Some(channel) = checking.channel else {
        return String::new();
    };
    let says = |text: &str| NO_OBJECTION.iter().any(|word| text.contains(word));
    let ready = printed(checking.campaign, channel).into_iter();
    let mut said: Vec<String> = ready
        .filter(|(_, sentence)| says(sentence))
        .map(|(form, sentence)| format!("{form}已印好“{}”", brief(sentence)))
        .collect();
    said.dedup();
    if and_written {
        said.extend(written(checking, says));
    }
    let more = if said.len() > NAMED { "等" } else { "" };
    said.truncate(NAMED);
    format!("{}{more}", said.join("，"))
}

/// Where the answers and the report say so: the place in words and the sentence.
fn written(checking: &Checking<'_>, says: impl Fn(&str) -> bool) -> Vec<String> {
    let campaign = checking.campaign;
    let submission = checking.submission;
    let mut found = Vec::new();
    let entries = std::iter::once(&submission.unit).chain(&submission.candidates);
    for entry in entries {
        for sheet in &campaign.sheets {
            for field in &sheet.fields {
                let text = entry.text(&field.key);
                if !sheet.rows && field.key != "publicity_result" && says(text) {
                    found.push(format!("“{}”写着“{}”", field.label, brief(text)));
                }
            }
            if let Some(Value::Rows(rows)) = entry.values.get(&sheet.key) {
                let texts = rows.iter().flat_map(|row| row.values());
                let texts = texts.filter(|text| says(text));
                found.extend(texts.map(|t| format!("“{}”表写着“{}”", sheet.label, brief(t))));
            }
        }
    }
    let report = campaign.form_name(FormKind::Report);
    for paragraph in submission.report.iter().filter(|p| says(p)) {
        let mut sentences = paragraph.split_inclusive(['。', '；']);
        let sentence = sentences.find(|s| says(s)).unwrap_or(paragraph);
        found.push(format!("{report}写着“{}”", brief(sentence)));
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|one| seen.insert(one.clone()));
    found
}

/// F19: opinions that are filled in and that no form of the channel prints: whoever gives them writes them on the paper.
pub(super) fn unprinted(checking: &mut Checking<'_>) {
    let (Some(severity), Some(channel)) =
        (checking.weight("F19", Severity::Info), checking.channel)
    else {
        return;
    };
    let campaign = checking.campaign;
    let forms = campaign
        .forms
        .iter()
        .filter(|form| channel.forms.contains(&form.kind));
    let shown: Vec<&str> = forms
        .flat_map(|form| form.shown())
        .map(|(_, key)| key.strip_prefix("unit.").unwrap_or(key))
        .collect();
    let submission = checking.submission;
    let mut labels = Vec::new();
    let mut first = None;
    let unit = (
        campaign.unit_sheet(),
        std::slice::from_ref(&submission.unit),
    );
    let people = (campaign.candidate_sheet(), submission.candidates.as_slice());
    for (sheet, entries) in [unit, people] {
        let fields = sheet.iter().flat_map(|s| &s.fields);
        for field in fields.filter(|f| f.label.contains("意见") && !shown.contains(&f.key.as_str()))
        {
            let filled = |entry: &&Entry| !says_nothing(entry.text(&field.key));
            if let Some(entry) = entries.iter().find(filled) {
                first.get_or_insert_with(|| entry.place_of(&field.key));
                labels.push(field.label.as_str());
            }
        }
    }
    let Some(place) = first else {
        return;
    };
    let message = format!("“{}”填的内容只用来核对，不印在表上。", labels.join("”、“"));
    let hint = "无需处理；表上的意见由各部门自己填写、签字、盖章。";
    checking.add(severity.min(Severity::Info), "F19", place, message, hint);
}
