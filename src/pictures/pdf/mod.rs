//! PDF: many pages (`pages`). A page that is in essence a scanned picture, whole or in strips, is that picture at its own resolution;
//! any other page is drawn. What a page holds is found in `layout`, pictures are taken out and put together in `canvas`, pages
//! are drawn in `drawn`; `guard` looks at the bytes before all that, and `effort` at what a page would take to draw.

mod canvas;
mod drawn;
mod effort;
mod guard;
mod layout;
mod pages;

pub(super) use layout::PictureLayout;
pub(super) use pages::PdfPages;
