//! What a gathered submission (汇集成的报送文件夹) remembers, as far as reading it needs to know: who was gathered, and is no longer wanted where
//! the office took the row out of the list of candidates. Gathering itself is in `gather`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::campaign::{Campaign, Kind};
use crate::finding::{Finding, Place};
use crate::record::{GatherMemory, GatheredPerson, Submission, Value};

/// The folder in the gathered submission that holds what gathering remembers.
pub(in crate::clerk) const FOLDER: &str = "汇集";
/// What is remembered.
pub(super) const MEMORY: &str = "汇集.json";

/// The rows of lists whose person was gathered and does not stand in the list of candidates any more are told as such, once a list: the
/// office left the person out, and the rows say nothing.
pub(super) fn left_out(
    dir: &Path,
    campaign: &Campaign,
    submission: &mut Submission,
    findings: &mut Vec<Finding>,
) {
    let text = std::fs::read_to_string(dir.join(FOLDER).join(MEMORY));
    let memory = text
        .ok()
        .and_then(|text| serde_json::from_str::<GatherMemory>(&text).ok());
    let Some(memory) = memory else {
        return;
    };
    let here: BTreeSet<&str> = submission
        .candidates
        .iter()
        .map(|e| e.text("name"))
        .collect();
    let numbers: BTreeSet<&str> = match id_key(campaign) {
        Some(key) => submission.candidates.iter().map(|e| e.text(key)).collect(),
        None => BTreeSet::new(),
    };
    let number = |p: &GatheredPerson| {
        let value = id_key(campaign).and_then(|key| p.values.get(key));
        value.map_or("", Value::text).to_owned()
    };
    let former = memory.people.iter().map(|p| (p.name.clone(), number(p)));
    let former = former.filter(|(_, id)| !id.is_empty() && !numbers.contains(id.as_str()));
    let former: BTreeSet<(String, String)> = former.collect();
    let gone = |finding: &Finding| {
        let name = finding.place.record.as_deref().unwrap_or_default();
        let gathered = memory.people.iter().any(|p| p.name == name);
        finding.code == "I5" && gathered && !here.contains(name)
    };
    let (rows, mut kept): (Vec<Finding>, Vec<Finding>) = findings.drain(..).partition(gone);
    let mut told: BTreeSet<(Option<String>, Option<String>)> = BTreeSet::new();
    for row in &rows {
        let of = (row.place.sheet.clone(), row.place.record.clone());
        if !told.insert(of.clone()) {
            continue;
        }
        let same = |f: &&Finding| (&f.place.sheet, &f.place.record) == (&of.0, &of.1);
        let count = rows.iter().filter(same).count();
        let (sheet, name) = (of.0.unwrap_or_default(), of.1.unwrap_or_default());
        kept.push(Finding::info(
            "I5",
            Place {
                field: None,
                ..row.place.clone()
            },
            format!(
                "{name}已不在“{}”表中，“{sheet}”里他的{count}行没有读取。",
                campaign.people_word()
            ),
            format!(
                "不再报送他的，无需处理；要报送的，请在“{}”表中补回他的一行。",
                campaign.people_word()
            ),
        ));
    }
    if kept
        .iter()
        .all(|f| f.code != "I5" || f.severity < crate::finding::Severity::Error)
    {
        submission.unowned.clear();
    }
    *findings = kept;
    submission.former = former;
}

/// The key of the field for id numbers.
fn id_key(campaign: &Campaign) -> Option<&str> {
    let sheet = campaign.candidate_sheet()?;
    let field = sheet.fields.iter().find(|f| f.kind == Kind::IdNo)?;
    Some(&field.key)
}

/// C1: whose the gathered submission is, and by which channel, is not said yet: without a channel no quota is known.
pub(super) fn unsaid(campaign: &Campaign, office: &Submission, file: &str) -> Option<Finding> {
    let sheet = campaign.unit_sheet()?;
    let options = [("name", "--unit"), ("channel", "--channel")];
    let blank = options
        .iter()
        .filter(|(key, _)| office.unit.text(key).trim().is_empty());
    let blank: Vec<(&str, &str)> = blank
        .filter_map(|(key, option)| Some((sheet.field(key)?.label.as_str(), *option)))
        .collect();
    let labels: Vec<String> = blank
        .iter()
        .map(|(label, _)| format!("“{label}”"))
        .collect();
    let options: Vec<&str> = blank.iter().map(|(_, option)| *option).collect();
    let quota = match office.unit.text("channel").trim().is_empty() {
        true => "，名额没有核对",
        false => "",
    };
    let finding = Finding::warning(
        "C1",
        Place {
            file: Some(file.to_owned()),
            sheet: Some(sheet.label.clone()),
            ..Place::default()
        },
        format!("汇集单位还没有写明{}{quota}。", labels.join("、")),
        format!(
            "请加 {} 再汇集一次，或者在汇集到的工作簿“{}”表里填写。",
            options.join("、"),
            sheet.label
        ),
    );
    (!blank.is_empty()).then_some(finding)
}
