//! The pages of a TIFF file: where each begins, how large it is, where its data lie.

use std::sync::Arc;

use crate::pictures::limits::memory;
use crate::pictures::picture::pixels;
use crate::pictures::{Fault, PAGES_MAX, ScanFormat};

use super::ifd::{Directory, chain, tag};

/// The pages of a file.
pub(in crate::pictures) struct TiffPages {
    pub(super) bytes: Arc<Vec<u8>>,
    pages: Vec<Directory>,
}

impl TiffPages {
    /// Finds the pages, and says what is lost behind the last.
    pub(in crate::pictures) fn open(bytes: Arc<Vec<u8>>) -> Result<(Self, Option<Fault>), Fault> {
        let (pages, broken) = chain(&bytes, PAGES_MAX + 1);
        if pages.is_empty() && broken {
            return Err(Fault::broken(ScanFormat::Tiff, "页的目录不在文件中"));
        }
        let tail = broken.then_some(Fault::CutAfter {
            kind: ScanFormat::Tiff,
            after: pages.len(),
        });
        Ok((Self { bytes, pages }, tail))
    }

    /// How many there are.
    pub(in crate::pictures) fn len(&self) -> usize {
        self.pages.len()
    }

    /// The directory of a page, its width and its height.
    pub(super) fn page(&self, page: usize) -> Result<(&Directory, usize, usize), Fault> {
        let directory = self
            .pages
            .get(page)
            .ok_or(Fault::NoPages(ScanFormat::Tiff))?;
        let side = |tag| -> Result<usize, Fault> {
            let value = directory.one(&self.bytes, tag);
            let value = value.ok_or_else(|| Fault::broken(ScanFormat::Tiff, "没有图像的宽和高"))?;
            Ok(usize::try_from(value).unwrap_or(usize::MAX))
        };
        Ok((directory, side(tag::WIDTH)?, side(tag::HEIGHT)?))
    }

    /// Most bytes that a page takes.
    pub(in crate::pictures) fn plan(&self, page: usize) -> Result<usize, Fault> {
        let (directory, width, height) = self.page(page)?;
        let samples = directory.one(&self.bytes, tag::SAMPLES).unwrap_or(1);
        let samples = usize::try_from(samples).unwrap_or(usize::MAX).clamp(1, 8);
        Ok(memory(pixels(width, height)?, 2 * samples + 3))
    }

    /// The compressed bytes of each strip or tile, as far as they lie in the file.
    pub(super) fn chunks(&self, page: &Directory, offsets: u16, sizes: u16) -> Vec<&[u8]> {
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
