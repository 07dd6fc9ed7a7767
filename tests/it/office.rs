//! What office tools say of a workbook: the schemas, openpyxl and LibreOffice.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::tools;

/// Python with lxml and openpyxl, as the system installs them.
const PYTHON: &str = "/usr/bin/python3";

/// Writes bytes as a file of a test's own folder.
pub(crate) fn keep(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Holds files against the schemas of ISO/IEC 29500. Schemas and validator lie beside the project, not in it: a clone that stands
/// alone is told so in one line; where the folder is there, the validator is as well.
pub(crate) fn validate(files: &[&Path]) {
    assert!(!files.is_empty(), "nothing to validate");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = ["../shared", "../../shared"].map(|up| root.join(up));
    let Some(shared) = shared.into_iter().find(|folder| folder.is_dir()) else {
        tools::say_once("SKIP: ooxml-validate: 项目旁没有 ../shared，没有按 OOXML 的模式校验文件");
        return;
    };
    let tool = shared.join("tools/ooxml-validate");
    if !tool.is_file() {
        tools::missing("ooxml-validate", "../shared/tools 中没有它");
        return;
    }
    let mut args = vec![tool.as_os_str()];
    args.extend(files.iter().map(|file| file.as_os_str()));
    let Some(said) = tools::says(PYTHON, &args) else {
        return;
    };
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), files.len(), "{said}");
    assert!(lines.iter().all(|l| l.starts_with("0 faults")), "{said}");
}

/// What a Python program prints about a file; openpyxl has opened it as `book`, and its path is `path`.
pub(crate) fn openpyxl(file: &Path, program: &str) -> Option<String> {
    let program = format!(
        "import sys, openpyxl\npath = sys.argv[1]\nbook = openpyxl.load_workbook(path)\n{program}"
    );
    tools::says(PYTHON, &["-c", &program, file.to_str().unwrap()])
}

/// A profile of LibreOffice for the time of one run: the first run in a profile takes seconds to fill it, and two at once may not
/// share one. So there are as many as tests run at once here, kept from run to run.
fn profile() -> (usize, MutexGuard<'static, ()>) {
    static PROFILES: [Mutex<()>; 2] = [Mutex::new(()), Mutex::new(())];
    for (n, profile) in PROFILES.iter().enumerate() {
        match profile.try_lock() {
            Ok(held) => return (n, held),
            Err(std::sync::TryLockError::Poisoned(held)) => return (n, held.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => {}
        }
    }
    let held = PROFILES[0].lock();
    (0, held.unwrap_or_else(PoisonError::into_inner))
}

/// Files that LibreOffice makes of others, in one run of it, into a folder; false where it is not installed.
pub(crate) fn convert(files: &[&Path], to: &str, folder: &Path) -> bool {
    let (number, _held) = profile();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("office-profile-{number}"));
    let profile = format!("-env:UserInstallation=file://{}", place.display());
    let folder = folder.to_str().unwrap();
    let mut args = vec![
        &profile,
        "--headless",
        "--convert-to",
        to,
        "--outdir",
        folder,
    ];
    args.extend(files.iter().map(|f| f.to_str().unwrap()));
    tools::says("soffice", &args).is_some()
}

/// The PDF that LibreOffice makes of a workbook, as text in the order of its pages.
pub(crate) fn printed(file: &Path) -> Option<String> {
    let pdf = file.with_extension("pdf");
    if !convert(&[file], "pdf", file.parent().unwrap()) {
        return None;
    }
    assert!(pdf.exists(), "LibreOffice wrote no {}", pdf.display());
    tools::says("pdftotext", &["-layout", pdf.to_str().unwrap(), "-"])
}
