//! What office tools say of a workbook: the schemas, openpyxl and LibreOffice.

use std::path::{Path, PathBuf};

use crate::tools;

/// Python with lxml and openpyxl, as the system installs them.
const PYTHON: &str = "/usr/bin/python3";

/// Writes bytes as a file of a test's own folder.
pub(crate) fn keep(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Holds a file against the schemas, where the validator lies beside the project.
pub(crate) fn validate(file: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = ["../shared", "../../shared"]
        .iter()
        .map(|up| root.join(up).join("tools/ooxml-validate"))
        .find(|tool| tool.exists());
    let Some(tool) = found else {
        eprintln!("SKIP: ooxml-validate");
        return;
    };
    let Some(said) = tools::says(PYTHON, &[tool.as_os_str(), file.as_os_str()]) else {
        return;
    };
    assert!(said.starts_with("0 faults"), "{said}");
}

/// What a Python program prints about a file; openpyxl has opened it as `book`, and its path is `path`.
pub(crate) fn openpyxl(file: &Path, program: &str) -> Option<String> {
    let program = format!(
        "import sys, openpyxl\npath = sys.argv[1]\nbook = openpyxl.load_workbook(path)\n{program}"
    );
    tools::says(PYTHON, &["-c", &program, file.to_str().unwrap()])
}

/// The PDF that LibreOffice makes of a workbook, as text in the order of its pages.
pub(crate) fn printed(file: &Path) -> Option<String> {
    let folder = file.parent().unwrap();
    let profile = format!("-env:UserInstallation=file://{}/office", folder.display());
    let pdf = file.with_extension("pdf");
    let arguments = [
        profile.as_str(),
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder.to_str().unwrap(),
        file.to_str().unwrap(),
    ];
    tools::says("soffice", &arguments)?;
    assert!(pdf.exists(), "LibreOffice wrote no {}", pdf.display());
    tools::says("pdftotext", &["-layout", pdf.to_str().unwrap(), "-"])
}
