//! What unit a part of a form is about (单位的部分): the one that recommends (推荐单位信息), where the candidate works (单位情况); and who is to be called
//! there.

use super::fillers::{contact, filler};
use super::heads::HeadSays;
use super::parts::HeadKind;
use super::roles::bare;
use super::survey::{FormBox, FormGrid};
use crate::fill::bind::finder::PlaceFinder;
use crate::text::heading::fold_heading as letters;

/// Whose a part about a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// The unit that recommends.
    Recommends,
    /// The unit in which the candidate works.
    Employs,
}

/// Whose what is asked there is, where it is not the candidate's.
pub(super) const EMPLOYER: &str = "所在单位";

/// Headings over what is asked of the unit in which the candidate works.
const EMPLOYERS: &[&str] = &[
    "单位",
    "所在单位",
    "工作单位",
    "现工作单位",
    "任职单位",
    "现单位",
    "就职单位",
    "供职单位",
    "人事单位",
];

impl PlaceFinder<'_> {
    /// The unit that the headings of a part name, the innermost first.
    pub(super) fn body_of_part(&self, stack: &[usize]) -> Option<Body> {
        let heads = stack.iter().rev().filter_map(|h| self.parts.head(*h));
        let mut heads = heads.filter(|h| !matches!(h.kind, HeadKind::Title | HeadKind::Sheet));
        let head = heads.find(|h| h.says != HeadSays::Nothing)?;
        if head.says != HeadSays::Things {
            return None;
        }
        if self.lexicon.is_of_unit(&head.text) {
            return Some(Body::Recommends);
        }
        let words = bare(&head.text);
        let told = ["基本情况", "基本信息", "情况", "信息", "概况"];
        let less = told.iter().find_map(|t| words.strip_suffix(t));
        let employs = less.is_some_and(|words| EMPLOYERS.contains(&words));
        employs.then_some(Body::Employs)
    }

    /// Whom a label asks for who is of another unit, or another person, than the words alone say: whoever is to be called where the
    /// candidate works, and a second one beside whoever is to be called.
    pub(super) fn of_another_body(&self, g: usize, n: usize) -> Option<String> {
        let text = self.survey.text(g, n);
        let meant = self.lexicon.unit(&text).filter(|m| m.sure > 0.8)?;
        let body = self.body_of_part(self.parts.over(g, n));
        let employs = self.personal && body == Some(Body::Employs);
        if employs && self.lexicon.person(&text).is_none() {
            return Some(EMPLOYER.to_owned());
        }
        let role = filler(&text)?;
        let grid = self.survey.grids.get(g)?;
        let mut texts = grid.cells.iter().map(FormBox::text);
        let called = texts.any(|t| {
            let same = || {
                self.lexicon
                    .unit(&t)
                    .is_some_and(|m| m.field == meant.field)
            };
            contact(&t).is_some() && same()
        });
        called.then_some(role.words)
    }

    /// Whether a tall label at the side says that a part of the table is the unit's, or a person's.
    pub(super) fn section(&self, grid: &FormGrid, cell: &FormBox) -> Option<bool> {
        let side = (0..cell.column).rev().filter_map(|c| grid.at(cell.row, c));
        let tall = side
            .filter_map(|n| grid.cells.get(n))
            .find(|c| c.down > 1 && c.down > cell.down && !c.is_blank());
        let tall = tall?;
        let text = tall.text();
        if self.lexicon.is_of_unit(&text) {
            return Some(true);
        }
        let person = [
            "候选人",
            "推荐人选",
            "人选",
            "被推荐人",
            "个人",
            "基本情况",
            "本人",
            "推荐对象",
            "申报人",
        ];
        let text = letters(&text);
        person.iter().any(|p| text.contains(p)).then_some(false)
    }
}
