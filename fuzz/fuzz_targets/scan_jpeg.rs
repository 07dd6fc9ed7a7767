//! The target `scan_jpeg`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::target!("scan_jpeg");
