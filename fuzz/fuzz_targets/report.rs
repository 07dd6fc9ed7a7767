//! The target `report`: its entry is in `src/entry`.
#![no_main]

sanlian_fuzz::xml_target!("report");
