//! Rows of a table that take no entry of a list (非条目行): the one that sums it up (合计), what stands below it (填表人, 注), and rows that are
//! not printed.

use crate::ooxml::Element;
use crate::text::heading::fold_heading;

/// Words of a row that sums a list up.
const SUMS: &[&str] = &["合计", "总计", "小计", "共计", "累计", "总数"];
/// Words of a row below a list, whatever follows their colon.
const FEET: &[&str] = &[
    "注",
    "备注",
    "说明",
    "填表说明",
    "填表人",
    "填报人",
    "制表人",
    "经办人",
    "审核人",
    "复核人",
    "负责人",
    "单位负责人",
    "联系人",
    "日期",
    "填表日期",
    "填报日期",
];
/// Words that show how a row is filled in.
const SHOWS: &[&str] = &["例", "示例", "样例", "范例", "举例", "例如", "示范"];
/// What is said of a row that shows how to fill a list in, among other words.
const SHOWN: &[&str] = &["请删除", "删除此行", "删除本行", "样例", "填写示例"];

/// Whether the first words of a row say that it sums a list up.
pub(in crate::fill) fn is_sum(text: &str) -> bool {
    let own = fold_heading(text);
    let short = own.chars().count() < 8;
    short && SUMS.iter().any(|s| own.starts_with(s))
}

/// Whether the first words of a row say that it stands below a list.
pub(in crate::fill) fn is_foot(text: &str) -> bool {
    let text = text.trim();
    let foot = |f: &&str| {
        let behind = text.strip_prefix(*f).map(str::trim_start);
        let named = f.chars().count() > 2 && behind == Some("");
        named || behind.is_some_and(|b| b.starts_with(['：', ':']))
    };
    is_sum(text) || FEET.iter().any(foot)
}

/// Whether words at the beginning of a row say that it shows how to fill a list in.
pub(in crate::fill) fn is_example_mark(text: &str) -> bool {
    let own = fold_heading(text);
    let word = own.trim_end_matches(|c: char| c.is_ascii_digit());
    // behind an example of a number stand more digits
    SHOWS.contains(&word) && own.len() < word.len() + 3
}

/// Whether words anywhere in a row of a list say that it shows how to fill the list in.
pub(in crate::fill) fn is_said_example(text: &str) -> bool {
    SHOWN.iter().any(|s| text.contains(s))
}

/// Whether a row of a table is not printed: a tracked change took it out, or it is hidden.
pub(in crate::fill) fn is_gone(row: Element<'_>) -> bool {
    let on = |e: Element<'_>| e.val().is_none_or(|v| v != "0" && v != "false");
    row.at(&["trPr", "del"]).is_some() || row.at(&["trPr", "hidden"]).is_some_and(on)
}

/// Whether a row of a sheet is not printed.
pub(in crate::fill) fn is_hidden(row: Element<'_>) -> bool {
    let on = row.attribute("hidden");
    let flat = row.attribute("ht").is_some_and(|h| &*h == "0");
    flat || on.is_some_and(|v| matches!(&*v, "1" | "true"))
}
