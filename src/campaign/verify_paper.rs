//! What must agree within a paper around the submission (公文): for whom it is written, whether it is mailed, and that a paper which
//! everybody may read names nothing that identifies or reaches a person.

use std::collections::BTreeSet;

use crate::finding::Finding;

use super::document::{Node, fault, nearest_hint};
use super::verify_keys::{DEPARTMENT, braces};
use super::{
    BlockTemplate, Campaign, CellTemplate, Channel, Field, FormKind, FormTemplate, Kind, Owner,
    RowTemplate,
};

/// What a paper may be written once for each of.
pub(super) const DEPARTMENTS: &str = "departments";

/// Checks the keys that only papers have.
pub(super) fn verify_paper(
    campaign: &Campaign,
    form: &FormTemplate,
    root: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    if !matches!(form.kind, FormKind::Paper(_)) {
        for (key, written) in [
            ("each", !form.each.is_empty()),
            ("mailed", form.mailed),
            ("public", form.public),
        ] {
            if written {
                fault(
                    findings,
                    root.key(key),
                    format!("“{key}”只用于公文，“{}”不是公文", form.kind),
                    "请删去，或把 kind 改为 paper-1 这样的公文。",
                );
            }
        }
        return;
    }
    if !form.each.is_empty() && form.each != DEPARTMENTS {
        fault(
            findings,
            root.key("each"),
            format!("公文不能按“{}”各写一份", form.each),
            nearest_hint(&form.each, [DEPARTMENTS].into_iter()),
        );
    }
    if form.each == DEPARTMENTS && !form.path.contains(&format!("{{{DEPARTMENT}}}")) {
        fault(
            findings,
            root.key("path"),
            format!("每个部门一份的公文，输出路径中没有 {{{DEPARTMENT}}}"),
            format!("请在路径中写 {{{DEPARTMENT}}}，否则各部门的文件会同名。"),
        );
    }
    let takers = |channel: &&Channel| channel.forms.contains(&form.kind);
    if !campaign.channels.iter().any(|c| takers(&c)) {
        fault(
            findings,
            root.key("kind"),
            format!("没有渠道要“{}”（{}），它永远不会印", form.name, form.kind),
            "请写进 campaign.toml 中要用它的渠道的 forms，或删去这个文件。",
        );
    }
    texts(campaign, form, root, findings);
}

/// A letter to departments needs a channel that has them, and names are given to departments that are asked.
pub(super) fn verify_departments(
    campaign: &Campaign,
    channel: &Channel,
    node: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    for (i, kind) in channel.forms.iter().enumerate() {
        let form = campaign.form(*kind);
        if form.is_some_and(|f| f.each == DEPARTMENTS) && channel.joint.is_empty() {
            fault(
                findings,
                node.key("forms").item(i),
                format!(
                    "渠道“{}”没有联合推荐部门，却要“{}”",
                    channel.label,
                    campaign.form_name(*kind)
                ),
                "请补上 joint，或从 forms 中删去这种公文。",
            );
        }
    }
    let mut named = BTreeSet::new();
    for (key, name) in &channel.departments {
        let at = node.key("departments").key(key);
        if !channel.joint.contains(key) {
            fault(
                findings,
                at,
                format!("渠道“{}”的 joint 里没有“{key}”", channel.label),
                nearest_hint(key, channel.joint.iter().map(String::as_str)),
            );
        } else if name.trim().is_empty() || !named.insert(name.trim()) {
            fault(
                findings,
                at,
                format!("部门名称“{name}”是空的，或者写了两次"),
                "请写部门的全称，每个部门一个名称。",
            );
        }
    }
}

/// Checks everything that a paper shows.
fn texts(campaign: &Campaign, form: &FormTemplate, root: Node<'_>, findings: &mut Vec<Finding>) {
    let mut check = PaperCheck {
        campaign,
        public: form.public,
        findings,
    };
    check.text(&form.title, "", root.key("title"));
    for (i, block) in form.blocks.iter().enumerate() {
        let node = root.key("block").item(i);
        match block {
            BlockTemplate::Text { text, .. } | BlockTemplate::Place { text, .. } => {
                check.text(text, "", node.key("text"));
            }
            BlockTemplate::Signature { text, date, .. } => {
                check.text(text, "", node.key("text"));
                check.text(date, "", node.key("date"));
            }
            BlockTemplate::Table { side, rows, .. } => {
                check.text(side, "", node.key("side"));
                for (i, row) in rows.iter().enumerate() {
                    check.row(row, node.key("row").item(i));
                }
            }
            BlockTemplate::Space { .. }
            | BlockTemplate::Page { .. }
            | BlockTemplate::Frame { .. }
            | BlockTemplate::Report { .. } => {}
        }
    }
}

/// A paper under check.
struct PaperCheck<'a, 'f> {
    campaign: &'a Campaign,
    /// Whether everybody may read it.
    public: bool,
    findings: &'f mut Vec<Finding>,
}

impl PaperCheck<'_, '_> {
    fn row(&mut self, row: &RowTemplate, node: Node<'_>) {
        for (i, cell) in row.cells.iter().enumerate() {
            self.cell(cell, &row.each, node.key("cells").item(i));
        }
    }

    fn cell(&mut self, cell: &CellTemplate, each: &str, node: Node<'_>) {
        for (name, key) in [("field", &cell.field), ("ticks", &cell.ticks)] {
            if !key.is_empty() {
                self.key(key, each, node.key(name));
            }
        }
        for (name, text) in [
            ("label", &cell.label),
            ("text", &cell.text),
            ("blank", &cell.blank),
        ] {
            self.text(text, each, node.key(name));
        }
        if let Some(opinion) = &cell.opinion {
            for words in opinion.texts() {
                self.text(words, each, node.key("opinion"));
            }
        }
    }

    fn text(&mut self, text: &str, each: &str, node: Node<'_>) {
        for key in braces(text).0 {
            self.key(key, each, node);
        }
    }

    fn key(&mut self, key: &str, each: &str, node: Node<'_>) {
        if key == "today" {
            self.findings.push(Finding::warning(
                "T2",
                node.place(),
                "公文里用了 {today}，每天做出的文件都不同",
                "请改用报送日期 {report_date} 这样的栏目；没有填的，印成“　　　　年　　月　　日”。",
            ));
        }
        let Some((owner, field)) = self.field(key, each).filter(|_| self.public) else {
            return;
        };
        if field.masked || private(owner, field.kind) {
            fault(
                self.findings,
                node,
                format!("公开的公文里印了“{}”（{key}），这是不能公开的", field.label),
                "公开的公文不印证件号码、本人电话、邮箱、邮编、照片和 masked = true 的栏目，请删去；不公开的公文请删去 public = true。",
            );
        }
    }

    /// The field that a key shows, and whose it is.
    fn field(&self, key: &str, each: &str) -> Option<(Owner, &Field)> {
        let campaign = self.campaign;
        if let Some(sheet) = campaign.sheet(each)
            && let Some(field) = sheet.field(key)
        {
            return Some((sheet.of, field));
        }
        let plain = key.strip_prefix("unit.");
        let (owner, sheet) = match (plain, each) {
            (None, "candidates") => (Owner::Candidate, campaign.candidate_sheet()),
            _ => (Owner::Unit, campaign.unit_sheet()),
        };
        Some((owner, sheet?.field(plain.unwrap_or(key))?))
    }
}

/// Whether values of a kind must not be read by everybody. The unit's own telephone is where objections are raised.
fn private(owner: Owner, kind: Kind) -> bool {
    match kind {
        Kind::IdNo | Kind::Mobile => true,
        Kind::Phone | Kind::Email | Kind::Postcode | Kind::Photo => owner == Owner::Candidate,
        _ => false,
    }
}
