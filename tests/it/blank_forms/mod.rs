//! Blank forms as organisers really send them, made for the tests, with the places where their answers go. Written without
//! any look at the code that finds those places: what is expected comes from whoever drew the form.
//!
//! Fields are those of the campaign `hebei-zuimei-2021`; the forms are of many hands, years and provinces, all invented.
//! Keys: a candidate's field (`name`), `unit.KEY`, a column of repeated rows `resume.span`, of a list of candidates
//! `candidates.name`. Kinds: `cell`, `photo`, `ticks`, `date`, `line` (an underlined blank), `opinion`, `rows` (the place
//! is the first blank row's cell).

mod docx;
mod lines;
mod lists;
mod marked;
mod package;
mod person;
mod provinces;
mod sheets;
mod writer;
mod xlsx;

use std::collections::BTreeSet;

use sanlian::ooxml::OpcPackage;

use crate::tools;

/// A blank in a form, and what goes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// Key of the field.
    pub(crate) key: String,
    /// How the blank takes its value.
    pub(crate) kind: &'static str,
    /// Name of the part.
    pub(crate) part: String,
    /// Indices of the tables from the part's own down to the innermost, each among the tables of its container.
    pub(crate) table: Vec<usize>,
    /// Row of the innermost table, or of the sheet, from 0.
    pub(crate) row: usize,
    /// First column of the cell on the table's grid, or of the sheet, from 0.
    pub(crate) column: usize,
    /// Paragraph within its cell or body, from 0, not counting those in tables; none for whole cells and for text boxes.
    pub(crate) paragraph: Option<usize>,
    /// Name of the sheet; empty in a .docx.
    pub(crate) sheet: String,
    /// The cell in A1 notation; empty in a .docx.
    pub(crate) cell: String,
}

/// A blank form.
pub(crate) struct BlankForm {
    /// What the form shows.
    pub(crate) name: &'static str,
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// `docx` or `xlsx`.
    pub(crate) extension: &'static str,
    /// Its blanks.
    pub(crate) expected: Vec<Expected>,
}

/// All forms, in a fixed order.
pub(crate) fn all() -> Vec<BlankForm> {
    let mut forms = person::forms();
    forms.extend(provinces::forms());
    forms.extend(lines::forms());
    forms.extend(lists::forms());
    forms.extend(marked::forms());
    forms.extend(sheets::forms());
    forms
}

fn docx(name: &'static str, docx: writer::Docx) -> BlankForm {
    let (bytes, expected) = docx.write();
    BlankForm {
        name,
        bytes,
        extension: "docx",
        expected,
    }
}

fn xlsx(name: &'static str, hand: docx::Hand, sheets: Vec<xlsx::Sheet>) -> BlankForm {
    let (bytes, expected) = xlsx::write(hand, sheets);
    BlankForm {
        name,
        bytes,
        extension: "xlsx",
        expected,
    }
}

#[test]
fn there_are_at_least_thirty_forms_and_every_one_is_whole() {
    let forms = all();
    assert!(forms.len() >= 30, "{}", forms.len());
    let names: BTreeSet<_> = forms.iter().map(|f| f.name).collect();
    assert_eq!(names.len(), forms.len());
    let mut fields = 0;
    for form in &forms {
        let package = OpcPackage::read(&form.bytes).unwrap();
        for part in package.names() {
            assert!(package.text(part).is_ok(), "{}: {part}", form.name);
        }
        for expected in &form.expected {
            assert!(package.part(&expected.part).is_some(), "{}", form.name);
        }
        fields += form.expected.len();
    }
    assert!(fields > 400, "{fields} blanks");
}

#[test]
fn foreign_readers_open_every_form() {
    let dir = tools::folder("blank-forms");
    for form in all() {
        let path = dir.join(format!("{}.{}", form.name, form.extension));
        std::fs::write(path, &form.bytes).unwrap();
    }
    let script = "import sys, glob, docx, openpyxl\nn = 0\nfor f in sorted(glob.glob(sys.argv[1] + '/*')):\n    if f.endswith('.docx'):\n        n += len(docx.Document(f).element.xpath('//w:tc'))\n    else:\n        n += sum(s.max_row for s in openpyxl.load_workbook(f))\nprint(n)";
    let dir = dir.to_str().unwrap();
    let said = tools::says("/usr/bin/python3", &["-c", script, dir]);
    assert!(said.is_none_or(|n| n.trim().parse::<u32>().unwrap() > 900));
}

#[test]
fn the_same_form_is_drawn_every_time() {
    for (one, two) in all().iter().zip(all()) {
        assert!(one.bytes == two.bytes, "{}", one.name);
    }
}
