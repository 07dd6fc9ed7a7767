//! Pages filled from top to bottom: the cursor, page breaks, paragraphs in the type area and page numbers.
//! Tables are placed by `table`, through the same cursor.

use crate::campaign::{Align, PageNumberStyle};
use crate::face::Face;
use crate::form::{Form, Paragraph, Style};
use crate::units::Length;

use super::cell::{Ruler, height_of, set_lines};
use super::line::Laid;
use super::page::{Page, Rect};
use super::rules::TableEdges;
use super::set::Sink;

/// Side of a mark's box: 49 modules of 0.45 mm and a quiet zone of 4 on each side.
pub(super) const MARK_SIDE: Length = Length(25_650);

/// Distance of the page number's line from the type area (GB/T 9704-2012, 7.5).
const NUMBER_BELOW: Length = Length::mm(7);

/// The pages so far and the place where the next thing goes.
pub(super) struct Pager<'a, 'b> {
    pub(super) form: &'a Form,
    pub(super) ruler: &'a mut Ruler<'b>,
    done: Vec<Page>,
    pub(super) sink: Sink,
    /// Rules of the tables on this page that stand flush below each other.
    pub(super) rules: TableEdges,
    /// The next free y.
    pub(super) y: Length,
    /// Whether nothing stands on this page yet.
    pub(super) fresh: bool,
}

impl<'a, 'b> Pager<'a, 'b> {
    pub(super) fn new(form: &'a Form, ruler: &'a mut Ruler<'b>) -> Self {
        let y = form.page.top;
        Self {
            form,
            ruler,
            done: Vec::new(),
            sink: Sink::default(),
            rules: TableEdges::default(),
            y,
            fresh: true,
        }
    }

    /// The y where the type area ends.
    pub(super) fn bottom(&self) -> Length {
        self.form.page.height - self.form.page.bottom
    }

    /// Free height on this page.
    pub(super) fn room(&self) -> Length {
        self.bottom() - self.y
    }

    /// Height of an empty page.
    pub(super) fn capacity(&self) -> Length {
        self.bottom() - self.form.page.top
    }

    /// Width of the type area.
    pub(super) fn width(&self) -> Length {
        self.form.page.width - self.form.page.left - self.form.page.right
    }

    /// Ends this page, unless nothing stands on it.
    pub(super) fn next_page(&mut self) {
        if !self.fresh {
            self.close_page();
        }
    }

    fn close_page(&mut self) {
        self.rules.draw(&mut self.sink.items);
        let number = self.done.len() + 1;
        self.number(number);
        let sink = std::mem::take(&mut self.sink);
        let page = &self.form.page;
        let mark = page.marked.then_some(Rect {
            x: page.mark_x,
            y: page.mark_y,
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
        self.y = page.top;
        self.fresh = true;
    }

    /// `— 1 —` below the type area: single pages right, even pages left, one character free at the outer side.
    fn number(&mut self, number: usize) {
        let page = &self.form.page;
        if page.numbers == PageNumberStyle::None || (page.cover && number == 1) {
            return;
        }
        let align = match page.numbers {
            PageNumberStyle::Centred => Align::Center,
            _ if number % 2 == 1 => Align::Right,
            _ => Align::Left,
        };
        // 4号 is 14 pt
        let size = Length::from_pt(14.0);
        let outer = u8::from(page.numbers == PageNumberStyle::Dashes);
        let style = Style {
            face: Face::Song,
            sizes: vec![size],
            leading: 100,
            pitch: None,
            align,
            indent: 0,
            left: if align == Align::Left { outer } else { 0 },
            right: if align == Align::Right { outer } else { 0 },
            spread: 0,
            keep: false,
        };
        let text = format!("— {number} —");
        let lines = self
            .ruler
            .lines(&[Paragraph { text, style }], 0, self.width(), "");
        // the dash stands in the middle of the em box: its line is 7 mm below the type area
        let y = self.bottom() + NUMBER_BELOW - size / 2;
        set_lines(&lines, self.form.page.left, y, &mut self.sink);
    }

    /// All pages; at least one.
    pub(super) fn finish(mut self) -> Vec<Page> {
        if !self.fresh || self.done.is_empty() {
            self.close_page();
        }
        self.done
    }

    /// Closes the run of flush tables: what follows is no table.
    pub(super) fn end_tables(&mut self) {
        self.rules.draw(&mut self.sink.items);
    }

    /// Sets a paragraph; `next` is the height of the first line of what follows, for paragraphs that stay with it.
    pub(super) fn paragraph(&mut self, paragraph: &Paragraph, next: Length) {
        let width = self.width();
        let lines = self.fitted_line(paragraph, width);
        let kept = paragraph.style.keep && height_of(&lines) + next > self.room();
        if kept {
            self.next_page();
        }
        let mut rest: &[Laid] = &lines;
        while !rest.is_empty() {
            let mut height = Length::ZERO;
            let room = self.room();
            let mut count = rest
                .iter()
                .take_while(|l| {
                    height += l.pitch;
                    height <= room
                })
                .count();
            // no single line is left behind or carried over (孤行)
            if count < rest.len() && rest.len() - count == 1 && count > 2 {
                count -= 1;
            }
            if count == 1 && rest.len() > 1 && !self.fresh {
                count = 0;
            }
            if count == 0 && !self.fresh {
                self.next_page();
                continue;
            }
            let (now, later) = rest.split_at(count.max(1));
            self.fresh = false;
            self.y = set_lines(now, self.form.page.left, self.y, &mut self.sink);
            rest = later;
            if !rest.is_empty() {
                self.next_page();
            }
        }
    }

    /// Sizes beyond the first are for texts that should be one line.
    fn fitted_line(&mut self, paragraph: &Paragraph, width: Length) -> Vec<Laid> {
        let one = std::slice::from_ref(paragraph);
        let mut lines = self.ruler.lines(one, 0, width, "");
        for step in 1..paragraph.style.sizes.len() {
            if lines.len() <= 1 {
                break;
            }
            lines = self.ruler.lines(one, step, width, "");
        }
        lines
    }
}
