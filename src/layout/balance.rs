//! Where the pages of a list end: on as few pages as it takes, as evenly filled as can be, so that no entry is left over for a page of
//! its own whose row then fills it.

use std::collections::BTreeSet;

use crate::units::Length;

/// Longest list that is balanced.
const MOST: usize = 200;

/// The pages that a list is to fill.
#[derive(Clone, Copy)]
pub(super) struct PageRoom {
    /// Height of the first, where the list begins.
    pub(super) first: Length,
    /// Height of each further one.
    pub(super) further: Length,
    /// Height of what stands below the last row.
    pub(super) foot: Length,
}

/// The rows before which a new page begins; none where the list stands on one page, is too long, or has a row higher than a page.
pub(super) fn page_ends(heights: &[Length], room: PageRoom) -> BTreeSet<usize> {
    let count = heights.len();
    let all: Length = heights.iter().copied().sum();
    let tall = heights.iter().any(|h| *h > room.further.min(room.first));
    if count > MOST || tall || all + room.foot <= room.first {
        return BTreeSet::new();
    }
    // for each number of rows: pages, unevenness, and where the last of these pages begins
    let mut best: Vec<Option<(usize, f64, usize)>> = vec![None; count + 1];
    if let Some(none) = best.first_mut() {
        *none = Some((0, 0.0, 0));
    }
    for end in 1..=count {
        let mut sum = if end == count {
            room.foot
        } else {
            Length::ZERO
        };
        for start in (0..end).rev() {
            sum += heights.get(start).copied().unwrap_or_default();
            let free = if start == 0 { room.first } else { room.further } - sum;
            if free < Length::ZERO {
                break;
            }
            let Some((pages, uneven, _)) = best.get(start).copied().flatten() else {
                continue;
            };
            let now = (pages + 1, uneven + free.to_mm() * free.to_mm(), start);
            if let Some(place) = best.get_mut(end)
                && place.is_none_or(|old| (now.0, now.1) < (old.0, old.1))
            {
                *place = Some(now);
            }
        }
    }
    let mut ends = BTreeSet::new();
    let mut at = count;
    while let Some((_, _, start)) = best.get(at).copied().flatten().filter(|_| at > 0) {
        if start > 0 {
            ends.insert(start);
        }
        at = start;
    }
    ends
}
