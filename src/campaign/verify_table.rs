//! What must agree within a table of a form template: widths, rows, grids of cells, and the keys they show.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;

use super::document::fault;
use super::document::{Node, nearest_hint};
use super::verify::{short, verify_channels, verify_text};
use super::verify_form::{FormCheck, NEAR, length};
use super::verify_keys::{TextScope, row_keys};
use super::{BlockTemplate, CellTemplate, OpinionTemplate, Owner, Per, RowTemplate, Sheet};

/// The free square that a seal of 4.5 to 5 cm needs, mm (国发〔1999〕25号).
const SLOT: f64 = 50.0;
/// What a box needs beside that square: 6 mm to its edge, and 3 mm at the other side.
const BESIDE_SLOT: f64 = 9.0;

impl FormCheck<'_> {
    /// Checks a table: its widths, rows and cells.
    pub(super) fn table(
        &self,
        block: &BlockTemplate,
        node: Node<'_>,
        known: &BTreeSet<String>,
        findings: &mut Vec<Finding>,
    ) {
        let BlockTemplate::Table {
            columns,
            left,
            side,
            side_width,
            padding,
            rows,
            channels,
            when,
            unless,
            only,
            page_note,
            ..
        } = block
        else {
            return;
        };
        if !only.is_empty() && !self.lists().any(|sheet| sheet.key == *only) {
            let known = self.lists().map(|sheet| sheet.key.as_str());
            fault(
                findings,
                node.key("only"),
                format!("没有名为“{only}”的多行工作表，或它不属于这种表"),
                nearest_hint(only, known),
            );
        }
        verify_channels(self.campaign, channels, node.key("channels"), findings);
        let note = page_note.as_ref().map_or("", |note| note.when.as_str());
        if let Some(note) = page_note {
            self.style(&note.style, node.key("page_note"), findings);
        }
        let switches = [
            ("when", when.as_str()),
            ("unless", unless),
            ("page_note", note),
        ];
        for (name, switch) in switches {
            if !switch.is_empty() && !self.campaign.switches.contains_key(switch) {
                fault(
                    findings,
                    node.key(name),
                    format!("没有名为“{switch}”的开关"),
                    match self.campaign.switches.is_empty() {
                        true => format!(
                            "请在 campaign.toml 的 [switches] 里写 {switch} = true 或 false。"
                        ),
                        false => {
                            nearest_hint(switch, self.campaign.switches.keys().map(String::as_str))
                        }
                    },
                );
            }
        }
        verify_text(node.key("side"), side, known, findings);
        if side.is_empty() != (*side_width == 0.0) {
            fault(
                findings,
                node.key("side_width"),
                "左侧栏目的文字（side）和宽度（side_width）要么都写，要么都不写",
                "请补上或删去。",
            );
        }
        if !side.is_empty() {
            self.style("label", node.key("side"), findings);
        }
        let sound = columns.iter().all(|mm| length(*mm)) && !columns.is_empty();
        let not_negative = [left, side_width, padding]
            .iter()
            .all(|mm| (0.0..=300.0).contains(*mm));
        if !sound || !not_negative {
            fault(
                findings,
                node.key("columns"),
                "表格的列宽、左距、内边距有不合理的数",
                "以毫米为单位；列宽大于 0，其余不小于 0。",
            );
            return;
        }
        let total = left + side_width + columns.iter().sum::<f64>();
        if total > self.width + NEAR {
            fault(
                findings,
                node.key("columns"),
                format!("表格宽 {total:.1} 毫米，超出版心宽 {:.1} 毫米", self.width),
                "请缩窄各列。",
            );
        }
        let nodes = node.key("row");
        if rows.is_empty() {
            fault(findings, node, "表格没有行", "请补上 [[block.row]]。");
        }
        let mut body = false;
        for (i, row) in rows.iter().enumerate() {
            let node = nodes.item(i);
            if row.head && body {
                fault(
                    findings,
                    node.key("head"),
                    "表头行排在了其他行之后",
                    "表头行（head = true）只能是表格最前面的几行。",
                );
            }
            body |= !row.head;
            self.row(row, node, findings);
        }
        self.grid(rows, columns, *padding, nodes, findings);
    }

    fn row(&self, row: &RowTemplate, node: Node<'_>, findings: &mut Vec<Finding>) {
        verify_channels(self.campaign, &row.channels, node.key("channels"), findings);
        self.height(row.height, node.key("height"), findings);
        if row.most != 0.0 && !(row.height..=300.0).contains(&row.most) {
            fault(
                findings,
                node.key("most"),
                format!("行高最多 {} 毫米，却小于 height，或不是合理的数", row.most),
                "most 是有余高时可以长到的高度，以毫米为单位，不小于 height。",
            );
        }
        if row.head && !row.each.is_empty() {
            fault(
                findings,
                node.key("each"),
                "表头行不能是重复行",
                "请删去 head 或 each。",
            );
        }
        if row.least > 0 && row.each.is_empty() || row.least > 200 {
            fault(
                findings,
                node.key("least"),
                format!("最少行数 {} 用得不对", row.least),
                "只用于写了 each 的行，不超过 200。",
            );
        }
        let Some((fields, texts)) = self.row_scope(row, node.key("each"), findings) else {
            return;
        };
        for (i, cell) in row.cells.iter().enumerate() {
            let node = node.key("cells").item(i);
            self.cell(cell, &fields, &texts, node, findings);
            if cell.once && row.each.is_empty() {
                fault(
                    findings,
                    node.key("once"),
                    "once 只用于重复的行",
                    "请删去 once，或给这一行写 each。",
                );
            }
            if cell.rows > 1 && !row.each.is_empty() {
                fault(
                    findings,
                    node.key("rows"),
                    "重复行中的格不能跨行",
                    "请删去 rows。",
                );
            }
        }
    }

    /// The lists that the form may print: a candidate's form its own, a unit's form its own and those of all candidates.
    fn lists(&self) -> impl Iterator<Item = &Sheet> {
        let per = self.form.per;
        let all = self.campaign.sheets.iter().filter(|sheet| sheet.rows);
        all.filter(move |sheet| per == Per::Unit || sheet.of == Owner::Candidate)
    }

    /// What cells of a row may show: keys of `field` and `ticks`, and keys of texts. None where `each` names nothing.
    fn row_scope(
        &self,
        row: &RowTemplate,
        node: Node<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
        let per = self.form.per;
        let all = |scope: TextScope<'_>| {
            let known = self.keys(scope);
            Some((known.clone(), known))
        };
        let lists: Vec<&Sheet> = self.lists().collect();
        match row.each.as_str() {
            "" => all(TextScope::Form(per)),
            "candidates" if per == Per::Unit => all(TextScope::Candidates),
            "materials" | "originals" if per == Per::Unit => all(TextScope::Materials),
            name => {
                if let Some(sheet) = lists.iter().find(|s| s.key == name) {
                    let per = match sheet.of {
                        Owner::Candidate => Per::Candidate,
                        Owner::Unit => per,
                    };
                    let texts = self.keys(TextScope::Rows(per, sheet));
                    return Some((row_keys(sheet), texts));
                }
                let mut known: Vec<&str> = lists.iter().map(|s| s.key.as_str()).collect();
                if per == Per::Unit {
                    known.extend(["candidates", "materials", "originals"]);
                }
                fault(
                    findings,
                    node,
                    format!("重复行的来源“{name}”不存在，或不属于这种表"),
                    nearest_hint(name, known.into_iter()),
                );
                None
            }
        }
    }

    fn cell(
        &self,
        cell: &CellTemplate,
        fields: &BTreeSet<String>,
        texts: &BTreeSet<String>,
        node: Node<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let kinds = [
            !cell.label.is_empty(),
            !cell.field.is_empty(),
            !cell.text.is_empty(),
            cell.photo.is_some(),
            !cell.ticks.is_empty(),
            cell.opinion.is_some(),
        ];
        if kinds.iter().filter(|k| **k).count() > 1 {
            fault(
                findings,
                node,
                "一格里写了不止一种内容",
                "label、field、text、photo、ticks、opinion 只能写一种。",
            );
        }
        let usual = if !cell.label.is_empty() || cell.photo.is_some() {
            "label"
        } else if cell.opinion.is_some() {
            "opinion"
        } else {
            "value"
        };
        if !cell.style.is_empty() {
            self.style(&cell.style, node.key("style"), findings);
        } else if kinds.contains(&true) {
            self.style(usual, node, findings);
        }
        verify_text(node.key("label"), &cell.label, texts, findings);
        verify_text(node.key("text"), &cell.text, texts, findings);
        verify_text(node.key("blank"), &cell.blank, texts, findings);
        for (name, key) in [("field", &cell.field), ("ticks", &cell.ticks)] {
            if !key.is_empty() && !fields.contains(key) {
                fault(
                    findings,
                    node.key(name),
                    format!("字段“{key}”不存在"),
                    nearest_hint(key, fields.iter().map(String::as_str)),
                );
            }
        }
        if !cell.ticks.is_empty() && !self.has_codes(&cell.ticks) {
            fault(
                findings,
                node.key("ticks"),
                format!("字段“{}”没有代码表，不能列成勾选项", cell.ticks),
                "请改用 field，或在 fields.toml 中给它写 codes。",
            );
        }
        if let Some([width, height]) = cell.photo {
            let fits = length(width) && length(height) && height <= self.height;
            if !fits || self.form.per != Per::Candidate {
                fault(
                    findings,
                    node.key("photo"),
                    "照片框不对",
                    "只能用于每人一份的表，宽、高以毫米为单位，不超过版心。",
                );
            }
        }
        if let Some(opinion) = &cell.opinion {
            self.opinion(opinion, texts, node.key("opinion"), findings);
        }
    }

    fn has_codes(&self, key: &str) -> bool {
        let plain = key.strip_prefix("unit.").unwrap_or(key);
        let mut fields = self.campaign.sheets.iter().filter_map(|s| s.field(plain));
        fields.any(|f| f.codes.is_some())
    }

    fn opinion(
        &self,
        opinion: &OpinionTemplate,
        texts: &BTreeSet<String>,
        node: Node<'_>,
        findings: &mut Vec<Finding>,
    ) {
        for (name, words) in ["text", "sign", "seal", "date"]
            .into_iter()
            .zip(opinion.texts())
        {
            verify_text(node.key(name), words, texts, findings);
        }
        self.style("signature", node, findings);
        if !(SLOT..=100.0).contains(&opinion.slot) {
            fault(
                findings,
                node.key("slot"),
                format!("盖章处 {} 毫米见方，盖不下公章", opinion.slot),
                "公章直径 45 到 50 毫米，请留 50 毫米以上（国发〔1999〕25号）。",
            );
        }
    }

    /// Whether the cells of each row fill the columns exactly, for every channel's own choice of rows.
    fn grid(
        &self,
        rows: &[RowTemplate],
        columns: &[f64],
        padding: f64,
        nodes: Node<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let mut grid = TableGrid {
            columns,
            padding,
            nodes,
            told: BTreeSet::new(),
            covered: BTreeMap::new(),
            findings,
        };
        for channel in &self.campaign.channels {
            let here =
                |r: &RowTemplate| r.channels.is_empty() || r.channels.contains(&channel.kind);
            grid.covered.clear();
            let mut last = None;
            for (i, row) in rows.iter().enumerate().filter(|(_, r)| here(r)) {
                if !grid.row(i, row) {
                    return;
                }
                last = Some(i);
            }
            if let Some(i) = last.filter(|_| grid.covered.values().any(|left| *left > 0)) {
                grid.tell(
                    i,
                    "cells",
                    "跨行的格伸出了表格末行",
                    "请减小 rows，或在后面补上行。",
                );
            }
        }
    }
}

/// The grid of a table, row by row.
struct TableGrid<'a> {
    /// Widths, mm.
    columns: &'a [f64],
    padding: f64,
    nodes: Node<'a>,
    /// Rows of which something was told; a row is told of once.
    told: BTreeSet<usize>,
    /// How many more rows a cell from above reaches down, by column.
    covered: BTreeMap<usize, usize>,
    findings: &'a mut Vec<Finding>,
}

impl TableGrid<'_> {
    /// Tells a fault of a row, unless one was told.
    fn tell(&mut self, row: usize, key: &'static str, message: impl Into<String>, hint: &str) {
        if self.told.insert(row) {
            fault(self.findings, self.nodes.item(row).key(key), message, hint);
        }
    }

    /// Takes a row; false where it does not fill the columns, and what is below cannot be judged.
    fn row(&mut self, i: usize, row: &RowTemplate) -> bool {
        let count = self.columns.len();
        let reaching = self.covered.iter().filter(|(_, left)| **left > 0);
        let above: BTreeSet<usize> = reaching.map(|(column, _)| *column).collect();
        if !row.each.is_empty() && !above.is_empty() {
            let hint = "请减小上面各行的 rows。";
            self.tell(i, "each", "跨行的格伸进了重复行", hint);
        }
        let wanted = count - above.len().min(count);
        let spans = row.cells.iter().map(|c| c.span);
        let filled = spans.fold(0_usize, usize::saturating_add);
        let zero = row.cells.iter().any(|c| c.span == 0 || c.rows == 0);
        if zero || filled != wanted {
            self.tell(
                i,
                "cells",
                format!("这一行的格占 {filled} 列，应占 {wanted} 列（共 {count} 列）"),
                "请核对各格的 span，以及上面各行跨行（rows）的格；span、rows 至少为 1。",
            );
            return false;
        }
        let mut column = 0;
        for cell in &row.cells {
            while above.contains(&column) {
                column += 1;
            }
            self.cell(i, cell, column, &above);
            column += cell.span;
        }
        for left in self.covered.values_mut() {
            *left = left.saturating_sub(1);
        }
        true
    }

    /// Takes a cell that begins in a column.
    fn cell(&mut self, row: usize, cell: &CellTemplate, column: usize, above: &BTreeSet<usize>) {
        if (column..column + cell.span).any(|c| above.contains(&c)) {
            self.tell(
                row,
                "cells",
                format!("格“{}”被上面跨行的格隔断", short(&cell.label)),
                "请调整 span 或上面各行的 rows。",
            );
        }
        let width: f64 = self.columns.iter().skip(column).take(cell.span).sum();
        let needed = needed(cell, self.padding);
        if needed > width + NEAR {
            self.tell(
                row,
                "cells",
                format!("格宽 {width:.1} 毫米，放不下 {needed:.1} 毫米的照片或盖章处"),
                "请加宽这一列，或让格跨更多的列。",
            );
        }
        for c in column..column + cell.span {
            self.covered.insert(c, cell.rows);
        }
    }
}

/// The width that a photo or a seal needs, mm; 0 for texts, which shrink and wrap.
fn needed(cell: &CellTemplate, padding: f64) -> f64 {
    match (&cell.photo, &cell.opinion) {
        (Some([width, _]), _) => *width,
        (_, Some(opinion)) => opinion.slot + BESIDE_SLOT.max(padding * 2.0),
        _ => 0.0,
    }
}
