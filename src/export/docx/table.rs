//! Tables: rows of least height, merged cells, rules, the label at the left, photos, opinion boxes.

use docx_rs::{
    AlignmentType, BorderType, HeightRule, Paragraph as Made, Pic, Run, RunProperty,
    StructuredDataTag, Tab, TabValueType, Table as MadeTable, TableBorder, TableBorderPosition,
    TableBorders, TableCell, TableCellBorder, TableCellBorderPosition, TableCellBorders,
    TableCellMargins, TableLayoutType, TableRow, TextDirectionType, VAlignType, VMergeType,
    WidthType,
};

use crate::form::measures::{SEAL_BELOW, SIGN_ABOVE, SealSquare};
use crate::form::{
    Border, Cell, Content, Opinion, Paragraph, PhotoBox, Row, SideLabel, Style, Table, Tick,
    tick_lines,
};
use crate::units::Length;

use super::look::{self, Font};
use super::paragraph::{below, beside, clean, controlled, exact, paragraph};
use super::twips::{twips, unsigned};

/// Padding of cells above and below, as in the PDF.
const PADDING: Length = Length(700);
/// Outer frame, in eighths of a point.
const OUTER: usize = 8;
/// Inner rules.
const INNER: usize = 4;
/// The least height of a row. A row that fills its page is a little lower than on paper: office programs add rules and margins of
/// their own, and a page that overflows by a hair would part what is signed on one sheet.
fn height(row: &Row) -> Length {
    if row.fills {
        row.height.scaled(94, 100)
    } else {
        row.height
    }
}

/// Whether a table stands flush against ruled ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joins {
    pub(super) above: bool,
    pub(super) below: bool,
}

/// A table; its photos go behind `photos`. `owner` stands before the keys of fields that name none.
pub(super) fn table(
    table: &Table,
    joins: Joins,
    owner: &str,
    photos: &mut Vec<Vec<u8>>,
) -> MadeTable {
    let side = table.side.iter().map(|s| s.width);
    let widths: Vec<Length> = side.chain(table.columns.iter().copied()).collect();
    let grid: Vec<usize> = widths.iter().map(|w| unsigned(*w) as usize).collect();
    let whole = grid.iter().sum();
    let mut maker = Maker {
        table,
        owner,
        photos,
    };
    let rows = (0..table.rows.len()).map(|n| maker.row(n)).collect();
    let (side, high) = (unsigned(table.padding) as usize, unsigned(PADDING) as usize);
    MadeTable::new(rows)
        .set_grid(grid)
        .width(whole, WidthType::Dxa)
        .indent(twips(table.left))
        .layout(TableLayoutType::Fixed)
        .set_borders(borders(table.border, joins))
        .margins(TableCellMargins::new().margin(high, side, high, side))
}

fn borders(border: Border, joins: Joins) -> TableBorders {
    let all = TableBorders::with_empty();
    if border == Border::None {
        return all;
    }
    let rule = |position, size| {
        TableBorder::new(position)
            .border_type(BorderType::Single)
            .size(size)
            .color("000000")
    };
    let end = |flush| if flush { INNER } else { OUTER };
    all.set(rule(TableBorderPosition::Top, end(joins.above)))
        .set(rule(TableBorderPosition::Bottom, end(joins.below)))
        .set(rule(TableBorderPosition::Left, OUTER))
        .set(rule(TableBorderPosition::Right, OUTER))
        .set(rule(TableBorderPosition::InsideH, INNER))
        .set(rule(TableBorderPosition::InsideV, INNER))
}

struct Maker<'t, 'p> {
    table: &'t Table,
    owner: &'t str,
    photos: &'p mut Vec<Vec<u8>>,
}

impl Maker<'_, '_> {
    fn row(&mut self, n: usize) -> TableRow {
        let table = self.table;
        let Some(row) = table.rows.get(n) else {
            return TableRow::new(Vec::new());
        };
        let keep = self.keeps(n);
        let mut cells: Vec<TableCell> = Vec::new();
        cells.extend(table.side.as_ref().map(|side| self.label(side, n, keep)));
        let mut column = 0;
        while column < table.columns.len() {
            if let Some(cell) = row.cells.iter().find(|c| c.column == column) {
                cells.push(self.cell(n, cell, keep));
                column += cell.columns.max(1);
            } else if let Some(above) = self.above(n, column) {
                let made = self.frame(above).vertical_merge(VMergeType::Continue);
                cells.push(made.add_paragraph(small().keep_next(keep)));
                column += above.columns.max(1);
            } else {
                let width = table.columns.get(column).copied().unwrap_or_default();
                let made = TableCell::new().width(unsigned(width) as usize, WidthType::Dxa);
                cells.push(made.add_paragraph(small().keep_next(keep)));
                column += 1;
            }
        }
        let high = height(row) + self.lack(n);
        let made = TableRow::new(cells)
            .row_height(unsigned(high) as f32)
            .height_rule(HeightRule::AtLeast);
        if row.splits { made } else { made.cant_split() }
    }

    /// What the last row takes besides, where the rows are lower than the label that stands upright at their left.
    fn lack(&self, n: usize) -> Length {
        let table = self.table;
        let Some(side) = table.side.as_ref().filter(|side| side.vertical) else {
            return Length::ZERO;
        };
        if n + 1 < table.rows.len() {
            return Length::ZERO;
        }
        let each = side.label.iter().map(|p| {
            let letters = i64::try_from(p.text.chars().count()).unwrap_or_default();
            look::pitch(&p.style, look::size_at(&p.style, 0)) * letters
        });
        // a hair more, or an office program begins a second column of letters
        let label = each.sum::<Length>() + PADDING * 4;
        // the label stands beside the rows below the heads
        let first = table.head.min(n);
        let rows: Length = table.rows.iter().skip(first).map(height).sum();
        (label - rows).max(Length::ZERO)
    }

    /// The cell of an earlier row that covers a place.
    fn above(&self, n: usize, column: usize) -> Option<&Cell> {
        let rows = self.table.rows.iter().enumerate().take(n);
        let mut covering = rows.flat_map(|(r, row)| row.cells.iter().map(move |c| (r, c)));
        covering
            .find(|(r, c)| c.column == column && r + c.rows > n)
            .map(|(_, c)| c)
    }

    /// Whether the row after this one stays on its page.
    fn keeps(&self, n: usize) -> bool {
        let rows = &self.table.rows;
        let next = rows.get(n + 1);
        let bound = |(r, row): (usize, &Row)| row.cells.iter().any(|c| r + c.rows > n + 1);
        n < self.table.head
            || next.is_some_and(|r| r.keep)
            || next.is_some() && rows.iter().enumerate().take(n + 1).any(bound)
    }

    fn width(&self, cell: &Cell) -> Length {
        let columns = self.table.columns.iter().skip(cell.column);
        columns.take(cell.columns.max(1)).copied().sum()
    }

    /// The step of its sizes that a cell's text has: one for all texts of its column and style, at which none of them is torn. Rows
    /// grow in Word as well, so that text need not shrink for their height.
    fn step(&self, cell: &Cell) -> usize {
        let Content::Text(own) = &cell.content else {
            return 0;
        };
        let Some(style) = own.first().map(|p| &p.style).filter(|s| s.sizes.len() > 1) else {
            return 0;
        };
        let cells = self.table.rows.iter().flat_map(|row| &row.cells);
        let alike = cells
            .filter(|c| (c.column, c.columns, c.label) == (cell.column, cell.columns, cell.label));
        let steps = alike.filter_map(|c| match &c.content {
            Content::Text(all) if all.first().is_some_and(|p| p.style == *style) => {
                Some(look::untorn(all, self.width(c) - self.table.padding * 2))
            }
            _ => None,
        });
        steps.max().unwrap_or(0)
    }

    /// A cell without content.
    fn frame(&self, cell: &Cell) -> TableCell {
        let width = unsigned(self.width(cell)) as usize;
        let made = TableCell::new().width(width, WidthType::Dxa);
        let made = made.vertical_align(if cell.middle {
            VAlignType::Center
        } else {
            VAlignType::Top
        });
        let made = if cell.columns > 1 {
            made.grid_span(cell.columns)
        } else {
            made
        };
        if cell.underline && self.table.border == Border::None {
            let rule = TableCellBorder::new(TableCellBorderPosition::Bottom)
                .border_type(BorderType::Single)
                .size(INNER)
                .color("000000");
            made.set_borders(TableCellBorders::with_empty().set(rule))
        } else {
            made
        }
    }

    fn cell(&mut self, n: usize, cell: &Cell, keep: bool) -> TableCell {
        let rows = self.table.rows.iter().skip(n).take(cell.rows.max(1));
        let high: Length = rows.map(height).sum();
        let width = self.width(cell) - self.table.padding * 2;
        let room = high - PADDING * 2;
        let mut made = self.frame(cell);
        if cell.rows > 1 {
            made = made.vertical_merge(VMergeType::Restart);
        }
        let key = if cell.field.is_empty() || cell.field.contains(['.', '[']) {
            cell.field.clone()
        } else {
            format!("{}{}", self.owner, cell.field)
        };
        let key = key.as_str();
        match &cell.content {
            Content::Text(paragraphs) => {
                let own = paragraphs.first().and_then(|p| p.style.padding);
                let sides = own.map_or(Length::ZERO, |own| own - self.table.padding);
                text(made, paragraphs, (self.step(cell), sides), key, keep)
            }
            Content::Vertical(paragraph) => vertical(made, paragraph, keep),
            Content::Photo(photo) => self.photo(made, photo, key, keep),
            Content::Opinion(opinion) => {
                let made = made.vertical_align(VAlignType::Top);
                opinion_box(made, opinion, width, room, keep)
            }
            Content::Ticks(ticks, style) => {
                let (lines, step) = ticks_in(ticks, style, width, room);
                text(made, &lines, (step, Length::ZERO), key, keep)
            }
        }
    }

    /// The label at the left: a cell of its own beside the heads, so that they can come again, and one beside all other rows.
    fn label(&self, side: &SideLabel, n: usize, keep: bool) -> TableCell {
        let head = self.table.head.min(self.table.rows.len());
        let body = self.table.rows.len() - head;
        let width = unsigned(side.width) as usize;
        let mut made = TableCell::new()
            .width(width, WidthType::Dxa)
            .vertical_align(VAlignType::Center);
        if n < head && body > 0 {
            made = without(made, TableCellBorderPosition::Bottom);
            return made.add_paragraph(small().keep_next(keep));
        }
        if n == head && head > 0 {
            made = without(made, TableCellBorderPosition::Top);
        }
        let first = if body > 0 { head } else { 0 };
        let count = self.table.rows.len() - first;
        if n > first {
            made = made.vertical_merge(VMergeType::Continue);
            return made.add_paragraph(small().keep_next(keep));
        }
        if count > 1 {
            made = made.vertical_merge(VMergeType::Restart);
        }
        if side.vertical {
            let joined: String = side.label.iter().map(|p| p.text.as_str()).collect();
            return match side.label.first() {
                Some(first) => {
                    let whole = Paragraph {
                        text: joined,
                        style: first.style.clone(),
                    };
                    vertical(made, &whole, keep)
                }
                None => made.add_paragraph(small()),
            };
        }
        text(made, &side.label, (0, Length::ZERO), "", keep)
    }

    fn photo(&mut self, made: TableCell, photo: &PhotoBox, key: &str, keep: bool) -> TableCell {
        let Some(picture) = &photo.picture else {
            return text(made, &photo.hint, (0, Length::ZERO), "", keep);
        };
        self.photos.push(picture.jpeg.to_vec());
        let (w, h) = (
            i64::from(picture.width.max(1)),
            i64::from(picture.height.max(1)),
        );
        let by_width = photo.width.scaled(h, w);
        let (width, height) = if by_width <= photo.height {
            (photo.width, by_width)
        } else {
            (photo.height.scaled(w, h), photo.height)
        };
        let emu = |length: Length| u32::try_from(length.to_emu()).unwrap_or(0);
        let shown = Pic::new_with_dimensions(Vec::new(), picture.width, picture.height)
            .size(emu(width), emu(height));
        let run = Run::new().size(2).add_image(shown);
        let line = Made::new()
            .align(AlignmentType::Center)
            .keep_next(keep)
            .run_property(RunProperty::new().size(2));
        let line = if key.is_empty() {
            line.add_run(run)
        } else {
            line.add_structured_data_tag(StructuredDataTag::new().alias(key).add_run(run))
        };
        made.add_paragraph(line)
    }
}

/// A cell without the rule at one side.
fn without(made: TableCell, side: TableCellBorderPosition) -> TableCell {
    made.set_borders(TableCellBorders::with_empty().clear(side))
}

/// A line that takes hardly any room, for cells without text.
fn small() -> Made {
    Made::new()
        .line_spacing(exact(Length::from_pt(6.0)))
        .run_property(RunProperty::new().size(10))
}

/// Paragraphs in a cell at a step of their sizes, with so much more room at both sides than the table has, in a content control where
/// they are a field's value.
fn text(
    made: TableCell,
    all: &[Paragraph],
    (step, sides): (usize, Length),
    key: &str,
    keep: bool,
) -> TableCell {
    let size = |p: &Paragraph| look::size_at(&p.style, step);
    match all {
        [] => made.add_paragraph(small().keep_next(keep)),
        [one] if !key.is_empty() => {
            made.add_paragraph(controlled(one, size(one), key, sides).keep_next(keep))
        }
        _ if key.is_empty() => all.iter().fold(made, |made, p| {
            made.add_paragraph(beside(p, size(p), sides).keep_next(keep))
        }),
        _ => {
            let lines = all
                .iter()
                .map(|p| beside(p, size(p), sides).keep_next(keep));
            let control = StructuredDataTag::new().alias(key);
            made.add_structured_data_tag(lines.fold(control, StructuredDataTag::add_paragraph))
        }
    }
}

/// Characters below each other, at the style's distance.
fn vertical(made: TableCell, text: &Paragraph, keep: bool) -> TableCell {
    let size = look::size_at(&text.style, 0);
    let font = Font {
        face: text.style.face,
        size,
    };
    let gap = twips((look::pitch(&text.style, size) - size).max(Length::ZERO));
    let words = clean(&text.text);
    let line = Made::new()
        .align(AlignmentType::Center)
        .line_spacing(exact(look::pitch(&text.style, size)))
        .keep_next(keep)
        .add_run(font.run().character_spacing(gap).add_text(words));
    made.text_direction(TextDirectionType::TbRlV)
        .vertical_align(VAlignType::Center)
        .add_paragraph(line)
}

/// An opinion: its text above, who signs, and at the lower right 盖章 with the day below it, in the middle of the free square.
fn opinion_box(
    made: TableCell,
    opinion: &Opinion,
    width: Length,
    room: Length,
    keep: bool,
) -> TableCell {
    let pitch = |p: &Paragraph| look::pitch(&p.style, look::size_at(&p.style, 0));
    let line = |p: &Paragraph, above: Length, keep: bool| {
        let size = look::size_at(&p.style, 0);
        let above = above.max(Length::ZERO);
        below(paragraph(p, size), &p.style, size, above).keep_next(keep)
    };
    let mut made = opinion.text.iter().fold(made, |made, p| {
        let size = look::size_at(&p.style, 0);
        made.add_paragraph(paragraph(p, size).keep_next(true))
    });
    let text = look::height(&opinion.text, 0, width);
    let square = SealSquare::of(opinion, width);
    let top = room - SEAL_BELOW - square.side;
    let day = top + square.day_line();
    let left = twips(width - square.right - square.side);
    let in_square = |p: Made| {
        p.align(AlignmentType::Center)
            .indent(Some(left), None, Some(twips(square.right)), None)
    };
    let Some(seal) = &opinion.seal else {
        let above = (room - text - pitch(&opinion.sign) - SEAL_BELOW * 2).max(SEAL_BELOW);
        let both = with_day(line(&opinion.sign, above, keep), opinion, square.side, left);
        return made.add_paragraph(both);
    };
    let mut end = text;
    if !square.beside {
        let at = top - SIGN_ABOVE;
        made = made.add_paragraph(line(&opinion.sign, at - end, true));
        end = end.max(at) + pitch(&opinion.sign);
    }
    let at = top + square.seal_line();
    made = made.add_paragraph(in_square(line(seal, at - end, true)));
    end = end.max(at) + pitch(seal);
    if square.beside {
        made.add_paragraph(with_day(
            line(&opinion.sign, day - end, keep),
            opinion,
            square.side,
            left,
        ))
    } else {
        made.add_paragraph(in_square(line(&opinion.date, day - end, keep)))
    }
}

/// A line that is signed, with the day at a stop under the middle of the square.
fn with_day(line: Made, opinion: &Opinion, side: Length, left: i32) -> Made {
    let font = Font {
        face: opinion.date.style.face,
        size: look::size_at(&opinion.date.style, 0),
    };
    let words = clean(&opinion.date.text);
    let taken = font.size * look::halves(&words) / 2;
    let inner = (side - taken).max(Length::ZERO) / 2;
    let stop = usize::try_from(left + twips(inner)).unwrap_or(0);
    line.add_tab(Tab::new().val(TabValueType::Left).pos(stop))
        .add_run(font.run().add_tab().add_text(words))
}

/// Tick boxes with their words in the columns that they have on paper, and the step of sizes with which they fit the height.
fn ticks_in(ticks: &[Tick], style: &Style, width: Length, room: Length) -> (Vec<Paragraph>, usize) {
    let mut made = Vec::new();
    let last = style.sizes.len().saturating_sub(1);
    for step in 0..=last {
        let size = look::size_at(style, step);
        let across = usize::try_from(width.0 / size.0.max(1)).unwrap_or_default();
        let lines = tick_lines(ticks, across).into_iter();
        let line = |text| Paragraph {
            text,
            style: style.clone(),
        };
        made = lines.map(line).collect();
        if look::height(&made, step, width) <= room {
            return (made, step);
        }
    }
    (made, last)
}
