//! The target `package`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::target!("package");
