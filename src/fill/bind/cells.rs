//! Blanks beside and below labels (标签与空格). Of the blank to the right and the one below, the right one is meant, unless
//! another label stands there.

use std::collections::BTreeSet;

use crate::campaign::Kind;
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::boxes::boxes;
use crate::fill::anatomy::label::field_of;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::text::heading::{fold_heading as letters, without_brackets};

use super::survey::{FormBox, FormGrid};
use crate::fill::bind::binding::BoundPlace;
use crate::fill::bind::finder::PlaceFinder;
use crate::fill::bind::lexicon::Meaning;

/// Words of a photo box.
const PHOTO: &[&str] = &[
    "照片",
    "相片",
    "像片",
    "贴照",
    "免冠",
    "寸照",
    "寸彩",
    "证件照",
];

/// Whose field a label asks for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Full key.
    pub(super) key: String,
    /// The other one that the words may mean.
    pub(super) other: Option<String>,
    /// Another one that goes into the same blank (工作单位及职务).
    pub(super) also: Option<String>,
    pub(super) sure: f32,
}

/// A blank that can take a value.
struct Target {
    cell: usize,
    take: Take,
    less: f32,
}

impl PlaceFinder<'_> {
    /// Whether the form is a person's: labels of a person stand outside lists.
    pub(super) fn look_for_people(&mut self) {
        let mut labels = Vec::new();
        for (g, grid) in self.survey.grids.iter().enumerate() {
            let cells = grid.cells.iter().enumerate();
            let free = cells.filter(|(n, _)| !self.taken.contains(&(g, *n)));
            labels.extend(free.map(|(_, cell)| cell.text()));
        }
        let loose = self.survey.loose.iter();
        let loose = loose.map(|l| l.line.text.iter().collect::<String>());
        let words: Vec<String> = labels.into_iter().chain(loose).collect();
        let personal = words.iter().any(|text| {
            text.chars().count() < 200
                && text
                    .split(['：', ':', '_', '＿', '\t'])
                    .flat_map(|t| t.split("　　"))
                    .any(|t| {
                        let own = self.lexicon.person(t).is_some_and(|m| m.sure > 0.8);
                        own && self.lexicon.unit(t).is_none() && !is_photo(t)
                    })
        });
        self.personal |= personal;
    }

    /// What a label asks for: of the person or of the unit, by what stands around it.
    pub(super) fn asked(&self, text: &str, of_unit: bool, of_person: bool) -> Option<Asked> {
        let full = |m: &Meaning, unit: bool| {
            if unit {
                format!("unit.{}", m.field)
            } else {
                m.field.clone()
            }
        };
        let person = self.lexicon.person(text).filter(|m| m.field != "photo");
        let unit = self.lexicon.unit(text);
        let alone = |m: Meaning, is_unit: bool| {
            let key = full(&m, is_unit);
            let also = m
                .also
                .map(|o| if is_unit { format!("unit.{o}") } else { o });
            Asked {
                key,
                other: None,
                also,
                sure: m.sure,
            }
        };
        match (person, unit) {
            (None, None) => self.lexicon.whole(text).map(|m| alone(m, false)),
            (Some(person), None) => Some(alone(person, false)),
            (None, Some(unit)) => Some(alone(unit, true)),
            (Some(person), Some(unit)) => {
                // what is better known wins where the other is only guessed
                if person.sure > 0.8 && unit.sure <= 0.8 && !of_unit {
                    return Some(alone(person, false));
                }
                if unit.sure > 0.8 && person.sure <= 0.8 && !of_person {
                    return Some(alone(unit, true));
                }
                let is_unit = of_unit || !of_person && !self.personal;
                let (chosen, other) = if is_unit {
                    (unit, person)
                } else {
                    (person, unit)
                };
                let other = full(&other, !is_unit);
                let mut asked = alone(chosen, is_unit);
                let settled = of_unit || of_person;
                asked.sure = asked.sure.min(if settled { 0.9 } else { 0.75 });
                asked.other = (!settled).then_some(other);
                Some(asked)
            }
        }
    }

    /// Finds the blanks of all labels in boxes.
    pub(super) fn cells(&mut self) {
        for g in 0..self.survey.grids.len() {
            self.photo(g);
            // labels first: a label is never another one's blank
            let labels = self.labels(g);
            let mut left: Vec<(usize, Asked)> = Vec::new();
            for (n, asked) in labels {
                match self.beside(g, n) {
                    Some(target) => self.bind(g, n, &asked, &target),
                    None => left.push((n, asked)),
                }
            }
            for (n, asked) in left {
                let target = self.under(g, n).or_else(|| self.within(g, n));
                if let Some(target) = target {
                    self.bind(g, n, &asked, &target);
                }
            }
            self.opinions(g);
            self.unknown(g);
        }
    }

    /// Labels of a grid with what they ask for, in reading order.
    fn labels(&self, g: usize) -> Vec<(usize, Asked)> {
        let Some(grid) = self.survey.grids.get(g) else {
            return Vec::new();
        };
        let mut out: Vec<(usize, Asked)> = Vec::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        let mut of_unit = grid.above.iter().any(|t| self.lexicon.is_of_unit(t));
        let heading = of_unit;
        let mut row = 0;
        for (n, cell) in grid.cells.iter().enumerate() {
            if self.taken.contains(&(g, n)) || !is_label(cell) {
                continue;
            }
            let text = cell.text();
            if text.contains("意见") || is_photo(&text) {
                continue;
            }
            let side = self.section(grid, cell);
            let only_unit =
                self.lexicon.person(&text).is_none() && self.lexicon.unit(&text).is_some();
            let only_person = self.lexicon.person(&text).is_some_and(|m| m.sure > 0.8)
                && self.lexicon.unit(&text).is_none();
            // what follows a label of the unit in its row, or in the next rows with none of a person between, is the unit's
            of_unit = side.unwrap_or(heading || only_unit || of_unit && !only_person);
            let fresh = cell.row != row;
            row = cell.row;
            let of_person = side == Some(false) || !of_unit && self.personal;
            let Some(mut asked) = self.asked(&text, of_unit, of_person) else {
                continue;
            };
            if asked.key.starts_with("unit.") && side.is_none() && fresh && !only_unit {
                asked.sure = asked.sure.min(0.75);
            }
            if used.contains(&asked.key)
                && let Some(other) = asked.other.take()
            {
                asked.key = other;
                asked.sure = asked.sure.min(0.6);
            }
            used.insert(asked.key.clone());
            out.push((n, asked));
        }
        out
    }

    /// Whether a tall label at the side says that a part of the table is the unit's, or a person's.
    fn section(&self, grid: &FormGrid, cell: &FormBox) -> Option<bool> {
        let side = (0..cell.column).rev().filter_map(|c| grid.at(cell.row, c));
        let tall = side
            .filter_map(|n| grid.cells.get(n))
            .find(|c| c.down > 1 && c.down > cell.down && !c.is_blank());
        let tall = tall?;
        let text = tall.text();
        if self.lexicon.is_of_unit(&text) {
            return Some(true);
        }
        let person = [
            "候选人",
            "推荐人选",
            "人选",
            "被推荐人",
            "个人",
            "基本情况",
            "本人",
            "推荐对象",
            "申报人",
        ];
        let text = letters(&text);
        person.iter().any(|p| text.contains(p)).then_some(false)
    }

    fn free(&self, g: usize, n: usize) -> bool {
        !self.taken.contains(&(g, n))
    }

    /// What a box can take.
    fn target(&self, g: usize, n: usize) -> Option<Target> {
        if !self.free(g, n) {
            return None;
        }
        let cell = self.survey.cell(g, n)?;
        let chars: Vec<char> = cell.text().chars().collect();
        let take = |take, less| {
            Some(Target {
                cell: n,
                take,
                less,
            })
        };
        if cell.is_blank() {
            let line = cell.lines.iter().any(|l| !l.blanks.is_empty());
            return take(if line { Take::Line } else { Take::Cell }, 0.0);
        }
        if cell.inner || cell.picture {
            return None;
        }
        if !boxes(&chars).is_empty() {
            return take(Take::Ticks, 0.0);
        }
        let text: String = chars.iter().filter(|c| !c.is_whitespace()).collect();
        let date: String = text.chars().filter(|c| *c != '_' && *c != '＿').collect();
        if matches!(date.as_str(), "年月日" | "年月" | "年月日时" | "年") {
            return take(Take::Date, 0.0);
        }
        // only a hint how to fill it in
        let hint = without_brackets(&text).is_empty() && text.chars().count() > 2;
        if hint { take(Take::Cell, 0.2) } else { None }
    }

    fn beside(&self, g: usize, n: usize) -> Option<Target> {
        let grid = self.survey.grids.get(g)?;
        let right = grid.right(grid.cells.get(n)?)?;
        let cell = grid.cells.get(right)?;
        // of a label over several rows the blank begins in its first one
        if cell.row > grid.cells.get(n)?.row {
            return None;
        }
        self.target(g, right)
    }

    fn under(&self, g: usize, n: usize) -> Option<Target> {
        let grid = self.survey.grids.get(g)?;
        let own = grid.cells.get(n)?;
        let below = grid.below(own)?;
        let cell = grid.cells.get(below)?;
        if cell.column != own.column || cell.across > own.across {
            return None;
        }
        // a label beside it owns it
        let owner = grid.left(cell).and_then(|l| grid.cells.get(l));
        let owned = owner.is_some_and(|o| {
            is_label(o)
                && self
                    .lexicon
                    .person(&o.text())
                    .or_else(|| self.lexicon.unit(&o.text()))
                    .is_some()
        });
        if owned { None } else { self.target(g, below) }
    }

    /// The blank behind a colon in the label's own box.
    fn within(&self, g: usize, n: usize) -> Option<Target> {
        let grid = self.survey.grids.get(g)?;
        let text = grid.cells.get(n)?.text();
        let ends = text.trim_end().ends_with(['：', ':']);
        (ends && self.free(g, n)).then_some(Target {
            cell: n,
            take: Take::Line,
            less: 0.1,
        })
    }

    fn bind(&mut self, g: usize, label: usize, asked: &Asked, target: &Target) {
        let text = self.survey.text(g, label);
        let keys: Vec<String> = std::iter::once(&asked.key)
            .chain(&asked.other)
            .cloned()
            .collect();
        if self.named.contains(&asked.key) {
            return;
        }
        // a list that stands in columns is not asked again, and as one text it wants a box of its own
        let columns = format!("{}.", asked.key);
        let in_columns = self
            .places
            .iter()
            .any(|b| b.place.key.starts_with(&columns));
        let whole = list_of(self.campaign, &asked.key).is_some();
        if whole && (in_columns || target.take != Take::Cell) {
            return;
        }
        self.taken.insert((g, label));
        self.taken.insert((g, target.cell));
        if keys.len() > 1 {
            self.open(g, label, &text, keys);
        }
        let Some(mut place) = self.survey.place(g, target.cell) else {
            return;
        };
        place.key.clone_from(&asked.key);
        place.take = target.take;
        place.label = text;
        if target.take == Take::Line {
            let lines = self
                .survey
                .cell(g, target.cell)
                .map_or(&[][..], |c| &c.lines);
            // in a box of its own the blank has no words in front of it; in the label's it stands behind the last ones
            let line = if label == target.cell {
                lines.iter().rfind(|l| !l.text.is_empty())
            } else {
                place.label = String::new();
                lines.iter().find(|l| !l.blanks.is_empty())
            };
            place.paragraph = line.and_then(|l| l.paragraph);
        }
        let mut confidence = asked.sure - target.less;
        if target.take == Take::Ticks && !self.ticks_fit(g, target.cell, &asked.key) {
            confidence = confidence.min(0.6);
        }
        let also = asked.also.clone().filter(|_| target.take == Take::Cell);
        let also = also.filter(|key| !self.named.contains(key));
        self.places.push(BoundPlace {
            place: place.clone(),
            confidence,
        });
        if let Some(key) = also {
            let place = FieldPlace { key, ..place };
            self.places.push(BoundPlace { place, confidence });
        }
    }

    /// Whether one of the boxes to be ticked is a word of the field's list.
    fn ticks_fit(&self, g: usize, n: usize, key: &str) -> bool {
        let chars: Vec<char> = self.survey.text(g, n).chars().collect();
        let labels: Vec<String> = boxes(&chars).into_iter().map(|b| b.1).collect();
        self.words_fit(key, &labels)
    }

    /// Whether words are those of a field's list, or 是 and 否.
    pub(super) fn words_fit(&self, key: &str, labels: &[String]) -> bool {
        let Some(field) = field_of(self.campaign, key) else {
            return false;
        };
        if field.kind == Kind::YesNo {
            return labels.iter().any(|l| l.contains('是') || l.contains('否'));
        }
        let list = field
            .codes
            .as_ref()
            .and_then(|id| self.campaign.lists.get(id));
        list.is_none_or(|list| {
            labels
                .iter()
                .any(|l| list.name_of(l).is_some() || l.contains("其他"))
        })
    }

    /// Boxes for a photo.
    fn photo(&mut self, g: usize) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        if self.named.contains("photo") {
            return;
        }
        let mut found = None;
        for (n, cell) in grid.cells.iter().enumerate() {
            let text = cell.text();
            if !self.free(g, n) || cell.inner || text.chars().count() > 60 || !is_photo(&text) {
                continue;
            }
            let right = grid.right(cell);
            let room = right.filter(|r| {
                let right = grid.cells.get(*r);
                cell.down == 1 && right.is_some_and(|c| c.is_blank() && c.down > 2)
            });
            found = Some((n, room.unwrap_or(n)));
            break;
        }
        let Some((label, n)) = found else { return };
        let text = self.survey.text(g, label);
        self.taken.insert((g, label));
        self.taken.insert((g, n));
        if let Some(mut place) = self.survey.place(g, n) {
            "photo".clone_into(&mut place.key);
            place.take = Take::Photo;
            place.label = text;
            self.places.push(BoundPlace {
                place,
                confidence: 0.95,
            });
        }
    }

    /// Boxes for opinions: beside, below, or in one box with their label.
    fn opinions(&mut self, g: usize) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        let mut found: Vec<(usize, usize, Meaning)> = Vec::new();
        let mut signed: Vec<usize> = Vec::new();
        for (n, cell) in grid.cells.iter().enumerate() {
            let text = cell.text();
            if !self.free(g, n) || !text.contains("意见") {
                continue;
            }
            let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
            let whole = if is_label(cell) { text.as_str() } else { first };
            let body = [grid.right(cell), grid.below(cell)]
                .into_iter()
                .flatten()
                .find(|b| self.free(g, *b) && grid.cells.get(*b).is_some_and(is_opinion));
            let body = body.unwrap_or(n);
            signed.push(body);
            let whole = whole.trim_end_matches(['：', ':']);
            // 市国防科工办意见 is what 国防科工办意见 is in a town
            let above = whole.trim_start_matches(['省', '市', '县', '区', '州', '盟', '旗']);
            let meaning = self
                .lexicon
                .unit(whole)
                .or_else(|| self.lexicon.unit(above));
            found.extend(meaning.map(|meaning| (n, body, meaning)));
        }
        // every box that is signed is left to be signed
        signed.extend(
            grid.cells
                .iter()
                .enumerate()
                .filter_map(|(n, c)| is_signed(c).then_some(n)),
        );
        for (label, body, meaning) in found {
            let text = self.survey.text(g, label);
            let key = format!("unit.{}", meaning.field);
            if self.named.contains(&key) {
                continue;
            }
            if let Some(mut place) = self.survey.place(g, body) {
                place.key = key;
                place.take = Take::Opinion;
                place.label = text;
                self.places.push(BoundPlace {
                    place,
                    confidence: meaning.sure,
                });
            }
            self.taken.insert((g, label));
        }
        self.taken.extend(signed.into_iter().map(|n| (g, n)));
    }

    /// Labels with a blank beside them that nothing is known for.
    fn unknown(&mut self, g: usize) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        let cells = grid.cells.iter().enumerate();
        let open: Vec<(usize, String)> = cells
            .filter(|(n, cell)| {
                let text = cell.text();
                let short = text.chars().filter(|c| !c.is_whitespace()).count();
                self.free(g, *n)
                    && is_label(cell)
                    && (2..30).contains(&short)
                    && self.beside(g, *n).is_some()
            })
            .map(|(n, cell)| (n, cell.text()))
            .collect();
        for (n, text) in open {
            self.open(g, n, &text, Vec::new());
        }
    }
}

/// Whether a box holds words only, without a blank of its own.
pub(super) fn is_label(cell: &FormBox) -> bool {
    let text = cell.text();
    let chars: Vec<char> = text.chars().collect();
    !cell.inner
        && !cell.picture
        && chars.len() < 80
        && chars.iter().any(|c| c.is_alphanumeric())
        && cell.lines.iter().all(|l| l.blanks.is_empty())
        && boxes(&chars).is_empty()
}

/// Whether words ask for a photo.
pub(super) fn is_photo(text: &str) -> bool {
    let text = letters(text);
    PHOTO.iter().any(|p| text.contains(p)) && !text.contains("文件") && !text.contains("张")
}

/// Whether a box is one to be signed or sealed.
pub(super) fn is_signed(cell: &FormBox) -> bool {
    let text = letters(&cell.text());
    let signs = ["签字", "签名", "盖章", "公章", "签章"];
    cell.lines.len() > 1 && signs.iter().any(|s| text.contains(s)) && text.contains("年月日")
}

fn is_opinion(cell: &FormBox) -> bool {
    cell.is_blank() || is_signed(cell) || letters(&cell.text()).ends_with("年月日")
}
