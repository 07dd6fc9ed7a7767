//! A form that was typed into by hand: what stands beside or below a label is taken for an answer and away, so that the same places
//! are found as in the blank form.

use crate::fill::anatomy::boxes::boxes;
use crate::fill::anatomy::label::CANDIDATES;

use super::survey::{FormBox, FormGrid, Survey};
use super::words::is_label;
use crate::fill::bind::lexicon::Lexicon;

/// Fewest heads of a row that make a list.
const HEADS: usize = 2;

/// Takes the answers out of a form's boxes.
pub(super) fn without_answers(survey: &mut Survey, lexicon: &Lexicon) {
    for grid in &mut survey.grids {
        let known: Vec<bool> = grid
            .cells
            .iter()
            .map(|c| is_label(c) && means(lexicon, &c.text()))
            .collect();
        let mut answers = beside(grid, &known);
        answers.extend(whole(grid, lexicon));
        answers.extend(below(grid, lexicon, &known));
        for n in answers {
            if let Some(cell) = grid.cells.get_mut(n) {
                cell.lines.clear();
                // what was put in besides words is part of the answer
                (cell.inner, cell.picture) = (false, false);
            }
        }
    }
}

fn means(lexicon: &Lexicon, text: &str) -> bool {
    lexicon.person(text).is_some() || lexicon.unit(text).is_some()
}

/// Whether a box can be an answer: words without a meaning of their own, and no boxes to be ticked.
fn is_answer(cell: &FormBox) -> bool {
    let chars: Vec<char> = cell.text().chars().collect();
    !cell.is_blank() && !cell.inner && !cell.picture && boxes(&chars).is_empty()
}

/// Whether a box beside a label can be its answer, with tables and pictures in it too where words stand beside them.
fn is_full_answer(cell: &FormBox) -> bool {
    let text = cell.text();
    let chars: Vec<char> = text.chars().collect();
    let besides = cell.inner || cell.picture;
    is_answer(cell) || besides && !text.trim().is_empty() && boxes(&chars).is_empty()
}

/// Boxes to the right of a label.
fn beside(grid: &FormGrid, known: &[bool]) -> Vec<usize> {
    let label = |n: usize| known.get(n).copied().unwrap_or(false);
    let all = grid.cells.iter().enumerate();
    all.filter(|(n, _)| label(*n))
        .filter_map(|(_, cell)| grid.right(cell))
        .filter(|n| !label(*n) && grid.cells.get(*n).is_some_and(is_full_answer))
        .collect()
}

/// Boxes that hold a list as one text: as tall as the label beside them or right below it, with no head of the list's columns in them.
fn whole(grid: &FormGrid, lexicon: &Lexicon) -> Vec<usize> {
    let mut answers = Vec::new();
    for label in grid.cells.iter().filter(|c| is_label(c)) {
        let Some(list) = lexicon.whole(&label.text()) else {
            continue;
        };
        let fits = |n: &usize| {
            let cell = grid.cells.get(*n);
            cell.is_some_and(|c| {
                let beside = c.row == label.row && c.down == label.down;
                let below = c.column == label.column && c.across == label.across;
                let head = lexicon.column(&list.field, &c.text()).is_some();
                let text = c.text();
                let other = means(lexicon, &text) || lexicon.whole(&text).is_some();
                (beside || below) && !head && !other && is_answer(c)
            })
        };
        let near = [grid.right(label), grid.below(label)];
        answers.extend(near.into_iter().flatten().find(fits));
    }
    answers
}

/// Boxes below the heads of a list, as far as no label stands in their row.
fn below(grid: &FormGrid, lexicon: &Lexicon, known: &[bool]) -> Vec<usize> {
    let mut answers = Vec::new();
    let mut row = 0;
    while row < grid.rows {
        let cells = grid.in_row(row);
        let heads = |list: &str| {
            let of = cells.iter().filter_map(|n| grid.cells.get(*n));
            let of = of.filter(|c| is_label(c) && lexicon.column(list, &c.text()).is_some());
            of.map(|c| (c.column, c.across)).collect::<Vec<_>>()
        };
        let lists = lexicon.lists();
        let best = lists
            .into_iter()
            .map(|list| (heads(list), list))
            .max_by_key(|(heads, _)| heads.len());
        let wanted = |list: &str| HEADS + usize::from(list == CANDIDATES);
        let Some((heads, _)) = best.filter(|(heads, list)| heads.len() >= wanted(list)) else {
            row += 1;
            continue;
        };
        row += 1;
        while row < grid.rows {
            let own = grid.in_row(row);
            if own.iter().any(|n| known.get(*n).copied().unwrap_or(false)) {
                break;
            }
            let under = own.iter().copied().filter(|n| {
                let cell = grid.cells.get(*n);
                cell.is_some_and(|c| heads.contains(&(c.column, c.across)) && is_answer(c))
            });
            answers.extend(under);
            row += 1;
        }
    }
    answers
}
