//! How rows share out what a page has left over (表格撑满版心): first evenly those that may grow to a height, then those that take
//! whatever is left. Rows of one kind, such as those of a list, become as high as each other before they grow together.

use crate::units::Length;

/// What a row may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Growth {
    /// The least height of its kind, by which rows of one kind are known.
    pub(super) kind: Length,
    /// Its height now.
    pub(super) height: Length,
    /// The height to which it may grow.
    pub(super) most: Length,
    /// Whether it takes what is left after that.
    pub(super) fills: bool,
}

/// The heights of rows, in their order, with `spare` shared out.
pub(super) fn share(rows: &[Growth], spare: Length) -> Vec<Length> {
    let mut heights: Vec<Length> = rows.iter().map(|r| r.height).collect();
    let limits: Vec<Length> = rows.iter().map(|r| r.most).collect();
    let left = rise(&mut heights, &limits, spare.max(Length::ZERO));
    let filling: Vec<usize> = (0..rows.len())
        .filter(|n| rows.get(*n).is_some_and(|r| r.fills))
        .collect();
    let count = i64::try_from(filling.len()).unwrap_or(1);
    let kind = |n: &usize| rows.get(*n).map(|r| r.kind);
    let mut k = 0;
    for same in filling.chunk_by(|a, b| a + 1 == *b && kind(a) == kind(b)) {
        let from = k;
        k += i64::try_from(same.len()).unwrap_or(1);
        let part = left * k / count - left * from / count;
        let mut own: Vec<Length> = same
            .iter()
            .filter_map(|n| heights.get(*n).copied())
            .collect();
        let endless = vec![Length(i64::MAX); own.len()];
        let over = rise(&mut own, &endless, part);
        if let Some(last) = own.last_mut() {
            *last += over;
        }
        for (n, height) in same.iter().zip(own) {
            if let Some(place) = heights.get_mut(*n) {
                *place = height;
            }
        }
    }
    heights
}

/// Makes rows higher by a height that they lack together, all by as much; the last takes what does not divide.
pub(super) fn share_out<'h>(lack: Length, rows: impl ExactSizeIterator<Item = &'h mut Length>) {
    let count = i64::try_from(rows.len()).unwrap_or(1);
    let mut left = lack;
    for (row, rest) in rows.zip((1..=count).rev()) {
        if left > Length::ZERO {
            let part = left / rest;
            *row += part;
            left -= part;
        }
    }
}

/// The lowest rows rise first, together, until the next one, their own limit or the end of what there is; gives what is left.
fn rise(heights: &mut [Length], limits: &[Length], spare: Length) -> Length {
    let mut left = spare;
    loop {
        let open: Vec<(usize, Length, Length)> = heights
            .iter()
            .zip(limits)
            .enumerate()
            .filter(|(_, (height, most))| height < most)
            .map(|(n, (height, most))| (n, *height, *most))
            .collect();
        let Some(lowest) = open.iter().map(|(_, height, _)| *height).min() else {
            break;
        };
        let rising = || open.iter().filter(|(_, height, _)| *height == lowest);
        let next = open.iter().map(|(_, height, _)| *height);
        let next = next.filter(|h| *h > lowest).min();
        let own = rising().map(|(_, _, most)| *most).min();
        let count = i64::try_from(rising().count()).unwrap_or(1);
        let target = [next, own, Some(lowest + left / count)]
            .into_iter()
            .flatten()
            .min();
        let step = target.map_or(Length::ZERO, |t| t - lowest);
        if step <= Length::ZERO {
            break;
        }
        for (n, _, _) in rising() {
            if let Some(height) = heights.get_mut(*n) {
                *height += step;
                left -= step;
            }
        }
    }
    left
}
