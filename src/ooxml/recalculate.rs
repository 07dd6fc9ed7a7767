//! A workbook whose formulas are calculated anew by whoever opens it: their old results are gone, and with them the order in which they
//! were calculated.

use std::ops::Range;

use super::workbook::sheets;
use super::xml::{attributes_of, escape, splice, with_attribute};
use super::{Element, OoxmlError, OpcPackage, Tree, relations, workbook_part};

/// Takes the results of all formulas out of a workbook, and asks for new ones. True where it has formulas.
pub fn recalculated(package: &mut OpcPackage) -> Result<bool, OoxmlError> {
    let workbook = workbook_part(package)?;
    let mut any = false;
    for sheet in sheets(package, &workbook)? {
        let xml = package.text(&sheet.part)?.to_owned();
        let tree = Tree::read(&sheet.part, &xml)?;
        let cells = tree.root().descendants().filter(|e| e.is("c"));
        let calculated: Vec<Element<'_>> = cells.filter(|c| c.child("f").is_some()).collect();
        any |= !calculated.is_empty();
        let edits: Vec<(Range<usize>, String)> =
            calculated.into_iter().flat_map(without_result).collect();
        if !edits.is_empty() {
            package.put(&sheet.part, splice(&xml, &edits));
        }
    }
    if any || package.names().any(|n| n.ends_with("calcChain.xml")) {
        without_order(package, &workbook)?;
        let asked = calculates_on_load(&workbook, package.text(&workbook)?)?;
        package.put(&workbook, asked);
    }
    Ok(any)
}

/// A cell without the result of its formula. What was taken from another book cannot be calculated here and stays.
fn without_result(cell: Element<'_>) -> Vec<(Range<usize>, String)> {
    let formula = cell.child("f").map(|f| f.text().into_owned());
    let formula = formula.unwrap_or_default();
    let of_other_book = formula.split('[').skip(1).any(|inside| {
        let inside = inside.split(']').next().unwrap_or("");
        !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit())
    });
    let Some(value) = cell.child("v").filter(|_| !of_other_book) else {
        return Vec::new();
    };
    let start = cell.range().start;
    let kept: String = attributes_of(cell.tag())
        .filter(|(name, _)| *name != "t")
        .map(|(name, value)| format!(" {name}=\"{}\"", value.replace('"', "&quot;")))
        .collect();
    let name = cell.tag().trim_start_matches('<');
    let name = name.split([' ', '>', '/']).next().unwrap_or("c");
    vec![
        (start..start + cell.tag().len(), format!("<{name}{kept}>")),
        (value.range(), String::new()),
    ]
}

/// A workbook that is calculated when it is opened.
fn calculates_on_load(part: &str, xml: &str) -> Result<String, OoxmlError> {
    let tree = Tree::read(part, xml)?;
    let root = tree.root();
    if let Some(own) = root.child("calcPr") {
        let start = own.range().start;
        let tag = with_attribute(own.tag(), "fullCalcOnLoad", "1");
        return Ok(splice(xml, &[(start..start + own.tag().len(), tag)]));
    }
    // it stands behind these (ECMA-376 part 1, 18.2.27)
    let before = [
        "fileVersion",
        "fileSharing",
        "workbookPr",
        "workbookProtection",
        "bookViews",
        "sheets",
        "functionGroups",
        "externalReferences",
        "definedNames",
    ];
    let mut children = root.children();
    let behind = children.rfind(|c| before.contains(&c.name()));
    let at = behind.map_or(root.inner().start, |b| b.range().end);
    let name = root.tag().trim_start_matches('<');
    let name = name.split([' ', '>', '/']).next().unwrap_or("");
    let prefix = name.rfind(':').and_then(|colon| name.get(..=colon));
    let new = format!("<{}calcPr fullCalcOnLoad=\"1\"/>", prefix.unwrap_or(""));
    Ok(splice(xml, &[(at..at, new)]))
}

/// The order of calculation names cells that may hold no formula any more: programs make it anew.
fn without_order(package: &mut OpcPackage, workbook: &str) -> Result<(), OoxmlError> {
    let all = relations(package, workbook)?.into_iter();
    let Some(order) = all.into_iter().find(|r| r.kind == "calcChain") else {
        return Ok(());
    };
    let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", workbook));
    let links = format!("{folder}/_rels/{file}.rels");
    for (part, attribute, value) in [
        (links.trim_start_matches('/'), "Id", order.id.clone()),
        (
            "[Content_Types].xml",
            "PartName",
            format!("/{}", order.target),
        ),
    ] {
        let xml = package.text(part)?.to_owned();
        let tree = Tree::read(part, &xml)?;
        let value = escape(&value);
        let said = |e: &Element<'_>| e.attribute(attribute).is_some_and(|v| v == value);
        let gone = tree.root().children().filter(said);
        let edits: Vec<_> = gone.map(|e| (e.range(), String::new())).collect();
        package.put(part, splice(&xml, &edits));
    }
    package.remove(&order.target);
    Ok(())
}
