//! A second copy of the workbook (另一份工作簿): two files with the same sheets lie in the folder. Which of them is meant, a person says; until
//! then the one that is called as it should be is read, and one finding names both.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::Campaign;
use crate::finding::{Finding, Place};

use super::grid::Grid;

/// How the workbook is called.
const USUAL: &str = "填报工作簿";
/// What programs write into the name of a copy.
const COPY_WORDS: [&str; 8] = ["副本", "复制", "备份", "copy", "bak", "旧", "(", "（"];

/// Takes out the sheets of further copies of a workbook.
pub(super) fn without_copies(
    campaign: &Campaign,
    grids: Vec<Grid>,
    findings: &mut Vec<Finding>,
) -> Vec<Grid> {
    let candidates = campaign.candidate_sheet();
    let is_list = |grid: &&Grid| {
        let name = grid.sheet.trim();
        let filled = !grid.plain && !grid.rows.is_empty();
        filled && candidates.is_some_and(|s| s.label == name || s.aliases.iter().any(|a| a == name))
    };
    let files: BTreeSet<&str> = grids
        .iter()
        .filter(is_list)
        .map(|g| g.file.as_str())
        .collect();
    if files.len() < 2 {
        return grids;
    }
    // the sheets of each, without those that every workbook has: only what answers the same questions is a copy
    let mut sheets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for grid in grids.iter().filter(|g| files.contains(g.file.as_str())) {
        sheets
            .entry(&grid.file)
            .or_default()
            .insert(grid.sheet.trim());
    }
    let mut ranked: Vec<&str> = files.into_iter().collect();
    ranked.sort_by_key(|file| rank(file));
    let Some((first, rest)) = ranked.split_first() else {
        return grids;
    };
    let own = sheets.get(first).cloned().unwrap_or_default();
    let copies: BTreeSet<String> = rest
        .iter()
        .filter(|file| {
            let theirs = sheets.get(*file).cloned().unwrap_or_default();
            theirs.intersection(&own).count() * 2 >= theirs.len()
        })
        .map(|file| (*file).to_owned())
        .collect();
    if copies.is_empty() {
        return grids;
    }
    let named: Vec<String> = copies.iter().map(|c| format!("“{c}”")).collect();
    findings.push(Finding::error(
        "I11",
        Place::file(*first),
        format!(
            "有{}份工作簿：“{first}”和{}；读取了“{first}”，其余没有读取。",
            copies.len() + 1,
            named.join("、")
        ),
        "请只留最新的一份，把其余的移出报送文件夹。",
    ));
    grids
        .into_iter()
        .filter(|grid| !copies.contains(&grid.file))
        .collect()
}

/// Which of several is read: the one of the usual name, then one whose name does not say that it is a copy, then by name.
fn rank(file: &str) -> (bool, bool, String) {
    let lower = file.to_lowercase();
    let stem = lower.rsplit_once('.').map_or(lower.as_str(), |(s, _)| s);
    let copy = COPY_WORDS.iter().any(|word| stem.contains(word));
    (stem != USUAL, copy, lower.clone())
}
