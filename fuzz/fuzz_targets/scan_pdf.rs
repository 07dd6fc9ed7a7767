//! The target `scan_pdf`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::target!("scan_pdf");
