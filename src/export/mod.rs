//! Files out of pages and forms: `pdf` of pages that are laid out, `xlsx` and `docx` of forms. Nothing here knows a field or a
//! record.
//! # Example: the paper of a record, with a signed mark on its page
//! ```
//! use sanlian::campaign::{FormKind, builtin, load};
//! use sanlian::export::{Info, PaperSide, write_pdf};
//! use sanlian::font::FontSet;
//! use sanlian::form::{Photos, build_candidate};
//! use sanlian::layout::{MarkArt, layout, mark_overlay};
//! use sanlian::mark::{Issue, SigningKey, caption, matrix, print_text, sign};
//! use sanlian::record::{Entry, Submission};
//!
//! let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021").ok_or("not here")?;
//! let campaign = load(&source).0.ok_or("its template has errors")?;
//! let mut person = Entry::default();
//! for (key, text) in [("name", "王示例"), ("sex", "男"), ("id_no", "13990019800101001X"), ("ethnic", "汉族")] {
//!     person.set(key, text);
//! }
//! let submission = Submission { candidates: vec![person], ..Submission::default() };
//! let template = campaign.form(FormKind::Recommendation).ok_or("no such form")?;
//! let issued_at: jiff::Timestamp = "2021-05-28T09:00:00+08:00".parse()?;
//!
//! let day = jiff::civil::date(2021, 5, 28);
//! let form = build_candidate(&campaign, template, &submission, 0, &Photos::new(), day).ok_or("nobody")?;
//! let fonts = FontSet::bundled()?;
//! let (pages, findings) = layout(&fonts, &form);
//! assert!(findings.is_empty()); // every character has a font, every text its room
//!
//! let issue = Issue {
//!     kind: 1,
//!     reference: *b"record-1",
//!     version: 1,
//!     copy: 1,
//!     copies: 3,
//!     page: 1,
//!     pages: pages.pages.len(),
//!     issued_at,
//!     digest: [0; 12],
//! };
//! let signed = sign(&SigningKey::from_seed(&[7; 32]), &issue)?;
//! let code = matrix(&print_text(&signed.digits(), campaign.verify_url.as_deref()))?;
//! let art = MarkArt {
//!     side: code.side,
//!     dark: code.dark,
//!     human: signed.human().to_string(),
//!     caption: caption(signed.mark()),
//! };
//! let overlay = mark_overlay(&fonts, &pages.pages[0], &art);
//! let sheets = [PaperSide::Printed { doc: 0, page: 0, overlay }];
//! let info = Info { title: form.title.clone(), ..Info::default() };
//! let pdf = write_pdf(&fonts, &[pages], &sheets, &info)?;
//! assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod docx;
pub mod pdf;
mod png;
pub mod xlsx;

pub use png::mark_png;

pub use pdf::{
    Info, PaperSide, PdfError, PdfFile, PrintedCopy, Shares, write_pdf, write_pdf_timed,
};
