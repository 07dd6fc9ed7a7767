//! Faults of a form that are told before anything is bound or filled: placeholders (占位符) that are not closed, lists and conditions that do
//! not end, words that the campaign does not know, placeholders of other tools (`languages`); tables too long for a form.

use crate::campaign::Campaign;
use crate::finding::{Finding, Place as At};
use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree, sheets, workbook_part};

use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::find::{rows, text_parts, whereabouts};
use crate::fill::anatomy::glyphs::{glyphs, text_of};
use crate::fill::anatomy::grid::{SheetGrid, cell_reader};
use crate::fill::anatomy::label::{CANDIDATES, field_of};
use crate::fill::bind::languages::{
    LONGEST, MERGE, Setting, Stranger, doubled, meant, merge_field, strangers,
};
use crate::fill::bind::survey::MOST_TABLE_ROWS;

/// Most faults that are told one by one.
const MOST_TOLD: usize = 50;

/// What a person is told to do.
const MEND: &str = "请在空白表中改正后再绑定。";

/// Tables that are too long for a form, told before anything else is looked at.
pub(super) fn too_long(file: &str, package: &OpcPackage) -> Result<Vec<Finding>, OoxmlError> {
    let mut found = Vec::new();
    for part in text_parts(package) {
        let xml = package.text(&part)?;
        // what does not name rows so often has not so many
        if xml.matches("tr").count() <= MOST_TABLE_ROWS {
            continue;
        }
        let tree = Tree::read(&part, xml)?;
        let count = tree.root().descendants().filter(|e| e.is("tr")).count();
        if count > MOST_TABLE_ROWS {
            let mut at = At::file(file);
            at.sheet = Some(part);
            found.push(Finding::error(
                "O10",
                at,
                format!("表格有{count}行，超过{MOST_TABLE_ROWS}行，不是可以填写的空白表。"),
                "请只留下空白表需要的行，再绑定。",
            ));
        }
    }
    Ok(found)
}

/// What is wrong with a form, each with its place.
pub(super) fn faults(
    campaign: &Campaign,
    file: &str,
    package: &OpcPackage,
) -> Result<Vec<Finding>, OoxmlError> {
    let mut checker = Checker {
        campaign,
        in_sheets: package.names().any(|n| n.starts_with("xl/")),
        found: Vec::new(),
    };
    if checker.in_sheets {
        let reader = cell_reader(package)?;
        for sheet in sheets(package, &workbook_part(package)?)? {
            let tree = Tree::read(&sheet.part, package.text(&sheet.part)?)?;
            let grid = SheetGrid::of(&sheet.part, &tree, &reader)?;
            for row in grid.rows.keys() {
                let cells = grid.cells.range((*row, 0)..(row + 1, 0));
                let texts = cells.map(|((_, column), _)| {
                    let at = At::cell(file, &sheet.name, *row, *column);
                    (at, grid.own(*row, *column))
                });
                checker.texts(vec![texts.collect()], true);
            }
            for (name, text) in margins(tree.root()) {
                let mut at = At::file(file);
                (at.sheet, at.cell) = (Some(sheet.name.clone()), Some(name.to_owned()));
                checker.margin(&at, &text);
            }
        }
        return Ok(checker.told(file));
    }
    for part in text_parts(package) {
        let xml = package.text(&part)?;
        let tree = Tree::read(&part, xml)?;
        let root = tree.root();
        let text = |paragraph: Element<'_>| {
            let mut at = At::file(file);
            at.sheet = Some(part.clone());
            at.cell = Some(whereabouts(root, paragraph));
            (at, text_of(&glyphs(paragraph)))
        };
        for table in root.descendants().filter(|e| e.is("tbl")) {
            let of_row = |row: Element<'_>| {
                let own = row.descendants().filter(|e| e.is("p") && has_sign(*e));
                own.filter(|p| row_of(*p) == Some(row))
                    .map(text)
                    .collect::<Vec<_>>()
            };
            checker.texts(rows(table).into_iter().map(of_row).collect(), true);
        }
        let outside = root.descendants().filter(|e| e.is("p") && has_sign(*e));
        let outside = outside.filter(|p| row_of(*p).is_none());
        checker.texts(outside.map(|p| vec![text(p)]).collect(), false);
        let fields = root.descendants().filter(|e| e.is("p"));
        let fields = fields.filter(|p| p.source().to_ascii_uppercase().contains("MERGEFIELD"));
        for paragraph in fields {
            let (at, shown) = text(paragraph);
            for field in merge_fields(paragraph) {
                // a field that shows its own name is told already
                if !shown.contains(&field.shown) {
                    checker.stranger(&at, &field, "");
                }
            }
        }
    }
    Ok(checker.told(file))
}

/// The texts of a sheet's headers and footers, without the codes that set them (ECMA-376 §18.3.1.46).
fn margins(root: Element<'_>) -> Vec<(&'static str, String)> {
    let all = root.child("headerFooter");
    let texts = all.into_iter().flat_map(Element::children).map(|own| {
        let name = match own.name().ends_with("Header") {
            true => "页眉",
            false => "页脚",
        };
        (name, own.text().replace("&amp;", "&"))
    });
    texts.collect()
}

/// The innermost row that a paragraph stands in.
fn row_of<'t>(paragraph: Element<'t>) -> Option<Element<'t>> {
    paragraph.ancestors().find(|a| a.is("tr"))
}

/// Whether a paragraph may hold a placeholder of any language.
fn has_sign(paragraph: Element<'_>) -> bool {
    let source = paragraph.source();
    let signs = [
        '{', '}', '｛', '«', '[', '［', '【', '〔', '＜', '_', '%', '#', '@', '$', '&',
    ];
    source.contains(signs) || paragraph.text().contains('=')
}

struct Checker<'c> {
    campaign: &'c Campaign,
    /// Whether the texts are those of sheets, where neither lists of several rows nor conditions can be.
    in_sheets: bool,
    found: Vec<Finding>,
}

impl Checker<'_> {
    fn tell(&mut self, at: &At, message: String) {
        self.found
            .push(Finding::error("O8", at.clone(), message, MEND));
    }

    /// Tells a placeholder of another tool, with what to write instead where its name means a field.
    fn stranger(&mut self, at: &At, stranger: &Stranger, before: &str) {
        let Stranger {
            shown, tool, name, ..
        } = stranger;
        let key = meant(self.campaign, name);
        let same = key.is_some() && meant(self.campaign, before.trim()) == key;
        let by_name = key.is_some() && stranger.is_sure_by_name(same);
        // a heading between brackets, and what means nothing, are words of the form
        let heading = stranger.is_chinese()
            && matches!(stranger.setting, Setting::Label | Setting::Alone)
            && !by_name;
        if stranger.is_told_by_name() && (key.is_none() || heading) {
            return;
        }
        let sure = stranger.sure || by_name || key.is_some() && shown.starts_with('{');
        let instead = match key {
            Some(key) => format!("请改为“{{{{{key}}}}}”"),
            None => "请改为本系统的占位符，如“{{name}}”（写法见“活动模板”文档的“占位符”一节）"
                .to_owned(),
        };
        let at = at.clone();
        self.found.push(if sure {
            Finding::error(
                "O13",
                at,
                format!("“{shown}”是{tool}的占位符，这里不认，会原样印在纸上。"),
                format!("{instead}；没有要填的，请删去。改好后再绑定。"),
            )
        } else {
            Finding::warning(
                "O13",
                at,
                format!("“{shown}”像{tool}的占位符，这里不认，会原样印在纸上。"),
                format!("是占位符的，{instead}，或删去；是表中本来的文字，不必处理。"),
            )
        });
    }

    /// The text of a sheet's header or footer, in which nothing is filled.
    fn margin(&mut self, at: &At, text: &str) {
        let mut rest = text;
        while let Some((_, word)) = rest.split_once("{{") {
            let (key, behind) = word.split_once("}}").unwrap_or((word, ""));
            let key: String = key.chars().take(20).collect();
            self.found.push(Finding::error(
                "O8",
                at.clone(),
                format!("工作表的页眉、页脚里有占位符“{{{{{key}}}}}”，那里不填，会原样印在纸上。"),
                "请移到单元格里，或删去，再绑定。",
            ));
            rest = behind;
        }
        // a code of the sheet's own, as &[Page] and &P, is no placeholder
        let own: Vec<Stranger> = strangers(text)
            .into_iter()
            .filter(|s| s.sure && !s.shown.starts_with('&'))
            .collect();
        for stranger in own {
            self.stranger(at, &stranger, "");
        }
    }

    /// The texts of a table, row by row, or of what stands outside tables: where lists and conditions begin and end.
    fn texts(&mut self, rows: Vec<Vec<(At, String)>>, in_table: bool) {
        let mut open: Vec<Opened> = Vec::new();
        let mut before = (0, String::new());
        for (row, (at, text)) in rows
            .into_iter()
            .enumerate()
            .flat_map(|(n, row)| row.into_iter().map(move |t| (n, t)))
        {
            let ahead = if before.0 == row {
                before.1.clone()
            } else {
                String::new()
            };
            for stranger in strangers(&text) {
                self.stranger(&at, &stranger, &ahead);
            }
            before = (row, text.clone());
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
                let near = word.char_indices().nth(LONGEST).map_or(word.len(), |c| c.0);
                let end = word.get(..near).unwrap_or_default().find("}}");
                let end = end.filter(|end| !word.get(..*end).unwrap_or_default().contains('{'));
                let Some(end) = end else {
                    let begin: String = word.chars().take(20).collect();
                    self.tell(&at, format!("占位符“{{{{{begin}”没有写完，缺“}}}}”。"));
                    rest = word;
                    continue;
                };
                let key = word.get(..end).unwrap_or_default().trim();
                rest = word.get(end + 2..).unwrap_or_default();
                if doubled(key).is_none() {
                    self.word(&at, key, (row, in_table), &mut open);
                }
            }
        }
        for begun in open {
            self.tell(&begun.at, begun.left_open());
        }
    }

    fn word(&mut self, at: &At, key: &str, (row, in_table): (usize, bool), open: &mut Vec<Opened>) {
        let sign = key.chars().next().filter(|c| "#?^".contains(*c));
        if let Some(sign) = sign {
            let name = key.get(1..).unwrap_or_default().trim();
            let opened = Opened {
                sign,
                name: name.to_owned(),
                at: at.clone(),
                row,
            };
            if sign == '#' && !in_table {
                self.tell(at, format!("“{{{{#{name}}}}}”只能用在表格的行里。"));
            } else if sign == '#' && name != CANDIDATES && list_of(self.campaign, name).is_none() {
                self.unknown(at, key);
            } else if sign != '#' && self.in_sheets {
                let text = format!("“{{{{{key}}}}}”这样的条件只能用在 .docx 里。");
                self.tell(at, text);
            } else {
                if sign != '#' && name != "@photo" && !self.is_known(name, open) {
                    self.unknown(at, key);
                }
                open.push(opened);
            }
            return;
        }
        if let Some(closed) = key.strip_prefix('/').map(str::trim) {
            self.closed(at, closed, (row, in_table), open);
            return;
        }
        if !matches!(key, "@photo" | "@mark" | "no") && !self.is_known(key, open) {
            self.unknown(at, key);
        }
    }

    /// An end: of what was opened last.
    fn closed(
        &mut self,
        at: &At,
        closed: &str,
        (row, in_table): (usize, bool),
        open: &mut Vec<Opened>,
    ) {
        let name = closed.trim_start_matches(['#', '?', '^']).trim();
        let last = open.pop();
        let fits = last.as_ref().is_some_and(|o| o.name == name);
        let here = last
            .as_ref()
            .is_none_or(|o| o.sign != '#' || o.row == row || !self.in_sheets);
        if fits && here {
            return;
        }
        let begun = last.as_ref().filter(|_| !fits);
        let text = match begun {
            Some(o) => format!(
                "“{{{{/{closed}}}}}”结束不了前面的“{{{{{}{}}}}}”。",
                o.sign, o.name
            ),
            None if in_table && self.in_sheets => {
                format!("“{{{{/{closed}}}}}”前面的同一行里没有“{{{{#{name}}}}}”。")
            }
            None => format!("“{{{{/{closed}}}}}”前面没有“{{{{#{name}}}}}”或“{{{{?{name}}}}}”。"),
        };
        self.tell(at, text);
    }

    /// Whether a word is a field or a list: of the campaign, or a column of the list that is open.
    fn is_known(&self, key: &str, open: &[Opened]) -> bool {
        let list = open.iter().rev().find(|o| o.sign == '#');
        let list = list.map(|o| o.name.as_str());
        let own = list.map(|list| match key.strip_prefix(&format!("{list}.")) {
            Some(field) => (list, field),
            None => (list, key),
        });
        match own {
            Some((_, "seq" | "no")) => true,
            Some((list, field)) => field_of(self.campaign, &format!("{list}.{field}")).is_some(),
            None => {
                // a sheet's own name is no list: candidate.name says nothing that is printed
                let front = key.split_once('.').map(|(front, _)| front);
                let named = front.is_none_or(|f| {
                    matches!(f, "unit" | CANDIDATES) || list_of(self.campaign, f).is_some()
                });
                let known = field_of(self.campaign, key).is_some();
                named && known || list_of(self.campaign, key).is_some()
            }
        }
    }

    fn unknown(&mut self, at: &At, key: &str) {
        let campaign = &self.campaign.id;
        self.tell(
            at,
            format!("占位符“{{{{{key}}}}}”不是活动“{campaign}”的栏目。"),
        );
    }

    /// What was found, as much of it as somebody reads.
    fn told(self, file: &str) -> Vec<Finding> {
        let mut found = self.found;
        let more = found.len().saturating_sub(MOST_TOLD);
        found.truncate(MOST_TOLD);
        if more > 0 {
            found.push(Finding::error(
                "O8",
                At::file(file),
                format!("这样的占位符还有 {more} 处，没有一一列出。"),
                MEND,
            ));
        }
        found
    }
}

/// Where a list or a condition began.
struct Opened {
    /// `#` of a list, `?` and `^` of conditions.
    sign: char,
    name: String,
    at: At,
    row: usize,
}

impl Opened {
    /// That it does not end.
    fn left_open(&self) -> String {
        let Self { sign, name, .. } = self;
        let within = if *sign == '#' {
            "同一个表格里"
        } else {
            "后面"
        };
        format!("“{{{{{sign}{name}}}}}”没有在{within}用“{{{{/{name}}}}}”结束。")
    }
}

/// The names of the merge fields of a paragraph, whatever their results show.
fn merge_fields(paragraph: Element<'_>) -> Vec<Stranger> {
    let simple = paragraph.descendants().filter(|e| e.is("fldSimple"));
    let simple = simple.filter_map(|e| merge_field(&e.attribute("w:instr")?));
    let pieces = paragraph.descendants().filter(|e| e.is("instrText"));
    let text: String = pieces.map(|e| e.text().into_owned()).collect();
    let upper = text.to_ascii_uppercase();
    let starts = upper.match_indices("MERGEFIELD");
    let complex: Vec<String> = starts
        .filter_map(|(at, _)| merge_field(text.get(at..)?))
        .collect();
    let named = |name: String| Stranger {
        shown: format!("«{name}»"),
        tool: MERGE,
        name,
        setting: Setting::Answer,
        sure: true,
    };
    simple.chain(complex).map(named).collect()
}
