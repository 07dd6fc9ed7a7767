//! TIFF: many pages. The chain of pages is read in `ifd`, fax compressions in `fax`, all others by the crate `tiff` in `raster`,
//! strip by strip, so that a page that ends too early shows what is there.

mod fax;
mod ifd;
mod raster;

use std::sync::Arc;

use crate::pictures::tiff::fax::Fax;
use crate::pictures::tiff::ifd::{Directory, tag};

use crate::pictures::square::square;
use crate::pictures::{Fault, Look, PAGES_MAX, ScanFormat, flatten, memory, pixels};

/// The pages of a file.
pub(super) struct TiffPages {
    bytes: Arc<Vec<u8>>,
    pages: Vec<Directory>,
}

impl TiffPages {
    /// Finds the pages, and says what is lost behind the last.
    pub(super) fn open(bytes: Arc<Vec<u8>>) -> Result<(Self, Option<Fault>), Fault> {
        let (pages, broken) = crate::pictures::tiff::ifd::chain(&bytes, PAGES_MAX + 1);
        if pages.is_empty() && broken {
            return Err(problem("页的目录不在文件中"));
        }
        let tail = broken.then_some(Fault::CutAfter {
            kind: ScanFormat::Tiff,
            after: pages.len(),
        });
        Ok((Self { bytes, pages }, tail))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }

    fn page(&self, page: usize) -> Result<(&Directory, usize, usize), Fault> {
        let directory = self
            .pages
            .get(page)
            .ok_or(Fault::NoPages(ScanFormat::Tiff))?;
        let side = |tag| -> Result<usize, Fault> {
            let value = directory.one(&self.bytes, tag);
            let value = value.ok_or_else(|| problem("没有图像的宽和高"))?;
            Ok(usize::try_from(value).unwrap_or(usize::MAX))
        };
        Ok((directory, side(tag::WIDTH)?, side(tag::HEIGHT)?))
    }

    /// Most bytes that a page takes.
    pub(super) fn plan(&self, page: usize) -> Result<usize, Fault> {
        let (directory, width, height) = self.page(page)?;
        let samples = directory.one(&self.bytes, tag::SAMPLES).unwrap_or(1);
        let samples = usize::try_from(samples).unwrap_or(usize::MAX).clamp(1, 8);
        Ok(memory(pixels(width, height)?, 2 * samples + 3))
    }

    /// A page's picture.
    pub(super) fn decode(&self, page: usize) -> Result<Look, Fault> {
        let (directory, width, height) = self.page(page)?;
        pixels(width, height)?;
        let compression = directory.one(&self.bytes, tag::COMPRESSION).unwrap_or(1);
        let (picture, cut) = if let Some(fax) = Fax::of(compression) {
            let chunks = self.chunks(directory, tag::STRIP_OFFSETS, tag::STRIP_BYTES);
            if chunks.iter().all(|c| c.is_empty()) {
                return Err(problem("图像数据不在文件中"));
            }
            let (luma, cut) = crate::pictures::tiff::fax::decode(
                &self.bytes,
                directory,
                fax,
                (width, height),
                &chunks,
            );
            (flatten(width, height, 1, luma)?, cut)
        } else {
            crate::pictures::tiff::raster::decode(self, directory, (width, height))?
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

    /// The compressed bytes of each strip or tile, as far as they lie in the file.
    fn chunks(&self, page: &Directory, offsets: u16, sizes: u16) -> Vec<&[u8]> {
        let offsets = page.many(&self.bytes, offsets).unwrap_or_default();
        let sizes = page.many(&self.bytes, sizes).unwrap_or_default();
        let sizes = sizes.into_iter().chain(std::iter::repeat(u64::MAX));
        offsets
            .into_iter()
            .zip(sizes)
            .map(|(offset, size)| {
                let start = usize::try_from(offset)
                    .unwrap_or(usize::MAX)
                    .min(self.bytes.len());
                let end = offset.saturating_add(size);
                let end = usize::try_from(end)
                    .unwrap_or(usize::MAX)
                    .min(self.bytes.len());
                self.bytes.get(start..end).unwrap_or_default()
            })
            .collect()
    }
}

fn problem(reason: &str) -> Fault {
    Fault::Broken {
        kind: ScanFormat::Tiff,
        reason: reason.to_owned(),
    }
}
