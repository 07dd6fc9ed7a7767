//! The target `scan_png`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::target!("scan_png");
