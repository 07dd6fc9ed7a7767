//! What a file of a submission is for (用途), by its folder and its ending: a photo is one wherever it lies and whatever language its
//! folder is called in.

use crate::record::Use;

const PICTURES: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "tif", "tiff", "webp", "heic", "heif",
];
const FILMS: &[&str] = &[
    "mp4", "mov", "m4v", "avi", "wmv", "mkv", "flv", "mpg", "mpeg", "3gp", "webm", "rmvb",
];
const TEXTS: &[&str] = &["txt", "md", "docx", "doc"];

/// What a file is for.
pub(super) fn usage_of(path: &str) -> Use {
    let lower = path.to_lowercase();
    let (folder, name) = match lower.split_once('/') {
        Some((folder, _)) => (folder, lower.rsplit('/').next().unwrap_or(&lower)),
        None => ("", lower.as_str()),
    };
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let text = TEXTS.contains(&ending);
    if FILMS.contains(&ending) && folder != "report" {
        return Use::Video;
    }
    if PICTURES.contains(&ending) && !is_films(folder) {
        return Use::Photo;
    }
    match folder {
        "report" | "报告" if text => Use::Report,
        "" if ["xlsx", "xlsm", "xls", "csv", "tsv", "json"].contains(&ending) => Use::Data,
        "" if text && (name.contains("报告") || name.contains("report")) => Use::Report,
        folder if is_pictures(folder) => Use::Photo,
        folder if is_films(folder) => Use::Video,
        _ => Use::Other,
    }
}

/// Whether a file at the top may be the report under another name.
pub(super) fn is_like_report(path: &str) -> bool {
    let lower = path.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let words = ["总结", "汇报", "工作情况", "推荐工作"];
    !path.contains('/') && TEXTS.contains(&ending) && words.iter().any(|word| path.contains(word))
}

fn is_pictures(folder: &str) -> bool {
    let words = [
        "photo",
        "picture",
        "照片",
        "图片",
        "相片",
        "证件照",
        "工作照",
        "生活照",
    ];
    words.iter().any(|word| folder.contains(word))
}

fn is_films(folder: &str) -> bool {
    ["video", "视频", "录像", "影像"]
        .iter()
        .any(|word| folder.contains(word))
}
