//! What lies in a submission folder and is not read (没有读取的文件): each is named, with what to do, so that nobody believes that it was
//! handed in.

use crate::campaign::{Campaign, FormKind};
use crate::finding::{Finding, Place};
use crate::intake::SourceFile;
use crate::record::{Submission, Use};

/// Files in a submission folder that are ours or the campaign's.
const OWN: &[&str] = &["sanlian.toml", "binding.toml"];

/// Endings of texts: papers, and pages that somebody saved one as.
const PAPERS: &[&str] = &[
    "wps", "wpt", "rtf", "odt", "pdf", "ofd", "docx", "docm", "dotx", "doc", "txt", "md", "html",
    "htm", "mht", "mhtml", "xhtml", "pages",
];
/// What people call the file that they fill in.
const WORKBOOK_WORDS: &[&str] = &["工作簿", "填报表", "报送表"];

/// Findings of the files that nothing reads. `data` and `reports` were read.
pub(super) fn unread(
    campaign: &Campaign,
    submission: &Submission,
    data: &[SourceFile],
    reports: &[SourceFile],
) -> Vec<Finding> {
    let others = submission.files.iter();
    let others = others.filter(|f| f.usage == Use::Other && !OWN.contains(&f.path.as_str()));
    others
        .map(|file| {
            let path = file.path.as_str();
            let lower = path.to_lowercase();
            let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
            match ending {
                "et" | "ett" | "ods" | "xlsb" | "xltx" | "numbers" | "wks" => {
                    table(path, ending, read_from(submission, data))
                }
                "zip" | "rar" | "7z" => packed(path, data),
                ending if PAPERS.contains(&ending) => {
                    if is_called_workbook(path) {
                        workbook(path, ending, read_from(submission, data))
                    } else {
                        paper(campaign, path, reports)
                    }
                }
                _ => other(path),
            }
        })
        .collect()
}

/// The data file that the answers came from; of several the one that was read, not the first by name. None where there is none.
fn read_from<'a>(submission: &'a Submission, data: &'a [SourceFile]) -> Option<&'a str> {
    let people = submission.candidates.iter();
    let mut entries = people.chain([&submission.unit]);
    let read = entries.find_map(|entry| {
        let place = entry.place.file.as_deref();
        place.or_else(|| entry.places.values().find_map(|p| p.file.as_deref()))
    });
    read.or_else(|| data.first().map(|file| file.path.as_str()))
}

/// A table in a format that is not read; `read` is the file that was.
fn table(path: &str, ending: &str, read: Option<&str>) -> Finding {
    let what = match ending {
        "et" | "ett" => "WPS表格格式（.et）",
        "ods" => "ODS格式",
        "xlsb" => "二进制格式（.xlsb）",
        "numbers" => "Numbers格式",
        _ => "不能读取的表格格式",
    };
    let place = Place::file(path);
    match read {
        None => Finding::error(
            "I1",
            place,
            format!("“{path}”是{what}，不能读取。"),
            "请用WPS或Excel打开，另存为“Excel工作簿（.xlsx）”，放在报送文件夹的最上层。",
        ),
        Some(read) => Finding::warning(
            "I11",
            place,
            format!("“{path}”是{what}，没有读取；读取的是“{read}”。"),
            "请核对哪一份是最后填的：是这一份的，另存为.xlsx后换上；不是的请移走。",
        ),
    }
}

/// Whether a file's name says that it is the workbook.
fn is_called_workbook(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    WORKBOOK_WORDS.iter().any(|word| name.contains(word))
}

/// What bears the name of the workbook, and is a text by its ending.
fn workbook(path: &str, ending: &str, read: Option<&str>) -> Finding {
    let place = Place::file(path);
    match read {
        None => Finding::error(
            "I1",
            place,
            format!("“{path}”按名称是工作簿，格式却是.{ending}，不能读取。"),
            "请用WPS或Excel打开填报的工作簿，另存为“Excel工作簿（.xlsx）”，放在报送文件夹的最上层。",
        ),
        Some(read) => Finding::warning(
            "I11",
            place,
            format!("“{path}”按名称是工作簿，格式却是.{ending}，没有读取；读取的是“{read}”。"),
            "请核对哪一份是最后填的：是这一份的，另存为.xlsx后换上；不是的请移走。",
        ),
    }
}

/// An archive.
fn packed(path: &str, data: &[SourceFile]) -> Finding {
    let message = format!("“{path}”是压缩包，里面的文件没有读取。");
    let hint = "请解压，把工作簿、报告放在报送文件夹的最上层，照片放入 photos，视频放入 videos；不需要的请移走。";
    if data.is_empty() {
        Finding::error("I1", Place::file(path), message, hint)
    } else {
        Finding::warning("I11", Place::file(path), message, hint)
    }
}

/// A paper that is not the report.
fn paper(campaign: &Campaign, path: &str, reports: &[SourceFile]) -> Finding {
    let wants = campaign
        .channels
        .iter()
        .any(|c| c.forms.contains(&FormKind::Report));
    let (message, hint) = match reports.first() {
        None if wants => (
            format!("“{path}”没有读取。"),
            format!(
                "如果是{}，请另存为“报告.docx”，放在报送文件夹的最上层；不是的请移走。",
                campaign.form_name(FormKind::Report)
            ),
        ),
        None => (
            format!("“{path}”没有读取。"),
            "请核对；不需要的请移走。".to_owned(),
        ),
        Some(report) => (
            format!("“{path}”没有读取；报告采用的是“{}”。", report.path),
            "请核对；不需要的请移走。".to_owned(),
        ),
    };
    Finding::warning("I11", Place::file(path), message, hint)
}

fn other(path: &str) -> Finding {
    Finding::warning(
        "I11",
        Place::file(path),
        format!("“{path}”不是工作簿、报告、照片或视频，没有读取，也不会打入报送包。"),
        "请核对；不需要的请移走。",
    )
}
