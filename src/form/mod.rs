//! A form (表) with final text: blocks of paragraphs and ruled tables, no field, no format, no page.
//! `build` makes it out of a campaign and a submission; where things stand on paper is decided in `layout`.

mod build;
mod calibration;
mod cells;
mod lists;
pub mod measures;
mod paper;
mod placed;
mod report;
mod signature;
mod slip;
mod ticks;
mod values;

pub use build::{build_candidate, build_unit, numbered, safe_name};
pub use calibration::calibration_form;
pub use paper::{Paper, build_paper, papers_of};
pub use slip::{Slip, slip_form};
pub(crate) use ticks::tick_lines;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::campaign::{Align, FormKind, FrameLine, PageNumberStyle, Per};
use crate::face::Face;
use crate::text::lexicon::WordList;
use crate::units::Length;

/// One form, ready to be laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Which form it is.
    pub kind: FormKind,
    /// Path of its file in the output folder, without extension.
    pub path: String,
    /// Its title, for the PDF's properties and the workbook's sheet.
    pub title: String,
    /// Originals to be printed.
    pub copies: u8,
    /// Whether it is for a candidate or the unit.
    pub per: Per,
    /// Page set-up.
    pub page: PageSetup,
    /// Content in reading order.
    pub blocks: Vec<Block>,
    /// Content that comes again above what goes on on every page after the first.
    pub running: Vec<Block>,
    /// Words that lines are not broken in.
    pub words: Arc<WordList>,
}

/// Page set-up; all lengths from the edge of the sheet as read.
#[derive(Clone, Debug, PartialEq)]
pub struct PageSetup {
    /// Width as read: 210 mm upright, 297 mm lying.
    pub width: Length,
    /// Height as read.
    pub height: Length,
    /// Margin above the type area (天头).
    pub top: Length,
    /// Margin right of it.
    pub right: Length,
    /// Margin below it.
    pub bottom: Length,
    /// Margin left of it (订口 on upright pages).
    pub left: Length,
    /// Style of page numbers.
    pub numbers: PageNumberStyle,
    /// Whether the first page is a cover, which shows no page number.
    pub cover: bool,
    /// Whether the form has a mark on each page; then `mark_x`, `mark_y` are the top left corner of its modules.
    pub marked: bool,
    /// Left edge of the mark's modules.
    pub mark_x: Length,
    /// Top edge of the mark's modules.
    pub mark_y: Length,
    /// How pages on the back of a sheet differ; none where all pages are alike.
    pub even: Option<EvenPage>,
    /// Whether rows that may grow take what a page has left over, so that its tables reach the end of the type area.
    pub fills: bool,
}

/// A page on the back of a sheet (双页): its binding edge is the other one, and so is the corner of its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvenPage {
    /// Left edge of the type area.
    pub left: Length,
    /// Top edge of the type area.
    pub top: Length,
    /// Left edge of the mark's modules.
    pub mark_x: Length,
    /// Top edge of the mark's modules.
    pub mark_y: Length,
}

/// A piece of a form, from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph in the type area.
    Paragraph(Paragraph),
    /// Free height.
    Space(Length),
    /// What follows begins on a new page.
    PageBreak,
    /// What follows begins on the front of a sheet; a page that stays blank for it says so in these words.
    FrontBreak(Paragraph),
    /// Words at a place of the page, outside of the flow.
    Placed(PlacedText),
    /// A rectangle at a place of the page.
    Frame(Frame),
    /// A ruled table; tables that follow each other without a gap share their rule.
    Table(Table),
}

/// Words at a place of the page; lengths from the top left corner of the sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedText {
    /// Left edge of its box.
    pub x: Length,
    /// Top edge of its box.
    pub y: Length,
    /// Width of its box.
    pub width: Length,
    /// Height of its box; none where it reaches to what stands below.
    pub height: Option<Length>,
    /// The words.
    pub paragraphs: Vec<Paragraph>,
}

/// A rectangle at a place of the page; lengths from the top left corner of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Left edge.
    pub x: Length,
    /// Top edge.
    pub y: Length,
    /// Width.
    pub width: Length,
    /// Height.
    pub height: Length,
    /// How it is drawn.
    pub line: FrameLine,
}

/// A paragraph of one style.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    /// Final text without line ends.
    pub text: String,
    /// How it is set.
    pub style: Style,
}

/// How text is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// Face asked for.
    pub face: Face,
    /// Sizes (字号) to try, the largest first; never empty.
    pub sizes: Vec<Length>,
    /// Distance of baselines as a percentage of the size, where `pitch` is none.
    pub leading: u16,
    /// Fixed distance of baselines.
    pub pitch: Option<Length>,
    /// Alignment of lines.
    pub align: Align,
    /// Indent of the first line, in characters.
    pub indent: u8,
    /// Indent of the whole paragraph from the left, in characters.
    pub left: u8,
    /// Free space at the right, in characters (右空 n 字).
    pub right: u8,
    /// Spread a text shorter than this many characters to this width (姓　名); 0 for none.
    pub spread: u8,
    /// Whether the paragraph stays on the page of what follows.
    pub keep: bool,
    /// Free room at both sides of a cell's text; none for the table's.
    pub padding: Option<Length>,
    /// Free room above and below a cell's text; none for the least.
    pub inset: Option<Length>,
    /// Room between Han and Latin letters or digits, in thousandths of the size.
    pub script_gap: u16,
    /// Whether it is a line that signs the text (署名、成文日期), which never stands alone on a page.
    pub signs: bool,
}

impl Style {
    /// A plain style of one size: left, no indent.
    pub fn plain(face: Face, size: Length) -> Self {
        Self {
            face,
            sizes: vec![size],
            leading: 130,
            pitch: None,
            align: Align::Left,
            indent: 0,
            left: 0,
            right: 0,
            spread: 0,
            keep: false,
            padding: None,
            inset: None,
            script_gap: 0,
            signs: false,
        }
    }
}

/// A ruled table of one set of columns (表格).
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Distance from the left edge of the type area.
    pub left: Length,
    /// Widths of the columns, without the side column.
    pub columns: Vec<Length>,
    /// A label at the left of all rows, repeated with （续） on every further page.
    pub side: Option<SideLabel>,
    /// How many of the first rows come again on every page.
    pub head: usize,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// Rules around and between cells.
    pub border: Border,
    /// Padding of cells at left and right.
    pub padding: Length,
    /// Whether its texts go to their next smaller sizes rather than to a second page.
    pub whole: bool,
    /// What stands below it on each of its pages, where it has several.
    pub page_note: Option<Box<PageNote>>,
}

/// What stands below a table on each of its pages, where it has several.
#[derive(Clone, Debug, PartialEq)]
pub struct PageNote {
    /// On pages after which it goes on; `{here}` is how many rows of its list stand there.
    pub goes_on: Paragraph,
    /// On its last page.
    pub last: Paragraph,
}

/// The label at the left of a table (左侧栏目).
#[derive(Clone, Debug, PartialEq)]
pub struct SideLabel {
    /// Width of the label's column.
    pub width: Length,
    /// The label; each paragraph is one line where it fits.
    pub label: Vec<Paragraph>,
    /// Whether characters stand below each other.
    pub vertical: bool,
}

/// Rules of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// Outer frame 1 pt, inner rules 0.5 pt.
    Full,
    /// No rules, save below cells that ask for one (填写线).
    None,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Least height.
    pub height: Length,
    /// Height to which it may grow where its page has room left; no less than `height`.
    pub most: Length,
    /// Whether it takes room that is left when no row may grow to its `most` any more.
    pub fills: bool,
    /// Whether it may be split where a page ends.
    pub splits: bool,
    /// Whether it stays on the page of the row before it.
    pub keep: bool,
    /// Whether it is one of a list's, and counted as such.
    pub listed: bool,
    /// Cells by column; a place under a cell of an earlier row with `rows > 1` has none.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// First column, from 0.
    pub column: usize,
    /// Columns covered, at least 1.
    pub columns: usize,
    /// Rows covered, at least 1; rows so bound are never split.
    pub rows: usize,
    /// What stands in it.
    pub content: Content,
    /// Vertical alignment of its text.
    pub middle: bool,
    /// Whether a rule stands below it in a table without rules.
    pub underline: bool,
    /// Whether it holds fixed words that name what stands beside or below it.
    pub label: bool,
    /// Whether its words are followed by （续） where its head comes again on a further page.
    pub continued: bool,
    /// Key of the field whose value it shows, `sheet[n].key` in repeated rows; empty for labels.
    pub field: String,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Text; empty for a blank cell.
    Text(Vec<Paragraph>),
    /// Characters below each other.
    Vertical(Paragraph),
    /// A photo in a box of fixed size, centred.
    Photo(PhotoBox),
    /// An opinion (意见) with a stamp slot (盖章处).
    Opinion(Box<Opinion>),
    /// Tick boxes, flowing like words.
    Ticks(Vec<Tick>, Style),
}

/// A photo box (照片).
#[derive(Clone, Debug, PartialEq)]
pub struct PhotoBox {
    /// Width of the picture.
    pub width: Length,
    /// Height of the picture.
    pub height: Length,
    /// The JPEG, scaled and upright; none for an empty box.
    pub picture: Option<JpegPicture>,
    /// Words in the empty box.
    pub hint: Vec<Paragraph>,
}

/// A JPEG picture that any PDF reader decodes.
#[derive(Clone, Debug, PartialEq)]
pub struct JpegPicture {
    /// Bytes of a baseline or progressive JPEG, upright.
    pub jpeg: Arc<[u8]>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Colour components: 1 grey, 3 RGB.
    pub components: u8,
}

/// Photos ready for paper, by the place of their candidate in the list, from 0.
pub type Photos = BTreeMap<usize, JpegPicture>;

/// An opinion box: its text above, who signs at the left, and at the lower right the square for the seal, in which only 盖章 and the
/// day stand (GB/T 9704-2012, 7.3.5: a seal lies over the day).
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// The opinion's text; empty for one that is written by hand.
    pub text: Vec<Paragraph>,
    /// Who signs (负责人（签字）：).
    pub sign: Paragraph,
    /// The words in the middle of the square (（盖　章）); none where nobody seals.
    pub seal: Option<Paragraph>,
    /// The day, to be filled in by hand.
    pub date: Paragraph,
    /// Side of the square for the seal.
    pub slot: Length,
}

/// One tick box.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Whether it is ticked.
    pub on: bool,
    /// Words behind the box.
    pub label: String,
}
