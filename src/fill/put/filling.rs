//! What one file is filled with beside its record's values.

/// A mark as it is drawn into a form.
#[derive(Clone, Copy, Debug)]
pub struct MarkPicture<'a> {
    /// A PNG with its quiet zone.
    pub png: &'a [u8],
    /// Side of the picture in micrometres.
    pub side: i64,
    /// What a person reads beside it: the code that can be typed, and which version it is.
    pub caption: &'a str,
}

/// What one file is filled with.
#[derive(Clone, Debug, Default)]
pub struct Filling<'a> {
    /// The candidate, by place in the submission; none for a form of the unit.
    pub candidate: Option<usize>,
    /// The photo's JPEG as it is, with its width and height in pixels as shown.
    pub photo: Option<(&'a [u8], (u32, u32))>,
    /// The mark; none in drafts.
    pub mark: Option<MarkPicture<'a>>,
    /// Document properties that name the record, such as `sanlian.record`.
    pub properties: Vec<(String, String)>,
}
