//! Boxes that take no words of a label beside them (照片、意见): the photo, and opinions with the lines where they are signed, sealed and dated.

use crate::fill::anatomy::place::Take;

use crate::fill::anatomy::label::READY;
use crate::text::heading::fold_heading as letters;

use super::words::{is_label, is_opinion, is_photo, is_signed};
use crate::fill::bind::binding::BoundPlace;
use crate::fill::bind::finder::PlaceFinder;
use crate::fill::bind::lexicon::Meaning;

impl PlaceFinder<'_> {
    /// Boxes for a photo.
    pub(super) fn photo(&mut self, g: usize) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        if self.named.contains("photo") {
            return;
        }
        let mut found = None;
        for (n, cell) in grid.cells.iter().enumerate() {
            let text = cell.text();
            let shut = cell.inner || cell.hidden;
            if !self.free(g, n) || shut || text.chars().count() > 60 || !is_photo(&text) {
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
            self.places.push(BoundPlace::found(place, 0.95));
        }
    }

    /// Boxes for opinions: beside, below, or in one box with their label.
    pub(super) fn opinions(&mut self, g: usize) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        let mut found: Vec<(usize, usize, Meaning)> = Vec::new();
        let mut signed: Vec<usize> = Vec::new();
        let mut labelled: Vec<(usize, usize)> = Vec::new();
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
            labelled.push((n, body));
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
        let known: Vec<usize> = found.iter().map(|f| f.0).collect();
        labelled.retain(|(n, _)| !known.contains(n));
        self.ready(g, labelled);
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
                self.places.push(BoundPlace::found(place, meaning.sure));
            }
            self.taken.insert((g, label));
        }
        self.taken.extend(signed.into_iter().map(|n| (g, n)));
    }

    /// Whether the form names the campaign: what the campaign has ready is said of its own form alone.
    fn is_own(&self) -> bool {
        let title = &self.campaign.title;
        let quoted = title.split_once('“').and_then(|t| t.1.split_once('”'));
        let core = letters(quoted.map_or(title.as_str(), |q| q.0));
        let core = core.trim_start_matches(|c: char| c.is_ascii_digit() || c == '年');
        let cells = self.survey.grids.iter().flat_map(|g| &g.cells);
        let lines = self.survey.loose.iter();
        let lines = lines.map(|l| l.line.text.iter().collect::<String>());
        let mut all = cells.map(|c| c.text()).chain(lines);
        !core.is_empty() && all.any(|text| letters(&text).contains(core))
    }

    /// Opinions that are no field: in a form of the campaign's own its ready sentence for the same words; all others are named as the
    /// office's, whose word nobody else says.
    fn ready(&mut self, g: usize, labelled: Vec<(usize, usize)>) {
        let ready = match self.is_own() {
            true => self.campaign.ready_opinions(),
            false => Default::default(),
        };
        for (label, body) in labelled {
            let text = self.survey.text(g, label);
            let first = text.lines().map(str::trim).find(|l| !l.is_empty());
            let words = letters(match label == body {
                true => first.unwrap_or_default(),
                false => &text,
            });
            let signed = self.survey.cell(g, body).is_some_and(is_opinion);
            if words.chars().count() > 20 || !(signed || label == body) {
                continue;
            }
            let office = ready.keys().find(|own| **own == words);
            let Some(mut place) = self.survey.place(g, body) else {
                continue;
            };
            self.taken.insert((g, label));
            place.take = Take::Opinion;
            place.label.clone_from(&text);
            match office {
                Some(own) => {
                    place.key = format!("{READY}{own}");
                    self.places.push(BoundPlace::found(place, 0.85));
                }
                None => {
                    let whose = words.trim_end_matches("意见").to_owned();
                    let whose = if whose.is_empty() { words } else { whose };
                    self.note_others(place, &whose);
                }
            }
        }
    }
}
