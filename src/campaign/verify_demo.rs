//! The invented submission of a campaign (`demo.toml`): its keys must be those of the campaign's own fields.

use std::collections::BTreeSet;

use crate::finding::Finding;

use super::document::fault;
use super::document::{Node, nearest_hint};
use super::{Campaign, Owner};

/// Checks the names in `demo.toml`; what its values are worth is for the check of a submission.
pub(super) fn verify_demo(campaign: &Campaign, root: Node<'_>, findings: &mut Vec<Finding>) {
    let parts = ["report", "photos", "unit", "candidate"];
    expect(root, &parts.map(str::to_owned).into(), findings);
    let photos = [
        "id",
        "work",
        "ground",
        "id_width",
        "id_height",
        "width",
        "height",
        "least_bytes",
        "most_bytes",
    ];
    expect(
        root.key("photos"),
        &photos.map(str::to_owned).into(),
        findings,
    );
    owner(campaign, Owner::Unit, root.key("unit"), findings);
    for node in root.key("candidate").items(findings) {
        owner(campaign, Owner::Candidate, node, findings);
        let picture = ["figure", "work"].map(str::to_owned).into();
        expect(node.key("picture"), &picture, findings);
    }
}

/// The values and repeated rows of one owner.
fn owner(campaign: &Campaign, of: Owner, node: Node<'_>, findings: &mut Vec<Finding>) {
    let mut known = BTreeSet::new();
    for sheet in campaign.sheets.iter().filter(|s| s.of == of) {
        let fields = sheet.fields.iter().map(|f| f.key.clone());
        if !sheet.rows {
            known.extend(fields);
            continue;
        }
        known.insert(sheet.key.clone());
        let fields: BTreeSet<String> = fields.collect();
        for row in node.key(&sheet.key).items(findings) {
            expect(row, &fields, findings);
        }
    }
    if of == Owner::Candidate {
        known.insert("picture".to_owned());
    }
    expect(node, &known, findings);
}

fn expect(node: Node<'_>, known: &BTreeSet<String>, findings: &mut Vec<Finding>) {
    for (name, value) in node.entries() {
        if !known.contains(name) {
            fault(
                findings,
                value,
                format!("示例材料中的“{name}”不是已知的字段"),
                nearest_hint(name, known.iter().map(String::as_str)),
            );
        }
    }
}
