//! The print areas of a workbook (打印区域): which cells of a sheet are on paper.

use std::collections::BTreeMap;

use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree, parse_range, workbook_part};

/// The print areas of a workbook by the name of the sheet.
pub(in crate::fill) type Areas = BTreeMap<String, Vec<[u32; 4]>>;

/// The print areas of a workbook.
pub(in crate::fill) fn areas(package: &OpcPackage) -> Result<Areas, OoxmlError> {
    let part = workbook_part(package)?;
    let tree = Tree::read(&part, package.text(&part)?)?;
    let mut areas = Areas::new();
    let names = tree.root().child("definedNames");
    for name in names.into_iter().flat_map(Element::children) {
        let printed = name.attribute("name");
        if printed.is_none_or(|n| !n.eq_ignore_ascii_case("_xlnm.Print_Area")) {
            continue;
        }
        let text = name.text();
        let mut all = Vec::new();
        for piece in text.split(',') {
            let Some((sheet, range)) = piece.rsplit_once('!') else {
                continue;
            };
            let sheet = sheet.trim().trim_matches('\'').replace("''", "'");
            all.push((sheet, parse_range(&range.replace('$', ""))));
        }
        // an area that is not understood leaves nothing out
        if all.iter().all(|(_, range)| range.is_some()) {
            for (sheet, range) in all {
                areas.entry(sheet).or_default().extend(range);
            }
        }
    }
    Ok(areas)
}
