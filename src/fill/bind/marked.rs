//! What somebody prepared (占位符): `{{field}}`, content controls whose tag is a key, bookmarks whose name is one. They win
//! over labels.

use crate::campaign::Campaign;
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::cell_words::BESIDE;
use crate::fill::anatomy::find::{body, cells, nested, paragraphs, part_tables, rows, text_parts};
use crate::fill::anatomy::label::{CANDIDATES, field_of};
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::bind::binding::BoundPlace;
use crate::fill::bind::finder::PlaceFinder;
use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree};

use super::survey::{FormBox, Survey, nowhere};

/// A prepared place: in a box, or somewhere in a part.
pub(super) struct Marked {
    place: FieldPlace,
    at: Option<(usize, usize)>,
}

/// Everything prepared in a form.
pub(super) fn find(
    campaign: &Campaign,
    package: &OpcPackage,
    survey: &Survey,
) -> Result<Vec<Marked>, OoxmlError> {
    let mut out = Vec::new();
    for part in text_parts(package) {
        let tree = Tree::read(&part, package.text(&part)?)?;
        controls(campaign, &part, &tree, &mut out);
    }
    of_grids(campaign, survey, &mut out);
    of_lines(campaign, survey, &mut out);
    Ok(out)
}

impl PlaceFinder<'_> {
    /// Takes prepared places in; their boxes and keys are spoken for.
    pub(super) fn take_marked(&mut self, marked: Vec<Marked>) {
        for one in marked {
            self.named.insert(one.place.key.clone());
            let at = one.at.or_else(|| {
                let place = &one.place;
                let grid = self.survey.grids.iter().position(|g| {
                    !place.table.is_empty() && g.part == place.part && g.path == place.table
                })?;
                let cell = self.survey.grids.get(grid)?.at(place.row, place.column)?;
                Some((grid, cell))
            });
            self.taken.extend(at);
            self.places.push(BoundPlace::found(one.place, 1.0));
        }
        self.personal |= self.named.iter().any(|k| !k.contains('.'));
    }
}

fn known(campaign: &Campaign, key: &str) -> bool {
    field_of(campaign, key).is_some() || list_of(campaign, key).is_some()
}

/// Words between doubled braces.
fn placeholders(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("{{") {
        let Some((word, behind)) = behind.split_once("}}") else {
            break;
        };
        out.push(word.trim());
        rest = behind;
    }
    out
}

/// Placeholders in boxes.
fn of_grids(campaign: &Campaign, survey: &Survey, out: &mut Vec<Marked>) {
    for (g, grid) in survey.grids.iter().enumerate() {
        let mut list: Option<String> = None;
        for (c, cell) in grid.cells.iter().enumerate() {
            let text = cell.text();
            if !text.contains("{{") {
                continue;
            }
            for word in placeholders(&text) {
                if let Some(name) = word.strip_prefix('#') {
                    list = Some(name.trim().to_owned());
                    continue;
                }
                if word.starts_with('/') {
                    list = None;
                    continue;
                }
                let key = match &list {
                    _ if word.starts_with('@') => "photo".to_owned(),
                    Some(list) if !word.starts_with(&format!("{list}.")) => {
                        format!("{list}.{word}")
                    }
                    _ => word.to_owned(),
                };
                if key != "photo" && !known_column(campaign, &key) {
                    continue;
                }
                // of a sheet the words around it are kept: they tell the value from them when it is read back
                let left = grid.left(cell).and_then(|n| grid.cells.get(n));
                let left = left.map(FormBox::text).unwrap_or_default();
                let label = match left.contains("{{") {
                    _ if grid.sheet.is_empty() => String::new(),
                    true => text.clone(),
                    false => format!("{left}{BESIDE}{text}"),
                };
                let place = survey.place(g, c).map(|place| FieldPlace {
                    key,
                    take: Take::Placeholder,
                    label,
                    ..place
                });
                out.extend(place.map(|place| Marked {
                    place,
                    at: Some((g, c)),
                }));
            }
        }
    }
}

fn known_column(campaign: &Campaign, key: &str) -> bool {
    let made = key.split_once('.').is_some_and(|(list, column)| {
        matches!(column, "seq" | "no") && (list == CANDIDATES || campaign.sheet(list).is_some())
    });
    made || known(campaign, key)
}

/// Placeholders in lines outside tables.
fn of_lines(campaign: &Campaign, survey: &Survey, out: &mut Vec<Marked>) {
    for loose in &survey.loose {
        let text: String = loose.line.text.iter().collect();
        for word in placeholders(&text) {
            let key = if word.starts_with('@') { "photo" } else { word };
            if key != "photo" && !known(campaign, key) {
                continue;
            }
            out.push(Marked {
                place: FieldPlace {
                    key: key.to_owned(),
                    take: Take::Placeholder,
                    paragraph: loose.line.paragraph,
                    column: loose.text_box,
                    ..nowhere(&loose.part)
                },
                at: None,
            });
        }
    }
}

/// Content controls and bookmarks of a part.
fn controls(campaign: &Campaign, part: &str, tree: &Tree<'_>, out: &mut Vec<Marked>) {
    for element in tree.root().descendants() {
        let (key, take) = match element.name() {
            "sdt" => {
                let tag = element.at(&["sdtPr", "tag"]).and_then(Element::val);
                (tag.map(|t| t.into_owned()), Take::Control)
            }
            "bookmarkStart" => {
                let name = element.attribute("w:name");
                (name.map(|n| n.into_owned()), Take::Bookmark)
            }
            _ => continue,
        };
        // what holds the rows of a list is no place for all of them as one text
        let of_rows = element.is("sdt") && element.descendants().any(|e| e.is("tr"));
        let key = key.filter(|k| !of_rows || list_of(campaign, k).is_none());
        let key = key.and_then(|key| {
            let dotted = key.replacen('_', ".", 1);
            if known(campaign, &key) {
                Some(key)
            } else {
                (take == Take::Bookmark && known(campaign, &dotted)).then_some(dotted)
            }
        });
        let Some(key) = key else { continue };
        let twice = out
            .iter()
            .any(|m| m.place.key == key && m.place.part == part && m.place.take == take);
        if twice {
            continue;
        }
        let place = FieldPlace {
            key,
            take,
            ..nowhere(part)
        };
        out.push(Marked {
            place: located(element, place),
            at: None,
        });
    }
}

/// A place with the table, row and column of an element.
fn located(element: Element<'_>, mut place: FieldPlace) -> FieldPlace {
    let ways: Vec<Element<'_>> = std::iter::once(element)
        .chain(element.ancestors())
        .collect();
    let Some(root) = ways.last().copied() else {
        return place;
    };
    // the controls around whole cells stand outside of them
    let inner = element.descendants().find(|e| e.is("tc"));
    let cell = inner.or_else(|| ways.iter().find(|e| e.is("tc")).copied());
    let Some(cell) = cell else {
        let paragraph = ways.iter().find(|e| e.is("p"));
        let all = paragraphs(body(root));
        place.paragraph = paragraph.and_then(|p| all.iter().position(|q| q == p));
        return place;
    };
    // around a text box another table counts no more
    let within = cell.ancestors().take_while(|e| !e.is("txbxContent"));
    let mut around: Vec<Element<'_>> = within.filter(|e| e.is("tbl")).collect();
    around.reverse();
    let mut level = part_tables(root);
    for table in &around {
        let Some(index) = level.iter().position(|t| t == table) else {
            return place;
        };
        place.table.push(index);
        level = nested(*table);
    }
    if let Some(table) = around.last() {
        for (n, row) in rows(*table).into_iter().enumerate() {
            if let Some(found) = cells(row).into_iter().find(|c| c.element == cell) {
                place.row = n;
                place.column = found.column;
            }
        }
    }
    place
}
