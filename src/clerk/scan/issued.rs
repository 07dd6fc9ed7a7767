//! Issued marks out of manifests, for the last resort where there is no ledger.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

use crate::finding::{Finding, Place};
use crate::foreign::InChinese;
use crate::mark::{matrix, print_text};
use crate::press::Manifest;
use crate::scan::Issued;

use super::scanned::shown;
use crate::clerk::error::{ClerkError, world};
use crate::clerk::given;
use crate::clerk::making::campaigns::Campaigns;

/// Most bytes of a manifest: some 300,000 marks.
const MOST_BYTES: u64 = 256 << 20;

/// The marks of manifests as `make` writes them, drawn as they were printed. A file that is no manifest is a finding; so is a
/// campaign that is not at hand, whose marks are drawn without an address.
pub fn read_issued(
    manifests: &[PathBuf],
    campaigns: &Campaigns,
) -> Result<(Issued, Vec<Finding>), ClerkError> {
    let (mut issued, mut findings) = (Issued::default(), Vec::new());
    let mut seen = BTreeSet::new();
    for path in manifests {
        let place = Place::file(shown(path));
        let mut bytes = Vec::new();
        let file = given::opened(path).map_err(world(path))?;
        file.take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(world(path))?;
        if bytes.len() as u64 > MOST_BYTES {
            let message = format!("文件超过 {} MB", MOST_BYTES >> 20);
            findings.push(Finding::error("I7", place, message, "请确认文件是否放错。"));
            continue;
        }
        let manifest: Manifest = match serde_json::from_slice(&bytes) {
            Ok(manifest) => manifest,
            Err(error) => {
                let message = format!("不是 make 写的 manifest.json：{}", error.in_chinese());
                findings.push(Finding::error(
                    "I1",
                    place,
                    message,
                    "请给出纸质件目录中的 manifest.json。",
                ));
                continue;
            }
        };
        let url = match campaigns.load(&manifest.campaign) {
            Ok((Some(campaign), _)) => campaign.verify_url,
            _ => {
                let message = format!(
                    "没有活动“{}”，按不带核验网址的二维码比对",
                    manifest.campaign
                );
                findings.push(Finding::warning(
                    "I8",
                    place,
                    message,
                    "活动模板另放的，请用 --templates 指明。",
                ));
                None
            }
        };
        for mark in manifest.files.iter().flat_map(|f| &f.marks) {
            // the marks of the print file are those of the single files again
            if seen.insert(mark.digits.clone())
                && let Ok(drawn) = matrix(&print_text(&mark.digits, url.as_deref()))
            {
                issued.insert(&mark.digits, &drawn);
            }
        }
    }
    Ok((issued, findings))
}
