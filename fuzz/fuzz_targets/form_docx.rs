//! The target `form_docx`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::xml_target!("form_docx");
