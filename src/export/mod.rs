//! Files out of pages and forms: `pdf` of pages that are laid out, `xlsx` and `docx` of forms. Nothing here knows a field or a
//! record.

pub mod docx;
pub mod pdf;
mod png;
pub mod xlsx;

pub use png::mark_png;

pub use pdf::{Info, PdfError, PdfFile, Shares, Sheet, write_pdf, write_pdf_timed};
