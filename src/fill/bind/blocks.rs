//! A form read as blocks (分块): in whose part of it each label stands, by what heads the part: the label itself (指导教师姓名), the one in front
//! of it in its row, the one beside several rows, the head of its column, a heading over the whole width, the line above the table. Whose
//! blocks are the candidate's is said in `subject`.

use std::collections::BTreeSet;

use super::columns::list_end;
use super::fillers::{asks_filler, contact, filler, is_contact, reaches};
use super::heads::{HeadSays, calls_somebody};
use super::parts::Parts;
use super::roles::{NamedRole, RoleKind, bare};
use super::sections::{is_attribute, section};
use super::survey::{FormBox, FormGrid, Survey};
use super::unit_asks::{asks_any_unit, asks_unit_alone};
use super::words::{is_label, is_title};
use crate::fill::bind::lexicon::Lexicon;

/// Words of a head over the column in which answers are written.
const ANSWERS: &[&str] = &[
    "内容", "填写", "信息", "情况", "答", "本人", "备注", "说明", "要求",
];

/// Rows between the head of a column of answers and the last one that is looked for.
const MOST_ANSWERS: usize = 40;

/// What a block says of a label in it.
#[derive(Clone, Debug, Default)]
pub(super) struct FormBlock {
    /// Whose it is; none where nothing says so.
    pub(super) role: Option<NamedRole>,
    /// What the label asks, without the words for the person; empty where it asks what it says.
    pub(super) asks: String,
    /// Whether the part may have ended with the row above.
    pub(super) doubtful: bool,
    /// Whether the label heads a column.
    pub(super) heads: bool,
    /// Whether somebody stands in front of it in its row for whom no field and no role is known.
    pub(super) behind_somebody: bool,
}

/// The blocks of a form: of each grid, of each of its boxes.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    grids: Vec<Vec<FormBlock>>,
}

impl Blocks {
    /// The blocks of a form.
    pub(super) fn of(survey: &Survey, lexicon: &Lexicon, parts: &Parts) -> Self {
        Self::with(survey, lexicon, parts, &[])
    }

    /// The blocks of a form in whose grids the candidate's own part begins with these rows: what is asked before it, and behind somebody
    /// else's label, is that other's.
    pub(super) fn with(
        survey: &Survey,
        lexicon: &Lexicon,
        parts: &Parts,
        begins: &[Option<usize>],
    ) -> Self {
        let grids = survey.grids.iter().enumerate().map(|(g, grid)| {
            let mut walk = BlockWalk {
                grid,
                lexicon,
                parts,
                columns: (0..grid.cells.len())
                    .map(|n| parts.column_role(g, n))
                    .collect(),
                blocks: vec![FormBlock::default(); grid.cells.len()],
                section: parts.around(g),
                ends: None,
                open: None,
                roles: Vec::new(),
                asked: BTreeSet::new(),
                names: names(grid),
                begins: begins.get(g).copied().flatten().unwrap_or(0),
            };
            for row in 0..grid.rows {
                walk.row(row);
            }
            walk.blocks
        });
        Self {
            grids: grids.collect(),
        }
    }

    /// The block of a box.
    pub(super) fn at(&self, grid: usize, cell: usize) -> FormBlock {
        let block = self.grids.get(grid).and_then(|g| g.get(cell));
        block.cloned().unwrap_or_default()
    }
}

/// How many times a grid asks for 姓名 without more.
fn names(grid: &FormGrid) -> usize {
    let texts = grid.cells.iter().filter(|c| is_label(c)).map(FormBox::text);
    texts.filter(|t| bare(t) == "姓名").count()
}

/// A part that a label opened: whose, the last row that belongs to it, whether the label stood first in its row.
struct Open {
    role: NamedRole,
    row: usize,
    first: bool,
    /// Whether nothing in its last row says that the part goes on.
    doubtful: bool,
}

struct BlockWalk<'a> {
    grid: &'a FormGrid,
    lexicon: &'a Lexicon,
    parts: &'a Parts,
    /// Of each box whose the columns are in which it stands.
    columns: Vec<Option<NamedRole>>,
    blocks: Vec<FormBlock>,
    section: Option<NamedRole>,
    /// The row with which the list ends that the section is about.
    ends: Option<usize>,
    open: Option<Open>,
    /// Whom the grid asked for by name so far.
    roles: Vec<NamedRole>,
    /// What was asked so far, whoever it was asked of.
    asked: BTreeSet<String>,
    /// How many times the grid asks for a name without more.
    names: usize,
    /// The row with which the candidate's own part begins.
    begins: usize,
}

impl BlockWalk<'_> {
    fn row(&mut self, row: usize) {
        let boxes = self.grid.in_row(row);
        let labels: Vec<usize> = boxes
            .iter()
            .copied()
            .filter(|n| self.is_label(*n))
            .collect();
        if self.ends == Some(row) {
            (self.section, self.ends) = (None, None);
        }
        if let Some(text) = self.heading(&boxes) {
            // of a title only whoever is somebody else matters: whom it is about is not parted from the form
            let own = |r: &NamedRole| row > 0 || !is_title(&text) || r.is_another();
            (self.section, self.open) = (section(&text).filter(own), None);
            // a heading right above a list is the list's
            self.ends = list_end(self.grid, row + 1);
            return;
        }
        let heads = self.is_head(row, &boxes);
        if heads {
            self.open = None;
        }
        self.goes_on(row, &labels);
        let stranger = self.row_head(&boxes).filter(|_| !heads);
        let mut behind = false;
        for (nth, n) in labels.into_iter().enumerate() {
            let Some(cell) = self.grid.cells.get(n) else {
                continue;
            };
            let text = cell.text();
            if let Some(role) = stranger.clone().filter(|_| nth == 0) {
                let (first, doubtful) = (true, false);
                self.open = Some(Open {
                    role,
                    row,
                    first,
                    doubtful,
                });
                continue;
            }
            let before = self
                .open
                .as_ref()
                .is_some_and(|o| o.row == row && o.role.is_another());
            let mut block = self.block(cell, &text, (row, nth == 0), heads);
            block.heads = heads;
            block.behind_somebody = behind && block.asks.is_empty();
            let known = is_attribute(self.lexicon, &text) || !block.asks.is_empty();
            // a label in front of another is a heading, and asks nothing
            let right = self.grid.cells.get(n).and_then(|c| self.grid.right(c));
            let asked = right.is_none_or(|r| !self.is_label(r));
            let parted = before && self.open.is_none();
            behind |= !heads && !known && asked && (parted || calls_somebody(&text));
            let asks = if block.asks.is_empty() {
                &text
            } else {
                &block.asks
            };
            self.asked
                .extend(self.lexicon.person(asks).map(|m| m.field));
            if let Some(own) = self.blocks.get_mut(n) {
                *own = block;
            }
        }
    }

    fn is_label(&self, n: usize) -> bool {
        self.grid.cells.get(n).is_some_and(is_label)
    }

    /// The words of a row that is nothing but a heading.
    fn heading(&self, boxes: &[usize]) -> Option<String> {
        // of a sheet a heading need not be as wide as the sheet: 评审专家登记 over the first columns
        let cells = || boxes.iter().filter_map(|n| self.grid.cells.get(*n));
        let mut worded = cells().filter(|c| !c.is_blank());
        if !self.grid.sheet.is_empty()
            && boxes.len() > 1
            && let (Some(only), None) = (worded.next(), worded.next())
        {
            let text = only.text();
            // 申请人 alone with a blank beside it is a label
            let told = || NamedRole::alone(&text).is_some_and(|r| !r.asks.is_empty());
            let heads = is_label(only) && (only.across > 2 || only.row == 0 && told());
            let words = heads && !text.trim_end().ends_with(['：', ':']);
            return (words && section(&text).is_some()).then_some(text);
        }
        let [only] = boxes else { return None };
        let cell = self.grid.cells.get(*only).filter(|c| c.down == 1)?;
        let text = cell.text();
        let words = is_label(cell) && !text.trim_end().ends_with(['：', ':']);
        (words && text.chars().count() < 40).then_some(text)
    }

    /// Whether a row holds the heads of columns: words alone, over blanks of the same width.
    fn is_head(&self, row: usize, boxes: &[usize]) -> bool {
        let cells = || boxes.iter().filter_map(|n| self.grid.cells.get(*n));
        let own = || cells().filter(|c| c.row == row);
        let over = |c: &&FormBox| {
            let below = self.grid.below(c).and_then(|n| self.grid.cells.get(n));
            below.is_some_and(|b| {
                (b.is_blank() || self.grid.is_example(b.row))
                    && b.column == c.column
                    && b.across == c.across
            })
        };
        let words = own().filter(|c| is_label(c)).count();
        words > 2 && own().filter(over).count() > 1 && words * 5 >= own().count() * 4
    }

    /// A part goes on in the next row where that row asks again what was asked already; where it asks something new, nobody can tell. That of a
    /// unit goes on as long as only what a unit has is asked.
    fn goes_on(&mut self, row: usize, labels: &[usize]) {
        let Some(open) = &mut self.open else { return };
        let cells = labels.iter().filter_map(|n| self.grid.cells.get(*n));
        let texts: Vec<String> = cells.map(FormBox::text).collect();
        let asked = |t: &String| {
            self.lexicon
                .person(t)
                .is_some_and(|m| self.asked.contains(&m.field))
        };
        // what identifies a person and was not asked yet is the candidate's; so is a long text
        let personal = texts.iter().all(|t| {
            let short = is_attribute(self.lexicon, t) && !self.lexicon.is_long(t);
            short && (self.lexicon.is_contact(t) || asked(t))
        });
        let of_unit = open.role.kind == RoleKind::OtherUnit;
        let called = |t: &String| of_unit && contact(t).is_some();
        if texts
            .first()
            .is_some_and(|t| NamedRole::of(t).is_some() && !called(t))
        {
            self.open = None;
            return;
        }
        if row < self.begins && open.first {
            (open.row, open.doubtful) = (row, false);
            return;
        }
        let next = open.first && open.row + 1 == row && !open.doubtful;
        if of_unit && open.row + 1 == row {
            let alone = texts.iter().any(|t| asks_unit_alone(t));
            let any = texts.iter().all(|t| asks_any_unit(self.lexicon, t));
            match any && !texts.is_empty() && (alone || next) {
                true => (open.row, open.doubtful) = (row, !alone),
                false => self.open = None,
            }
            return;
        }
        if !next || texts.is_empty() || !personal {
            self.open = None;
            return;
        }
        let again = texts.iter().any(asked);
        (open.row, open.doubtful) = (row, !again);
    }

    fn block(
        &mut self,
        cell: &FormBox,
        text: &str,
        (row, first): (usize, bool),
        heads: bool,
    ) -> FormBlock {
        let whole = self.lexicon.person(text).is_some_and(|m| m.sure > 0.8)
            || self.lexicon.unit(text).is_some_and(|m| m.sure > 0.8);
        let keeps = |r: &NamedRole| matches!(r.kind, RoleKind::Head | RoleKind::Candidate);
        let own = NamedRole::of(text);
        let of_unit = contact(text).is_some() && self.is_in_other_unit(row);
        if whole && own.is_some() && !of_unit {
            // whom the campaign knows by that word begins a part of his own: 联系人
            self.open = None;
        }
        let own = own.filter(|r| !whole || keeps(r));
        let own = own.or_else(|| self.called(text).filter(|_| !whole));
        let side = self.beside(cell).or_else(|| self.party(cell));
        let side = side.or_else(|| {
            let column = self.grid.at(cell.row, cell.column);
            self.columns.get(column?).cloned().flatten()
        });
        // whoever is to be called owns what the same row asks behind him; the name of who fills in is the unit's to give, and what is asked
        // behind it is that person's
        let called = (whole && !heads).then(|| contact(text)).flatten();
        // whom another unit has to be called is that unit's
        let called = called.filter(|_| !of_unit);
        let first = first && called.is_none();
        let named = called.or_else(|| filler(text).filter(|_| whole));
        if let Some(role) = named {
            if !heads {
                let doubtful = false;
                self.open = Some(Open {
                    role,
                    row,
                    first,
                    doubtful,
                });
            }
            return FormBlock {
                role: side.or_else(|| self.section.clone()),
                ..FormBlock::default()
            };
        }
        if let Some(role) = own {
            let asks = role.asks.clone();
            let attribute = asks.is_empty() || is_attribute(self.lexicon, &asks) || asks == "名称";
            if !attribute {
                self.open = None;
                return FormBlock {
                    role: side.or_else(|| self.section.clone()),
                    ..FormBlock::default()
                };
            }
            if matches!(asks.as_str(), "" | "姓名") && !self.roles.contains(&role) {
                self.roles.push(role.clone());
            }
            if !heads {
                self.open = Some(Open {
                    role: role.clone(),
                    row,
                    first,
                    doubtful: false,
                });
            }
            let asks = if asks.is_empty() {
                "姓名".to_owned()
            } else {
                asks
            };
            return FormBlock {
                role: Some(role),
                asks,
                ..FormBlock::default()
            };
        }
        if let Some(role) = side.or_else(|| self.column(cell)) {
            return FormBlock {
                role: Some(role),
                ..FormBlock::default()
            };
        }
        let of_unit = |r: &Open| r.role.kind == RoleKind::OtherUnit;
        let of_person =
            self.open.as_ref().is_some_and(of_unit) && !asks_any_unit(self.lexicon, text);
        let fills = |r: &Open| filler(&r.role.words).is_some() && r.role.asks.is_empty();
        let of_filler = self.open.as_ref().is_some_and(fills) && !asks_filler(self.lexicon, text);
        let of_contact = self.open.as_ref().is_some_and(|r| is_contact(&r.role)) && !reaches(text);
        if of_person || of_filler || of_contact || !is_attribute(self.lexicon, text) {
            self.open = None;
        }
        match &self.open {
            Some(open) => FormBlock {
                role: Some(open.role.clone()),
                doubtful: open.doubtful,
                ..FormBlock::default()
            },
            None => FormBlock {
                role: self.section.clone(),
                ..FormBlock::default()
            },
        }
    }

    /// Whether the row belongs to another unit's part so far.
    fn is_in_other_unit(&self, row: usize) -> bool {
        let own = |open: &Open| open.role.kind == RoleKind::OtherUnit && open.row == row;
        self.open.as_ref().is_some_and(own)
    }

    /// A person whom the form called by name before, at the beginning of some words: 专家单位 behind 专家姓名.
    fn called(&self, text: &str) -> Option<NamedRole> {
        let own = bare(text);
        let mut roles = self.roles.iter().filter_map(|role| {
            let asks = own.strip_prefix(&role.words)?;
            let known = self.lexicon.person(asks).is_some_and(|m| m.sure > 0.8);
            known.then(|| NamedRole {
                asks: asks.to_owned(),
                ..role.clone()
            })
        });
        roles.next()
    }

    /// The role that a label over several rows, left of a box, names.
    fn beside(&self, cell: &FormBox) -> Option<NamedRole> {
        let left = (0..cell.column).rev();
        let left = left.filter_map(|c| self.grid.at(cell.row, c));
        let mut tall = left
            .filter_map(|n| self.grid.cells.get(n))
            .filter(|c| c.down > cell.down && !c.is_blank());
        tall.find_map(|c| section(&c.text()).or_else(|| self.stranger(c)))
    }

    /// Whoever a word that nobody knows names at the head of a row that asks for a name, in a grid that asks for several.
    fn row_head(&self, boxes: &[usize]) -> Option<NamedRole> {
        let [first, next, ..] = boxes else {
            return None;
        };
        let head = self.grid.cells.get(*first).filter(|c| is_label(c))?;
        let next = self.grid.cells.get(*next).filter(|c| is_label(c))?;
        let name = bare(&next.text()) == "姓名" && head.down <= next.down;
        name.then(|| self.stranger(head)).flatten()
    }

    /// Whoever a label names that is no field and no role, where its rows ask for one of several names.
    fn stranger(&self, head: &FormBox) -> Option<NamedRole> {
        let text = head.text();
        let words = bare(&text);
        let said = matches!(
            self.parts.says(&text),
            HeadSays::Nothing | HeadSays::Candidate | HeadSays::Things
        );
        let known = said || is_attribute(self.lexicon, &text) || NamedRole::of(&text).is_some();
        let named = (head.row..head.row + head.down).any(|row| {
            let cells = self.grid.in_row(row).into_iter();
            let mut cells = cells.filter_map(|n| self.grid.cells.get(n));
            cells.any(|c| bare(&c.text()) == "姓名")
        });
        let own = self.names > 1 && named && !known && (2..10).contains(&words.chars().count());
        own.then(|| NamedRole {
            kind: RoleKind::Other,
            words,
            asks: String::new(),
        })
    }

    /// The party at the head of the column in which a label stands: 甲方 over 法定代表人, 电话, 地址.
    fn party(&self, cell: &FormBox) -> Option<NamedRole> {
        let mut head = cell;
        for _ in 0..MOST_ANSWERS {
            let over = self.grid.over(head).and_then(|n| self.grid.cells.get(n));
            let Some(over) = over.filter(|o| o.column == cell.column && is_label(o)) else {
                break;
            };
            head = over;
        }
        let role = NamedRole::alone(&head.text()).filter(|r| r.words.ends_with('方'))?;
        (head.row < cell.row).then_some(role)
    }

    /// The role at the head of the column in which a label's blank stands: 队长 over the answers to 姓名, 电话.
    fn column(&self, cell: &FormBox) -> Option<NamedRole> {
        let mut at = self.grid.right(cell).and_then(|n| self.grid.cells.get(n))?;
        if !at.is_blank() {
            return None;
        }
        let column = at.column;
        for _ in 0..MOST_ANSWERS {
            let over = self.grid.over(at).and_then(|n| self.grid.cells.get(n))?;
            // the rows between are answers to labels in one column
            let left = self.grid.left(at).and_then(|n| self.grid.cells.get(n));
            let asked = left.is_some_and(|l| at.row == cell.row || l.row == at.row);
            if over.column != column
                || !asked
                || self
                    .grid
                    .at(at.row, cell.column)
                    .is_none_or(|n| !self.is_label(n))
            {
                return None;
            }
            if !over.is_blank() {
                return is_label(over).then(|| self.column_head(over)).flatten();
            }
            at = over;
        }
        None
    }
}

impl BlockWalk<'_> {
    /// Whose the column below a head is, where a row of heads stands over the answers of several.
    fn column_head(&self, head: &FormBox) -> Option<NamedRole> {
        let row = self.grid.in_row(head.row);
        let words = row.iter().filter(|n| self.is_label(**n)).count();
        if words < 2 || words + 1 < row.len() {
            return None;
        }
        let text = head.text();
        let role = NamedRole::alone(&text);
        let over = row.iter().filter_map(|n| self.grid.cells.get(*n));
        let blank = |c: &FormBox| self.grid.below(c).and_then(|n| self.grid.cells.get(n));
        let several = over
            .filter(|c| blank(c).is_some_and(FormBox::is_blank))
            .count()
            > 1;
        let answers = ANSWERS.iter().any(|a| bare(&text).contains(a));
        // heads that are no fields set several people, or several states of one, side by side
        let nobody = several && !answers && !is_attribute(self.lexicon, &text);
        role.or_else(|| {
            nobody.then(|| NamedRole {
                kind: RoleKind::Other,
                words: bare(&text),
                asks: String::new(),
            })
        })
    }
}
