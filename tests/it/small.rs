//! A small submission, one candidate's, with its keys, its paper and the ledger it was issued into: made once, copied often.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use sanlian::intake::blank::filled_workbook;

use crate::run;

/// When it was made.
pub(crate) const NOW: &str = "2021-05-28T01:02:03Z";

/// Writes the submission into a folder.
pub(crate) fn submission(dir: &Path) {
    let campaigns = sanlian::clerk::Campaigns::open(None).unwrap();
    let mut campaign = campaigns.load("hebei-zuimei-2021").unwrap().0.unwrap();
    // what is not there is not drawn: the first candidate ends where the second begins
    let second = campaign.demo.match_indices("\n[[candidate]]\n").nth(1);
    campaign.demo.truncate(second.unwrap().0);
    let made = sanlian::demo::submission(&campaign, 20_210_601);
    assert_eq!(made.submission.candidates.len(), 1);
    std::fs::create_dir_all(dir.join("photos")).unwrap();
    let write = |path: &str, bytes: &[u8]| std::fs::write(dir.join(path), bytes).unwrap();
    write(
        "sanlian.toml",
        format!("campaign = \"{}\"\n", campaign.id).as_bytes(),
    );
    let book = filled_workbook(&campaign, &made.submission).unwrap();
    write("填报工作簿.xlsx", &book);
    write("报告.txt", made.report_txt.as_bytes());
    for (path, bytes) in &made.photos {
        write(path, bytes);
    }
}

/// The folder of the making: `submission`, `keys`, `paper`, `data`.
pub(crate) fn made() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let dir = run::scratch("small");
        submission(&dir.join("submission"));
        let said = make(&dir);
        assert!(
            said.status.success(),
            "{}",
            String::from_utf8_lossy(&said.stderr)
        );
        dir
    })
}

/// Makes the submission of a folder like [`made`]'s.
pub(crate) fn make(dir: &Path) -> Output {
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    run::sanlian(&[
        "make",
        &path("submission"),
        "--out",
        &path("paper"),
        "--data",
        &path("data"),
        "--keys",
        &path("keys"),
        "--now",
        NOW,
    ])
}

/// Digits of the marks on the paper, in the order of its manifest, without those of the editable copies.
pub(crate) fn digits() -> Vec<String> {
    let manifest = run::manifest(&made().join("paper"));
    let files = manifest["files"].as_array().unwrap().iter();
    files
        .filter(|f| !f["path"].as_str().unwrap().ends_with(".docx"))
        .flat_map(|f| f["marks"].as_array().cloned().unwrap_or_default())
        .map(|m| m["digits"].as_str().unwrap().to_owned())
        .collect()
}
