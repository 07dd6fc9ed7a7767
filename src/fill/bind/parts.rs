//! A form as parts (部分), in one way whatever heads them: a title, the line above a table, the name of a sheet, a bar over the whole width, the
//! head over some columns, the label beside several rows, beside a nested table or in front of a label. What the headings of a part say is in
//! `heads`; what follows for what was found there is in `settle`.

use std::collections::BTreeSet;

use super::columns::list_end;
use super::heads::{HeadSays, is_numbered};
use super::roles::{NamedRole, RoleKind, bare};
use super::sections::{is_attribute, section};
use super::slots::{heads as is_heading, slots};
use super::survey::{FormBox, FormGrid, Survey};
use super::words::{is_label, is_title, may_head as heading};
use crate::fill::bind::lexicon::Lexicon;
use crate::text::heading::fold_heading as letters;

/// In what manner a heading stands over its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeadKind {
    /// The title of a form, of several in one file the later ones; what may be one.
    Title,
    /// The name of a sheet.
    Sheet,
    /// A line above tables and lines.
    Section,
    /// A row over the whole width.
    Bar,
    /// A box over some columns.
    Column,
    /// A box at the side of rows, of a nested table, or in front of a label.
    Side,
}

/// A heading.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) text: String,
    pub(super) says: HeadSays,
    pub(super) kind: HeadKind,
    /// The row of its grid in which it stands; none in lines.
    row: Option<(usize, usize)>,
}

/// The parts of a form.
#[derive(Debug, Default)]
pub(super) struct Parts {
    heads: Vec<Head>,
    /// Of each box of each grid its headings, the outermost first.
    cells: Vec<Vec<Vec<usize>>>,
    /// Of each grid the headings over all of it.
    bases: Vec<Vec<usize>>,
    /// Of each line its headings.
    lines: Vec<Vec<usize>>,
    /// What the form and the campaign call whom they are about.
    own: Vec<String>,
    /// The titles of the first form of a file.
    first: Vec<String>,
    /// The boxes of sheets and tables that are headings over several others.
    boxes: BTreeSet<(usize, usize)>,
}

impl Parts {
    /// The parts of a form; `campaign` is the title of the campaign.
    pub(super) fn of(survey: &Survey, lexicon: &Lexicon, campaign: &str) -> Self {
        let mut own = first_titles(survey);
        own.push(letters(campaign));
        let mut parts = Self {
            cells: vec![Vec::new(); survey.grids.len()],
            bases: vec![Vec::new(); survey.grids.len()],
            own,
            ..Self::default()
        };
        LineWalk {
            parts: &mut parts,
            survey,
            lexicon,
            title: None,
            section: None,
            begun: false,
            titled: false,
        }
        .all();
        parts.part_forms();
        parts
    }

    /// Takes in what the form calls whom it is about: 学生 where the form asks for 学生姓名.
    pub(super) fn know(&mut self, words: &str) {
        for head in &mut self.heads {
            let left = matches!(&head.says, HeadSays::Unknown(left) if left == words);
            if left {
                head.says = HeadSays::Candidate;
            }
        }
    }

    /// What words would say as a heading of this form.
    pub(super) fn says(&self, text: &str) -> HeadSays {
        HeadSays::of(text, &self.own)
    }

    /// Whether a box is a heading over several others, and asks nothing.
    pub(super) fn is_heading(&self, grid: usize, cell: usize) -> bool {
        self.boxes.contains(&(grid, cell))
    }

    /// The headings of a box, the outermost first.
    pub(super) fn over(&self, grid: usize, cell: usize) -> &[usize] {
        let own = self.cells.get(grid).and_then(|g| g.get(cell));
        own.map_or(&[], Vec::as_slice)
    }

    /// The headings of a line, the outermost first.
    pub(super) fn over_line(&self, line: usize) -> &[usize] {
        self.lines.get(line).map_or(&[], Vec::as_slice)
    }

    /// The heading that decides whose a part is: the innermost that says more than nothing and names more than things.
    pub(super) fn decides(&self, stack: &[usize]) -> Option<&Head> {
        let mut heads = stack.iter().rev().filter_map(|h| self.heads.get(*h));
        heads.find(|h| matches!(h.says, HeadSays::Candidate | HeadSays::Unknown(_)))
    }

    /// A heading by its number.
    pub(super) fn head(&self, number: usize) -> Option<&Head> {
        self.heads.get(number)
    }

    /// The titles of the first form of a file.
    pub(super) fn titles(&self) -> &[String] {
        &self.first
    }

    /// The innermost heading of a part.
    pub(super) fn innermost(&self, stack: &[usize]) -> Option<&Head> {
        self.heads.get(*stack.last()?)
    }

    /// Whether a part tells how the form is filled in.
    pub(super) fn instructs(&self, stack: &[usize]) -> bool {
        let mut heads = stack.iter().filter_map(|h| self.heads.get(*h));
        heads.any(|h| h.says == HeadSays::Instructions)
    }

    /// Whose the lines above a grid, or the boxes around it, say that it is.
    pub(super) fn around(&self, grid: usize) -> Option<NamedRole> {
        let stack = self.bases.get(grid)?.iter().rev();
        let heads = stack.filter_map(|h| self.heads.get(*h));
        let mut told = heads.filter(|h| h.kind != HeadKind::Title || !is_title(&h.text));
        told.find_map(|h| section(&h.text))
    }

    /// Whose the columns are in which a label stands, where somebody is named over the columns beside them.
    pub(super) fn column_role(&self, grid: usize, cell: usize) -> Option<NamedRole> {
        let stack = self.over(grid, cell).iter().rev();
        let mut heads = stack.filter_map(|h| self.heads.get(*h));
        let head = heads.find(|h| h.kind == HeadKind::Column)?;
        let role = NamedRole::alone(&head.text);
        let words = |text: &str| bare(text);
        match &head.says {
            HeadSays::Candidate => Some(NamedRole {
                kind: RoleKind::Candidate,
                words: words(&head.text),
                asks: String::new(),
            }),
            HeadSays::Unknown(_) if role.is_some() => role,
            HeadSays::Unknown(left) => {
                let mut beside = self.heads.iter().filter(|h| h.row == head.row);
                let own = beside.any(|h| h.says == HeadSays::Candidate);
                own.then(|| NamedRole {
                    kind: RoleKind::Other,
                    words: left.clone(),
                    asks: String::new(),
                })
            }
            _ => None,
        }
    }

    /// Takes a heading for the title of the first form of a file.
    fn first_title(&mut self, head: usize) {
        if let Some(head) = self.heads.get_mut(head) {
            head.says = HeadSays::Nothing;
            self.first.push(head.text.clone());
        }
    }

    /// The first form of a file is about whom its title names, unless another form of the file is the candidate's in so many words.
    fn part_forms(&mut self) {
        let titles = self.heads.iter().filter(|h| h.kind == HeadKind::Title);
        let mut others = titles.filter(|h| !self.first.contains(&h.text));
        let own = others.any(|h| HeadSays::of(&h.text, &[]) == HeadSays::Candidate);
        if !own {
            return;
        }
        for head in &mut self.heads {
            if head.kind == HeadKind::Title && self.first.contains(&head.text) {
                head.says = HeadSays::of(&head.text, &[]);
            }
        }
    }

    fn add(&mut self, text: &str, kind: HeadKind, row: Option<(usize, usize)>) -> usize {
        let says = HeadSays::of(text, &self.own);
        self.heads.push(Head {
            text: text.to_owned(),
            says,
            kind,
            row,
        });
        self.heads.len() - 1
    }
}

/// The titles that a form begins with: whom they name it is about.
fn first_titles(survey: &Survey) -> Vec<String> {
    let Some(first) = survey.grids.first() else {
        let lines = survey.loose.iter().take(6).map(|l| &l.line.text);
        let texts = lines.map(|l| l.iter().collect::<String>());
        return texts.filter(|t| is_title(t)).map(|t| letters(&t)).collect();
    };
    if !first.sheet.is_empty() {
        let row = |row: usize| first.in_row(row).into_iter();
        let texts = (0..2).flat_map(row).filter_map(|n| first.cells.get(n));
        let texts = texts
            .map(FormBox::text)
            .filter(|t| is_title(t) && !is_numbered(t));
        return texts.map(|t| letters(&t)).collect();
    }
    let lines = survey.loose.iter().take(first.after);
    let texts = lines.map(|l| l.line.text.iter().collect::<String>());
    let mut texts: Vec<String> = texts.filter(|t| !t.trim().is_empty()).collect();
    let top = first
        .in_row(0)
        .into_iter()
        .filter_map(|n| first.cells.get(n));
    texts.extend(top.filter(|c| c.column == 0).map(FormBox::text));
    let titles = texts.iter().filter(|t| is_title(t) && !is_numbered(t));
    titles.map(|t| letters(t)).collect()
}

/// Lines and tables of a document, and sheets, in reading order.
struct LineWalk<'a> {
    parts: &'a mut Parts,
    survey: &'a Survey,
    lexicon: &'a Lexicon,
    title: Option<usize>,
    section: Option<usize>,
    /// Whether a table, or a line of a part with a heading, was passed.
    begun: bool,
    /// Whether the form's own title was passed.
    titled: bool,
}

impl LineWalk<'_> {
    fn all(mut self) {
        let mut part = "";
        let mut text_box = (0, None);
        for (n, loose) in self.survey.loose.iter().enumerate() {
            self.grids_after(n);
            if loose.part != part {
                part = &loose.part;
                (self.title, self.section) = (None, None);
                (self.begun, self.titled) = (false, false);
            }
            let text: String = loose.line.text.iter().collect();
            let slots = slots(&loose.line);
            if loose.text_box > 0 {
                // a box has a heading of its own within the part in which it stands
                if text_box.0 != loose.text_box {
                    text_box = (loose.text_box, None);
                }
                if is_heading(&slots, &text) && heading(&text) {
                    text_box.1 = Some(self.parts.add(&text, HeadKind::Section, None));
                }
                let own = text_box.1.or(self.section);
                let stack = self.title.into_iter().chain(own).collect();
                self.parts.lines.push(stack);
                continue;
            }
            if is_heading(&slots, &text) {
                self.heading(&text);
            } else if !slots.is_empty() && self.section.is_some() {
                self.begun = true;
            }
            let stack = self.title.into_iter().chain(self.section).collect();
            self.parts.lines.push(stack);
        }
        self.grids_after(self.survey.loose.len());
    }

    fn heading(&mut self, text: &str) {
        if !heading(text) {
            return;
        }
        let numbered = is_numbered(text);
        if is_title(text) && !numbered {
            let head = self.parts.add(text, HeadKind::Title, None);
            if !self.begun {
                // the first one is the form's own, and nothing that would part it from others
                self.parts.first_title(head);
            }
            self.title = Some(head);
            (self.section, self.begun, self.titled) = (None, false, true);
            return;
        }
        let kind = match numbered || self.begun {
            true => HeadKind::Section,
            false => HeadKind::Title,
        };
        if kind == HeadKind::Title && !self.titled {
            // whatever stands first is who issued the form
            self.titled = true;
            if matches!(HeadSays::of(text, &self.parts.own), HeadSays::Unknown(_))
                && NamedRole::alone(text).is_none()
            {
                return;
            }
        }
        self.section = Some(self.parts.add(text, kind, None));
    }

    /// The tables that stand right behind so many lines.
    fn grids_after(&mut self, lines: usize) {
        for (g, grid) in self.survey.grids.iter().enumerate() {
            let own = grid.host.is_none() && grid.after == lines;
            if !own || self.parts.cells.get(g).is_none_or(|c| !c.is_empty()) {
                continue;
            }
            let base = if grid.sheet.is_empty() {
                // how to fill it in ends where the form begins
                let section = self.section.filter(|s| !self.parts.instructs(&[*s]));
                self.title.into_iter().chain(section).collect()
            } else {
                vec![self.parts.add(&grid.sheet, HeadKind::Sheet, None)]
            };
            self.grid(g, base);
            self.begun = true;
        }
    }

    fn grid(&mut self, g: usize, base: Vec<usize>) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        let stacks = GridWalk {
            parts: self.parts,
            lexicon: self.lexicon,
            grid,
            g,
            bar: None,
            columns: Vec::new(),
            first: true,
        }
        .all(&base);
        if let Some(own) = self.parts.cells.get_mut(g) {
            *own = stacks;
        }
        if let Some(own) = self.parts.bases.get_mut(g) {
            *own = base;
        }
        // tables within its boxes, with the words in the box or the label beside it
        let within = self.survey.grids.iter().enumerate();
        let within: Vec<(usize, usize)> = within
            .filter_map(|(n, inner)| Some((n, inner.host.filter(|h| h.0 == g)?.1)))
            .collect();
        for (inner, cell) in within {
            let mut base = self.parts.over(g, cell).to_vec();
            let above = self.survey.grids.get(inner).map(|i| i.above.as_slice());
            let words = above.unwrap_or_default().iter().rev();
            let words = words.filter(|t| !t.trim().is_empty() && heading(t)).take(1);
            for text in words {
                base.push(self.parts.add(text, HeadKind::Side, None));
            }
            self.grid(inner, base);
        }
    }
}

/// The rows of a grid.
struct GridWalk<'a> {
    parts: &'a mut Parts,
    lexicon: &'a Lexicon,
    grid: &'a FormGrid,
    g: usize,
    /// The heading over the whole width.
    bar: Option<usize>,
    /// Headings over some columns: from one, to before another.
    columns: Vec<(usize, usize, usize)>,
    /// Whether no row with words was passed.
    first: bool,
}

impl GridWalk<'_> {
    fn all(mut self, base: &[usize]) -> Vec<Vec<usize>> {
        let mut stacks = vec![Vec::new(); self.grid.cells.len()];
        for row in 0..self.grid.rows {
            let boxes = self.grid.in_row(row);
            let list = self.bar.filter(|bar| self.ends_with_list(*bar, row));
            self.bar = self.bar.filter(|_| list.is_none());
            self.end_columns(&boxes);
            let found = self.headings(&boxes);
            let side = self.sides(&boxes);
            for n in &boxes {
                let Some(cell) = self.grid.cells.get(*n) else {
                    continue;
                };
                let column = self
                    .columns
                    .iter()
                    .find(|c| (c.0..c.1).contains(&cell.column) && !found.contains(n));
                let side = side.iter().find(|s| s.0 == *n).map(|s| s.1);
                let own = base.iter().copied().chain(self.bar);
                let own = own.chain(column.map(|c| c.2)).chain(side);
                if let Some(stack) = stacks.get_mut(*n) {
                    *stack = own.collect();
                }
            }
            self.first &= boxes.iter().all(|n| self.is_blank(*n));
        }
        stacks
    }

    /// Whether a heading that names somebody stood right above a list that ended.
    fn ends_with_list(&self, bar: usize, row: usize) -> bool {
        let head = self.parts.heads.get(bar);
        let head = head.filter(|h| matches!(h.says, HeadSays::Unknown(_)));
        let at = head.and_then(|h| h.row);
        at.and_then(|at| list_end(self.grid, at.1 + 1)) == Some(row)
    }

    fn is_blank(&self, n: usize) -> bool {
        self.grid
            .cells
            .get(n)
            .is_none_or(|c| c.is_blank() || c.hidden)
    }

    /// A box across the edge of such columns ends them.
    fn end_columns(&mut self, boxes: &[usize]) {
        let cells = || boxes.iter().filter_map(|n| self.grid.cells.get(*n));
        let across = |at: usize| cells().any(|c| c.column < at && c.column + c.across > at);
        let kept = self.columns.iter().copied();
        self.columns = kept.filter(|c| !across(c.0) && !across(c.1)).collect();
    }

    /// The headings of a row, taken in; gives their boxes.
    fn headings(&mut self, boxes: &[usize]) -> Vec<usize> {
        let worded: Vec<usize> = boxes
            .iter()
            .copied()
            .filter(|n| !self.is_blank(*n))
            .collect();
        let mut found = Vec::new();
        for n in &worded {
            let Some(cell) = self.grid.cells.get(*n).filter(|c| is_label(c)) else {
                continue;
            };
            let text = cell.text();
            let Some(to) = self.reach(cell, &text, (boxes, &worded)) else {
                continue;
            };
            found.push(*n);
            if self.is_over_labels(cell, to - cell.column) {
                self.parts.boxes.insert((self.g, *n));
            }
            let whole = worded.len() == 1;
            let title = is_title(&text) && self.first && !is_numbered(&text);
            let kind = match (whole, title) {
                (true, true) => HeadKind::Title,
                (true, false) => HeadKind::Bar,
                _ => HeadKind::Column,
            };
            // the title of a form's first sheet or table is the form's own
            let says = HeadSays::of(&text, &self.parts.own);
            if kind == HeadKind::Title && says != HeadSays::Instructions && self.g == 0 {
                (self.bar, self.columns) = (None, Vec::new());
                continue;
            }
            let head = self.parts.add(&text, kind, Some((self.g, cell.row)));
            if whole {
                (self.bar, self.columns) = (Some(head), Vec::new());
            } else {
                let from = cell.column;
                self.columns.retain(|c| c.1 <= from || c.0 >= to);
                self.columns.push((from, to, head));
            }
        }
        found
    }

    /// The column before which the part of a heading ends, if a box is one.
    fn reach(
        &self,
        cell: &FormBox,
        text: &str,
        (boxes, worded): (&[usize], &[usize]),
    ) -> Option<usize> {
        let alone = worded.len() == 1;
        let tall = cell.down > 1 && !alone;
        if tall || !heading(text) || !alone && is_attribute(self.lexicon, text) {
            return None;
        }
        let end = cell.column + cell.across;
        if self.grid.sheet.is_empty() {
            if boxes.len() == 1 {
                return Some(end);
            }
            let next = self.grid.right(cell).and_then(|n| self.grid.cells.get(n));
            let beside = next.is_none_or(|c| !c.is_blank());
            return (beside && cell.across > 1 && self.is_over_labels(cell, cell.across))
                .then_some(end);
        }
        if is_attribute(self.lexicon, text) && cell.across < 3 {
            return None;
        }
        // of a sheet the boxes to the right that are blank are the heading's
        let mut to = end;
        while let Some(next) = self.grid.at(cell.row, to) {
            if !self.is_blank(next) {
                break;
            }
            to += self.grid.cells.get(next).map_or(1, |c| c.across.max(1));
        }
        let over = self.grid.over(cell).and_then(|n| self.grid.cells.get(n));
        let apart = self.first || over.is_none_or(FormBox::is_blank);
        let wide = cell.across > 1;
        let numbered = is_numbered(text);
        if alone {
            let role = NamedRole::alone(text).is_some_and(|r| !r.asks.is_empty());
            // a box of several columns beside it is there to be written in
            let next = self.grid.right(cell).and_then(|n| self.grid.cells.get(n));
            if !numbered && next.is_some_and(|c| c.across > 1 && c.is_blank()) {
                return None;
            }
            return (wide || numbered || apart && (self.first || role)).then_some(to);
        }
        let below = self.is_over_labels(cell, to - cell.column);
        ((wide || numbered && apart) && below).then_some(if wide { end } else { to })
    }

    /// Whether narrower labels stand below a box.
    fn is_over_labels(&self, cell: &FormBox, across: usize) -> bool {
        let below = self.grid.below(cell).and_then(|n| self.grid.cells.get(n));
        below.is_some_and(|b| {
            let next = self.grid.right(b).and_then(|n| self.grid.cells.get(n));
            let asks = next.is_some_and(|n| n.is_blank() || is_label(n));
            is_label(b) && (b.across < across || b.text().trim_end().ends_with(['：', ':'])) && asks
        })
    }

    /// The boxes of a row with the label at the side of several rows, or in front of another label, that heads each.
    fn sides(&mut self, boxes: &[usize]) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        let mut front: Option<usize> = None;
        for (at, n) in boxes.iter().enumerate() {
            let Some(cell) = self.grid.cells.get(*n) else {
                continue;
            };
            let text = cell.text();
            let next = boxes.get(at + 1).and_then(|n| self.grid.cells.get(*n));
            let after = boxes.get(at + 2).and_then(|n| self.grid.cells.get(*n));
            let pair = cell.down == 1
                && is_label(cell)
                && next.is_some_and(is_label)
                && after.is_some_and(|c| !is_label(c))
                && heading(&text)
                && !text.contains(['/', '／'])
                && !is_attribute(self.lexicon, &text);
            if pair {
                front = Some(
                    self.parts
                        .add(&text, HeadKind::Side, Some((self.g, cell.row))),
                );
                continue;
            }
            let head = front.or_else(|| self.tall(cell));
            out.extend(head.map(|head| (*n, head)));
        }
        out
    }

    /// The heading at the side of several rows.
    fn tall(&mut self, cell: &FormBox) -> Option<usize> {
        let left = (0..cell.column).rev();
        let left = left.filter_map(|c| self.grid.at(cell.row, c));
        let mut cells = left.filter_map(|n| self.grid.cells.get(n));
        let tall = cells.find(|c| c.down > cell.down && is_label(c))?;
        // beside a blank as tall as itself it asks, and heads nothing
        let beside = self.grid.right(tall).and_then(|n| self.grid.cells.get(n));
        if beside.is_some_and(|b| b.down >= tall.down) {
            return None;
        }
        let text = tall.text();
        let place = Some((self.g, tall.row));
        let known = |h: &Head| h.row == place && h.kind == HeadKind::Side && h.text == text;
        let known = self.parts.heads.iter().rposition(known);
        Some(known.unwrap_or_else(|| self.parts.add(&text, HeadKind::Side, place)))
    }
}
