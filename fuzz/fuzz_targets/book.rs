//! The target `book`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::target!("book");
