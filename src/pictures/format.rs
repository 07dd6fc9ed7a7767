//! The formats of scanned pages, told apart by their first bytes.

/// A format of scanned pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanFormat {
    /// A JPEG picture: one page.
    Jpeg,
    /// A PNG picture: one page.
    Png,
    /// A TIFF file of one or more pages.
    Tiff,
    /// A PDF file of any number of pages.
    Pdf,
}

impl ScanFormat {
    /// What a file is by its first bytes; none where it is nothing that holds scanned pages.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const TIFF: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if TIFF.iter().any(|magic| bytes.starts_with(magic)) {
            Some(Self::Tiff)
        } else {
            // The header may stand anywhere in the first 1024 bytes (ISO 32000-1, annex H, note 13).
            let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
            head.windows(5).any(|w| w == b"%PDF-").then_some(Self::Pdf)
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Tiff => "TIFF",
            Self::Pdf => "PDF",
        }
    }
}
