//! How cells of the workbook look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The format that all others begin with.
pub(in crate::intake) fn base() -> Format {
    Format::new().set_font_name("宋体").set_font_size(11)
}

pub(in crate::intake) fn boxed(format: Format) -> Format {
    format
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xBF_BFBF))
}

/// A heading; red where the field must be answered.
pub(in crate::intake) fn heading(required: bool) -> Format {
    let format = boxed(base())
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
        .set_background_color(Color::RGB(0xDD_EBF7));
    if required {
        format.set_font_color(Color::RGB(0xC0_0000))
    } else {
        format
    }
}
