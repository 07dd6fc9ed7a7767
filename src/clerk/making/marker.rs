//! The marker (`sanlian.toml`) of a submission folder: which campaign it answers, and where the templates of that campaign lie if
//! they are not built in.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::foreign::InChinese;

use crate::clerk::error::ClerkError;
use crate::clerk::given;

/// Name of the file.
pub(in crate::clerk) const MARKER: &str = "sanlian.toml";

/// What the file says.
#[derive(Debug, Deserialize, Serialize)]
pub(in crate::clerk) struct Marker {
    /// Id of the campaign.
    pub(in crate::clerk) campaign: String,
    /// Folder of campaigns beside the built-in ones, absolute; a relative one is looked for from the submission folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::clerk) templates: Option<PathBuf>,
}

/// The text of the file.
pub(in crate::clerk) fn marker(id: &str, templates: Option<&Path>) -> Result<String, ClerkError> {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let marker = Marker {
        campaign: id.to_owned(),
        templates: templates.map(whole),
    };
    let text = toml::to_string(&marker).map_err(|_| {
        ClerkError::refused("模板目录的名称不是 UTF-8，记不下来。请把它改成普通的名称。")
    })?;
    Ok(format!("# 本文件夹所填报的活动\n{text}"))
}

/// What the marker of a submission folder says; none where there is none. One that is there and cannot be read is told.
pub(in crate::clerk) fn read_marker(dir: &Path) -> Result<Option<Marker>, ClerkError> {
    let path = dir.join(MARKER);
    if !path.exists() {
        return Ok(None);
    }
    let text = given::text(&path)?;
    let marker = toml::from_str(&text).map_err(|error| {
        ClerkError::Refused(format!(
            "{} 读不懂：{}。请改正，写成 campaign = \"活动名\"，或用 --campaign 指定活动",
            path.display(),
            error.in_chinese()
        ))
    })?;
    Ok(Some(marker))
}

/// The folder of campaigns that a submission folder, or the folder of a data file, remembers; none where it remembers none. One that
/// is gone is told: the built-in campaign of the same name may be another one.
pub fn templates_of(submission: &Path) -> Result<Option<PathBuf>, ClerkError> {
    let dir = folder_of(submission);
    let Some(templates) = read_marker(&dir)?.and_then(|m| m.templates) else {
        return Ok(None);
    };
    let templates = dir.join(templates);
    if templates.is_dir() {
        return Ok(Some(templates));
    }
    Err(ClerkError::Refused(format!(
        "{} 记着活动模板在 {}，那里现在没有这个文件夹。请用 --templates 指明它现在的位置，或改正 {} 中的 templates。",
        dir.join(MARKER).display(),
        templates.display(),
        MARKER,
    )))
}

/// The submission folder that a path names: itself, or the folder of a data file.
pub(in crate::clerk) fn folder_of(path: &Path) -> PathBuf {
    if !path.is_file() {
        return path.to_path_buf();
    }
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_path_buf()
}
