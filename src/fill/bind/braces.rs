//! Faults of a form that are told before anything is bound or filled: placeholders (占位符) that are not closed, lists that do not
//! end in their own row, words that the campaign does not know; tables too long for a form.

use crate::campaign::Campaign;
use crate::finding::{Finding, Place as At};
use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree, sheets, workbook_part};

use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::find::{text_parts, whereabouts};
use crate::fill::anatomy::glyphs::{glyphs, text_of};
use crate::fill::anatomy::grid::{SheetGrid, cell_reader};
use crate::fill::anatomy::label::{CANDIDATES, field_of};

/// Most rows of tables in a part; more is no form.
const MOST_ROWS: usize = 20_000;

/// What a person is told to do.
const MEND: &str = "请在空白表中改正后再绑定。";

/// What is wrong with a form, each with its place.
pub(super) fn faults(
    campaign: &Campaign,
    file: &str,
    package: &OpcPackage,
) -> Result<Vec<Finding>, OoxmlError> {
    let mut checker = Checker {
        campaign,
        found: Vec::new(),
    };
    if package.names().any(|n| n.starts_with("xl/")) {
        let reader = cell_reader(package)?;
        for sheet in sheets(package, &workbook_part(package)?)? {
            let tree = Tree::read(&sheet.part, package.text(&sheet.part)?)?;
            let grid = SheetGrid::of(&tree, &reader);
            for row in grid.rows.keys() {
                let cells = grid.cells.range((*row, 0)..(row + 1, 0));
                let texts = cells.map(|((_, column), _)| {
                    let at = At::cell(file, &sheet.name, *row, *column);
                    (at, grid.own(*row, *column))
                });
                checker.row(texts.collect(), true);
            }
        }
        return Ok(checker.found);
    }
    for part in text_parts(package) {
        let xml = package.text(&part)?;
        let tree = Tree::read(&part, xml)?;
        let root = tree.root();
        let rows = root.descendants().filter(|e| e.is("tr")).count();
        if rows > MOST_ROWS {
            let mut at = At::file(file);
            at.sheet = Some(part.clone());
            checker.found.push(Finding::error(
                "O10",
                at,
                format!("表格有{rows}行，超过{MOST_ROWS}行，不是可以填写的空白表。"),
                "请只留下空白表需要的行，再绑定。",
            ));
            continue;
        }
        let text = |paragraph: Element<'_>| {
            let mut at = At::file(file);
            at.sheet = Some(part.clone());
            at.cell = Some(whereabouts(root, paragraph));
            (at, text_of(&glyphs(paragraph)))
        };
        for row in root.descendants().filter(|e| e.is("tr")) {
            let own = row.descendants().filter(|e| e.is("p") && has_brace(*e));
            let own = own.filter(|p| row_of(*p) == Some(row)).map(text);
            checker.row(own.collect(), true);
        }
        let outside = root.descendants().filter(|e| e.is("p"));
        let outside = outside.filter(|p| row_of(*p).is_none());
        for paragraph in outside.filter(|p| has_brace(*p)) {
            checker.row(vec![text(paragraph)], false);
        }
    }
    Ok(checker.found)
}

/// The innermost row that a paragraph stands in.
fn row_of<'t>(paragraph: Element<'t>) -> Option<Element<'t>> {
    paragraph.ancestors().find(|a| a.is("tr"))
}

fn has_brace(paragraph: Element<'_>) -> bool {
    paragraph.source().contains(['{', '}'])
}

struct Checker<'c> {
    campaign: &'c Campaign,
    found: Vec<Finding>,
}

impl Checker<'_> {
    fn tell(&mut self, at: &At, message: String) {
        self.found
            .push(Finding::error("O8", at.clone(), message, MEND));
    }

    /// The texts of a row, where a list's rows begin and end; or one outside tables, where they cannot.
    fn row(&mut self, texts: Vec<(At, String)>, in_table: bool) {
        let mut open: Option<(String, At)> = None;
        for (at, text) in texts {
            let mut rest = text.as_str();
            while let Some(start) = rest.find(['{', '}']) {
                let from = rest.get(start..).unwrap_or_default();
                let Some(word) = from.strip_prefix("{{") else {
                    if from.starts_with("}}") {
                        self.tell(&at, "“}}”前面没有“{{”。".to_owned());
                    }
                    let skip = if from.starts_with("}}") { 2 } else { 1 };
                    rest = from.get(skip..).unwrap_or_default();
                    continue;
                };
                let end = word.find("}}").filter(|end| {
                    let inside = word.get(..*end).unwrap_or_default();
                    !inside.contains('{')
                });
                let Some(end) = end else {
                    let begin: String = word.chars().take(20).collect();
                    self.tell(&at, format!("占位符“{{{{{begin}”没有写完，缺“}}}}”。"));
                    rest = word;
                    continue;
                };
                let key = word.get(..end).unwrap_or_default().trim();
                rest = word.get(end + 2..).unwrap_or_default();
                self.word(&at, key, in_table, &mut open);
            }
        }
        if let Some((list, at)) = open {
            self.tell(
                &at,
                format!(
                    "“{{{{#{list}}}}}”没有在表格的同一行里用“{{{{/{list}}}}}”结束，不能跨行、跨表。"
                ),
            );
        }
    }

    fn word(&mut self, at: &At, key: &str, in_table: bool, open: &mut Option<(String, At)>) {
        if let Some(list) = key.strip_prefix('#').map(str::trim) {
            if !in_table {
                self.tell(at, format!("“{{{{#{list}}}}}”只能用在表格的一行里。"));
            } else if list != CANDIDATES && list_of(self.campaign, list).is_none() {
                self.unknown(at, key);
            } else {
                *open = Some((list.to_owned(), at.clone()));
            }
            return;
        }
        if let Some(list) = key.strip_prefix('/').map(str::trim) {
            let begun = open.take();
            if in_table && begun.is_none_or(|(name, _)| name != list) {
                let text = format!("“{{{{/{list}}}}}”前面的同一行里没有“{{{{#{list}}}}}”。");
                self.tell(at, text);
            }
            return;
        }
        let list = open.as_ref().map(|o| o.0.as_str());
        let own = list.map(|list| match key.strip_prefix(&format!("{list}.")) {
            Some(field) => (list, field),
            None => (list, key),
        });
        let known = match own {
            Some((_, "seq" | "no")) => true,
            Some((list, field)) => field_of(self.campaign, &format!("{list}.{field}")).is_some(),
            None => field_of(self.campaign, key).is_some() || list_of(self.campaign, key).is_some(),
        };
        if !known && !matches!(key, "@photo" | "@mark" | "no") {
            self.unknown(at, key);
        }
    }

    fn unknown(&mut self, at: &At, key: &str) {
        let campaign = &self.campaign.id;
        self.tell(
            at,
            format!("占位符“{{{{{key}}}}}”不是活动“{campaign}”的栏目。"),
        );
    }
}
