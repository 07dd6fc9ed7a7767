//! What must agree about works in new media: their folder, the columns for addresses and files, and what the checklist counts.

use crate::finding::Finding;

use super::document::{Node, fault, nearest_hint};
use super::{Campaign, Kind, Material, Sheet};

/// Folders that have another use already, or are the program's own.
const TAKEN: &[&str] = &[
    "photos",
    "photo",
    "照片",
    "图片",
    "videos",
    "video",
    "视频",
    "report",
    "报告",
    "汇集",
    "工作簿中的图片",
];

/// Checks the sheets of works of a campaign, and that no other sheet names files.
pub(super) fn verify_works(campaign: &Campaign, root: Node<'_>, findings: &mut Vec<Finding>) {
    for (i, sheet) in campaign.sheets.iter().enumerate() {
        let node = root.key("sheet").item(i);
        if sheet.folder.is_empty() {
            files_without_folder(sheet, node, findings);
            continue;
        }
        folder(sheet, node, findings);
        let mut earlier = campaign.sheets.iter().take(i);
        if let Some(earlier) = earlier.find(|s| s.folder == sheet.folder) {
            fault(
                findings,
                node.key("folder"),
                format!(
                    "“{}”和“{}”的作品放在同一个文件夹“{}”",
                    earlier.label, sheet.label, sheet.folder
                ),
                "一个文件夹只属于一张表，请改用另一个名称。",
            );
        }
        for (kind, word) in [(Kind::File, "file"), (Kind::Url, "url")] {
            let fields = sheet.fields.iter().enumerate();
            let mut of_kind = fields.filter(|(_, f)| f.kind == kind);
            if of_kind.next().is_none() && kind == Kind::File {
                fault(
                    findings,
                    node.key("folder"),
                    format!("“{}”写了 folder，却没有填文件名的字段", sheet.label),
                    "请补一个 kind = \"file\" 的字段，或删去 folder。",
                );
            }
            if let Some((n, field)) = of_kind.next() {
                fault(
                    findings,
                    node.key("field").item(n).key("kind"),
                    format!(
                        "“{}”有两个 kind = \"{word}\" 的字段，“{}”不会用到",
                        sheet.label, field.label
                    ),
                    "请只留一个；几个文件在一格里用“、”分开。",
                );
            }
        }
    }
}

/// A column for files in a sheet that has no folder for them.
fn files_without_folder(sheet: &Sheet, node: Node<'_>, findings: &mut Vec<Finding>) {
    let fields = sheet.fields.iter().enumerate();
    for (n, field) in fields.filter(|(_, f)| f.kind == Kind::File) {
        fault(
            findings,
            node.key("field").item(n).key("kind"),
            format!(
                "“{}”的字段“{}”要填文件名，表里却没有写 folder",
                sheet.label, field.label
            ),
            "请在这张表写 folder = \"作品\" 的样子，说明文件放在报送文件夹的哪个文件夹；不是作品的，请改 kind。",
        );
    }
}

/// The folder of a sheet of works.
fn folder(sheet: &Sheet, node: Node<'_>, findings: &mut Vec<Finding>) {
    let name = sheet.folder.as_str();
    let odd = name.trim() != name
        || name
            .chars()
            .any(|c| c.is_control() || "/\\:*?\"<>|.".contains(c));
    let taken = TAKEN.iter().any(|t| t.eq_ignore_ascii_case(name));
    if odd || taken {
        fault(
            findings,
            node.key("folder"),
            format!("“{}”的文件夹“{name}”不能用", sheet.label),
            "请写一个文件夹的名称，如 folder = \"作品\"：不带路径和标点，不与照片、视频、报告的文件夹相同。",
        );
    }
    if !sheet.rows {
        fault(
            findings,
            node.key("folder"),
            format!("“{}”不是多行的表，不能写 folder", sheet.label),
            "请加上 rows = true（一件作品一行），或删去 folder。",
        );
    }
}

/// The sheet whose rows a material counts.
pub(super) fn verify_counted(
    campaign: &Campaign,
    material: &Material,
    node: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    let key = material.sheet.as_str();
    if key.is_empty() {
        return;
    }
    let rows = campaign.sheets.iter().filter(|s| s.rows);
    if !rows.clone().any(|s| s.key == key) {
        fault(
            findings,
            node.key("sheet"),
            format!(
                "材料“{}”要数的表“{key}”没有，或不是多行的表",
                material.label
            ),
            nearest_hint(key, rows.map(|s| s.key.as_str())),
        );
    } else if material.paper > 0 {
        fault(
            findings,
            node.key("sheet"),
            format!("材料“{}”要交纸质件，不按行数计", material.label),
            "请删去 sheet，或把 paper 改为 0。",
        );
    }
}
