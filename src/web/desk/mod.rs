//! The pages of the receiving desk (收件台): marks typed by a scanner, scanned pages, the board, and the public page of a mark.

pub(super) mod board;
pub(super) mod counter;
pub(super) mod mark;
pub(super) mod scans;
pub(super) mod waiting;
