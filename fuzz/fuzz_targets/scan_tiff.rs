//! The target `scan_tiff`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::target!("scan_tiff");
