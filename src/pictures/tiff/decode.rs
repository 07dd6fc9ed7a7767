//! The picture of a TIFF page: its data to samples, by the compression that it names, and its lines to their height.

use crate::pictures::picture::{flatten, pixels};
use crate::pictures::square::square;
use crate::pictures::{Fault, Look, ScanFormat};

use super::fax::{self, Fax};
use super::ifd::tag;
use super::pages::TiffPages;
use super::raster;

impl TiffPages {
    /// A page's picture.
    pub(in crate::pictures) fn decode(&self, page: usize) -> Result<Look, Fault> {
        let (directory, width, height) = self.page(page)?;
        pixels(width, height)?;
        let compression = directory.one(&self.bytes, tag::COMPRESSION).unwrap_or(1);
        let (picture, cut) = if let Some(fax) = Fax::of(compression) {
            let chunks = self.chunks(directory, tag::STRIP_OFFSETS, tag::STRIP_BYTES);
            if chunks.iter().all(|c| c.is_empty()) {
                return Err(Fault::broken(ScanFormat::Tiff, "图像数据不在文件中"));
            }
            let (luma, cut) = fax::decode(&self.bytes, directory, fax, (width, height), &chunks);
            (flatten(width, height, 1, luma)?, cut)
        } else {
            raster::decode(self, directory, (width, height))?
        };
        let across = directory
            .ratio(&self.bytes, tag::X_RESOLUTION)
            .unwrap_or(1.0);
        let down = directory
            .ratio(&self.bytes, tag::Y_RESOLUTION)
            .unwrap_or(1.0);
        Ok(Look {
            cut,
            ..square(picture, across, down)?
        })
    }
}
