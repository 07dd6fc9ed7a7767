//! Campaign and submission to forms: blocks and rows chosen by channel, repeated rows written out, keys filled in.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::campaign::{
    Align, BlockTemplate, BorderTemplate, Campaign, FormTemplate, PageNoteTemplate, Per,
    RowTemplate,
};
use crate::record::Submission;
use crate::units::Length;

use super::cells::{cell, named, paragraphs};
use super::lists;
use super::placed::placed;
use super::report::report;
use super::signature::signature;
use super::values::{Scope, channel_of};
use super::{
    Block, Border, Cell, Content, EvenPage, Form, PageNote, PageSetup, Paragraph, Photos, Row,
    SideLabel, Style, Table,
};

/// A4's edges.
const SHORT: Length = Length::mm(210);
/// A4's edges.
const LONG: Length = Length::mm(297);

/// Words below the last row of a list that has fewer rows than its form.
const BLANK_BELOW: &str = "（以下空白）";

/// The number of a candidate in the name of a file: two digits, or as many as the last of all has. `index` counts from 0.
pub fn numbered(index: usize, all: usize) -> String {
    let digits = all.to_string().len().max(2);
    format!("{:0digits$}", index + 1)
}

/// A candidate's form; `index` counts candidates from 0. None where there is no such candidate.
pub fn build_candidate(
    campaign: &Campaign,
    template: &FormTemplate,
    submission: &Submission,
    index: usize,
    photos: &Photos,
    issued: Date,
) -> Option<Form> {
    let candidate = submission.candidates.get(index)?;
    let scope = Scope {
        candidate: Some((candidate, index)),
        ..Scope::of_unit(campaign, submission, issued)
    };
    Some(
        Builder {
            template,
            scope,
            photos,
        }
        .form(),
    )
}

/// A unit's form.
pub fn build_unit(
    campaign: &Campaign,
    template: &FormTemplate,
    submission: &Submission,
    issued: Date,
) -> Form {
    let scope = Scope::of_unit(campaign, submission, issued);
    Builder {
        template,
        scope,
        photos: &Photos::new(),
    }
    .form()
}

pub(super) struct Builder<'a> {
    pub(super) template: &'a FormTemplate,
    pub(super) scope: Scope<'a>,
    pub(super) photos: &'a Photos,
}

impl<'a> Builder<'a> {
    pub(super) fn form(&self) -> Form {
        let template = self.template;
        let page = &template.page;
        let (width, height) = if let Some([width, height]) = page.size {
            (Length::from_mm(width), Length::from_mm(height))
        } else if page.landscape {
            (LONG, SHORT)
        } else {
            (SHORT, LONG)
        };
        let [mark_x, mark_y] = page.mark.unwrap_or_default();
        let mut blocks = Vec::new();
        for block in &template.blocks {
            self.block(block, &mut blocks);
        }
        let mut running = Vec::new();
        for block in template.blocks.iter().take(page.running) {
            self.again(block, &mut running);
        }
        Form {
            kind: template.kind,
            path: self.path(),
            title: self.scope.fill(&template.title),
            copies: template.copies,
            per: template.per,
            page: PageSetup {
                width,
                height,
                top: Length::from_mm(page.top),
                right: Length::from_mm(page.right),
                bottom: Length::from_mm(page.bottom),
                left: Length::from_mm(page.left),
                numbers: page.numbers,
                cover: page.cover,
                marked: page.mark.is_some() && template.kind.mark_code().is_some(),
                mark_x: Length::from_mm(mark_x),
                mark_y: Length::from_mm(mark_y),
                even: page.even.map(|even| {
                    let [x, y] = even.mark.or(page.mark).unwrap_or_default();
                    EvenPage {
                        left: Length::from_mm(even.left),
                        top: Length::from_mm(even.top),
                        mark_x: Length::from_mm(x),
                        mark_y: Length::from_mm(y),
                    }
                }),
                fills: page.fills,
            },
            blocks,
            running,
            words: Arc::clone(&self.scope.campaign.words),
        }
    }

    /// The output path, with the rank in two digits, or as many as the last one has, and a name that is safe as part of a path.
    fn path(&self) -> String {
        let Some((_, rank)) = self.scope.candidate else {
            let department = safe_name(self.scope.department);
            return self.template.path.replace("{department.name}", &department);
        };
        let name = safe_name(&self.scope.text("name"));
        self.template
            .path
            .replace(
                "{no}",
                &numbered(rank, self.scope.submission.candidates.len()),
            )
            .replace("{name}", &name)
    }

    fn here(&self, channels: &[String]) -> bool {
        channels.is_empty()
            || channel_of(self.scope.campaign, self.scope.submission)
                .is_some_and(|channel| channels.contains(&channel.kind))
    }

    /// Whether a list has rows; empty asks nothing.
    fn filled(&self, list: &str) -> bool {
        list.is_empty() || !lists::rows(&self.scope, list).is_empty()
    }

    /// Whether the campaign's switches are as a block asks; empty asks nothing.
    fn switched(&self, when: &str, unless: &str) -> bool {
        let on = |name: &str| {
            self.scope
                .campaign
                .switches
                .get(name)
                .copied()
                .unwrap_or(false)
        };
        (when.is_empty() || on(when)) && (unless.is_empty() || !on(unless))
    }

    /// Whether words stand that need one value and lack another; an empty key asks nothing.
    fn stands(&self, needs: &str, lacks: &str) -> bool {
        let empty = |key: &str| self.scope.text(key).is_empty();
        (needs.is_empty() || !empty(needs)) && (lacks.is_empty() || empty(lacks))
    }

    /// The style of a label at the left of a table: `strip` where it stands upright and there is one, else `label`.
    fn side_style(&self, vertical: bool) -> Style {
        let own = vertical && self.template.styles.contains_key("strip");
        named(self.template, if own { "strip" } else { "label" })
    }

    /// A block that comes again on a further page, with （续） where it asks for it.
    fn again(&self, block: &'a BlockTemplate, out: &mut Vec<Block>) {
        self.block(block, out);
        if let BlockTemplate::Text {
            continued: true, ..
        } = block
            && let Some(Block::Paragraph(last)) = out.last_mut()
        {
            last.text.push_str("（续）");
        }
    }

    fn block(&self, block: &'a BlockTemplate, out: &mut Vec<Block>) {
        match block {
            BlockTemplate::Text {
                text,
                style,
                channels,
                ..
            } if self.here(channels) => {
                let style = named(self.template, style);
                out.extend(
                    paragraphs(&self.scope.fill(text), &style)
                        .into_iter()
                        .map(Block::Paragraph),
                );
            }
            BlockTemplate::Space { height } => out.push(Block::Space(Length::from_mm(*height))),
            BlockTemplate::Page {
                front,
                blank,
                channels,
            } if self.here(channels) => out.push(match front {
                false => Block::PageBreak,
                true => Block::FrontBreak(Paragraph {
                    text: self.scope.fill(blank),
                    style: Style {
                        align: Align::Center,
                        ..named(self.template, "value")
                    },
                }),
            }),
            BlockTemplate::Report {
                title,
                body,
                heading1,
                heading2,
                signature,
            } => {
                let style = |name: &str| named(self.template, name);
                let styles = [
                    style(title),
                    style(body),
                    style(heading1),
                    style(heading2),
                    style(signature),
                ];
                out.extend(report(&self.scope.submission.report, &styles, self.width()));
            }
            BlockTemplate::Table {
                columns,
                left,
                side,
                side_width,
                side_vertical,
                border,
                padding,
                whole,
                page_note,
                rows,
                channels,
                when,
                unless,
                only,
            } if self.here(channels) && self.switched(when, unless) && self.filled(only) => {
                let side = (!side.is_empty()).then(|| SideLabel {
                    width: Length::from_mm(*side_width),
                    label: paragraphs(&self.scope.fill(side), &self.side_style(*side_vertical)),
                    vertical: *side_vertical,
                });
                let here: Vec<&RowTemplate> =
                    rows.iter().filter(|r| self.here(&r.channels)).collect();
                out.push(Block::Table(Table {
                    left: Length::from_mm(*left),
                    columns: columns.iter().map(|&mm| Length::from_mm(mm)).collect(),
                    side,
                    head: here.iter().take_while(|r| r.head).count(),
                    rows: self.rows(&here),
                    border: if *border == BorderTemplate::Full {
                        Border::Full
                    } else {
                        Border::None
                    },
                    padding: Length::from_mm(*padding),
                    whole: *whole,
                    page_note: page_note
                        .as_ref()
                        .filter(|note| self.switched(&note.when, ""))
                        .map(|note| Box::new(self.page_note(note))),
                }));
            }
            BlockTemplate::Signature {
                text,
                date,
                style,
                channels,
            } if self.here(channels) => {
                let style = named(self.template, style);
                let (text, date) = (self.scope.fill(text), self.scope.fill(date));
                out.extend(signature(&text, &date, &style, self.width()));
            }
            BlockTemplate::Place {
                channels,
                needs,
                lacks,
                ..
            } if self.here(channels) && self.stands(needs, lacks) => {
                placed(self.template, &self.scope, block, out);
            }
            BlockTemplate::Frame { channels, .. } if self.here(channels) => {
                placed(self.template, &self.scope, block, out);
            }
            BlockTemplate::Text { .. }
            | BlockTemplate::Place { .. }
            | BlockTemplate::Frame { .. }
            | BlockTemplate::Page { .. }
            | BlockTemplate::Signature { .. }
            | BlockTemplate::Table { .. } => {}
        }
    }

    fn page_note(&self, note: &PageNoteTemplate) -> PageNote {
        let style = Style {
            align: Align::Right,
            ..named(self.template, &note.style)
        };
        let line = |text: &str| Paragraph {
            text: text.to_owned(),
            style: style.clone(),
        };
        PageNote {
            goes_on: line(&note.goes_on),
            last: line(&note.last),
        }
    }

    /// Width of the type area.
    fn width(&self) -> Length {
        let page = &self.template.page;
        let wide = page.size.map_or_else(
            || if page.landscape { LONG } else { SHORT },
            |[wide, _]| Length::from_mm(wide),
        );
        wide - Length::from_mm(page.left) - Length::from_mm(page.right)
    }

    fn rows(&self, templates: &[&'a RowTemplate]) -> Vec<Row> {
        let mut out = Vec::new();
        // columns that cells of earlier rows still cover, by the number of rows left
        let mut covered: BTreeMap<usize, usize> = BTreeMap::new();
        for template in templates {
            if template.each.is_empty() {
                out.push(self.row(template, &self.scope, "", &mut covered));
            } else {
                self.each(template, &mut out);
            }
        }
        out
    }

    fn row(
        &self,
        template: &RowTemplate,
        scope: &Scope<'_>,
        prefix: &str,
        covered: &mut BTreeMap<usize, usize>,
    ) -> Row {
        let mut column = 0;
        let mut cells = Vec::new();
        let above = covered.clone();
        for part in &template.cells {
            while above.get(&column).is_some_and(|&n| n > 0) {
                column += 1;
            }
            let made = cell(self.template, part, column, scope, self.photos, prefix);
            for c in column..column + made.columns {
                covered.insert(c, made.rows);
            }
            column += made.columns;
            cells.push(made);
        }
        for left in covered.values_mut() {
            *left = left.saturating_sub(1);
        }
        Row {
            height: Length::from_mm(template.height),
            most: Length::from_mm(template.most.max(template.height)),
            fills: template.fills,
            splits: template.splits,
            listed: !template.each.is_empty(),
            keep: template.keep,
            cells,
        }
    }

    /// The rows of a list, at least `least` of them.
    fn each(&self, template: &RowTemplate, out: &mut Vec<Row>) {
        let before = out.len();
        let mut none = BTreeMap::new();
        match template.each.as_str() {
            "candidates" => {
                for (i, candidate) in self.scope.submission.candidates.iter().enumerate() {
                    let scope = Scope {
                        candidate: Some((candidate, i)),
                        row: None,
                        ..self.scope
                    };
                    out.push(self.row(template, &scope, &format!("candidates[{i}]."), &mut none));
                }
            }
            list @ ("materials" | "originals") => {
                for (i, row) in self.materials(list == "originals").iter().enumerate() {
                    let scope = Scope {
                        row: Some((row, i, None)),
                        ..self.scope
                    };
                    out.push(self.row(template, &scope, "", &mut none));
                }
            }
            list => self.list(list, template, out),
        }
        let found = out.len() - before;
        if found < template.least {
            // what is left over is the blank row's
            for row in out.iter_mut().skip(before) {
                row.fills = false;
            }
            out.push(self.rest(template, found));
        }
    }

    /// The row that stands for those of a list that are missing: 无 where there are none, else 以下空白, across all columns.
    fn rest(&self, template: &RowTemplate, found: usize) -> Row {
        let blank = template
            .cells
            .iter()
            .map(|c| c.blank.as_str())
            .find(|b| !b.is_empty());
        let text = match (found, blank) {
            (0, Some(blank)) => self.scope.fill(blank),
            _ => BLANK_BELOW.to_owned(),
        };
        let first = template.cells.first().map_or("", |c| c.style.as_str());
        let style = Style {
            align: Align::Center,
            ..named(
                self.template,
                if first.is_empty() { "value" } else { first },
            )
        };
        Row {
            height: Length::from_mm(template.height),
            most: Length::from_mm(template.most.max(template.height)),
            fills: template.fills,
            splits: false,
            listed: false,
            keep: false,
            cells: vec![Cell {
                column: 0,
                columns: template.cells.iter().map(|c| c.span.max(1)).sum(),
                rows: 1,
                content: Content::Text(vec![Paragraph { text, style }]),
                middle: true,
                underline: false,
                label: false,
                continued: false,
                field: String::new(),
            }],
        }
    }

    fn list(&self, list: &str, template: &RowTemplate, out: &mut Vec<Row>) {
        let mut none = BTreeMap::new();
        for (scope, path) in lists::rows(&self.scope, list) {
            out.push(self.row(template, &scope, &path, &mut none));
        }
    }

    /// How many rows a sheet has, of the unit or of all candidates; none where no sheet is named.
    fn counted(&self, key: &str) -> Option<usize> {
        let sheet = self.scope.campaign.sheet(key)?;
        let submission = self.scope.submission;
        let unit = std::iter::once(&submission.unit);
        let owners = unit.chain(&submission.candidates);
        Some(owners.map(|owner| owner.rows(&sheet.key).len()).sum())
    }

    /// The checklist's rows for this unit's channel; `on_paper` leaves out what is electronic only.
    fn materials(&self, on_paper: bool) -> Vec<BTreeMap<String, String>> {
        let candidates = self.scope.submission.candidates.len();
        let mut rows = Vec::new();
        for material in self
            .scope
            .campaign
            .materials
            .iter()
            .filter(|m| self.here(&m.channels) && (m.paper > 0 || !on_paper))
        {
            let times = if material.per == Per::Candidate {
                candidates
            } else {
                1
            };
            let paper = times * material.paper as usize;
            let counted = self.counted(&material.sheet);
            let count = match (material.paper, material.per) {
                (0, _) => match counted {
                    Some(0) => "无".to_owned(),
                    Some(n) => format!("电子版，{n}件"),
                    None => "电子版".to_owned(),
                },
                (each, Per::Candidate) => format!("{each}份×{candidates}人＝{paper}份"),
                (each, Per::Unit) => format!("{each}份"),
            };
            let tick = |on: bool| if on { "☐" } else { "—" }.to_owned();
            rows.push(BTreeMap::from([
                ("label".to_owned(), material.label.clone()),
                ("count".to_owned(), count),
                ("note".to_owned(), material.note.clone()),
                ("paper".to_owned(), tick(material.paper > 0)),
                ("electronic".to_owned(), tick(material.electronic)),
                ("sealed".to_owned(), tick(material.sealed)),
            ]));
        }
        rows
    }
}

/// A name without what a path must not hold; 未命名 where nothing is left.
pub fn safe_name(name: &str) -> String {
    let safe: String = name
        .chars()
        .filter(|c| {
            !c.is_control()
                && !c.is_whitespace()
                && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        })
        .take(40)
        .collect();
    let safe = safe.trim_matches('.').to_owned();
    if safe.is_empty() {
        "未命名".to_owned()
    } else {
        safe
    }
}
