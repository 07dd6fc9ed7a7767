//! What a list is about (主题): whether what announces it — the label beside its rows, the row or the line above its heads — means this list
//! of the campaign, another thing (受处分情况, 主持项目情况 over columns like those of 获奖情况), or somebody else's list (配偶简历).

use crate::campaign::Owner;
use crate::fill::anatomy::label::owner_of;

use super::columns::Column;
use super::finder::PlaceFinder;
use super::heads::{HeadSays, calls_somebody, names_candidates, things_in};
use super::roles::NamedRole;
use super::survey::FormGrid;
use super::words::is_title;

/// Most characters of a line that announces a list; a longer one explains something.
const LONGEST: usize = 24;

/// Words for several people, who are not the candidate.
const GROUPS: &[&str] = &[
    "团队",
    "集体",
    "小组",
    "班组",
    "学生",
    "学员",
    "徒弟",
    "家庭",
    "子女",
    "父母",
    "成员",
    "队员",
    "课题组",
    "教研室",
    "科室",
    "支部",
];

/// What an announcement says of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// That it is this one, or nothing of it.
    This,
    /// That it is this one, in words of which some are not known.
    Unsure,
    /// That it is another thing, which the campaign has no list of.
    Thing,
    /// That it is somebody else's.
    Others(String),
}

impl PlaceFinder<'_> {
    /// What announces some rows; none where nothing does.
    pub(super) fn heading(
        &self,
        grid: &FormGrid,
        row: usize,
        columns: &[Column],
    ) -> Option<String> {
        let announced = self.announced(grid, row, columns);
        announced.into_iter().find(|text| announces(text))
    }

    /// What the heading of some rows says of the list that their heads mean.
    pub(super) fn topic(
        &self,
        grid: &FormGrid,
        row: usize,
        columns: &[Column],
        list: &str,
    ) -> Topic {
        let Some(heading) = &self.heading(grid, row, columns) else {
            return Topic::This;
        };
        let names = self.lexicon.names_of(list);
        let things = things_in(heading);
        let spoken = || names.iter().any(|name| heading.contains(name.as_str()));
        let own = is_topic(names, &things) || things.is_empty() && spoken();
        let candidates = owner_of(self.campaign, &format!("{list}.")) != Some(Owner::Unit);
        match self.parts.says(heading) {
            HeadSays::Unknown(words) if names_others(&words) || names_others(heading) => {
                Topic::Others(words)
            }
            HeadSays::Unknown(_) if !things.is_empty() && !own => Topic::Thing,
            HeadSays::Unknown(_) => Topic::Unsure,
            HeadSays::Candidate if !candidates && names_candidates(heading) => Topic::Thing,
            HeadSays::Candidate | HeadSays::Things if !things.is_empty() && !own => Topic::Thing,
            _ => Topic::This,
        }
    }
}

/// Whether words name other people or more than one.
fn names_others(words: &str) -> bool {
    let role = NamedRole::of(words).is_some_and(|role| role.is_another());
    role || calls_somebody(words) || GROUPS.iter().any(|group| words.contains(group))
}

/// Whether two headings announce parts of one list that have each rows of its own: 学习经历 and 工作经历.
pub(super) fn parts_it(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (things_in(one), things_in(other));
    one.sort_unstable();
    other.sort_unstable();
    !one.is_empty() && !other.is_empty() && one != other
}

/// Whether a text can announce a list: it is short, no title of the form, asks nothing and is no sentence.
fn announces(text: &str) -> bool {
    let text = text.trim();
    let signs = ['：', ':', '。', '，', '；', '_', '＿', '□', '\t'];
    let inside = text.strip_prefix(['(', '（']);
    let aside = inside.is_some_and(|inside| {
        // （一）获奖情况 is a heading, （可另附页） an aside
        inside.ends_with([')', '）'])
    });
    !text.is_empty()
        && text.chars().count() <= LONGEST
        && !text.contains(signs)
        && !aside
        && !is_title(text)
}

/// Whether one of some things is what a list with these names is about: one that a name of it holds alone, as 经历 in 主要经历; not 项目 for
/// being in 获奖项目.
fn is_topic(names: &[String], things: &[&str]) -> bool {
    things.iter().any(|thing| {
        names.iter().any(|name| {
            let named = things_in(name);
            named.len() == 1 && named.first() == Some(thing)
        })
    })
}
