//! A unit's own material (单位材料) in the service: its folder, and what is typed on a page.

pub(super) mod folder;
pub(super) mod gather;
pub(super) mod papers;
pub(super) mod typed;
