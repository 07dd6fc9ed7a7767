//! What files are by their bytes (JPEG, MP4, MOV and what is mistaken for them), and photos made fit for print.
//! `probe` reads headers only, by `random_access`; `photo` decodes. Which photo a form asks for is in `check` and `form`.

mod fragments;
mod guarded;
mod jpeg;
mod photo;
mod probe;
mod random_access;
mod video;

pub use guarded::is_decoding;
pub use photo::{PaperPhoto, PhotoError, is_colour, page_jpeg, prepare_photo, upright_photo};
pub use probe::probe;

/// What a file's bytes say it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Probe {
    /// A JPEG picture.
    Jpeg(Jpeg),
    /// An MP4 or MOV video.
    Video(Video),
    /// A file that is cut short or malformed, with the reason.
    Broken {
        /// What it claims to be, such as `JPEG`.
        claims: &'static str,
        /// What is wrong, in Chinese.
        reason: String,
    },
    /// Another known type, such as `PNG`.
    Known(&'static str),
    /// Nothing that we know.
    #[default]
    Unknown,
}

/// Facts of a JPEG's header.
#[derive(Clone, Debug, PartialEq)]
pub struct Jpeg {
    /// Width in pixels as stored.
    pub width: u32,
    /// Height in pixels as stored.
    pub height: u32,
    /// Colour components: 1 grey, 3 colour, 4 CMYK.
    pub components: u8,
    /// Whether it is coded progressively.
    pub progressive: bool,
    /// EXIF orientation, 1 to 8.
    pub orientation: u8,
    /// Whether a sample of its colours differs from grey; none where not looked at.
    pub colour: Option<bool>,
}

/// Facts of a video's header.
#[derive(Clone, Debug, PartialEq)]
pub struct Video {
    /// Major brand, such as `isom` or `qt  `.
    pub brand: String,
    /// Duration in milliseconds.
    pub duration_ms: u64,
    /// Width as shown, after rotation.
    pub width: u32,
    /// Height as shown, after rotation.
    pub height: u32,
}
