//! What signs a text or a table and stands below it (落款、填报人一行): it never stands alone on a page, so its height is known before
//! the last rows or lines above it are placed.

use crate::form::{Block, Border};
use crate::units::Length;

use super::flow::Pager;
use super::ruler::height_of;
use super::table::height;

/// What stands above a foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Above {
    /// Lines of a paragraph: what goes on behind them is text unless it signs.
    Lines,
    /// Rows of a table: all that stands below the last table belongs to it.
    Rows,
}

/// Height of what follows to the end of the form, or to where a new page begins, where that is no more than a foot; none for text that
/// goes on, for ruled tables, and for what is higher than two fifths of a page, which has company enough.
pub(super) fn foot_height<'f>(
    pager: &mut Pager<'f, '_>,
    rest: &'f [Block],
    above: Above,
) -> Length {
    let new_page = |block: &Block| matches!(block, Block::PageBreak | Block::FrontBreak(_));
    let end = rest.iter().position(new_page).unwrap_or(rest.len());
    let foot = rest.get(..end).unwrap_or_default();
    let stands =
        |block: &&Block| !matches!(block, Block::Space(_) | Block::Placed(_) | Block::Frame(_));
    let shown: Vec<&Block> = foot.iter().filter(stands).collect();
    let signs = |block: &&Block| match block {
        Block::Paragraph(paragraph) => above == Above::Rows || paragraph.style.signs,
        // one row without rules: names and a telephone number
        Block::Table(_) => above == Above::Rows || shown.len() == 1,
        _ => false,
    };
    let ruled = |block: &&Block| matches!(block, Block::Table(t) if t.border == Border::Full);
    // who signs has company where a last sentence stands between the table and the signature
    let signed = |block: &&Block| matches!(block, Block::Paragraph(p) if p.style.signs);
    let closes = |block: &&Block| matches!(block, Block::Paragraph(p) if !p.style.signs);
    // a last sentence of one line is no company for a signature (特此报告。)
    let lone = above == Above::Lines
        && shown.first().is_some_and(closes)
        && shown
            .get(1..)
            .is_some_and(|rest| !rest.is_empty() && rest.iter().all(signed))
        && shown.first().is_some_and(|block| is_one_line(pager, block));
    if lone {
        return foot.iter().map(|block| block_height(pager, block)).sum();
    }
    let accompanied = shown.first().is_some_and(closes) && shown.iter().any(signed);
    if !shown.first().is_some_and(signs) || shown.iter().any(ruled) || accompanied {
        return Length::ZERO;
    }
    let all: Length = foot.iter().map(|block| block_height(pager, block)).sum();
    if all > pager.capacity().scaled(2, 5) {
        return Length::ZERO;
    }
    all
}

/// Height of the lines that stand below a table to the end of its page (制表单位一行); none where another table follows.
pub(super) fn height_below<'f>(pager: &mut Pager<'f, '_>, rest: &'f [Block]) -> Length {
    let new_page = |block: &Block| matches!(block, Block::PageBreak | Block::FrontBreak(_));
    let end = rest.iter().position(new_page).unwrap_or(rest.len());
    let below = rest.get(..end).unwrap_or_default();
    if below.iter().any(|block| matches!(block, Block::Table(_))) {
        return Length::ZERO;
    }
    below.iter().map(|block| block_height(pager, block)).sum()
}

/// Whether a block is a paragraph of one line.
fn is_one_line<'f>(pager: &mut Pager<'f, '_>, block: &'f Block) -> bool {
    match block {
        Block::Paragraph(paragraph) => pager.fitted_line(paragraph).len() <= 1,
        _ => false,
    }
}

/// The height that a block takes on a page which it does not fill.
fn block_height<'f>(pager: &mut Pager<'f, '_>, block: &'f Block) -> Length {
    match block {
        Block::Paragraph(paragraph) => height_of(&pager.fitted_line(paragraph)),
        Block::Space(height) => *height,
        Block::Table(table) => height(pager, table),
        Block::PageBreak | Block::FrontBreak(_) | Block::Placed(_) | Block::Frame(_) => {
            Length::ZERO
        }
    }
}

/// Height of a further page for what is not its running head.
pub(super) fn further_capacity(pager: &mut Pager<'_, '_>) -> Length {
    let form = pager.form;
    let head: Length = form.running.iter().map(|b| block_height(pager, b)).sum();
    pager.area() - head
}

/// Height of what a paragraph stays with: the least piece of what follows that may stand on a page, and beyond, as long as that stays
/// with what follows it.
pub(super) fn kept_height<'f>(pager: &mut Pager<'f, '_>, blocks: &'f [Block]) -> Length {
    let Some((first, rest)) = blocks.split_first() else {
        return Length::ZERO;
    };
    match first {
        Block::Paragraph(paragraph) => {
            let lines = pager.fitted_line(paragraph);
            if paragraph.style.keep {
                return height_of(&lines) + kept_height(pager, rest);
            }
            // three lines cannot be parted: two and two never stand alone (孤行)
            match lines.len() {
                0..=3 => height_of(&lines) + foot_height(pager, rest, Above::Lines),
                _ => lines.iter().take(2).map(|l| l.pitch).sum(),
            }
        }
        Block::Space(height) => *height + kept_height(pager, rest),
        Block::Table(table) => {
            let first = table.rows.iter().take(table.head + 1);
            first.map(|r| r.height).sum()
        }
        Block::PageBreak | Block::FrontBreak(_) | Block::Placed(_) | Block::Frame(_) => {
            Length::ZERO
        }
    }
}
