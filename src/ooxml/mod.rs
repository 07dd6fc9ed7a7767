//! Lossless surgery on .xlsx and .docx packages: parts are read, patched in place and written again in a fixed order with
//! fixed times; whatever is not touched stays byte for byte. A new .docx is mended and
//! packed in `document`; rows are put into a sheet in `insert`, formulas made to be calculated anew in `recalculate`. What the parts mean to a campaign is elsewhere.

mod annotate;
mod cells;
mod comments;
mod controls;
mod document;
mod insert;
mod number_format;
mod number_section;
mod numbering;
mod original;
mod package;
mod pictures;
mod recalculate;
mod sheet;
mod styles;
mod tree;
mod unseen;
mod words;
mod workbook;
mod xml;

pub use annotate::{Note, mark_workbook};
pub use cells::{Cell, CellReader, CellValue, SheetCells, escape_cell, unescape_cell};
pub use controls::{choices_of, shows_prompt};
pub use document::{DocumentParts, HeaderPages, pack_document};
pub use insert::{RowInsertion, insert_rows};
pub use original::{NewPart, Original};
pub use package::{MAX_ENTRIES, MAX_UNPACKED, OpcPackage};
pub use pictures::{CellPictures, FloatingPicture, PictureName, floating_pictures};
pub use recalculate::recalculated;
pub use sheet::BEHIND_LEGACY_DRAWING;
pub use tree::{Element, Tree};
pub use unseen::{Struck, Unseen};
pub use words::{
    DocumentWords, WordsReader, document_part, remarks_of, running_words, words_of,
    words_outside_fields,
};
pub use workbook::{
    Relation, SheetEntry, add_content_type, add_relation, relations, shared_strings, sheets,
    workbook_part,
};
pub use xml::{parse_cell, parse_range};

/// Heading of the column that [`mark_workbook`] adds to a sheet; a reader of workbooks leaves it out.
pub const NOTE_HEADING: &str = "错误说明";

/// Name of the sheet that [`mark_workbook`] adds to a workbook; a reader of workbooks leaves it out.
pub const NOTE_SHEET: &str = "校验结果";

/// Why a package cannot be read, patched or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OoxmlError {
    /// Input: not a zip at all.
    #[error("不是 .xlsx 或 .docx 文件。请用 WPS 或 Office 打开后另存为 .xlsx 或 .docx")]
    NotPackage,
    /// Input: a binary file of Office 97 to 2003.
    #[error("是旧格式（.xls、.doc）文件。请用 WPS 或 Office 打开后另存为 .xlsx 或 .docx")]
    OldFormat,
    /// Input: protected by a password.
    #[error("文件有打开密码。请去掉密码后再交")]
    Encrypted,
    /// Input: cut short, or damaged in the part named.
    #[error("文件已损坏（{0}）。请重新导出或重新复制该文件")]
    Broken(String),
    /// Input: a name that leads out of the package, or that no package may hold.
    #[error("文件内部名称“{0}”不合规。请用 WPS 或 Office 打开后另存为新文件")]
    BadName(String),
    /// Input: two parts of one name.
    #[error("文件内部有两个“{0}”。请用 WPS 或 Office 打开后另存为新文件")]
    Duplicate(String),
    /// Input: a part that must be there is not.
    #[error("文件缺少“{0}”。请用 WPS 或 Office 打开后另存为新文件")]
    Missing(String),
    /// Input: a part is not well-formed XML in UTF-8.
    #[error("文件内部的“{part}”在第 {at} 字节处无法解析。请用 WPS 或 Office 打开后另存为新文件")]
    Xml {
        /// The part's name.
        part: String,
        /// Byte offset in the part.
        at: u64,
    },
    /// Input: a part names a document type, which no package may (ECMA-376 part 2, §8.2.5).
    #[error("文件内部的“{0}”带有 DOCTYPE，不能使用。请用 WPS 或 Word 打开后另存为新文件")]
    Doctype(String),
    /// Input: a relationship leads out of the package.
    #[error(
        "文件引用了外部内容“{target}”（{part}），打开时会去取。请删去外部模板或链接的图片，另存后再试"
    )]
    Outside {
        /// The part of relationships.
        part: String,
        /// Where it leads.
        target: String,
    },
    /// Limit: more unpacked bytes than [`MAX_UNPACKED`].
    #[error("文件解压后超过 200 MiB。请删去多余的内容或图片后再交")]
    TooBig,
    /// Limit: more parts than [`MAX_ENTRIES`].
    #[error("文件内部有 {0} 个部件，超过 5000 个。请用 WPS 或 Office 打开后另存为新文件")]
    TooMany(usize),
    /// Limit: a part that unpacks to far more than any office suite writes.
    #[error("文件内部的“{0}”压缩比异常。请用 WPS 或 Office 打开后另存为新文件")]
    Bomb(String),
    /// Limit: a part holds more elements, cells or text than a form can.
    #[error(
        "文件内部的“{0}”内容太多（单元格、合并或文字超过了一份表格会有的量），不能当作表格处理。请删去与填表无关的工作表、空行和空列，另存后再试"
    )]
    TooMuch(String),
    /// Limit: a sheet has no free column or row for the notes.
    #[error("工作表“{0}”没有空列，写不下错误说明。请删去多余的列后再试")]
    Full(String),
    /// Bug or world: the package could not be written.
    #[error("无法写出文件（{0}）")]
    Write(String),
}
