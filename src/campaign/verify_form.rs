//! What must agree within a form template: path, page and mark, styles, blocks. Tables are in `verify_table`.

use std::collections::BTreeSet;

use crate::finding::Finding;

use super::document::fault;
use super::document::{Node, ParsedFile, nearest_hint};
use super::verify::{verify_channels, verify_text};
use super::verify_keys::{DEPARTMENT, NAMES, TextScope, keys};
use super::verify_names::{verify_filled_path, verify_path};
use super::verify_paper::{DEPARTMENTS, verify_paper};
use super::{
    BlockTemplate, Campaign, EvenTemplate, FormKind, FormTemplate, PageTemplate, Per, StyleTemplate,
};

/// The binding edge stays free, mm (GB/T 9704-2012, 5.2.1: 订口 28 mm ± 1 mm).
const BINDING: f64 = 28.0;
/// Side of a mark, mm: 49 modules of 0.45 mm.
const MARK_SIDE: f64 = 22.05;
/// Free room around it, mm: four modules of the coarsest (ISO/IEC 18004, 6.3.8).
const MARK_QUIET: f64 = 2.2;
/// Millimetres below which two lengths are the same.
pub(super) const NEAR: f64 = 0.051;

/// One form under check.
pub(super) struct FormCheck<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) form: &'a FormTemplate,
    /// Width of the type area, mm.
    pub(super) width: f64,
    /// Height of the type area, mm.
    pub(super) height: f64,
}

/// Checks the form of a file, where it could be read.
pub(super) fn verify_form(
    campaign: &Campaign,
    document: &ParsedFile<'_>,
    findings: &mut Vec<Finding>,
) {
    let root = document.root();
    let kind = root.key("kind").text().unwrap_or_default();
    let same: Vec<&FormTemplate> = campaign
        .forms
        .iter()
        .filter(|f| f.kind.key() == kind)
        .collect();
    if same.len() > 1 {
        fault(
            findings,
            root.key("kind"),
            format!("有 {} 个文件都是“{kind}”", same.len()),
            "一种表只能有一个模板，请删去多余的文件。",
        );
        return;
    }
    let Some(form) = same.first() else {
        return;
    };
    named(form, root, findings);
    verify_paper(campaign, form, root, findings);
    let page = &form.page;
    let (wide, high) = sheet_size(page);
    let check = FormCheck {
        campaign,
        form,
        width: wide - page.left - page.right,
        height: high - page.top - page.bottom,
    };
    check.head(root, findings);
    if check.page(root.key("page"), findings) {
        check.blocks(root.key("block"), findings);
    }
    for (name, style) in &form.styles {
        verify_style(name, style, root.key("style").key(name), findings);
    }
}

/// Width and height of the sheet as read, mm: A4 where nothing else is said.
pub(super) fn sheet_size(page: &PageTemplate) -> (f64, f64) {
    if let Some([wide, high]) = page.size {
        (wide, high)
    } else if page.landscape {
        (297.0, 210.0)
    } else {
        (210.0, 297.0)
    }
}

/// Whether a length can be one on paper.
pub(super) fn length(mm: f64) -> bool {
    mm.is_finite() && mm > 0.0 && mm <= 1000.0
}

fn verify_style(name: &str, style: &StyleTemplate, node: Node<'_>, findings: &mut Vec<Finding>) {
    let falling = style.sizes.windows(2).all(|w| w.first() > w.last());
    let sound = style.sizes.iter().all(|pt| (4.0..=100.0).contains(pt));
    if style.sizes.is_empty() || !falling || !sound {
        fault(
            findings,
            node.key("sizes"),
            format!("样式“{name}”的字号不对"),
            "至少写一个，从大到小，以磅为单位，4 到 100。",
        );
    }
    if !(80..=400).contains(&style.leading) {
        fault(
            findings,
            node.key("leading"),
            format!("样式“{name}”的行距 {} 不合理", style.leading),
            "以字号的百分比计，80 到 400。",
        );
    }
    if style.pitch.is_some_and(|pt| !(4.0..=200.0).contains(&pt)) {
        fault(
            findings,
            node.key("pitch"),
            format!("样式“{name}”的固定行距不合理"),
            "以磅为单位，4 到 200。",
        );
    }
    let largest = style.sizes.first().copied().unwrap_or_default();
    if let Some(pitch) = style.pitch.filter(|pt| *pt >= 4.0 && *pt < largest) {
        fault(
            findings,
            node.key("pitch"),
            format!("样式“{name}”的固定行距 {pitch} 磅小于字号 {largest} 磅，上下两行会重叠"),
            "请把 pitch 改大，或把字号改小。",
        );
    }
}

impl FormCheck<'_> {
    fn head(&self, root: Node<'_>, findings: &mut Vec<Finding>) {
        let form = self.form;
        if !(1..=15).contains(&form.copies) {
            fault(
                findings,
                root.key("copies"),
                format!("份数 {} 不行", form.copies),
                "份数为 1 到 15。",
            );
        }
        let path_keys = self.keys(TextScope::Path(form.per));
        verify_text(root.key("path"), &form.path, &path_keys, findings);
        let bad = |part: &str| part.trim().is_empty() || part == "." || part == "..";
        let odd = |c: char| c.is_control() || r#"\:*?"<>|"#.contains(c);
        if form.path.split('/').any(bad) || form.path.contains(odd) {
            fault(
                findings,
                root.key("path"),
                format!("输出路径“{}”不能用", form.path),
                "请写相对路径，不带“..”和 \\ : * ? \" < > |，也不写扩展名。",
            );
        }
        verify_path(self.campaign, form, root.key("path"), findings);
        verify_filled_path(self.campaign, form, root.key("path"), findings);
        if form.per == Per::Candidate && !form.path.contains("{no}") {
            fault(
                findings,
                root.key("path"),
                "每人一份的表，输出路径中没有 {no}",
                "请在路径中写 {no}，否则各人的文件会同名。",
            );
        }
        let others = self.campaign.forms.iter().filter(|f| f.path == form.path);
        if others.count() > 1 {
            fault(
                findings,
                root.key("path"),
                format!("输出路径“{}”与另一个表相同", form.path),
                "请改名。",
            );
        }
        let known = self.keys(TextScope::Form(form.per));
        verify_text(root.key("title"), &form.title, &known, findings);
        if form.title.trim().is_empty() {
            fault(findings, root.key("title"), "表的标题是空的", "请填写。");
        }
    }

    /// Whether the page is sound enough to go on.
    fn page(&self, node: Node<'_>, findings: &mut Vec<Finding>) -> bool {
        let page = &self.form.page;
        let edges = [
            ("top", page.top),
            ("right", page.right),
            ("bottom", page.bottom),
            ("left", page.left),
        ];
        let mut sound = true;
        if let Some(size) = page.size
            && !size.iter().all(|mm| (50.0..=500.0).contains(mm))
        {
            fault(
                findings,
                node.key("size"),
                "纸张的大小不合理".to_owned(),
                "写宽和高，以毫米为单位，各 50 到 500，如 DL 信封 size = [220, 110]。",
            );
            return false;
        }
        for (name, mm) in edges {
            if !mm.is_finite() || !(0.0..=300.0).contains(&mm) {
                fault(
                    findings,
                    node.key(name),
                    format!("页边距 {name} = {mm} 不合理"),
                    "以毫米为单位，不小于 0。",
                );
                sound = false;
            }
        }
        if !sound {
            return false;
        }
        let (name, edge, mm) = if page.landscape {
            ("top", "上", page.top)
        } else {
            ("left", "左", page.left)
        };
        if mm < BINDING && page.size.is_none() {
            fault(
                findings,
                node.key(name),
                format!("{edge}边距 {mm} 毫米，占用了装订边"),
                "装订边至少留 28 毫米（GB/T 9704）；竖排在左，横排在上。",
            );
        }
        if self.width < 50.0 || self.height < 50.0 {
            fault(
                findings,
                node,
                "页边距太大，版心不足 50 毫米",
                "请核对各边距（毫米）。",
            );
            return false;
        }
        if let Some(even) = page.even {
            self.even(even, node.key("even"), findings);
        }
        if let Some(corner) = page.mark {
            self.mark(corner, false, node.key("mark"), findings);
        } else if self.form.kind.mark_code().is_some() {
            findings.push(Finding::warning(
                "T2",
                node.place(),
                format!(
                    "“{}”没有写 mark，印出来没有二维码，收件时扫不了",
                    self.campaign.form_name(self.form.kind)
                ),
                "请写 mark = [x, y]，二维码左上角的位置（毫米），如 mark = [161.95, 9]。",
            ));
        }
        true
    }

    /// Pages on the back of a sheet: their margins, and the corner of their mark.
    fn even(&self, even: EvenTemplate, node: Node<'_>, findings: &mut Vec<Finding>) {
        let (wide, high) = sheet_size(&self.form.page);
        let (right, bottom) = (wide - even.left - self.width, high - even.top - self.height);
        for (name, mm, other) in [("left", even.left, right), ("top", even.top, bottom)] {
            if !mm.is_finite() || mm < 0.0 || other < 0.0 {
                fault(
                    findings,
                    node.key(name),
                    format!("双页的边距 {name} = {mm} 使版心超出纸张"),
                    "双页版心和单页一样大，只是移了位置；以毫米为单位，不小于 0。",
                );
                return;
            }
        }
        let (name, edge, mm) = if self.form.page.landscape {
            ("top", "下", bottom)
        } else {
            ("left", "右", right)
        };
        if mm < BINDING - NEAR {
            fault(
                findings,
                node.key(name),
                format!("双页{edge}边距 {mm:.1} 毫米，占用了装订边"),
                "双页的装订边在另一侧：竖排在右，横排在下，至少留 28 毫米。",
            );
        }
        if let Some(corner) = even.mark {
            self.mark(corner, true, node.key("mark"), findings);
        }
    }

    fn mark(&self, [x, y]: [f64; 2], back: bool, node: Node<'_>, findings: &mut Vec<Finding>) {
        let page = &self.form.page;
        let (wide, high) = sheet_size(page);
        let even = page.even.filter(|_| back);
        let (left, top) = even.map_or((page.left, page.top), |e| (e.left, e.top));
        let hint = format!(
            "二维码宽 {MARK_SIDE} 毫米，四面各留 {MARK_QUIET} 毫米空白，请放在版心之外、装订边之外的空白处；横排的可以放在表题右边。"
        );
        let mut wrong = |what: &str| {
            fault(
                findings,
                node,
                format!("二维码的位置（{x}，{y}）{what}"),
                hint.clone(),
            );
        };
        let (right, bottom) = (x + MARK_SIDE, y + MARK_SIDE);
        if self.form.kind.mark_code().is_none() {
            wrong("写在不带二维码的表上");
        } else if !(x >= MARK_QUIET
            && y >= MARK_QUIET
            && right <= wide - MARK_QUIET
            && bottom <= high - MARK_QUIET)
        {
            wrong("超出纸张，或离纸边不到静区的宽度");
        } else if match (page.landscape, back) {
            (true, false) => y < BINDING - NEAR,
            (true, true) => bottom > high - BINDING + NEAR,
            (false, false) => x < BINDING - NEAR,
            (false, true) => right > wide - BINDING + NEAR,
        } {
            wrong("占用了装订边");
        } else if !page.landscape
            && x < left + self.width - NEAR
            && right > left + NEAR
            && y < top + self.height - NEAR
            && bottom > top - MARK_QUIET + NEAR
        {
            wrong("压在版心上");
        }
    }

    /// What comes again on every page: no report and no page's end, and not the whole form.
    fn running(&self, nodes: Node<'_>, findings: &mut Vec<Finding>) {
        let count = self.form.page.running;
        let blocks = &self.form.blocks;
        if count > 0 && count >= blocks.len() {
            fault(
                findings,
                nodes,
                format!(
                    "running = {count}，而全表只有 {} 节，没有可以接着排的内容",
                    blocks.len()
                ),
                "running 是每页都重印的头几节的节数，请改小。",
            );
        }
        for (i, block) in blocks.iter().enumerate().take(count) {
            if matches!(
                block,
                BlockTemplate::Page { .. } | BlockTemplate::Report { .. }
            ) {
                fault(
                    findings,
                    nodes.item(i),
                    "换页和报告正文不能每页重印",
                    "请改小 [page] 的 running，使它不到这一节。",
                );
            }
        }
    }

    fn blocks(&self, nodes: Node<'_>, findings: &mut Vec<Finding>) {
        if self.form.blocks.is_empty() {
            fault(findings, nodes, "表没有内容", "请补上 [[block]]。");
        }
        self.running(nodes, findings);
        let known = self.keys(TextScope::Form(self.form.per));
        for (i, block) in self.form.blocks.iter().enumerate() {
            let node = nodes.item(i);
            match block {
                BlockTemplate::Text {
                    text,
                    style,
                    channels,
                    ..
                } => {
                    verify_text(node.key("text"), text, &known, findings);
                    self.style(style, node.key("style"), findings);
                    verify_channels(self.campaign, channels, node.key("channels"), findings);
                }
                BlockTemplate::Space { height } => {
                    self.height(*height, node.key("height"), findings);
                }
                BlockTemplate::Page {
                    blank, channels, ..
                } => {
                    verify_text(node.key("blank"), blank, &known, findings);
                    verify_channels(self.campaign, channels, node.key("channels"), findings);
                }
                BlockTemplate::Report {
                    title,
                    body,
                    heading1,
                    heading2,
                    signature,
                } => {
                    if self.form.kind != FormKind::Report {
                        fault(
                            findings,
                            node,
                            "报告正文只能放在报告（report）里",
                            "请删去这一节，或把 kind 改为 report。",
                        );
                    }
                    for (name, style) in [
                        ("title", title),
                        ("body", body),
                        ("heading1", heading1),
                        ("heading2", heading2),
                        ("signature", signature),
                    ] {
                        self.style(style, node.key(name), findings);
                    }
                }
                BlockTemplate::Signature {
                    text,
                    date,
                    style,
                    channels,
                } => {
                    verify_text(node.key("text"), text, &known, findings);
                    verify_text(node.key("date"), date, &known, findings);
                    self.style(style, node.key("style"), findings);
                    verify_channels(self.campaign, channels, node.key("channels"), findings);
                }
                BlockTemplate::Place {
                    text,
                    style,
                    channels,
                    needs,
                    lacks,
                    ..
                } => {
                    verify_text(node.key("text"), text, &known, findings);
                    for (name, key) in [("needs", needs), ("lacks", lacks)] {
                        if !key.is_empty() {
                            verify_text(node.key(name), &format!("{{{key}}}"), &known, findings);
                        }
                    }
                    self.style(style, node.key("style"), findings);
                    verify_channels(self.campaign, channels, node.key("channels"), findings);
                    self.placed(block, node, findings);
                }
                BlockTemplate::Frame { channels, .. } => {
                    verify_channels(self.campaign, channels, node.key("channels"), findings);
                    self.placed(block, node, findings);
                }
                BlockTemplate::Table { .. } => self.table(block, node, &known, findings),
            }
        }
    }

    /// The keys that a scope of this form knows: papers have further ones, since they are no records.
    pub(super) fn keys(&self, scope: TextScope<'_>) -> BTreeSet<String> {
        let mut known = keys(self.campaign, scope);
        let paper = matches!(self.form.kind, FormKind::Paper(_));
        if paper && matches!(scope, TextScope::Form(_)) {
            known.insert(NAMES.to_owned());
        }
        if self.form.each == DEPARTMENTS && !matches!(scope, TextScope::Materials) {
            known.insert(DEPARTMENT.to_owned());
        }
        known
    }

    /// Checks that a style is defined.
    pub(super) fn style(&self, name: &str, node: Node<'_>, findings: &mut Vec<Finding>) {
        if !self.form.styles.contains_key(name) {
            fault(
                findings,
                node,
                format!("样式“{name}”没有定义"),
                nearest_hint(name, self.form.styles.keys().map(String::as_str)),
            );
        }
    }

    /// Checks a height within the type area.
    pub(super) fn height(&self, mm: f64, node: Node<'_>, findings: &mut Vec<Finding>) {
        if !length(mm) || mm > self.height {
            fault(
                findings,
                node,
                format!("高度 {mm} 毫米不合理"),
                format!("应大于 0，不超过版心高 {:.1} 毫米。", self.height),
            );
        }
    }
}

/// A numbered form says what it is called, and for whom it is made.
fn named(form: &FormTemplate, root: Node<'_>, findings: &mut Vec<Finding>) {
    let per = match form.kind {
        FormKind::Candidate(_) => Per::Candidate,
        FormKind::Paper(_) | FormKind::Envelope(_) => Per::Unit,
        _ => return,
    };
    if form.name.trim().is_empty() {
        fault(
            findings,
            root.key("kind"),
            format!("“{}”没有写叫什么", form.kind),
            "请写 name，如 name = \"师德鉴定表\"。",
        );
    }
    if form.per != per {
        let (who, word) = match per {
            Per::Candidate => ("每人一份", "candidate"),
            Per::Unit => ("每单位一份", "unit"),
        };
        fault(
            findings,
            root.key("per"),
            format!("“{}”是{who}的", form.kind),
            format!("请写 per = \"{word}\"。"),
        );
    }
}
