//! One part of a .docx form with the places bound in it, made into a stencil.

use crate::campaign::Campaign;
use crate::fill::anatomy::blanks::lines;
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::bookmark::{ALONE, ON_LINE, OPINION};
use crate::fill::anatomy::boxes::is_box;
use crate::fill::anatomy::filler::is_filler;
use crate::fill::anatomy::find::counts;
use crate::fill::anatomy::find::{
    TableCell, cell_at, cells, control_at, paragraph_at, paragraphs, rows, said_for_old, table_at,
};
use crate::fill::anatomy::glyphs::{glyphs, is_blank, prompt_of, text_of};
use crate::fill::anatomy::label::{
    behind, field_of, holds, is_choice, is_to_be_signed, words_of_boxes,
};
use crate::fill::anatomy::look::{paragraph_look, run_look};
use crate::fill::anatomy::numbered::{is_numbered, over_numbers};
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::put::answers::NTH;
use crate::fill::put::bookmark::bookmark;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::cutter::Cutter;
use crate::fill::put::part::Part;
use crate::fill::put::stencil::{Action, Cut, Stencil};
use crate::ooxml::{Element, OoxmlError, Tree, shows_prompt};

use super::conditions::with_conditions;
use super::control::{has_rule, prompt_among};
use super::loops::loops;
use super::room::{beside_turned, exact};
use super::rows::{List, Rows as RowsOf};

/// The first blank row of a list: its key, its table, the row, fields with columns.
type Rows<'p> = (&'p str, &'p [usize], usize, Vec<(&'p str, usize)>);

/// Makes the stencil of a part.
pub(super) fn stencil(
    campaign: &Campaign,
    name: &str,
    xml: &str,
    places: &[&FieldPlace],
    extra: Vec<Cut>,
) -> Result<Part, OoxmlError> {
    let tree = Tree::read(name, xml)?;
    let mut desk = WordPlacer {
        campaign,
        root: tree.root(),
        xml,
        tick: tick_of(xml),
        cutter: Cutter::new(extra),
        part: Part {
            name: name.to_owned(),
            stencil: Stencil::new(String::new(), Vec::new()).0,
            lost: Vec::new(),
            ticks: Vec::new(),
            choices: Vec::new(),
            rooms: Vec::new(),
            tight: Vec::new(),
            turned: Vec::new(),
            holders: Vec::new(),
        },
        placed: Vec::new(),
    };
    let (lists, single): (Vec<&FieldPlace>, Vec<&FieldPlace>) =
        places.iter().partition(|p| p.take == Take::Rows);
    loops(desk.root, xml, &mut desk.cutter);
    for place in &single {
        desk.place(place);
    }
    desk.lists(&lists);
    let WordPlacer {
        root,
        cutter,
        mut part,
        ..
    } = desk;
    part.choices = cutter.choices;
    let cuts = with_conditions(&[root], xml, None, cutter.cuts);
    let (stencil, left) = Stencil::new(xml.to_owned(), cuts);
    part.stencil = stencil;
    for cut in left {
        let told = matches!(
            cut.ink,
            Action::Runs { .. } | Action::Picture { .. } | Action::Always(_) | Action::Control(_)
        );
        let place = places.iter().find(|p| cut.key == key_of(p));
        if let Some(place) = place.filter(|_| told) {
            part.lost.push(((*place).clone(), "与另一栏的位置重叠"));
        }
    }
    Ok(part)
}

/// The sign that the form's own convention asks for.
fn tick_of(xml: &str) -> char {
    if xml.contains('■') {
        '■'
    } else if xml.contains('☒') {
        '☒'
    } else {
        '☑'
    }
}

fn key_of(place: &FieldPlace) -> CutKey {
    CutKey::Field(place.key.clone())
}

struct WordPlacer<'a, 't> {
    campaign: &'a Campaign,
    root: Element<'t>,
    xml: &'t str,
    tick: char,
    cutter: Cutter,
    part: Part,
    /// Keys that have a place already.
    placed: Vec<CutKey>,
}

impl<'t> WordPlacer<'_, 't> {
    /// How often a key was placed before.
    fn times(&mut self, key: &CutKey) -> usize {
        let before = self.placed.iter().filter(|k| *k == key).count();
        self.placed.push(key.clone());
        before
    }

    fn lose(&mut self, place: &FieldPlace, why: &'static str) {
        self.part.lost.push((place.clone(), why));
    }

    fn place(&mut self, place: &FieldPlace) {
        let key = key_of(place);
        let kind = match place.take {
            Take::Line => ON_LINE,
            Take::Opinion => OPINION,
            _ => ALONE,
        };
        let name = bookmark(&key, kind, self.times(&key));
        match place.take {
            Take::Placeholder => {}
            Take::Control => self.control(place, &key),
            Take::Digits => self.digits(place),
            Take::Bookmark => self.bookmark(place, &key),
            _ => {
                let Some(paragraphs) = self.paragraphs(place) else {
                    self.lose(place, "找不到这个位置");
                    return;
                };
                self.within(place, &paragraphs, &key, &name);
            }
        }
    }

    /// The paragraphs that a place means: of its cell, or the one named, or those that hold its label.
    fn paragraphs(&mut self, place: &FieldPlace) -> Option<Vec<Element<'t>>> {
        if place.table.is_empty() {
            let says = |p: &Element<'_>| holds(&text_of(&glyphs(*p)), &place.label);
            let named = paragraph_at(self.root, place).filter(says);
            let named = named.or_else(|| {
                // a binding made by hand may name no paragraph: then the words stand in one alone
                let lost = place.paragraph.is_none() && !place.label.is_empty();
                let everywhere = self.root.descendants().filter(|e| e.is("p"));
                let mut outside = everywhere.filter(|p| {
                    says(p) && !p.ancestors().any(|a| matches!(a.name(), "Fallback" | "tc"))
                });
                let only = outside.next().filter(|_| lost)?;
                outside.next().is_none().then_some(only)
            })?;
            return Some(std::iter::once(named).chain(said_for_old(named)).collect());
        }
        let table = table_at(self.root, &place.table)?;
        let cell = cell_at(table, place.row, place.column)?;
        self.measure(place, table, &cell);
        let all = paragraphs(cell.element);
        match (place.take, place.paragraph) {
            (Take::Line | Take::Date, Some(n)) => Some(vec![*all.get(n)?]),
            _ => Some(all),
        }
    }

    /// Boxes that take a character each: cells side by side, or tick boxes in one.
    fn digits(&mut self, place: &FieldPlace) {
        let nth = |n: usize| CutKey::Field(format!("{}{NTH}{n}", place.key));
        if place.table.is_empty() {
            self.digits_in_line(place);
            return;
        }
        let table = table_at(self.root, &place.table);
        let row = table.and_then(|t| rows(t).get(place.row).copied());
        let own = row
            .into_iter()
            .flat_map(cells)
            .filter(|c| c.column >= place.column);
        let own: Vec<_> = own.take(place.nth.max(1)).collect();
        let mut found = 0;
        if place.nth > 0 {
            for cell in own {
                if let Some(first) = paragraphs(cell.element).first() {
                    self.cutter.blank(*first, &nth(found), "");
                    found += 1;
                }
            }
        } else {
            for paragraph in own.into_iter().flat_map(|c| paragraphs(c.element)) {
                let glyphs = glyphs(paragraph);
                for (at, _) in glyphs.iter().enumerate().filter(|(_, g)| is_box(g.c)) {
                    self.cutter
                        .replace(&glyphs, at..at + 1, &nth(found), "", false);
                    found += 1;
                }
            }
        }
        if found == 0 {
            self.lose(place, "找不到这些方格");
        }
    }

    /// The boxes behind a label in a line outside tables.
    fn digits_in_line(&mut self, place: &FieldPlace) {
        let nth = |n: usize| CutKey::Field(format!("{}{NTH}{n}", place.key));
        let mut found = 0;
        for paragraph in self.paragraphs(place).into_iter().flatten().take(1) {
            let glyphs = glyphs(paragraph);
            let from = behind(&glyphs, &place.label);
            let rest = glyphs.iter().enumerate().skip(from);
            let own = rest.take_while(|(_, g)| is_box(g.c) || is_blank(g.c));
            for (at, _) in own.filter(|(_, g)| is_box(g.c)) {
                self.cutter
                    .replace(&glyphs, at..at + 1, &nth(found), "", false);
                found += 1;
            }
        }
        if found == 0 {
            self.lose(place, "找不到这些方格");
        }
    }

    /// What a row of exact height holds, and a row whose labels are turned.
    fn measure(&mut self, place: &FieldPlace, table: Element<'_>, cell: &TableCell<'_>) {
        self.part.tight.extend(exact(place, table, cell));
        let Some((room, turned)) = beside_turned(place, self.root, table, cell) else {
            return;
        };
        for range in turned {
            self.cutter.cuts.push(Cut {
                range,
                key: key_of(place),
                ink: Action::Over {
                    across: room.across,
                    down: room.down,
                },
                name: String::new(),
            });
        }
        self.part.turned.push(room);
    }

    fn within(&mut self, place: &FieldPlace, paragraphs: &[Element<'t>], key: &CutKey, name: &str) {
        match place.take {
            Take::Photo => self.cutter.picture(paragraphs, key, false),
            Take::Mark => self.cutter.picture(paragraphs, key, true),
            Take::Ticks => {
                let field = field_of(self.campaign, &place.key);
                let campaign = self.campaign;
                let words = |labels: &[String]| words_of_boxes(campaign, field, labels);
                let found = self
                    .cutter
                    .ticks(paragraphs, (key, &place.label), self.tick, &words);
                if found.is_empty() {
                    self.lose(place, "没有找到可以勾选的方框");
                } else {
                    self.part.ticks.push((place.clone(), found));
                }
            }
            Take::Date => {
                let found: usize = paragraphs
                    .iter()
                    .map(|p| {
                        let glyphs = glyphs(*p);
                        let from = behind(&glyphs, &place.label);
                        self.cutter.date(&glyphs, from, key)
                    })
                    .sum();
                if found == 0 {
                    self.lose(place, "没有找到“年 月 日”");
                }
            }
            Take::Line => self.line(place, paragraphs, key, name),
            _ if let Some(control) = prompt_among(paragraphs) => {
                self.rule(place, control, key, name);
            }
            _ => {
                let blank = |p: &&Element<'t>| {
                    text_of(&glyphs(**p)).chars().all(is_blank) && !has_picture(**p)
                };
                // what only holds the place of the value gives way to it
                let held = |p: &&Element<'t>| is_filler(&text_of(&glyphs(**p)));
                let words = paragraphs.iter().filter(|p| !blank(p));
                let all_held = words.clone().all(|p| held(&p));
                let held = words.into_iter().find(held).filter(|_| all_held);
                let target = held.or_else(|| paragraphs.iter().find(blank));
                let target = target.or(paragraphs.last());
                let whole = list_of(self.campaign, &place.key).is_some();
                let lines: Vec<String> = paragraphs.iter().map(|p| text_of(&glyphs(*p))).collect();
                let lines = lines.join("\n");
                if whole && (is_numbered(&lines) || over_numbers(&lines).is_some()) {
                    return self.cutter.numbered(paragraphs, &place.key, name);
                }
                let counting: Vec<_> = paragraphs.iter().filter(|p| counts(**p)).copied().collect();
                if whole && counting.len() > 1 && counting.iter().all(|p| blank(&p)) {
                    return self.cutter.counting(&counting, &place.key, name);
                }
                let signed = paragraphs
                    .iter()
                    .find(|p| is_to_be_signed(&text_of(&glyphs(**p))));
                let full = held.is_none() && !paragraphs.iter().any(|p| blank(&p));
                if let Some(signed) = signed.filter(|_| full && place.take == Take::Opinion) {
                    return self.cutter.above(*signed, key, name);
                }
                let field = field_of(self.campaign, &place.key);
                if let [only] = paragraphs
                    && is_choice(self.campaign, field, &lines)
                {
                    return self.cutter.over(*only, key, name);
                }
                match target {
                    Some(target) if whole => self.cutter.block(*target, key, name),
                    Some(target) => self.cutter.blank(*target, key, name),
                    None => self.lose(place, "单元格中没有段落"),
                }
            }
        }
    }

    /// A blank behind a label within a paragraph.
    fn line(&mut self, place: &FieldPlace, paragraphs: &[Element<'t>], key: &CutKey, name: &str) {
        let mut done = false;
        for paragraph in paragraphs {
            let glyphs = glyphs(*paragraph);
            let from = behind(&glyphs, &place.label);
            if from == 0 && !place.label.is_empty() && paragraphs.len() > 1 {
                continue;
            }
            if place.label.is_empty() {
                if let Some(line) = lines(&glyphs).into_iter().nth(place.nth) {
                    self.cutter.replace(&glyphs, line, key, name, true);
                    done = true;
                }
                continue;
            }
            let fallback = paragraph.ancestors().any(|a| a.is("Fallback"));
            let name = if fallback { "" } else { name };
            let next = lines(&glyphs).into_iter().find(|l| {
                let between = glyphs.get(from..l.start).unwrap_or_default();
                l.start >= from
                    && between
                        .iter()
                        .all(|g| is_blank(g.c) || "：:（）()盖章签字名".contains(g.c))
            });
            match next {
                Some(line) => self.cutter.replace(&glyphs, line, key, name, true),
                None => {
                    let gap = glyphs.get(from..).unwrap_or_default();
                    let skip = gap.iter().take_while(|g| ":：".contains(g.c)).count();
                    let blank = gap.iter().skip(skip).take_while(|g| is_blank(g.c)).count();
                    let start = from + skip;
                    let blanks = start..start + blank;
                    let taken = glyphs.get(blanks.clone()).unwrap_or_default();
                    match taken.iter().find_map(prompt_of) {
                        Some(control) => self.rule(place, control, key, name),
                        None => {
                            // before the next label the value leaves a gap
                            let rest = glyphs.get(blanks.end..).unwrap_or_default();
                            let between = rest.iter().any(|g| !is_blank(g.c));
                            let kept = if between { blank.min(2) } else { 0 };
                            let blanks = start..start + blank - kept;
                            self.cutter.replace(&glyphs, blanks, key, name, false);
                        }
                    }
                }
            }
            done = true;
        }
        if !done {
            self.lose(place, "找不到这个填写处");
        }
    }

    /// A content control that asks for a value takes it.
    fn rule(&mut self, place: &FieldPlace, control: Element<'t>, key: &CutKey, name: &str) {
        let field = field_of(self.campaign, &place.key);
        let campaign = self.campaign;
        let words = |labels: &[String]| words_of_boxes(campaign, field, labels);
        self.cutter.control(control, key, name, &words);
    }

    /// A content control takes the value as its whole content.
    fn control(&mut self, place: &FieldPlace, key: &CutKey) {
        let controls = self.root.descendants().filter(|e| e.is("sdt"));
        let tagged = controls.filter(|s| {
            s.at(&["sdtPr", "tag"])
                .and_then(Element::val)
                .is_some_and(|v| v == place.key)
        });
        let mut tagged: Vec<_> = tagged.collect();
        if tagged.is_empty() {
            // without a tag a person says where it stands
            tagged.extend(control_at(self.root, place));
        }
        let mut found = false;
        for control in tagged {
            found = true;
            if shows_prompt(control) || has_rule(control) {
                self.rule(place, control, key, "");
            } else {
                self.fill_control(control, key);
            }
        }
        if !found {
            self.lose(place, "找不到这个内容控件");
        }
    }

    fn fill_control(&mut self, control: Element<'t>, key: &CutKey) {
        let Some(content) = control.child("sdtContent") else {
            return;
        };
        let first = content.children().next();
        if let Some(cell) = first.filter(|c| c.is("tc") || c.is("p")) {
            let target = if cell.is("p") {
                Some(cell)
            } else {
                paragraphs(cell).first().copied()
            };
            if let Some(target) = target {
                let glyphs = glyphs(target);
                if glyphs.is_empty() {
                    self.cutter.blank(target, key, "");
                } else {
                    self.cutter
                        .replace(&glyphs, 0..glyphs.len(), key, "", false);
                }
            }
            return;
        }
        let run = content.descendants().find(|e| e.is("r"));
        let own = run.map(|r| run_look(r.child("rPr"))).unwrap_or_default();
        let look = own;
        let range = content.range();
        self.cutter.cuts.push(Cut {
            range,
            key: key.clone(),
            ink: Action::Runs {
                look,
                before: "<w:sdtContent>".to_owned(),
                after: "</w:sdtContent>".to_owned(),
                further: None,
                width: 0,
            },
            name: String::new(),
        });
    }

    /// A bookmark takes the value where it begins.
    fn bookmark(&mut self, place: &FieldPlace, key: &CutKey) {
        let marks = self.root.descendants().filter(|e| e.is("bookmarkStart"));
        let start = marks.into_iter().find(|b| {
            b.attribute("w:name").is_some_and(|n| {
                n == place.key || n.replace('_', ".") == place.key.replace('_', ".")
            })
        });
        let Some(start) = start else {
            self.lose(place, "找不到这个书签");
            return;
        };
        let look = start
            .ancestors()
            .find(|a| a.is("p"))
            .map(paragraph_look)
            .unwrap_or_default();
        let at = start.range().end;
        self.cutter.cuts.push(Cut {
            range: at..at,
            key: key.clone(),
            ink: Action::Runs {
                look,
                before: String::new(),
                after: String::new(),
                further: None,
                width: 0,
            },
            name: String::new(),
        });
    }

    fn lists(&mut self, places: &[&FieldPlace]) {
        let mut groups: Vec<Rows<'_>> = Vec::new();
        for place in places {
            let Some((list, field)) = place.key.split_once('.') else {
                continue;
            };
            let same = groups
                .iter_mut()
                .find(|g| g.0 == list && g.1 == place.table && g.2 == place.row);
            match same {
                Some(group) => group.3.push((field, place.column)),
                None => groups.push((list, &place.table, place.row, vec![(field, place.column)])),
            }
        }
        for (n, (list, path, row, columns)) in groups.clone().into_iter().enumerate() {
            let Some(table) = table_at(self.root, path) else {
                for place in places.iter().filter(|p| p.table == path) {
                    self.lose(place, "找不到这个表格");
                }
                continue;
            };
            let rows = List {
                key: list,
                sheet: self.campaign.sheet(list),
                row,
                nth: groups.iter().take(n).filter(|g| g.0 == list).count(),
                columns,
            };
            let RowsOf { blank, missing } = rows.cut(table, self.xml, &mut self.cutter);
            for field in missing {
                let key = format!("{list}.{field}");
                if let Some(place) = places.iter().find(|p| p.key == key && p.table == path) {
                    self.lose(place, "找不到这一列");
                }
            }
            self.part.rooms.push((list.to_owned(), blank));
        }
    }
}

fn has_picture(paragraph: Element<'_>) -> bool {
    paragraph
        .descendants()
        .any(|e| matches!(e.name(), "drawing" | "pict" | "object"))
}
