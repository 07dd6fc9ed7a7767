//! Names that something else must accept (名称): sheets that Excel takes, headings that are found again when the workbook is read, paths of
//! forms that every system can write, and file names of photos that cannot be mistaken for one another.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::text::heading::fold_heading;

use super::document::{Node, fault};
use super::{Campaign, Field, FormTemplate, Sheet};

/// Most characters of a sheet's name (Excel, specifications and limits).
const MOST_SHEET: usize = 31;
/// Sheets of the workbook that are not the campaign's, and a name that Excel keeps to itself.
const OTHER_SHEETS: [&str; 3] = ["说明", "代码表", "History"];
/// Most characters of a form's path before its fields are filled in.
const MOST_PATH: usize = 100;
/// Most characters of a heading; names of columns are far shorter.
const MOST_HEADING: usize = 60;
/// Files that stand beside the forms.
const OTHER_FILES: [&str; 1] = ["全部打印"];
/// Headings that a column for numbers of rows, or one of the program's own, has.
const OTHER_HEADINGS: [&str; 6] = ["序号", "编号", "排序", "排名", "错误说明", "校验结果"];
/// Endings of files that a path must not bring along.
const ENDINGS: [&str; 7] = ["pdf", "docx", "doc", "wps", "xlsx", "xls", "html"];

/// Names of sheets: Excel takes them, and they are not names of other sheets of the workbook.
pub(super) fn verify_sheet_names(
    campaign: &Campaign,
    nodes: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (i, sheet) in campaign.sheets.iter().enumerate() {
        let node = nodes.item(i).key("label");
        let label = sheet.label.as_str();
        if let Some((what, hint)) = sheet_fault(sheet) {
            fault(findings, node, format!("工作表的名称“{label}”{what}"), hint);
        }
        // Excel does not tell capitals from small letters
        if let Some(earlier) = seen.insert(label.to_lowercase(), label)
            && earlier != label
        {
            fault(
                findings,
                node,
                format!("工作表的名称“{label}”与“{earlier}”只差大小写，Excel当作同名"),
                "请改名。",
            );
        }
    }
}

fn sheet_fault(sheet: &Sheet) -> Option<(String, &'static str)> {
    let label = sheet.label.as_str();
    if let Some(c) = label
        .chars()
        .find(|c| r"/\?*[]:".contains(*c) || c.is_control())
    {
        let what = format!("里有“{c}”，Excel不接受");
        return Some((what, "名称里不能有 / \\ ? * [ ] : 和换行，请改名。"));
    }
    if label.starts_with('\'') || label.ends_with('\'') {
        let what = "以单引号开头或结尾，Excel不接受".to_owned();
        return Some((what, "请删去单引号。"));
    }
    let length = label.encode_utf16().count();
    if length > MOST_SHEET {
        let what = format!("有{length}个字，Excel最多接受{MOST_SHEET}个");
        return Some((what, "请写短一些。"));
    }
    if OTHER_SHEETS
        .iter()
        .any(|other| other.eq_ignore_ascii_case(label.trim()))
    {
        let what = "已有别的用处，工作簿里会有两张同名的表".to_owned();
        return Some((
            what,
            "“说明”“代码表”由程序自己写，“History”由Excel保留，请改名。",
        ));
    }
    padded(label).then(|| ("前后有空格".to_owned(), "请删去空格。"))
}

fn padded(text: &str) -> bool {
    !text.trim().is_empty() && text.trim() != text
}

/// The label of a field, as a heading that is found again.
pub(super) fn verify_heading(field: &Field, node: Node<'_>, findings: &mut Vec<Finding>) {
    let label = field.label.as_str();
    let node = node.key("label");
    if label.chars().any(char::is_control) {
        fault(
            findings,
            node,
            format!(
                "字段的名称“{}”里有换行或制表符",
                label.split_whitespace().collect::<String>()
            ),
            "请写在一行里，工作簿的标题会自己换行。",
        );
    } else if label.chars().count() > MOST_HEADING {
        let length = label.chars().count();
        fault(
            findings,
            node,
            format!("字段的名称“{}”有{length}个字，表头放不下", shortened(label)),
            format!("请写在{MOST_HEADING}个字以内，其余的写进 note。"),
        );
    } else if padded(label) {
        fault(
            findings,
            node,
            format!("字段的名称“{label}”前后有空格"),
            "请删去空格。",
        );
    } else if label.ends_with(['＊', '*']) || label.starts_with(['＊', '*']) {
        fault(
            findings,
            node,
            format!("字段的名称“{label}”带有星号，程序会再加一个"),
            "请删去星号；必填的写 required = true。",
        );
    } else if OTHER_HEADINGS.contains(&fold_heading(label).as_str()) {
        fault(
            findings,
            node,
            format!("字段的名称“{label}”与程序自己的一栏同名，填了也读不到"),
            "请换一个名称，如“人选代号”。",
        );
    }
}

/// The path of a form: every system can write it, and no other form or file lies there.
pub(super) fn verify_path(
    campaign: &Campaign,
    form: &FormTemplate,
    node: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    if let Some((what, hint)) = path_fault(&form.path) {
        let message = format!("输出路径“{}”{what}", shortened(&form.path));
        fault(findings, node, message, hint);
        return;
    }
    let own = form.path.to_lowercase();
    if OTHER_FILES.contains(&own.as_str()) {
        fault(
            findings,
            node,
            format!("输出路径“{}”是程序自己要写的文件", form.path),
            "请改名。",
        );
    }
    // two that are the same to the letter are told where paths are compared
    let others = campaign.forms.iter().filter(|f| f.path != form.path);
    for other in others {
        let theirs = other.path.to_lowercase();
        if theirs == own {
            fault(
                findings,
                node,
                format!(
                    "输出路径“{}”与“{}”只差大小写，会写到同一个文件",
                    form.path, other.path
                ),
                "请改名。",
            );
            return;
        }
    }
}

fn path_fault(path: &str) -> Option<(String, String)> {
    let length = path.chars().count();
    if length > MOST_PATH {
        let what = format!("有{length}个字，太长，填上姓名后可能写不出文件");
        return Some((what, format!("请写在{MOST_PATH}个字以内。")));
    }
    for part in path.split('/') {
        if padded(part) || part.ends_with('.') && !part.trim_matches('.').is_empty() {
            let what = format!("中的“{part}”以空格开头，或以空格、句点结尾，Windows写不出");
            return Some((what, "请删去空格和句点。".to_owned()));
        }
        let ending = part
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_lowercase());
        if let Some(ending) = ending.filter(|e| ENDINGS.contains(&e.as_str())) {
            let what = format!("中的“{part}”带有扩展名“.{ending}”");
            return Some((what, "扩展名由程序加，请删去。".to_owned()));
        }
        if is_device(part) {
            let what = format!("中的“{part}”是Windows保留的名称，写不出文件");
            return Some((what, "请改名，如在后面加上“表”。".to_owned()));
        }
    }
    None
}

/// Checks that the files of a form do not bear the names of another's once they are filled in, for the first candidates.
pub(super) fn verify_filled_path(
    campaign: &Campaign,
    form: &FormTemplate,
    node: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    let own = filled_paths(campaign, form);
    // of two forms the earlier one is told
    let others = campaign.forms.iter().skip_while(|f| f.kind != form.kind);
    for other in others.skip(1).filter(|other| other.path != form.path) {
        // without anything to fill in it is told where paths are compared
        if !form.path.contains('{') && !other.path.contains('{') {
            continue;
        }
        let theirs = filled_paths(campaign, other);
        let mut pairs = own
            .iter()
            .flat_map(|one| theirs.iter().map(move |other| (one, other)));
        let Some((same, _)) = pairs.find(|(one, other)| may_be_same(one, other)) else {
            continue;
        };
        fault(
            findings,
            node,
            format!(
                "输出路径“{}”与“{}”填上后会是同一个文件，如“{}”",
                form.path,
                other.path,
                same.replace("{name}", "王示例")
            ),
            "请改名，使两种表的文件不会同名。",
        );
        return;
    }
}

/// The paths of a form for some candidates and for every department, in small letters; names are left to be filled in.
fn filled_paths(campaign: &Campaign, form: &FormTemplate) -> BTreeSet<String> {
    const NUMBERS: [usize; 9] = [1, 2, 3, 9, 10, 11, 12, 100, 101];
    let named = campaign
        .channels
        .iter()
        .flat_map(|c| c.departments.values());
    let departments: BTreeSet<&str> = named.map(String::as_str).chain(["示例部门"]).collect();
    let mut paths = BTreeSet::new();
    for number in NUMBERS
        .iter()
        .flat_map(|n| [format!("{n:02}"), n.to_string()])
    {
        for department in &departments {
            let path = form.path.replace("{no}", &number);
            paths.insert(path.replace("{department.name}", department).to_lowercase());
        }
    }
    paths
}

/// Whether two paths may be the same, where one of them leaves a name open.
fn may_be_same(one: &str, other: &str) -> bool {
    let fits = |open: &str, whole: &str| {
        open.split_once("{name}").is_some_and(|(before, behind)| {
            let inside = whole
                .strip_prefix(before)
                .and_then(|w| w.strip_suffix(behind));
            inside.is_some_and(|name| !name.is_empty() && !name.contains('/'))
        })
    };
    one == other
        || !other.contains("{name}") && fits(one, other)
        || !one.contains("{name}") && fits(other, one)
}

/// Whether Windows takes a name for a device, with an ending or without.
fn is_device(part: &str) -> bool {
    let stem = part
        .split('.')
        .next()
        .unwrap_or(part)
        .trim()
        .to_ascii_uppercase();
    let numbered = |word: &str| {
        let rest = stem.strip_prefix(word);
        rest.is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| (b'1'..=b'9').contains(&b)))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

fn shortened(path: &str) -> String {
    let mut chars = path.chars();
    let head: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() {
        format!("{head}…")
    } else {
        head
    }
}

/// Photos that would bear the name of the id photo: what the pattern of work photos gives for some number.
pub(super) fn verify_photo_names(campaign: &Campaign, rule: Node<'_>, findings: &mut Vec<Finding>) {
    let names = campaign.photo_names();
    // a field's value stands for itself; the place in the list is a number as that of the photo is
    let value = |key: &str| match key {
        "no" => "1".to_owned(),
        key => format!("\u{1}{key}\u{2}"),
    };
    let id_photo = names.id_photo.fill(None, &value);
    let work_photo = names.work_photo.fill(None, &value);
    let Some((before, behind)) = work_photo.split_once("{n}") else {
        return;
    };
    let between = id_photo
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(behind));
    let number = between.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if !number {
        return;
    }
    let node = ["id_photo", "work_photo"].map(|name| rule.key(name));
    let node = node.into_iter().find(|n| n.exists()).unwrap_or(rule);
    fault(
        findings,
        node,
        format!(
            "证件照的名称“{}”与工作照片的“{}”会是同一个文件名",
            names.id_photo.as_str(),
            names.work_photo.as_str()
        ),
        "请让两个名称不会相同，如证件照写 {name}-证件照。",
    );
}
