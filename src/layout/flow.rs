//! Pages filled from top to bottom. What stands on a page is collected as pieces, whose heights are final only when the page ends:
//! then rows share out what is left over, and the side of the sheet is known, with its margins and the corner of its mark.
//! Tables are placed by `table`, through the same cursor.

use std::rc::Rc;

use crate::campaign::{Align, PageNumberStyle};
use crate::face::Face;
use crate::form::measures::{MARK_SIDE, NUMBER_BELOW, number_size};
use crate::form::{Block, Form, Frame, Paragraph, Style, Table};
use crate::units::Length;

use super::frame::frame_rules;
use super::growth::{Growth, share};
use super::line::Laid;
use super::page::{Page, Rect};
use super::rows::{Rows, draw_side};
use super::ruler::{Ruler, height_of, set_lines, whole_ends};
use super::rules::TableEdges;
use super::set::Sink;
use super::settled::{Grown, Settled, settled_form};

/// Distance of a centred page number from the table above it.
const CENTRED_BELOW: Length = Length::mm(2);

/// From a table to the words below it that say that it goes on.
const NOTE_BELOW: Length = Length(600);

/// A piece of a page.
pub(super) enum Piece<'f> {
    /// Lines of a paragraph.
    Lines(Vec<Laid>),
    /// Free height.
    Gap(Length),
    /// Rows of a table that stay together.
    Rows(Rows<'f>),
    /// The label at the left of all rows since the piece of a number.
    Side {
        table: &'f Table,
        label: Rc<Vec<Laid>>,
        from: usize,
    },
    /// Words directly below a table, which take no height.
    Note(Vec<Laid>),
    /// What follows does not stand flush with the tables before it.
    EndTables,
}

impl Piece<'_> {
    fn height(&self) -> Length {
        match self {
            Self::Lines(lines) => height_of(lines),
            Self::Gap(height) => *height,
            Self::Rows(rows) => rows.height(),
            Self::Side { .. } | Self::Note(_) | Self::EndTables => Length::ZERO,
        }
    }
}

/// What places a table at the cursor.
type PlaceTable<'a, 'b> = fn(&mut Pager<'a, 'b>, &'a Table);

/// The pages so far and what stands on the next one.
pub(super) struct Pager<'a, 'b> {
    pub(super) form: &'a Form,
    pub(super) ruler: &'a mut Ruler<'b>,
    /// How a table of the running head is placed.
    place: PlaceTable<'a, 'b>,
    done: Vec<Page>,
    pub(super) pieces: Vec<Piece<'a>>,
    /// What stands on the page outside of the flow.
    placed: Sink,
    /// Height that the pieces take.
    used: Length,
    /// Height of this page's running head.
    head: Length,
    /// The list of which rows stood on the page before, and how high they were.
    list: Option<(&'a Table, Length)>,
    /// The widths and sizes of the tables that were placed.
    pub(super) settled: Vec<Settled<'a>>,
    /// The rows of the pages so far, as high as they have become there.
    rows: Vec<Grown<'a>>,
    /// Height of what signs the text behind the table that is placed, and stays on the page of its last row.
    pub(super) tail: Length,
    /// Height of what stands below the table that is placed, to the end of its page.
    pub(super) below: Length,
    /// Height of a further page for what is not its running head.
    pub(super) further: Length,
    /// Whether nothing but that stands on this page yet.
    pub(super) fresh: bool,
}

impl<'a, 'b> Pager<'a, 'b> {
    pub(super) fn new(form: &'a Form, ruler: &'a mut Ruler<'b>, place: PlaceTable<'a, 'b>) -> Self {
        Self {
            form,
            ruler,
            place,
            done: Vec::new(),
            pieces: Vec::new(),
            placed: Sink::default(),
            used: Length::ZERO,
            head: Length::ZERO,
            list: None,
            settled: Vec::new(),
            rows: Vec::new(),
            tail: Length::ZERO,
            below: Length::ZERO,
            further: Length::ZERO,
            fresh: true,
        }
    }

    /// Free height on this page.
    pub(super) fn room(&self) -> Length {
        self.area() - self.used
    }

    /// Height of a page for what is not its running head.
    pub(super) fn capacity(&self) -> Length {
        self.area() - self.head
    }

    /// Height that is taken on this page.
    pub(super) fn used(&self) -> Length {
        self.used
    }

    /// Height of the type area.
    pub(super) fn area(&self) -> Length {
        self.form.page.height - self.form.page.bottom - self.form.page.top
    }

    /// Width of the type area.
    pub(super) fn width(&self) -> Length {
        self.form.page.width - self.form.page.left - self.form.page.right
    }

    /// Adds a piece at the cursor.
    pub(super) fn push(&mut self, piece: Piece<'a>) {
        self.used += piece.height();
        self.pieces.push(piece);
        self.fresh = false;
    }

    /// Ends this page, unless nothing stands on it.
    pub(super) fn next_page(&mut self) {
        if !self.fresh {
            self.close_page();
        }
    }

    /// Ends this page, and one more that stays blank where the next would be the back of a sheet.
    pub(super) fn next_front(&mut self, blank: &Paragraph) {
        self.next_page();
        if self.done.len().is_multiple_of(2) {
            return;
        }
        let lines = self
            .ruler
            .lines(std::slice::from_ref(blank), 0, self.width(), "");
        self.push(Piece::Gap(self.capacity().scaled(2, 5)));
        self.push(Piece::Lines(lines));
        self.close_page();
    }

    /// Sets lines at a place of this page.
    pub(super) fn lines_at(&mut self, lines: &[Laid], x: Length, y: Length) {
        set_lines(lines, x, y, &mut self.placed);
        self.fresh = false;
    }

    /// Draws a rectangle at its place of this page.
    pub(super) fn frame_at(&mut self, frame: Frame) {
        self.placed.items.extend(frame_rules(frame));
        self.fresh = false;
    }

    fn close_page(&mut self) {
        let number = self.done.len() + 1;
        let page = &self.form.page;
        let even = page.even.filter(|_| number.is_multiple_of(2));
        let (left, top) = even.map_or((page.left, page.top), |e| (e.left, e.top));
        let (mark_x, mark_y) = even.map_or((page.mark_x, page.mark_y), |e| (e.mark_x, e.mark_y));
        let pieces = std::mem::take(&mut self.pieces);
        let pieces = if page.fills {
            grown(pieces, self.area() - self.used, self.list)
        } else {
            pieces
        };
        let lists = pieces.iter().rev().filter_map(|piece| match piece {
            Piece::Rows(rows) => Some(rows.table).zip(rows.of_list()),
            _ => None,
        });
        self.list = { lists }.next();
        for piece in &pieces {
            if let Piece::Rows(rows) = piece {
                self.rows.extend(rows.grown());
            }
        }
        let mut sink = std::mem::take(&mut self.placed);
        draw(&pieces, left, top, &mut sink);
        self.number(number, left, top + self.area(), &mut sink);
        let mark = page.marked.then_some(Rect {
            x: mark_x,
            y: mark_y,
            width: MARK_SIDE,
            height: MARK_SIDE,
        });
        self.done.push(Page {
            width: page.width,
            height: page.height,
            items: sink.items,
            seal_slots: sink.seal_slots,
            mark,
        });
        self.used = Length::ZERO;
        self.running_head();
    }

    /// Begins a further page with what comes again on each.
    fn running_head(&mut self) {
        let form = self.form;
        for block in &form.running {
            match block {
                Block::Paragraph(paragraph) => {
                    let lines = self.fitted_line(paragraph);
                    self.push(Piece::Lines(lines));
                }
                Block::Space(height) => self.push(Piece::Gap(*height)),
                Block::Table(table) => {
                    // no table of a running head is higher than a page
                    self.fresh = true;
                    (self.place)(self, table);
                }
                // what is placed is on the first page only
                Block::PageBreak | Block::FrontBreak(_) | Block::Placed(_) | Block::Frame(_) => {}
            }
        }
        self.head = self.used;
        self.fresh = true;
    }

    /// `— 1 —` below the type area: single pages right, even pages left, one character free at the outer side.
    fn number(&mut self, number: usize, left: Length, bottom: Length, sink: &mut Sink) {
        let page = &self.form.page;
        if page.numbers == PageNumberStyle::None || (page.cover && number == 1) {
            return;
        }
        let align = match page.numbers {
            PageNumberStyle::Centred => Align::Center,
            _ if number % 2 == 1 => Align::Right,
            _ => Align::Left,
        };
        let size = number_size();
        let outer = u8::from(page.numbers == PageNumberStyle::Dashes);
        let style = Style {
            leading: 100,
            align,
            left: if align == Align::Left { outer } else { 0 },
            right: if align == Align::Right { outer } else { 0 },
            ..Style::plain(Face::Song, size)
        };
        let text = format!("— {number} —");
        let lines = self
            .ruler
            .lines(&[Paragraph { text, style }], 0, self.width(), "");
        let y = match page.numbers {
            PageNumberStyle::Centred => bottom + CENTRED_BELOW,
            // the dash stands in the middle of the em box: its line is 7 mm below the type area
            _ => bottom + NUMBER_BELOW - size / 2,
        };
        set_lines(&lines, left, y, sink);
    }

    /// All pages, at least one, and the form as it was settled for them.
    pub(super) fn finish(mut self) -> (Vec<Page>, Form) {
        if !self.fresh || self.done.is_empty() {
            self.close_page();
        }
        let form = settled_form(self.form, &self.settled, &self.rows);
        (self.done, form)
    }

    /// Closes the run of flush tables: what follows is no table.
    pub(super) fn end_tables(&mut self) {
        self.pieces.push(Piece::EndTables);
    }

    /// Adds free height; what is more than a page has left is not carried over.
    pub(super) fn space(&mut self, height: Length) {
        self.end_tables();
        if height > self.room() {
            self.next_page();
        } else {
            self.push(Piece::Gap(height));
        }
    }

    /// Sets a paragraph; `next` is the height of what it stays with, for paragraphs that do, and `foot` that of what signs the text
    /// below it, with which its last two lines stay.
    pub(super) fn paragraph(&mut self, paragraph: &Paragraph, next: Length, foot: Length) {
        let lines = self.fitted_line(paragraph);
        let kept = paragraph.style.keep && height_of(&lines) + next > self.room();
        if kept {
            self.next_page();
        }
        let mut rest: &[Laid] = &lines;
        while !rest.is_empty() {
            let count = self.fitting(rest, foot);
            if count == 0 && !self.fresh {
                self.next_page();
                continue;
            }
            let (now, later) = rest.split_at(count.max(1));
            self.push(Piece::Lines(now.to_vec()));
            rest = later;
            if !rest.is_empty() {
                self.next_page();
            }
        }
    }

    /// How many lines of a paragraph's rest this page takes: as many as there is room for, save that neither its first nor its last
    /// line stands alone, and that two of them go to the next page with what signs the text.
    fn fitting(&self, rest: &[Laid], foot: Length) -> usize {
        let mut height = Length::ZERO;
        let room = self.room();
        let fits = rest.iter().take_while(|l| {
            height += l.pitch;
            height <= room
        });
        let count = fits.count();
        if count < rest.len() {
            return match whole_ends(rest, count) {
                // a page on which nothing stands takes what it can
                0 if self.fresh => count,
                whole => whole,
            };
        }
        match height + foot > room {
            true if count > 3 => count - 2,
            true if !self.fresh => 0,
            _ => count,
        }
    }

    /// Sizes beyond the first are for texts that should be one line.
    pub(super) fn fitted_line(&mut self, paragraph: &Paragraph) -> Vec<Laid> {
        let width = self.width();
        let one = std::slice::from_ref(paragraph);
        let lines = self.ruler.lines(one, 0, width, "");
        if lines.len() <= 1 {
            return lines;
        }
        for step in 1..paragraph.style.sizes.len() {
            let smaller = self.ruler.lines(one, step, width, "");
            if smaller.len() <= 1 {
                return smaller;
            }
        }
        // what is more than a line at every size loses nothing at its first
        lines
    }
}

/// The pieces of a page with their rows grown into what it has left over. A list that goes on from the page before keeps the height of
/// its rows, where something else takes what is left.
fn grown<'a>(
    mut pieces: Vec<Piece<'a>>,
    mut spare: Length,
    list: Option<(&'a Table, Length)>,
) -> Vec<Piece<'a>> {
    let others = |piece: &Piece<'_>| match piece {
        Piece::Rows(rows) => rows.growth(None).iter().any(|growth| growth.fills),
        _ => false,
    };
    let list = list.filter(|_| pieces.iter().any(others));
    let before = |rows: &Rows<'_>| {
        let same = list.filter(|(table, _)| std::ptr::eq(*table, rows.table));
        same.map(|(_, height)| height)
    };
    for piece in &mut pieces {
        if let Piece::Rows(rows) = piece {
            spare = rows.make_room(spare);
        }
    }
    let rows = |pieces: &[Piece<'_>]| -> Vec<Growth> {
        let all = pieces.iter().filter_map(|piece| match piece {
            Piece::Rows(rows) => Some(rows.growth(before(rows))),
            _ => None,
        });
        all.flatten().collect()
    };
    let mut heights = share(&rows(&pieces), spare).into_iter();
    for piece in &mut pieces {
        if let Piece::Rows(rows) = piece {
            rows.grow(&mut heights);
        }
    }
    pieces
}

/// Draws the pieces of a page from the corner of its type area.
fn draw(pieces: &[Piece<'_>], left: Length, top: Length, sink: &mut Sink) {
    let mut rules = TableEdges::default();
    let mut y = top;
    let mut tops = Vec::with_capacity(pieces.len());
    for piece in pieces {
        tops.push(y);
        match piece {
            Piece::Lines(lines) => {
                set_lines(lines, left, y, sink);
            }
            Piece::Gap(_) => {}
            Piece::Note(lines) => {
                set_lines(lines, left, y + NOTE_BELOW, sink);
            }
            Piece::Rows(rows) => rows.draw(left, y, &mut rules, sink),
            Piece::Side { table, label, from } => {
                let start = tops.get(*from).copied().unwrap_or(y);
                draw_side(table, label, left, start, y, &mut rules, sink);
            }
            Piece::EndTables => rules.draw(&mut sink.items),
        }
        y += piece.height();
    }
    rules.draw(&mut sink.items);
}
