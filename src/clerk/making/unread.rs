//! What lies in a submission folder and is not read (没有读取的文件): each is named, with what to do, so that nobody believes that it was
//! handed in.

use std::path::Path;

use crate::campaign::{Campaign, FormKind};
use crate::finding::{Finding, Place};
use crate::intake::SourceFile;
use crate::media::Probe;
use crate::record::{Attachment, Submission, Use};

/// Files in a submission folder that are ours or the campaign's.
const OWN: &[&str] = &["sanlian.toml", "binding.toml"];

/// Endings of texts: papers, and pages that somebody saved one as.
const PAPERS: &[&str] = &[
    "wps", "wpt", "rtf", "odt", "pdf", "ofd", "docx", "docm", "dotx", "doc", "txt", "md", "html",
    "htm", "mht", "mhtml", "xhtml", "pages",
];
/// Endings of data files, which are read from the folder itself.
const DATA: &[&str] = &["xlsx", "xlsm", "xls", "csv", "tsv", "json"];
/// The folders of photos and videos.
const MEDIA_FOLDERS: [&str; 5] = ["photos/", "videos/", "照片/", "图片/", "视频/"];
/// Endings of what lies among photos and videos and is neither: archives, links, papers.
const NO_MEDIA: &[&str] = &[
    "zip", "rar", "7z", "tar", "gz", "txt", "url", "lnk", "webloc", "html", "htm", "md", "doc",
    "docx", "wps", "rtf", "xls", "xlsx", "csv", "ppt", "pptx", "json",
];

/// Whether a file lies among the photos or videos.
fn is_among_media(path: &str) -> bool {
    MEDIA_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// Takes what is no picture and no video by its ending out of the photos and videos: no program for pictures makes one of it, and what to
/// do with it is another thing.
pub(super) fn without_no_media(files: &mut [Attachment]) {
    for file in files {
        let lower = file.path.to_lowercase();
        let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
        let media = matches!(file.usage, Use::Photo | Use::Video);
        if media
            && matches!(
                file.probe,
                Probe::Known(_) | Probe::Unknown | Probe::Broken { .. }
            )
            && NO_MEDIA.contains(&ending)
        {
            file.usage = Use::Other;
        }
    }
}

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
                "zip" | "rar" | "7z" | "tar" | "gz" => packed(path, data),
                ending if DATA.contains(&ending) && path.contains('/') => {
                    nested(path, read_from(submission, data))
                }
                _ if is_among_media(path) => no_media(path),
                ending if PAPERS.contains(&ending) && !is_among_media(path) => {
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
    let hint = match is_among_media(path) {
        true => "请解压，把里面的照片放入 photos、视频放入 videos，按要求命名，再移走压缩包。",
        false => {
            "请解压，把工作簿、报告放在报送文件夹的最上层，照片放入 photos，视频放入 videos；不需要的请移走。"
        }
    };
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

/// A data file in a folder of its own, where nothing is read from.
fn nested(path: &str, read: Option<&str>) -> Finding {
    let place = Place::file(path);
    match read {
        None => Finding::error(
            "I1",
            place,
            format!("“{path}”在子文件夹里，没有读取。"),
            "请把它移到报送文件夹的最上层。",
        ),
        Some(read) => Finding::warning(
            "I11",
            place,
            format!("“{path}”在子文件夹里，没有读取；读取的是“{read}”。"),
            "请核对哪一份是最后填的：是这一份的，移到最上层换上；不是的请移走。",
        ),
    }
}

/// A folder that bears the name of a workbook, where there is none: unpacking makes such folders.
pub(super) fn folder_for_workbook(dir: &Path, data: &[SourceFile]) -> Option<Finding> {
    if !data.is_empty() {
        return None;
    }
    let entries = std::fs::read_dir(dir).ok()?.filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let tables = |name: &String| {
        DATA.iter()
            .any(|end| name.to_lowercase().ends_with(&format!(".{end}")))
    };
    let name = names.filter(tables).min()?;
    Some(Finding::error(
        "I1",
        Place::file(name.clone()),
        format!("“{name}”是文件夹，不是工作簿，没有可以读取的数据。"),
        "工作簿如果在这个文件夹里面，请移到报送文件夹的最上层，再删去空的文件夹。",
    ))
}

/// What lies among photos or videos and is neither.
fn no_media(path: &str) -> Finding {
    let films = ["videos/", "视频/"].iter().any(|f| path.starts_with(f));
    let (folder, what) = match films {
        true => ("videos", "视频"),
        false => ("photos", "照片"),
    };
    Finding::warning(
        "I11",
        Place::file(path),
        format!("“{path}”不是{what}，没有读取，也不会打入报送包。"),
        format!("{folder} 里请放{what}文件本身：写的是网盘链接的，请下载后放入；不需要的请移走。"),
    )
}

fn other(path: &str) -> Finding {
    Finding::warning(
        "I11",
        Place::file(path),
        format!("“{path}”不是工作簿、报告、照片或视频，没有读取，也不会打入报送包。"),
        "请核对；不需要的请移走。",
    )
}
