//! Files of pages (扫描件) to pictures: JPEG, PNG, TIFF and PDF, told apart by their bytes and never by their names (`format`). A file is
//! opened once (`container`), each page is planned (how much memory will it take?) and then decoded by itself, so that a file of five
//! hundred pages takes the memory of one. Bytes in, pictures out; what a mark is, is not known here.
//! Each format has a file of its own; `picture` is what all end in, `look` how a page is seen, `square` gives fax lines their height;
//! what is too much stands in `limits`, what is wrong in `fault`.

mod container;
mod fault;
mod format;
mod jpeg;
mod limits;
mod look;
mod pdf;
mod picture;
mod png;
mod square;
mod tiff;

pub use container::{Container, Plan};
pub use fault::Fault;
pub use format::ScanFormat;
pub use limits::{PAGES_MAX, UNFOLDED_MAX};
pub use look::{Look, Sight};
pub use picture::{PIXELS_MAX, Picture, PictureFault};
