//! The mark of a sheet: over the right end of the title, as on paper, its captions left of it; behind the last column where a sheet has
//! no room above its table.

use rust_xlsxwriter::{FormatAlign, Image, ObjectMovement};

use crate::campaign::Align;
use crate::export::mark_png;
use crate::form::measures::caption_font;
use crate::form::{Block, Border};
use crate::units::Length;

use super::square::picture_side;
use super::{PageSheet, XlsxMark, XlsxWriteError, font};

/// Width of the captions beside a mark over the title.
const CAPTIONS: Length = Length::mm(30);
/// Height of a first row that holds nothing but captions.
const CAPTION_ROW: Length = Length::mm(7);
/// Free width at both sides of a mark's quiet zone.
const BESIDE: Length = Length(1_500);
/// So far into a column a mark begins as good as at its edge.
const NEAR: Length = Length::mm(5);
/// One step of an indent: three spaces of the usual font.
const INDENT: Length = Length(3_240);
/// Width between the table and the mark's column.
const GAP: Length = Length(2_000);
/// Height of the words under a mark.
const CAPTION: Length = Length(8_000);

impl PageSheet<'_> {
    /// Decides where the mark goes, and keeps the first row free for its captions.
    pub(super) fn begin_mark(
        &mut self,
        mark: Option<&XlsxMark>,
        columns: u16,
    ) -> Result<(), XlsxWriteError> {
        let Some(mark) = mark else {
            return Ok(());
        };
        let ruled = |block: &Block| matches!(block, Block::Table(t) if t.border == Border::Full);
        let above = self.form.blocks.iter().take_while(|b| !ruled(b)).count();
        let has_table = above < self.form.blocks.len();
        let Some((column, offset)) = self
            .corner(mark, columns)
            .filter(|_| above > 0 && has_table)
        else {
            return Ok(());
        };
        let from = (1..column).rev().find(|from| {
            let width = usize::from(column - from);
            self.grid.width(usize::from(*from), width) + offset >= CAPTIONS
        });
        let Some(from) = from else {
            return Ok(());
        };
        self.caption_from = Some(from);
        let left =
            |block: &&Block| matches!(block, Block::Paragraph(p) if p.style.align == Align::Left);
        if self.form.blocks.first().filter(left).is_none() {
            self.heights.push(CAPTION_ROW);
        }
        Ok(())
    }

    /// The column in which a mark begins that ends with the last one, and how far into it.
    fn corner(&self, mark: &XlsxMark, columns: u16) -> Option<(u16, Length)> {
        let whole = self.grid.width(0, usize::from(columns));
        let x = whole - picture_side(mark.side);
        let before = |column: u16| self.grid.width(0, usize::from(column));
        let column = (0..columns).rev().find(|column| before(*column) <= x)?;
        Some((column, x - before(column)))
    }

    /// Puts the mark where it goes; gives its column where that is behind the last one.
    pub(super) fn mark(
        &mut self,
        mark: &XlsxMark,
        columns: u16,
    ) -> Result<Option<u16>, XlsxWriteError> {
        let (Some(from), Some(top), Some((column, offset))) = (
            self.caption_from,
            self.table_top,
            self.corner(mark, columns),
        ) else {
            return self.beside(mark, columns).map(Some);
        };
        let bad = || XlsxWriteError::Matrix(self.form.title.clone());
        let (picture, _) = mark_png(mark.side, &mark.dark).ok_or_else(bad)?;
        let side = picture_side(mark.side);
        let held: Length = self.heights.iter().take(top).copied().sum();
        let room = side + Length(500);
        if held < room
            && let Some(first) = self.heights.first_mut()
        {
            *first += room - held;
        }
        let image = drawing(mark, &picture, side)?;
        let (face, size) = caption_font();
        let format = font(face, size)
            .set_align(FormatAlign::Right)
            .set_align(FormatAlign::Top)
            .set_text_wrap();
        let text = format!("{}\n{}", mark.human, mark.caption);
        // where the mark begins within a column the captions reach into it, as far as the mark
        let (last, behind) = match offset > NEAR {
            true => (column, self.grid.width(usize::from(column), 1) - offset),
            false => (column.saturating_sub(1), Length::ZERO),
        };
        let steps = ((behind.0 + INDENT.0 - 1) / INDENT.0).clamp(0, 200);
        let format = format.set_indent(u8::try_from(steps).unwrap_or_default());
        self.put(0, from, 0, last, text.trim_end(), &format)?;
        self.sheet
            .insert_image_with_offset(0, column, &image, offset.to_px(96), 0)?;
        Ok(None)
    }

    /// Puts the mark behind the last column, at the top of the rows that come again on every page; gives its column.
    fn beside(&mut self, mark: &XlsxMark, columns: u16) -> Result<u16, XlsxWriteError> {
        let bad = || XlsxWriteError::Matrix(self.form.title.clone());
        let (picture, _) = mark_png(mark.side, &mark.dark).ok_or_else(bad)?;
        let side = picture_side(mark.side);
        self.sheet.set_column_width_pixels(columns, GAP.to_px(96))?;
        let column = columns.saturating_add(1);
        // Wider than the picture: both its ends stand in one column, so that no program stretches it.
        let width = side + BESIDE * 2;
        self.sheet
            .set_column_width_pixels(column, width.to_px(96))?;
        let last = self.rows_for(side + CAPTION)?;
        let image = drawing(mark, &picture, side)?;
        let (face, size) = caption_font();
        let format = font(face, size)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::Bottom)
            .set_text_wrap();
        let text = format!("{}\n{}", mark.human, mark.caption);
        self.put(0, column, last, column, text.trim_end(), &format)?;
        self.sheet
            .insert_image_with_offset(0, column, &image, BESIDE.to_px(96), 0)?;
        Ok(column)
    }

    /// The last of the first rows that are together high enough; the rows that come again are made higher where they are not.
    fn rows_for(&mut self, height: Length) -> Result<u32, XlsxWriteError> {
        if self.heights.is_empty() {
            self.heights.push(height);
        }
        let last = u32::try_from(self.heights.len() - 1).map_err(|_| self.too_large())?;
        let last = self.repeated.unwrap_or(last).min(last);
        self.repeated = Some(last);
        let mut held = Length::ZERO;
        for (row, own) in (0..=last).zip(&self.heights) {
            held += *own;
            if held >= height {
                return Ok(row);
            }
        }
        // The title's space grows, not the head of the table.
        if let Some(first) = self.heights.first_mut() {
            *first += height - held;
        }
        Ok(last)
    }
}

/// A mark's picture as a square that no program moves with cells.
fn drawing(mark: &XlsxMark, picture: &[u8], side: Length) -> Result<Image, XlsxWriteError> {
    Ok(Image::new_from_buffer(picture)?
        .set_width(side.to_px(96))
        .set_height(side.to_px(96))
        .set_object_movement(ObjectMovement::DontMoveOrSizeWithCells)
        .set_alt_text(format!("二维码 {}", mark.human)))
}
