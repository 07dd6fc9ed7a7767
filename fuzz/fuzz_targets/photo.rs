//! The target `photo`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::target!("photo");
