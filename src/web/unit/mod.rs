//! The pages of a recommending unit (填报单位): its material in and checked, typed or uploaded, the preview, and its paper.

pub(super) mod acts;
pub(super) mod forms;
pub(super) mod gather;
pub(super) mod material;
pub(super) mod paper;
pub(super) mod papers;
pub(super) mod preview;
pub(super) mod progress;
pub(super) mod steps;
pub(super) mod typed;
pub(super) mod uploads;
