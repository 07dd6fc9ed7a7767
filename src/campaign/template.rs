//! A form as data: the TOML shape of `templates/<campaign>/forms/*.toml`. Lengths are in millimetres, sizes in points.
//! Texts may hold `{key}`: the value of a field, nothing more. What the keys are is in `form::values`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::face::Face;

use super::kind::FormKind;

/// For whom one is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// One for each candidate.
    Candidate,
    /// One for the unit.
    Unit,
}

/// Alignment of lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Left, ragged right.
    #[default]
    Left,
    /// Centred.
    Center,
    /// Right, ragged left.
    Right,
    /// Both edges straight, the last line left (两端对齐).
    Justify,
}

/// Style of page numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageNumberStyle {
    /// None.
    None,
    /// `— 1 —` as GB/T 9704-2012 clause 7.5: 4号半角宋体, outer side, 7 mm below the type area.
    #[default]
    Dashes,
    /// The same, centred.
    Centred,
}

/// A form template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormTemplate {
    /// Which form it is.
    pub kind: FormKind,
    /// What people call it, such as 师德鉴定表; empty for the usual word of its kind.
    #[serde(default)]
    pub name: String,
    /// Path of its file in the output folder, without extension; may hold `{no}` and `{name}`.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Originals to be printed (份), 1 to 15.
    pub copies: u8,
    /// For whom.
    pub per: Per,
    /// Whether a workbook of the same content is written beside the PDF.
    #[serde(default)]
    pub xlsx: bool,
    /// For papers: `departments` for one letter to each department of the channel's `joint`; empty for one paper.
    #[serde(default)]
    pub each: String,
    /// For papers: whether it is mailed with the forms, and stands in the file with everything that is printed.
    #[serde(default)]
    pub mailed: bool,
    /// For papers: whether everybody may read it (公示), so that it must show nothing that identifies or reaches a person.
    #[serde(default)]
    pub public: bool,
    /// Page set-up.
    pub page: PageTemplate,
    /// Styles by name: `label`, `value`, and any others that blocks and cells name.
    #[serde(rename = "style")]
    pub styles: BTreeMap<String, StyleTemplate>,
    /// Content from top to bottom.
    #[serde(rename = "block")]
    pub blocks: Vec<BlockTemplate>,
}

/// Page set-up of a form: A4.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageTemplate {
    /// Whether the long edge lies.
    #[serde(default)]
    pub landscape: bool,
    /// Width and height of a sheet that is not A4, such as an envelope, as read, mm. No binding edge is asked for then.
    #[serde(default)]
    pub size: Option<[f64; 2]>,
    /// Margin above, mm.
    pub top: f64,
    /// Margin right, mm.
    pub right: f64,
    /// Margin below, mm.
    pub bottom: f64,
    /// Margin left, mm.
    pub left: f64,
    /// Style of page numbers.
    #[serde(default)]
    pub numbers: PageNumberStyle,
    /// Whether the first page is a cover, which shows no page number.
    #[serde(default)]
    pub cover: bool,
    /// Top left corner of the mark's modules (22.05 mm wide, 2.2 mm free around them, caption towards the middle of the page), mm; none
    /// for no mark.
    #[serde(default)]
    pub mark: Option<[f64; 2]>,
    /// How pages on the back of a sheet differ (双页).
    #[serde(default)]
    pub even: Option<EvenTemplate>,
    /// How many of the first blocks come again on every page of the form, above what goes on there.
    #[serde(default)]
    pub running: usize,
    /// Whether tables reach the end of the type area: rows take what a page has left over, first those with `most`, then those with
    /// `fills`.
    #[serde(default)]
    pub fills: bool,
}

/// Pages on the back of a sheet: printed on both sides, their binding edge is the other one.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvenTemplate {
    /// Margin left, mm; the width of the type area stays.
    pub left: f64,
    /// Margin above, mm; the height of the type area stays.
    pub top: f64,
    /// Top left corner of the mark's modules, mm; that of the front where there is none.
    #[serde(default)]
    pub mark: Option<[f64; 2]>,
}

/// A style.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleTemplate {
    /// Face.
    pub face: Face,
    /// Sizes in points to try, the largest first (字号逐级缩小).
    pub sizes: Vec<f64>,
    /// Distance of baselines, per cent of the size.
    #[serde(default = "default_leading")]
    pub leading: u16,
    /// Fixed distance of baselines in points.
    #[serde(default)]
    pub pitch: Option<f64>,
    /// Alignment.
    #[serde(default)]
    pub align: Align,
    /// First-line indent in characters.
    #[serde(default)]
    pub indent: u8,
    /// Indent of the whole paragraph in characters.
    #[serde(default)]
    pub left: u8,
    /// Free characters at the right.
    #[serde(default)]
    pub right: u8,
    /// Width in characters to which shorter texts are spread.
    #[serde(default)]
    pub spread: u8,
    /// Whether the paragraph stays with what follows.
    #[serde(default)]
    pub keep: bool,
    /// Free room left and right of the text in a cell, mm; the table's where there is none.
    #[serde(default)]
    pub padding: Option<f64>,
    /// Free room above and below the text in a cell, mm.
    #[serde(default)]
    pub inset: Option<f64>,
    /// Room between Han and Latin letters or digits, thousandths of the size; 250 in justified text, else 0.
    #[serde(default)]
    pub script_gap: Option<u16>,
}

fn default_leading() -> u16 {
    130
}

/// Rules of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BorderTemplate {
    /// Outer frame and inner rules.
    #[default]
    Full,
    /// None, save lines to fill in.
    None,
}

/// How a rectangle is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FrameLine {
    /// A frame of 0.5 pt.
    #[default]
    Thin,
    /// A frame of 1 pt.
    Thick,
    /// A dashed frame of 0.5 pt.
    Dashed,
    /// Only marks outside of its corners, to cut along (裁切线).
    Crop,
}

/// A block of a form. `channels` limits it to submissions of these channels; empty is all.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum BlockTemplate {
    /// Paragraphs; `\n` separates them.
    Text {
        /// The words, with `{key}`.
        text: String,
        /// Name of the style.
        style: String,
        /// Whether its words are followed by （续） where it comes again on further pages.
        #[serde(default)]
        continued: bool,
        /// Channels.
        #[serde(default)]
        channels: Vec<String>,
    },
    /// Free height.
    Space {
        /// Millimetres.
        height: f64,
    },
    /// What follows begins on a new page.
    Page {
        /// Whether it begins on the front of a sheet.
        #[serde(default)]
        front: bool,
        /// Words on a page that stays blank for it.
        #[serde(default = "default_blank_page")]
        blank: String,
        /// Channels.
        #[serde(default)]
        channels: Vec<String>,
    },
    /// The unit's report as an official text (GB/T 9704-2012).
    Report {
        /// Style of the title.
        title: String,
        /// Style of body paragraphs.
        body: String,
        /// Style of headings that begin 一、.
        heading1: String,
        /// Style of headings that begin （一）.
        heading2: String,
        /// Style of the last two lines: who signs and the date.
        signature: String,
    },
    /// Who issues an official text and the day of issue (发文机关署名、成文日期), set as GB/T 9704-2012, 7.3.5 has them for a text
    /// that is sealed.
    Signature {
        /// Who issues it, with `{key}`.
        text: String,
        /// The day, with `{key}`.
        date: String,
        /// Name of the style of both.
        style: String,
        /// Channels.
        #[serde(default)]
        channels: Vec<String>,
    },
    /// Words at a place of the page, outside of the flow; `\n` separates paragraphs.
    Place {
        /// Left edge of its box from the edge of the sheet, mm.
        x: f64,
        /// Top edge of its box, mm.
        y: f64,
        /// Width of its box, mm.
        width: f64,
        /// Height of its box, mm, which further lines of a long text do not leave; none where they may reach to what stands below.
        #[serde(default)]
        height: Option<f64>,
        /// The words, with `{key}`.
        text: String,
        /// Name of the style.
        style: String,
        /// Each character in a box of its own: width and height of a box, and the gap to the next, mm.
        #[serde(default)]
        boxes: Option<[f64; 3]>,
        /// Fewest boxes.
        #[serde(default)]
        least: u8,
        /// A key without whose value the words are left out; empty asks nothing.
        #[serde(default)]
        needs: String,
        /// A key with whose value the words are left out; empty asks nothing.
        #[serde(default)]
        lacks: String,
        /// Channels.
        #[serde(default)]
        channels: Vec<String>,
    },
    /// A rectangle at a place of the page.
    Frame {
        /// Left edge from the edge of the sheet, mm.
        x: f64,
        /// Top edge, mm.
        y: f64,
        /// Width, mm.
        width: f64,
        /// Height, mm.
        height: f64,
        /// How it is drawn.
        #[serde(default)]
        line: FrameLine,
        /// Channels.
        #[serde(default)]
        channels: Vec<String>,
    },
    /// A table.
    Table {
        /// Widths of the columns in millimetres, without the side column.
        columns: Vec<f64>,
        /// Distance from the type area's left edge, mm.
        #[serde(default)]
        left: f64,
        /// Label at the left of all rows; `\n` separates lines.
        #[serde(default)]
        side: String,
        /// Width of the label's column, mm.
        #[serde(default)]
        side_width: f64,
        /// Whether the label's characters stand below each other.
        #[serde(default)]
        side_vertical: bool,
        /// Rules.
        #[serde(default)]
        border: BorderTemplate,
        /// Padding at left and right of cells, mm.
        #[serde(default = "default_padding")]
        padding: f64,
        /// Whether its texts go to their next smaller sizes rather than to a second page.
        #[serde(default)]
        whole: bool,
        /// What stands below it on each of its pages, where it has several.
        #[serde(default)]
        page_note: Option<PageNoteTemplate>,
        /// Rows.
        #[serde(rename = "row")]
        rows: Vec<RowTemplate>,
        /// Channels.
        #[serde(default)]
        channels: Vec<String>,
        /// Switch of the campaign that must be on.
        #[serde(default)]
        when: String,
        /// Switch of the campaign that must be off.
        #[serde(default)]
        unless: String,
        /// List without whose rows it is left out.
        #[serde(default)]
        only: String,
    },
}

/// What stands below a table at the right on each of its pages, where it has several; `{here}` is how many rows of its list stand there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageNoteTemplate {
    /// On pages after which it goes on.
    pub goes_on: String,
    /// On its last page.
    pub last: String,
    /// Name of the style.
    pub style: String,
    /// Switch of the campaign that must be on; empty asks for none.
    #[serde(default)]
    pub when: String,
}

fn default_blank_page() -> String {
    "（此面空白）".to_owned()
}

fn default_padding() -> f64 {
    1.2
}

/// A row of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowTemplate {
    /// Least height, mm.
    pub height: f64,
    /// Height to which it may grow where its page has room left, mm.
    #[serde(default)]
    pub most: f64,
    /// Whether it takes what is left when no row may grow to its `most` any more.
    #[serde(default)]
    pub fills: bool,
    /// Whether it may be split where a page ends.
    #[serde(default)]
    pub splits: bool,
    /// Whether it stays on the page of the row before it.
    #[serde(default)]
    pub keep: bool,
    /// Whether it is a head row, repeated on every page; only the first rows of a table may be.
    #[serde(default)]
    pub head: bool,
    /// The list whose rows it stands for: a repeated sheet's key, `candidates` or `materials`.
    #[serde(default)]
    pub each: String,
    /// Fewest rows printed of `each`; missing ones are blank, the first of them with the cells' `blank` words.
    #[serde(default)]
    pub least: usize,
    /// Channels.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Cells from left to right.
    pub cells: Vec<CellTemplate>,
}

/// A cell: exactly one of `label`, `field`, `text`, `photo`, `ticks`, `opinion`; none of them is a blank cell.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellTemplate {
    /// Fixed words in the style `label`; `\n` separates lines.
    #[serde(default)]
    pub label: String,
    /// Key of the field whose value is shown in the style `value`.
    #[serde(default)]
    pub field: String,
    /// Words with `{key}` in the style `value`; `\n` separates paragraphs.
    #[serde(default)]
    pub text: String,
    /// Width and height of a photo box in millimetres.
    #[serde(default)]
    pub photo: Option<[f64; 2]>,
    /// Words in an empty photo box.
    #[serde(default)]
    pub hint: String,
    /// Key of a field with a code list: all its names with tick boxes.
    #[serde(default)]
    pub ticks: String,
    /// An opinion box.
    #[serde(default)]
    pub opinion: Option<OpinionTemplate>,
    /// Columns covered.
    #[serde(default = "one")]
    pub span: usize,
    /// Rows covered.
    #[serde(default = "one")]
    pub rows: usize,
    /// Name of a style other than the usual.
    #[serde(default)]
    pub style: String,
    /// Whether characters stand below each other.
    #[serde(default)]
    pub vertical: bool,
    /// Whether a line to fill in stands below (tables without rules).
    #[serde(default)]
    pub underline: bool,
    /// Whether text stands at the top instead of the middle.
    #[serde(default)]
    pub top: bool,
    /// Printed where the value is empty.
    #[serde(default)]
    pub blank: String,
    /// Whether it is printed in the first of repeated rows only, such as 附件： before the first annex.
    #[serde(default)]
    pub once: bool,
    /// Whether a label in a head row is followed by （续） where the head comes again.
    #[serde(default)]
    pub continued: bool,
}

fn one() -> usize {
    1
}

/// An opinion box.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionTemplate {
    /// The opinion, with `{key}`; `\n` separates paragraphs.
    #[serde(default)]
    pub text: String,
    /// Who signs.
    #[serde(default = "default_sign")]
    pub sign: String,
    /// Words in the middle of the square for the seal; empty where nobody seals.
    #[serde(default = "default_seal")]
    pub seal: String,
    /// The day, to be filled in by hand, under them.
    #[serde(default = "default_date")]
    pub date: String,
    /// Side of the square for the seal, mm.
    #[serde(default = "default_slot")]
    pub slot: f64,
}

impl OpinionTemplate {
    /// All its words.
    pub fn texts(&self) -> [&String; 4] {
        [&self.text, &self.sign, &self.seal, &self.date]
    }
}

fn default_sign() -> String {
    "负责人（签字）：".to_owned()
}

fn default_seal() -> String {
    "（盖\u{3000}章）".to_owned()
}

fn default_date() -> String {
    "\u{3000}\u{3000}\u{3000}\u{3000}年\u{3000}\u{3000}月\u{3000}\u{3000}日".to_owned()
}

fn default_slot() -> f64 {
    50.0
}
