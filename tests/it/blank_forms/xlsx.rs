//! A small writer of blank .xlsx forms: shared strings (some in several runs), merged cells, heights and widths.

use std::fmt::Write as _;

use super::Expected;
use super::docx::Hand;
use super::package::pack;

/// What stands in a cell.
enum Content {
    Text(String),
    /// Text in several runs.
    Runs(Vec<String>),
    Empty,
}

/// One sheet while it is written.
pub(super) struct Sheet {
    name: String,
    cells: Vec<(u32, u32, Content)>,
    merges: Vec<[u32; 4]>,
    heights: Vec<(u32, u32)>,
    expected: Vec<Expected>,
}

impl Sheet {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            cells: Vec::new(),
            merges: Vec::new(),
            heights: Vec::new(),
            expected: Vec::new(),
        }
    }

    /// A label.
    pub(super) fn put(mut self, cell: &str, text: &str) -> Self {
        let (row, column) = at(cell);
        self.cells
            .push((row, column, Content::Text(text.to_owned())));
        self
    }

    /// A label in several runs.
    pub(super) fn runs(mut self, cell: &str, runs: &[&str]) -> Self {
        let (row, column) = at(cell);
        let runs = runs.iter().map(|r| (*r).to_owned()).collect();
        self.cells.push((row, column, Content::Runs(runs)));
        self
    }

    /// A blank cell that takes a field.
    pub(super) fn blank(mut self, cell: &str, key: &str, kind: &'static str) -> Self {
        let (row, column) = at(cell);
        self.cells.push((row, column, Content::Empty));
        self.want(cell, key, kind)
    }

    /// The cell, which is written elsewhere, takes a field.
    pub(super) fn want(mut self, cell: &str, key: &str, kind: &'static str) -> Self {
        let (row, column) = at(cell);
        self.expected.push(Expected {
            key: key.to_owned(),
            kind,
            part: String::new(),
            table: Vec::new(),
            row: row as usize,
            column: column as usize,
            paragraph: None,
            sheet: self.name.clone(),
            cell: cell.to_owned(),
        });
        self
    }

    /// The same sheet, of whose blanks those of a list are nobody's here.
    pub(super) fn without(mut self, front: &str) -> Self {
        self.expected.retain(|e| !e.key.starts_with(front));
        self
    }

    pub(super) fn merge(mut self, from: &str, to: &str) -> Self {
        let (a, b) = (at(from), at(to));
        self.merges.push([a.0, a.1, b.0, b.1]);
        self
    }

    pub(super) fn high(mut self, row: u32, points: u32) -> Self {
        self.heights.push((row - 1, points));
        self
    }
}

/// `B3` as row and column from 0.
fn at(cell: &str) -> (u32, u32) {
    let column = u32::from(cell.as_bytes()[0] - b'A');
    (cell[1..].parse::<u32>().unwrap() - 1, column)
}

fn name(row: u32, column: u32) -> String {
    format!(
        "{}{}",
        char::from(b'A' + u8::try_from(column).unwrap()),
        row + 1
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The workbook's bytes, and where its blanks are.
pub(super) fn write(hand: Hand, sheets: Vec<Sheet>) -> (Vec<u8>, Vec<Expected>) {
    let mut shared = String::new();
    let mut count = 0;
    let mut parts = Vec::new();
    let mut expected = Vec::new();
    let (mut list, mut relations, mut types) = (String::new(), String::new(), String::new());
    for (n, mut sheet) in sheets.into_iter().enumerate() {
        let id = n + 1;
        let part = format!("xl/worksheets/sheet{id}.xml");
        let xml = sheet_xml(&mut sheet, &mut shared, &mut count);
        let _ = write!(
            list,
            "<sheet name=\"{}\" sheetId=\"{id}\" r:id=\"rId{id}\"/>",
            sheet.name
        );
        let _ = write!(
            relations,
            "<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"
        );
        let _ = write!(
            types,
            "<Override PartName=\"/{part}\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        );
        expected.extend(sheet.expected.into_iter().map(|e| Expected {
            part: part.clone(),
            ..e
        }));
        parts.push((part, xml));
    }
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let office = "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    let mut all = vec![
        (
            "[Content_Types].xml".to_owned(),
            format!(
                "{head}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>{types}<Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                "{head}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!("{head}<workbook {main} {office}><sheets>{list}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                "{head}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}<Relationship Id=\"rId90\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId91\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                "{head}<styleSheet {main}><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"宋体\"/></font><font><sz val=\"12\"/><name val=\"仿宋_GB2312\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/><bottom style=\"thin\"/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"2\"><xf xfId=\"0\"/><xf fontId=\"1\" borderId=\"1\" xfId=\"0\" applyAlignment=\"1\"><alignment horizontal=\"center\" vertical=\"center\" wrapText=\"1\"/></xf></cellXfs><cellStyles count=\"1\"><cellStyle name=\"常规\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
            ),
        ),
        (
            "xl/sharedStrings.xml".to_owned(),
            format!("{head}<sst {main} count=\"{count}\" uniqueCount=\"{count}\">{shared}</sst>"),
        ),
    ];
    all.extend(parts);
    let all: Vec<(&str, String)> = all.iter().map(|(n, t)| (n.as_str(), t.clone())).collect();
    (pack(&all, hand), expected)
}

fn sheet_xml(sheet: &mut Sheet, shared: &mut String, count: &mut usize) -> String {
    // a merge has a cell of its format at every place
    for [top, left, bottom, right] in sheet.merges.clone() {
        for row in top..=bottom {
            for column in left..=right {
                if sheet.cells.iter().all(|c| (c.0, c.1) != (row, column)) {
                    sheet.cells.push((row, column, Content::Empty));
                }
            }
        }
    }
    sheet.cells.sort_by_key(|c| (c.0, c.1));
    let mut rows = String::new();
    let mut open: Option<u32> = None;
    for (row, column, content) in &sheet.cells {
        if open != Some(*row) {
            if open.is_some() {
                rows.push_str("</row>");
            }
            let high = sheet.heights.iter().find(|h| h.0 == *row);
            let high = high.map_or(String::new(), |h| {
                format!(" ht=\"{}\" customHeight=\"1\"", h.1)
            });
            let _ = write!(rows, "<row r=\"{}\"{high}>", row + 1);
            open = Some(*row);
        }
        let place = name(*row, *column);
        let item = match content {
            Content::Empty => {
                let _ = write!(rows, "<c r=\"{place}\" s=\"1\"/>");
                continue;
            }
            Content::Text(text) => {
                format!("<si><t xml:space=\"preserve\">{}</t></si>", escape(text))
            }
            Content::Runs(runs) => {
                let run = |run: &String| {
                    format!(
                        "<r><rPr><b/><sz val=\"12\"/><rFont val=\"黑体\"/></rPr><t xml:space=\"preserve\">{}</t></r>",
                        escape(run)
                    )
                };
                format!(
                    "<si>{}<phoneticPr fontId=\"1\" type=\"noConversion\"/></si>",
                    runs.iter().map(run).collect::<String>()
                )
            }
        };
        shared.push_str(&item);
        let _ = write!(rows, "<c r=\"{place}\" s=\"1\" t=\"s\"><v>{count}</v></c>");
        *count += 1;
    }
    if open.is_some() {
        rows.push_str("</row>");
    }
    let merge = |m: &[u32; 4]| {
        format!(
            "<mergeCell ref=\"{}:{}\"/>",
            name(m[0], m[1]),
            name(m[2], m[3])
        )
    };
    let merges = if sheet.merges.is_empty() {
        String::new()
    } else {
        format!(
            "<mergeCells count=\"{}\">{}</mergeCells>",
            sheet.merges.len(),
            sheet.merges.iter().map(merge).collect::<String>()
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetFormatPr defaultRowHeight=\"14.25\"/><cols><col min=\"1\" max=\"12\" width=\"12\" customWidth=\"1\"/></cols><sheetData>{rows}</sheetData>{merges}<pageMargins left=\"0.7\" right=\"0.7\" top=\"0.75\" bottom=\"0.75\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>"
    )
}
