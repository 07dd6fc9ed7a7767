//! A picture of a camera: the marks in it, read at once and not kept.

use std::path::Path;

use crate::scan::container::{Container, Sight};
use crate::scan::{Issued, read_marks};
use crate::store::read_trusted;

use super::ClerkError;

/// Most bytes that the pixels of a frame may need; a camera's picture of 12 million pixels needs 36 MB.
const MOST: usize = 64 << 20;

/// The digits of the marks in a JPEG or PNG whose signatures hold; none where there are none or the picture cannot be read.
pub fn digits_in_picture(bytes: &[u8], keys: &Path) -> Result<Vec<String>, ClerkError> {
    let (trusted, _) = read_trusted(keys)?;
    let Ok(container) = Container::open(bytes.to_vec()) else {
        return Ok(Vec::new());
    };
    let Ok(plan) = container.plan(0) else {
        return Ok(Vec::new());
    };
    if plan.bytes() > MOST {
        return Ok(Vec::new());
    }
    let Ok(look) = container.look(&plan, Sight::First) else {
        return Ok(Vec::new());
    };
    let reading = read_marks(&look.picture, &trusted, &Issued::default());
    let verified = reading.marks.into_iter().filter(|m| m.verified());
    Ok(verified.map(|m| m.digits).collect())
}
