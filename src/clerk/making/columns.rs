//! A column that a list does not have (列表缺列): every row lacks its answer, and the sheet is told of it once.

use std::collections::BTreeSet;

use crate::campaign::Campaign;
use crate::finding::Finding;

/// Tells of each missing column once, instead of at every row. Answers of a sheet have cells, unless their column is missing.
pub(super) fn missing_columns_once(campaign: &Campaign, findings: &mut Vec<Finding>) {
    let mut told: BTreeSet<(Option<String>, Option<String>, String)> = BTreeSet::new();
    findings.retain_mut(|finding| {
        let place = &finding.place;
        let Some(label) = label_of(campaign, finding) else {
            return true;
        };
        let key = place.field.clone().unwrap_or_default();
        if !told.insert((place.file.clone(), place.sheet.clone(), key)) {
            return false;
        }
        let called = match (&place.sheet, &place.file) {
            (Some(sheet), _) => format!("工作表“{sheet}”"),
            (None, file) => format!("文件“{}”", file.clone().unwrap_or_default()),
        };
        finding.code = "I2";
        finding.message = format!("{called}没有“{label}”列。");
        finding.hint = "请从模板复制这一列的标题，补填内容。".to_owned();
        finding.place.record = None;
        true
    });
}

/// The label of the column that a missing answer of a list's row is under, where it has no cell.
fn label_of<'c>(campaign: &'c Campaign, finding: &Finding) -> Option<&'c str> {
    let place = &finding.place;
    if finding.code != "M14" || place.cell.is_some() || place.file.is_none() {
        return None;
    }
    let (sheet, field) = place.field.as_deref()?.split_once('.')?;
    Some(campaign.sheet(sheet)?.field(field)?.label.as_str())
}
