//! Whether a filled form is the one that a binding is of (是不是这份表): a filling changes blanks and leaves labels, so most labels of the
//! binding stand in the part and the table that it names.

use std::collections::BTreeMap;

use crate::fill::anatomy::find::{part_tables, text_parts};
use crate::fill::anatomy::grid::{SheetGrid, cell_reader};
use crate::fill::anatomy::label::folded;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree};

/// The words of a part, or of one of its outermost tables.
type Words = BTreeMap<(String, Option<usize>), String>;

/// Whether a form, filled or not, has the labels of these places where they are said to be: four of five.
pub fn is_of_form(bytes: &[u8], places: &[FieldPlace]) -> Result<bool, OoxmlError> {
    let package = OpcPackage::read(bytes)?;
    let words = words(&package, places)?;
    let (mut all, mut found) = (0, 0);
    for place in places.iter().filter(|p| p.take != Take::Placeholder) {
        let label = folded(place.label.trim_start().lines().next().unwrap_or(""));
        if label.is_empty() {
            continue;
        }
        all += 1;
        let at = (place.part.clone(), place.table.first().copied());
        found += usize::from(words.get(&at).is_some_and(|w| w.contains(&label)));
    }
    Ok(found * 5 >= all * 4)
}

fn words(package: &OpcPackage, places: &[FieldPlace]) -> Result<Words, OoxmlError> {
    let mut words = Words::new();
    if package.names().any(|n| n.starts_with("xl/")) {
        let reader = cell_reader(package)?;
        let mut parts: Vec<&str> = places.iter().map(|p| p.part.as_str()).collect();
        parts.sort_unstable();
        parts.dedup();
        for part in parts.into_iter().filter(|p| package.part(p).is_some()) {
            let tree = Tree::read(part, package.text(part)?)?;
            let grid = SheetGrid::of(part, &tree, &reader)?;
            let cells = grid
                .cells
                .keys()
                .map(|(row, column)| grid.own(*row, *column));
            let text: String = cells.map(|t| folded(&t) + "\n").collect();
            words.insert((part.to_owned(), None), text);
        }
        return Ok(words);
    }
    for part in text_parts(package) {
        let tree = Tree::read(&part, package.text(&part)?)?;
        let root = tree.root();
        words.insert((part.clone(), None), text_of(root));
        for (n, table) in part_tables(root).into_iter().enumerate() {
            words.insert((part.clone(), Some(n)), text_of(table));
        }
    }
    Ok(words)
}

fn text_of(element: Element<'_>) -> String {
    let texts = element.descendants().filter(|e| e.is("t"));
    folded(&texts.map(|e| e.text().into_owned()).collect::<String>())
}
