//! A part of a form with its places cut, and what is known of them before anything is filled.

use crate::fill::anatomy::place::FieldPlace;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::cutter::TickBox;
use crate::fill::put::heights::Holder;
use crate::fill::put::room::Room;
use crate::fill::put::stencil::Stencil;

/// What a part came to.
#[derive(Debug)]
pub(super) struct Part {
    /// The part's name.
    pub(super) name: String,
    pub(super) stencil: Stencil,
    /// Places that the part does not have, with why.
    pub(super) lost: Vec<(FieldPlace, &'static str)>,
    /// Ticks by key: what can be ticked.
    pub(super) ticks: Vec<(FieldPlace, Vec<TickBox>)>,
    /// Drop-downs: what can be chosen.
    pub(super) choices: Vec<(CutKey, Vec<TickBox>)>,
    /// Lists with the blank rows that they have.
    pub(super) rooms: Vec<(String, usize)>,
    /// Cells of rows of exact height.
    pub(super) tight: Vec<Room>,
    /// Cells beside turned labels, with what a page holds.
    pub(super) turned: Vec<Room>,
    /// Cells of a sheet.
    pub(super) holders: Vec<Holder>,
}
