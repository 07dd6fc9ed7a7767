//! The organiser's own forms (自备表格): bound once a year (`bind`), filled (`put`) and read back (`back`); all three
//! stand on what is known of a form (`anatomy`), and none knows the others.
//! # Example: bind a blank form, fill it, read it back
//! ```
//! use docx_rs::{Docx, Paragraph, Run, Table, TableCell, TableRow};
//! use sanlian::campaign::{builtin, load};
//! use sanlian::fill::{Filling, Prepared, assemble, bind, read};
//! use sanlian::record::{Entry, Submission};
//!
//! let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021").ok_or("not here")?;
//! let campaign = load(&source).0.ok_or("its template has errors")?;
//!
//! // the organiser's blank form: labels, and blank cells beside them
//! let cell = |text: &str| TableCell::new().add_paragraph(Paragraph::new().add_run(Run::new().add_text(text)));
//! let row = |texts: [&str; 4]| TableRow::new(texts.map(cell).into());
//! let table = Table::new(vec![
//!     row(["姓名", "", "性别", ""]),
//!     row(["身份证号", "", "民族", ""]),
//! ]);
//! let mut blank = std::io::Cursor::new(Vec::new());
//! Docx::new().add_table(table).build().pack(&mut blank)?;
//! let blank = blank.into_inner();
//!
//! let binding = bind(&campaign, "推荐表.docx", &blank)?;
//! let keys: Vec<&str> = binding.places.iter().map(|b| b.place.key.as_str()).collect();
//! assert_eq!(keys, ["name", "sex", "id_no", "ethnic"]);
//!
//! let mut person = Entry::default();
//! for (key, text) in [("name", "王示例"), ("sex", "男"), ("id_no", "13990019800101001X"), ("ethnic", "汉族")] {
//!     person.set(key, text);
//! }
//! let submission = Submission { candidates: vec![person], ..Submission::default() };
//! let prepared = Prepared::new(&campaign, &blank, binding.places())?;
//! let filling = Filling { candidate: Some(0), ..Filling::default() };
//! let filled = prepared.fill(&campaign, &submission, &filling)?;
//!
//! let form = read(&campaign, "推荐表.docx", &filled, &binding.places())?;
//! let assembled = assemble(&campaign, &[form]);
//! assert!(assembled.findings.is_empty());
//! let (back, sent) = (&assembled.submission.candidates[0], &submission.candidates[0]);
//! assert_eq!(back.text("name"), sent.text("name"));
//! assert_eq!(back.text("id_no"), sent.text("id_no"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod anatomy;
mod back;
mod bind;
mod put;

pub use anatomy::place::{FieldPlace, Take};
pub use back::{
    Assembled, FormRead, How, LaidOver, ReadValue, assemble, campaign_of, is_of_form, lay_over,
    read,
};
pub use bind::{
    Binding, BindingError, BoundPlace, LEFT_EMPTY, OthersPlace, TakenOver, Undecided, bind,
    bind_typed, faults_of_form, shape,
};
pub use put::{Filling, MarkPicture, Prepared, Tint, tinted_form, whereabouts};
