//! What is refused before a form is read or written (把关): a binding of another campaign or of another form, a package that is no form, a
//! folder in which somebody has edited what was filled before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::Digest as _;

use crate::campaign::Campaign;
use crate::clerk::error::ClerkError;
use crate::fill::{self, Binding};
use crate::finding::{Finding, Place};
use crate::ooxml::{OoxmlError, OpcPackage, document_part, workbook_part};
use crate::record::Digest;
use crate::store::write_file;

/// How the name of the list ends, beside the folder, of what was filled into it, with what each file was then.
const LIST: &str = ".sanlian-fill.json";

/// That a binding was made for another campaign.
pub(super) fn other_campaign(
    campaign: &Campaign,
    binding: &Binding,
    file: &str,
) -> Option<Finding> {
    (binding.campaign != campaign.id).then(|| {
        Finding::error(
            "O6",
            Place::file(file),
            format!(
                "绑定是活动“{}”的，材料是活动“{}”的。",
                binding.campaign, campaign.id
            ),
            "请用同一活动的绑定，或对这份表重新执行 sanlian bind。",
        )
    })
}

/// That a filled form is not of the campaign or the form that a binding is of.
pub(super) fn misfit(
    campaign: &Campaign,
    binding: &Binding,
    (file, bytes): (&str, &[u8]),
) -> Result<Option<Finding>, OoxmlError> {
    if let Some(finding) = other_campaign(campaign, binding, file) {
        return Ok(Some(finding));
    }
    if fill::is_of_form(bytes, &binding.places())? {
        return Ok(None);
    }
    Ok(Some(Finding::error(
        "O6",
        Place::file(file),
        format!(
            "绑定是“{}”的，这份表里找不到它的多数栏目，不是同一份表，没有读取。",
            binding.form
        ),
        "请用填这份表时的绑定文件；没有的，去掉 --binding，或对这份表的空白表执行 sanlian bind。",
    )))
}

/// That a package is neither a document nor a workbook, in words.
pub(super) fn is_form(package: &OpcPackage) -> Result<(), &'static str> {
    if package.names().any(|n| n.starts_with("xl/")) {
        let workbook = workbook_part(package);
        return match workbook.is_ok_and(|part| package.part(&part).is_some()) {
            true => Ok(()),
            false => Err(
                "不是 Excel 文件（里面没有工作簿）。请用 WPS 或 Excel 打开确认，另存为 .xlsx 后再试",
            ),
        };
    }
    match document_part(package) {
        Ok(None) => {
            Err("不是 Word 文件（里面没有正文）。请用 WPS 或 Word 打开确认，另存为 .docx 后再试")
        }
        // what is broken is told where it is read
        Ok(Some(_)) | Err(_) => Ok(()),
    }
}

/// Refuses a folder where a file that would be replaced is neither what was filled last nor what is filled now: what a person wrote into
/// it would be lost.
pub(super) fn unedited(out: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), ClerkError> {
    let known = listed(out);
    let mut edited = Vec::new();
    for (path, bytes) in files {
        let Ok(here) = std::fs::read(path) else {
            continue;
        };
        let (own, new) = (sum(&here), sum(bytes));
        if own != new && known.get(&name_of(path)) != Some(&own) {
            edited.push(path.display().to_string());
        }
    }
    if edited.is_empty() {
        return Ok(());
    }
    Err(ClerkError::Refused(format!(
        "{} 填好以后改动过（或不是填出来的），没有覆盖，一份也没有写。改动要留的，请移到别的文件夹保存；不要的请删去；也可以用 -o 另指一个输出目录。",
        edited.join("、")
    )))
}

/// Notes what was filled into a folder, beside what was filled there before.
pub(super) fn remember(out: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), ClerkError> {
    let mut all = listed(out);
    all.extend(
        files
            .iter()
            .map(|(path, bytes)| (name_of(path), sum(bytes))),
    );
    let list = serde_json::to_vec(&all).map_err(|e| ClerkError::Bug(e.to_string()))?;
    write_file(&list_of(out), &list)?;
    Ok(())
}

/// Where the list stands: beside the folder, in which there are the forms alone.
fn list_of(out: &Path) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    match name.is_empty() {
        true => out.join(LIST),
        false => out.with_file_name(format!(".{name}{LIST}")),
    }
}

fn listed(out: &Path) -> BTreeMap<String, String> {
    let bytes = std::fs::read(list_of(out)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn sum(bytes: &[u8]) -> String {
    Digest(sha2::Sha256::digest(bytes).into()).to_string()
}
