//! What names rows of a sheet in parts besides it: names of the workbook, tables, comments, drawings, charts, pivot tables.

use super::shift::{Edits, Shift, formulas, named_cells, tag_with, with_text};
use crate::ooxml::xml::splice;
use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree, relations};

/// Moves what the parts of a package say of rows of the changed sheet.
pub(super) fn shift(
    package: &mut OpcPackage,
    workbook: &str,
    sheet: &str,
    shift: &Shift,
) -> Result<(), OoxmlError> {
    change(package, workbook, |root| names(root, shift))?;
    for relation in relations(package, sheet)? {
        let part = relation.target.as_str();
        if package.part(part).is_none() {
            continue;
        }
        match relation.kind.as_str() {
            "table" => change(package, part, |root| every_reference(root, shift))?,
            "comments" | "threadedComment" => {
                change(package, part, |root| comments(root, shift))?;
            }
            "drawing" => change(package, part, |root| anchors(root, shift))?,
            "vmlDrawing" => change(package, part, |root| old_anchors(root, shift))?,
            _ => {}
        }
    }
    let named = |p: &&str| {
        let of =
            |folder: &str| p.starts_with(folder) && p.ends_with(".xml") && !p.contains("_rels");
        of("xl/charts/") || of("xl/pivotCache/")
    };
    let others: Vec<String> = package.names().filter(named).map(str::to_owned).collect();
    for part in others {
        change(package, &part, |root| {
            let mut edits = formulas(root, shift, false);
            edits.extend(sources(root, shift));
            edits
        })?;
    }
    Ok(())
}

/// Changes a part; what is no well-formed XML, as old drawings are at times, stays as it is.
fn change(
    package: &mut OpcPackage,
    part: &str,
    edits: impl FnOnce(Element<'_>) -> Edits,
) -> Result<(), OoxmlError> {
    let xml = package.text(part)?.to_owned();
    let Ok(tree) = Tree::read(part, &xml) else {
        return Ok(());
    };
    let changed = splice(&xml, &edits(tree.root()));
    if changed != xml {
        package.put(part, changed);
    }
    Ok(())
}

/// Names of the workbook, print areas and titles among them.
fn names(root: Element<'_>, shift: &Shift) -> Edits {
    let names = root.child("definedNames").into_iter();
    let names = names.flat_map(Element::children);
    names
        .map(|name| with_text(name, &shift.formula(&name.text(), false)))
        .collect()
}

/// A table and its filter.
fn every_reference(root: Element<'_>, shift: &Shift) -> Edits {
    let all = std::iter::once(root).chain(root.descendants());
    all.filter_map(|e| named_cells(e, shift)).collect()
}

/// Comments stay with their cells; none goes on over new rows.
fn comments(root: Element<'_>, shift: &Shift) -> Edits {
    let all = root.descendants().filter_map(|e| {
        let (row, column) = crate::ooxml::parse_cell(&e.attribute("ref")?)?;
        let to = crate::finding::cell_name(shift.row(row), column);
        (row > shift.last).then(|| tag_with(e, "ref", &to))
    });
    all.collect()
}

/// Drawings move with the cells that they are anchored to.
fn anchors(root: Element<'_>, shift: &Shift) -> Edits {
    let rows = root.descendants().filter(|e| e.is("row"));
    let tied = rows.filter(|e| {
        let anchor = e.ancestors().find(|a| a.name().ends_with("Anchor"));
        anchor.is_some_and(|a| a.attribute("editAs").is_none_or(|v| v != "absolute"))
    });
    tied.filter_map(|e| {
        let row: u32 = e.text().trim().parse().ok()?;
        (row > shift.last).then(|| with_text(e, &shift.row(row).to_string()))
    })
    .collect()
}

/// Boxes of comments and controls in the old language of drawings.
fn old_anchors(root: Element<'_>, shift: &Shift) -> Edits {
    let moved = |text: &str| -> Option<String> {
        let row: u32 = text.trim().parse().ok()?;
        Some(shift.row(row).to_string())
    };
    root.descendants()
        .filter_map(|e| match e.name() {
            "Row" => Some(with_text(e, &moved(&e.text())?)),
            "Anchor" => {
                let text = e.text();
                let numbers = text.split(',').enumerate().map(|(n, part)| match n {
                    2 | 6 => moved(part).unwrap_or_else(|| part.trim().to_owned()),
                    _ => part.trim().to_owned(),
                });
                Some(with_text(e, &numbers.collect::<Vec<_>>().join(", ")))
            }
            _ => None,
        })
        .collect()
}

/// The cells that a pivot table sums up.
fn sources(root: Element<'_>, shift: &Shift) -> Edits {
    let all = root.descendants().filter(|e| e.is("worksheetSource"));
    let own = all.filter(|e| {
        e.attribute("sheet")
            .is_some_and(|s| shift.is_meant(Some(&s), false))
    });
    own.filter_map(|e| named_cells(e, shift)).collect()
}
