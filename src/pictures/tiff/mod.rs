//! TIFF: many pages. The chain of pages is read in `ifd`, where their data lie in `pages`; their pictures are made in `decode`: fax
//! compressions in `fax`, all others by the crate `tiff` in `raster`, strip by strip, so that a page that ends too early shows what is
//! there.

mod decode;
mod fax;
mod ifd;
mod pages;
mod raster;

pub(super) use pages::TiffPages;
