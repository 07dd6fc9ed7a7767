//! The place (填写处) of a field in a form: where it stands, how it takes its value, and the words in front of it.

/// How a place takes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// A blank cell.
    Cell,
    /// An underlined blank behind a label.
    Line,
    /// 　年　月　日.
    Date,
    /// Tick boxes.
    Ticks,
    /// A photo box.
    Photo,
    /// A box for an opinion.
    Opinion,
    /// The first blank row of a list.
    Rows,
    /// `{{key}}`.
    Placeholder,
    /// A content control whose tag is the key.
    Control,
    /// A bookmark whose name is the key.
    Bookmark,
    /// A box for each character: as many cells side by side as `nth` says, or the tick boxes of one cell or line where it is 0.
    Digits,
    /// Where the mark stands.
    Mark,
}

/// A place in a form and the field that goes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPlace {
    /// Key of the field: `name`, `unit.name`, `resume.span` for a column of rows, `resume` for all rows as one text, `candidates.name`.
    pub key: String,
    /// How it takes its value.
    pub take: Take,
    /// Name of the part.
    pub part: String,
    /// Indices of the tables from the part's own down to the innermost; empty for a paragraph outside tables.
    pub table: Vec<usize>,
    /// Row, from 0: of the innermost table, or of the sheet.
    pub row: usize,
    /// Column, from 0: on the table's grid, or of the sheet. Outside tables the number of the text box, from 1; 0 where it is in none.
    pub column: usize,
    /// Paragraph within its cell, body or text box, from 0, tables left out; none for the whole cell.
    pub paragraph: Option<usize>,
    /// Name of the sheet; empty in a .docx.
    pub sheet: String,
    /// The cell in A1 notation; empty in a .docx.
    pub cell: String,
    /// The words in front of it; may be empty.
    pub label: String,
    /// Which blank of its paragraph it is, from 0, where there is no label; of [`Take::Digits`] how many cells.
    pub nth: usize,
}

/// Whether a place is a column of a list: below its head, or prepared between `{{#list}}` and `{{/list}}`.
pub(in crate::fill) fn is_in_row(place: &FieldPlace) -> bool {
    let listed = || place.key.contains('.') && !place.key.starts_with("unit.");
    place.take == Take::Rows || place.take == Take::Placeholder && listed()
}
