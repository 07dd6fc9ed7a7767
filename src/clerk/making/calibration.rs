//! The calibration page (校准页): one sheet that shows whether a printer prints in actual size.

use crate::export::pdf::{Info, PaperSide, write_pdf};
use crate::font::FontSet as Fonts;
use crate::form::calibration_form;
use crate::layout::layout;

use crate::clerk::error::ClerkError;

/// The page as a PDF; always the same bytes.
pub fn calibration_page(fonts: &Fonts) -> Result<Vec<u8>, ClerkError> {
    let form = calibration_form();
    let (pages, _) = layout(fonts, &form);
    let count = pages.pages.len();
    let sheets: Vec<PaperSide> = (0..count)
        .map(|page| PaperSide::Printed {
            doc: 0,
            page,
            overlay: Vec::new(),
        })
        .collect();
    let info = Info {
        title: form.title.clone(),
        ..Info::default()
    };
    let file = write_pdf(fonts, &[pages], &sheets, &info)
        .map_err(|e| ClerkError::Bug(format!("无法生成校准页：{e}")))?;
    Ok(file.bytes)
}
