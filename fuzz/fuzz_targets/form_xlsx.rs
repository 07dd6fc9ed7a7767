//! The target `form_xlsx`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::xml_target!("form_xlsx");
