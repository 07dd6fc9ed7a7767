//! What lies in the place of a submission (不是报送文件夹): our own paper, keys, ledgers, templates and packages, and folders that hold
//! several submissions. Each is named in one sentence, with what to do, before anything is read out of it.

use std::path::Path;

use crate::store::ledger::{DATABASE, LEDGER};

use crate::clerk::error::ClerkError;
use crate::clerk::making::marker::MARKER;

/// Most submissions that one sentence names.
const MOST_NAMED: usize = 5;
/// What stands behind the name of a submission in the name of the folder of its paper.
const PAPER: [&str; 2] = ["-纸质件", PAPERS];
/// The same, of the papers around it.
const PAPERS: &str = "-公文";

/// Refuses a path that is something else than a submission.
pub(super) fn refuse_other(path: &Path) -> Result<(), ClerkError> {
    let said = if path.is_file() {
        of_file(path)
    } else if path.is_dir() && !path.join(MARKER).is_file() {
        of_folder(path)
    } else {
        None
    };
    said.map_or(Ok(()), |words| Err(ClerkError::Refused(words)))
}

/// A file that is no data file of a submission.
fn of_file(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_string_lossy().to_lowercase();
    let shown = path.display();
    match ending.as_str() {
        "zip" => Some(format!(
            "{shown} 是压缩包，不能校验。如果是报送包，收件请用 sanlian receive package；如果是打包的报送文件夹，请先解压，再写解压出来的文件夹。"
        )),
        "pdf" | "jpg" | "jpeg" | "png" | "docx" | "doc" => Some(format!(
            "{shown} 不是报送文件夹，也不是其中的工作簿。请写报送文件夹；核对纸上的标记用 sanlian verify 或 sanlian scan。"
        )),
        _ => None,
    }
}

/// A folder that is no submission.
fn of_folder(path: &Path) -> Option<String> {
    let shown = path.display();
    let has = |name: &str| path.join(name).exists();
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
    let papers = name.is_some_and(|n| n.ends_with(PAPERS)) && !is_submission(path);
    if has("manifest.json") || papers {
        let what = if papers { "公文" } else { "纸质件" };
        return Some(format!(
            "{shown} 是制成的{what}，不是报送文件夹。{}",
            submission_of(path)
        ));
    }
    if has("private.pem") || has("private-sm2.pem") {
        return Some(format!(
            "{shown} 是密钥目录，不是报送文件夹。请写报送文件夹；密钥目录用 --keys 指明。"
        ));
    }
    if has(LEDGER) || has(DATABASE) {
        return Some(format!(
            "{shown} 是台账的数据目录，不是报送文件夹。请写报送文件夹；收件情况用 sanlian status 查看。"
        ));
    }
    if has("campaign.toml") {
        return Some(format!(
            "{shown} 是活动模板，不是报送文件夹。请写报送文件夹；检查模板用 sanlian campaigns --templates 加上它所在的目录。"
        ));
    }
    if is_submission(path) {
        return None;
    }
    let inside = submissions_in(path);
    let first = inside.first()?;
    let named: Vec<String> = inside
        .iter()
        .take(MOST_NAMED)
        .map(|n| format!("“{n}”"))
        .collect();
    let more = if inside.len() > MOST_NAMED { "等" } else { "" };
    Some(format!(
        "{shown} 不是报送文件夹，它里面有 {} 个：{}{more}。请写其中一个，如 {}；几家的材料要合成一份的，用 sanlian gather。",
        inside.len(),
        named.join("、"),
        path.join(first).display()
    ))
}

/// Where the submission of a folder of paper is likely to be.
fn submission_of(paper: &Path) -> String {
    let name = paper.file_name().map(|n| n.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let named = PAPER.iter().find_map(|suffix| name.strip_suffix(suffix));
    let beside = named.map(|name| paper.with_file_name(name));
    let beside = beside.or_else(|| Some(paper.with_file_name("submission")));
    match beside.filter(|folder| is_submission(folder)) {
        Some(folder) => format!("报送文件夹是 {}，请写它。", folder.display()),
        None => "请写做它时用的报送文件夹。".to_owned(),
    }
}

/// Names of the folders in a folder that are submissions.
fn submissions_in(path: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(path) else {
        return Vec::new();
    };
    let is_paper =
        |path: &Path| path.join("manifest.json").exists() && !path.join(MARKER).is_file();
    let folders = entries.flatten().map(|e| (e.path(), e));
    let folders =
        folders.filter(|(path, _)| path.is_dir() && is_submission(path) && !is_paper(path));
    let mut names: Vec<String> = folders
        .map(|(_, e)| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Whether a folder holds what a submission holds at its top: our marker, or a data file.
fn is_submission(path: &Path) -> bool {
    if path.join(MARKER).is_file() {
        return true;
    }
    let Ok(entries) = std::fs::read_dir(path) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let data = ["xlsx", "xlsm", "xls", "csv", "tsv", "et"];
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        name == "submission.json" || data.contains(&ending) && !name.starts_with(['.', '~'])
    })
}
