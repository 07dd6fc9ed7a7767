//! How rows share out what a page has left over (表格撑满版心): first evenly those that may grow to a height, then those that take
//! whatever is left.

use crate::units::Length;

/// What a row may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Growth {
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
    let mut left = spare.max(Length::ZERO);
    // the lowest rows rise first, together, until the next one, its own most or the end of what is left is reached
    loop {
        let open = |n: usize, heights: &[Length]| {
            let row = rows.get(n)?;
            let height = heights.get(n).copied()?;
            (height < row.most).then_some((height, row.most))
        };
        let growing: Vec<(usize, Length, Length)> = (0..rows.len())
            .filter_map(|n| open(n, &heights).map(|(height, most)| (n, height, most)))
            .collect();
        let Some(lowest) = growing.iter().map(|(_, height, _)| *height).min() else {
            break;
        };
        let rising: Vec<&(usize, Length, Length)> = growing
            .iter()
            .filter(|(_, height, _)| *height == lowest)
            .collect();
        let next = growing
            .iter()
            .map(|(_, height, _)| *height)
            .filter(|h| *h > lowest)
            .min();
        let own = rising.iter().map(|(_, _, most)| *most).min();
        let count = i64::try_from(rising.len()).unwrap_or(1);
        let target = [next, own, Some(lowest + left / count)]
            .into_iter()
            .flatten()
            .min();
        let Some(step) = target
            .map(|t| t - lowest)
            .filter(|step| *step > Length::ZERO)
        else {
            break;
        };
        for (n, _, _) in rising {
            if let Some(height) = heights.get_mut(*n) {
                *height += step;
                left -= step;
            }
        }
    }
    let filling: Vec<usize> = (0..rows.len())
        .filter(|n| rows.get(*n).is_some_and(|r| r.fills))
        .collect();
    let count = i64::try_from(filling.len()).unwrap_or(1);
    for (k, n) in (1..).zip(&filling) {
        let part = left * k / count - left * (k - 1) / count;
        if let Some(height) = heights.get_mut(*n) {
            *height += part;
        }
    }
    heights
}
