//! Several people side by side over the same questions (并列的人): heads name the people and rows ask, 项目 | 本人 | 配偶, or rows name them and heads
//! ask. The candidate's column or row is filled, the others are named as theirs.

use super::heads::HeadSays;
use super::roles::NamedRole;
use super::sections::is_attribute;
use super::subject::Whose;
use super::survey::FormGrid;
use super::words::is_label;
use crate::fill::anatomy::place::Take;
use crate::fill::bind::finder::PlaceFinder;

/// Somebody who is named at the head of a column or a row.
#[derive(Clone, Debug)]
struct Person {
    /// The column or row.
    at: usize,
    words: String,
    own: bool,
}

/// Blanks where the lines of questions and those of people cross: the label, its blank, and whose that is.
type Crossing = (usize, usize, Person);

impl PlaceFinder<'_> {
    /// Finds the blanks of tables that set people side by side.
    pub(super) fn matrices(&mut self) {
        for g in 0..self.survey.grids.len() {
            let rows = self.survey.grids.get(g).map_or(0, |grid| grid.rows);
            for row in 0..rows {
                let found = self.crossings(g, row);
                if !found.is_empty() {
                    // the heads are questions or people, and ask nothing more
                    let heads = self.survey.grids.get(g).map(|grid| grid.in_row(row));
                    self.taken
                        .extend(heads.into_iter().flatten().map(|n| (g, n)));
                }
                for (label, blank, person) in found {
                    self.cross(g, label, blank, &person);
                }
            }
        }
    }

    fn cross(&mut self, g: usize, label: usize, blank: usize, person: &Person) {
        let text = self.survey.text(g, label);
        if !person.own {
            self.leave_to(g, blank, Take::Cell, &text, &person.words);
            return;
        }
        self.taken.insert((g, label));
        match self
            .asked(&text, false, true)
            .filter(|a| !a.key.starts_with("unit."))
        {
            Some(asked) => {
                let first = self.places.len();
                self.bind_cell(g, label, &asked, blank);
                let own = self.places.iter().skip(first).map(|b| b.place.clone());
                self.crossed.extend(own);
            }
            None => self.open((g, label), &text, Vec::new(), Some((blank, Take::Cell))),
        }
    }

    /// The blanks below a row of heads, where people are set side by side there.
    fn crossings(&self, g: usize, row: usize) -> Vec<Crossing> {
        let Some(grid) = self.survey.grids.get(g) else {
            return Vec::new();
        };
        let heads: Vec<usize> = grid
            .in_row(row)
            .into_iter()
            .filter(|n| grid.cells.get(*n).is_some_and(|c| !c.hidden))
            .collect();
        let Some((corner, heads)) = heads.split_first() else {
            return Vec::new();
        };
        let labels = heads
            .iter()
            .filter(|n| grid.cells.get(**n).is_some_and(is_label))
            .count();
        let Some(corner) = grid
            .cells
            .get(*corner)
            .filter(|_| heads.len() > 1 && labels + 1 >= heads.len())
        else {
            return Vec::new();
        };
        let below = |r: &usize| {
            let first = grid.at(*r, corner.column).and_then(|n| grid.cells.get(n));
            first.is_some_and(|c| c.row == *r && c.down == 1 && is_label(c))
        };
        let rows: Vec<usize> = (row + corner.down..grid.rows).take_while(below).collect();
        if rows.len() < 2 {
            return Vec::new();
        }
        let first = |r: usize| Some((r, grid.at(r, corner.column)?));
        let sides: Vec<(usize, usize)> = rows.iter().filter_map(|r| first(*r)).collect();
        let tops: Vec<(usize, usize)> = heads
            .iter()
            .filter_map(|n| Some((grid.cells.get(*n)?.column, *n)))
            .collect();
        let down = self.people(grid, &tops);
        if !down.is_empty() && self.ask(grid, &sides) {
            return crossed(grid, &sides, &down, true);
        }
        let along = self.people(grid, &sides);
        if !along.is_empty() && self.ask(grid, &tops) {
            return crossed(grid, &tops, &along, false);
        }
        Vec::new()
    }

    /// Whether most of some labels ask something of a person.
    fn ask(&self, grid: &FormGrid, labels: &[(usize, usize)]) -> bool {
        let texts = labels.iter().filter_map(|(_, n)| grid.cells.get(*n));
        let asking = texts.filter(|c| is_attribute(&self.lexicon, &c.text()));
        let count = asking.count();
        count > 1 && count * 2 >= labels.len()
    }

    /// Whom some labels name, where the candidate is one of them and another is there.
    fn people(&self, grid: &FormGrid, labels: &[(usize, usize)]) -> Vec<Person> {
        let mut all = Vec::new();
        let mut another = false;
        for (at, n) in labels {
            let Some(cell) = grid.cells.get(*n).filter(|c| !c.is_blank()) else {
                continue;
            };
            let text = cell.text();
            let says = self.parts.says(&text);
            let role = NamedRole::alone(&text);
            let own = says == HeadSays::Candidate;
            if is_attribute(&self.lexicon, &text) && !own {
                return Vec::new();
            }
            let named = role.is_some_and(|r| self.subject.whose(Some(&r)) == Whose::Another);
            let unknown = matches!(says, HeadSays::Unknown(_));
            another |= !own && (named || unknown);
            if own || unknown {
                let words = super::roles::bare(&text);
                all.push(Person {
                    at: *at,
                    words,
                    own,
                });
            }
        }
        let own = all.iter().filter(|p| p.own).count();
        match own {
            1 if another => all,
            0 | 1 => Vec::new(),
            // several candidates side by side: no form of one of them says which
            _ => {
                all.iter_mut().for_each(|p| p.own = false);
                all
            }
        }
    }
}

/// The blanks where some labels and some people cross; the people stand over columns, or beside rows.
fn crossed(
    grid: &FormGrid,
    labels: &[(usize, usize)],
    people: &[Person],
    down: bool,
) -> Vec<Crossing> {
    let mut out = Vec::new();
    for (at, label) in labels {
        for person in people {
            let (row, column) = if down {
                (*at, person.at)
            } else {
                (person.at, *at)
            };
            let blank = grid.at(row, column);
            let cell = blank.and_then(|n| grid.cells.get(n));
            if let Some(n) = blank.filter(|_| {
                cell.is_some_and(|c| c.is_blank() && c.row == row && c.column == column)
            }) {
                out.push((*label, n, person.clone()));
            }
        }
    }
    out
}
