//! Whom a form is about (表的主人): read from the form itself, before anything is bound. A form that asks plainly for 姓名 is about that person;
//! else it is about whoever applies (学生, 申请人, 作者), else about who is in charge (项目负责人), else about whom its title names.

use std::collections::BTreeSet;

use super::blocks::Blocks;
use super::callings::applies;
use super::roles::{FOR_ONESELF, NamedRole, RoleKind, bare};
use super::slots::labels_of;
use super::survey::{FormBox, Survey};
use super::words::{is_label, is_photo, is_title};
use crate::fill::bind::lexicon::Lexicon;

/// What whoever applies may be besides.
const STANDING: &[&str] = &[
    "学生",
    "本科生",
    "考生",
    "新生",
    "作者",
    "第一作者",
    "选手",
    "运动员",
    "学员",
    "员工",
    "职工",
    "教职工",
];

/// Whom a form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The person whose name is asked without more; whom the title names, if it does; whom the form asks for by name beside that one, so
    /// that they are others: 驾驶员.
    Plain(Option<String>, Vec<String>),
    /// Whoever has this role, in these words; who is asked for by name beside that one and does something else.
    InRole(RoleKind, String, Vec<String>),
    /// Whoever is called by a word that nobody knows and no title holds: a guess.
    Guessed(String),
    /// Nobody is asked for by name; whether others than the candidate are.
    Nobody(bool),
}

/// Whose a block is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Whose {
    /// The candidate's, with how sure that is at most.
    Candidate(f32),
    /// Somebody else's.
    Another,
}

impl Subject {
    /// Whom a form is about: by the labels outside of lists, or by the heads of their columns.
    pub(super) fn of(survey: &Survey, lexicon: &Lexicon, blocks: &Blocks, heads: bool) -> Self {
        let mut named: Vec<Option<NamedRole>> = Vec::new();
        let mut titles: Vec<String> = Vec::new();
        for loose in &survey.loose {
            let text: String = loose.line.text.iter().collect();
            if is_title(&text) && text.chars().count() < 40 {
                titles.push(text);
            }
            named.extend(
                labels_of(&loose.line)
                    .iter()
                    .filter_map(|l| names(lexicon, l)),
            );
        }
        for (g, grid) in survey.grids.iter().enumerate() {
            for (n, cell) in grid.cells.iter().enumerate() {
                if !is_label(cell) {
                    let lines = cell.lines.iter().flat_map(labels_of);
                    named.extend(lines.filter_map(|l| names(lexicon, &l)));
                    continue;
                }
                let text = cell.text();
                if cell.row == 0 && is_title(&text) {
                    titles.push(text);
                    continue;
                }
                let block = blocks.at(g, n);
                if block.doubtful || block.heads != heads {
                    continue;
                }
                let asks = if block.asks.is_empty() {
                    text.as_str()
                } else {
                    &block.asks
                };
                let name = lexicon
                    .person(asks)
                    .is_some_and(|m| m.field == "name" && m.sure > 0.8);
                named.extend(name.then_some(block.role));
            }
        }
        // 负责人 of a form that asks nothing else of a person is the unit's
        if !is_personal(survey, lexicon, blocks) {
            named.retain(|r| r.as_ref().is_none_or(|r| r.words != "负责人"));
        }
        // whoever chairs is in charge of the work only where there is some
        let texts = survey
            .grids
            .iter()
            .flat_map(|g| &g.cells)
            .map(FormBox::text);
        let worked = texts
            .chain(titles.iter().cloned())
            .any(|t| speaks_of_work(&t));
        named.retain(|r| worked || r.as_ref().is_none_or(|r| r.words != "主持人"));
        Self::among(&named, &titles)
    }

    fn among(named: &[Option<NamedRole>], titles: &[String]) -> Self {
        let titled = titles.iter().find_map(|title| NamedRole::in_title(title));
        // a relative is somebody's, and nobody whom a form is about
        let titled = titled.filter(|r| r.is_another() && !is_kin(&r.words));
        let titled = titled.map(|r| r.words);
        let is = |role: &Option<NamedRole>, kind: RoleKind| {
            role.as_ref().is_some_and(|r| r.kind == kind)
        };
        let same = |role: &Option<NamedRole>| {
            let own = role.as_ref().map(|r| core(&r.words));
            titled
                .as_ref()
                .is_some_and(|t| own.is_some_and(|o| core(t) == o))
        };
        if named
            .iter()
            .any(|r| r.is_none() || is(r, RoleKind::Candidate))
        {
            // whom the title names and the form asks for besides is not the one it is about
            let besides = named.iter().any(same);
            let beside = named.iter().flatten().filter(|r| {
                let titled = titles.iter().any(|t| bare(t).contains(&r.words));
                r.kind == RoleKind::Applicant && !applies(&r.words) && !titled
            });
            let beside = beside.map(|r| r.words.clone()).collect();
            return Self::Plain(titled.filter(|_| !besides), beside);
        }
        let first = named.iter().flatten().find(|r| applies(&r.words));
        if let Some(role) = first.filter(|r| r.kind == RoleKind::Applicant) {
            // 申请人 may be the 学生 of the same form, and is no 驾驶员
            let others = named.iter().flatten().filter(|r| {
                let titled = titles.iter().any(|t| bare(t).contains(&r.words));
                let same = applies(&r.words) || STANDING.contains(&r.words.as_str());
                r.kind == RoleKind::Applicant && !same && !titled
            });
            let others = others.map(|r| r.words.clone()).collect();
            return Self::InRole(role.kind, role.words.clone(), others);
        }
        for kind in [RoleKind::Applicant, RoleKind::Head] {
            if let Some(Some(role)) = named.iter().find(|r| is(r, kind)) {
                return Self::InRole(kind, role.words.clone(), Vec::new());
            }
        }
        // 借用人 of a form for 借用 fills it in for himself
        let does = |role: &Option<NamedRole>| {
            let words = role.as_ref().map_or("", |r| r.words.as_str());
            let verb = FOR_ONESELF.iter().find(|v| words.starts_with(**v));
            verb.is_some_and(|v| titles.iter().any(|t| bare(t).contains(v)))
        };
        // 车主 of 车主登记表 is whom the form is about; of another title it is anybody's guess
        let titled_so = |role: &NamedRole| titles.iter().any(|t| bare(t).contains(&role.words));
        let mut people = named.iter().flatten().filter(|r| !is_kin(&r.words));
        let told = people.find(|r| titled_so(r));
        if let Some(role) = told {
            return Self::InRole(role.kind, role.words.clone(), Vec::new());
        }
        if let Some(Some(role)) = named.iter().find(|r| same(r) || does(r)) {
            return Self::InRole(role.kind, role.words.clone(), Vec::new());
        }
        match named.first().filter(|r| is(r, RoleKind::Named)) {
            Some(Some(role)) => Self::Guessed(role.words.clone()),
            _ => Self::Nobody(!named.is_empty()),
        }
    }

    /// The row of each grid with which the candidate's part begins: where the name is asked.
    pub(super) fn begins(
        &self,
        survey: &Survey,
        lexicon: &Lexicon,
        blocks: &Blocks,
    ) -> Vec<Option<usize>> {
        let row = |g: usize, n: usize, cell: &FormBox| {
            let own = self.whose(blocks.at(g, n).role.as_ref()) != Whose::Another;
            (own && asks_name(lexicon, blocks, (g, n), cell)).then_some(cell.row)
        };
        let grids = survey.grids.iter().enumerate();
        grids
            .map(|(g, grid)| {
                let cells = grid.cells.iter().enumerate();
                cells.filter_map(|(n, cell)| row(g, n, cell)).min()
            })
            .collect()
    }

    /// Whose the block of a role is; of none, the candidate's.
    pub(super) fn whose(&self, role: Option<&NamedRole>) -> Whose {
        let Some(role) = role else {
            // where others are asked for and the candidate is not, it is anybody's guess
            let guess = matches!(self, Self::Nobody(true) | Self::Guessed(_));
            return Whose::Candidate(if guess { 0.75 } else { 1.0 });
        };
        let same = |words: &String| *words == role.words;
        match (role.kind, self) {
            (RoleKind::Candidate, _) => Whose::Candidate(1.0),
            (_, Self::Guessed(words)) if same(words) => Whose::Candidate(0.75),
            (RoleKind::Named, Self::InRole(_, words, _)) if same(words) => Whose::Candidate(0.82),
            (_, Self::InRole(_, words, _)) if same(words) => Whose::Candidate(0.9),
            (RoleKind::Applicant, Self::InRole(_, _, beside)) if beside.contains(&role.words) => {
                Whose::Candidate(0.6)
            }
            (RoleKind::Applicant, Self::InRole(RoleKind::Applicant, words, _)) => {
                // 申请人 on the cover and 学生 within are one; 教师 beside 学生 are two
                let applies = applies(words) || applies(&role.words);
                if applies {
                    Whose::Candidate(0.85)
                } else {
                    Whose::Another
                }
            }
            (RoleKind::Applicant, Self::Plain(_, beside)) if beside.contains(&role.words) => {
                Whose::Candidate(0.6)
            }
            (RoleKind::Applicant, Self::Plain(None, _)) => Whose::Candidate(0.85),
            (RoleKind::Applicant, Self::Plain(Some(_), _)) if applies(&role.words) => {
                Whose::Candidate(0.85)
            }
            (_, Self::Plain(Some(words), _)) if core(words) == core(&role.words) => {
                Whose::Candidate(0.85)
            }
            _ => Whose::Another,
        }
    }

    /// What the form calls whom it is about, where it does.
    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Self::Plain(words, _) => words.as_deref(),
            Self::InRole(_, words, _) => Some(words),
            Self::Guessed(_) | Self::Nobody(_) => None,
        }
    }

    /// Whether a form asks for a person by name.
    pub(super) fn is_somebody(&self) -> bool {
        !matches!(self, Self::Nobody(_))
    }
}

/// Words for somebody's relatives.
const KIN: &[&str] = &[
    "配偶",
    "爱人",
    "丈夫",
    "妻子",
    "父亲",
    "母亲",
    "父母",
    "子女",
    "儿子",
    "女儿",
    "孩子",
    "兄弟",
    "姐妹",
    "亲属",
    "家属",
    "家人",
    "家长",
    "监护人",
    "家庭成员",
];

/// Whether words name somebody's relative.
fn is_kin(words: &str) -> bool {
    KIN.iter().any(|kin| words.ends_with(kin))
}

/// Whether words speak of something that somebody is in charge of: a project, a work.
fn speaks_of_work(text: &str) -> bool {
    let all = ["项目", "课题", "基金", "成果", "专项", "计划"];
    text.chars().count() < 40 && all.iter().any(|w| text.contains(w))
}

/// Whether a form asks for a team by name: whoever it lists are its members.
pub(super) fn is_of_team(survey: &Survey) -> bool {
    let teams = [
        "队伍名",
        "团队名",
        "队名",
        "参赛队",
        "代表队",
        "小组名",
        "组名",
        "战队名",
        "团队全称",
    ];
    let lines = survey.loose.iter().flat_map(|l| labels_of(&l.line));
    let cells = survey.grids.iter().flat_map(|g| &g.cells);
    let cells = cells.filter(|c| is_label(c)).map(FormBox::text);
    let mut labels = lines.chain(cells).map(|t| bare(&t));
    labels.any(|t| t.chars().count() < 12 && teams.iter().any(|team| t.contains(team)))
}

/// Whether labels outside of lists ask what only a person is asked.
fn is_personal(survey: &Survey, lexicon: &Lexicon, blocks: &Blocks) -> bool {
    let grids = survey.grids.iter().enumerate();
    let mut labels = grids.flat_map(|(g, grid)| {
        let cells = grid.cells.iter().enumerate();
        let free = cells.filter(move |(n, c)| is_label(c) && !blocks.at(g, *n).heads);
        free.map(|(_, c)| c.text())
    });
    labels.any(|text| {
        let own = lexicon.person(&text).is_some_and(|m| m.sure > 0.8);
        own && lexicon.unit(&text).is_none() && !is_photo(&text) && !lexicon.is_contact(&text)
    })
}

/// The grids that ask for a person by name outside of lists.
pub(super) fn named_in(survey: &Survey, lexicon: &Lexicon, blocks: &Blocks) -> BTreeSet<usize> {
    let grids = survey.grids.iter().enumerate();
    let named = grids.filter(|(g, grid)| {
        let mut cells = grid.cells.iter().enumerate();
        cells.any(|(n, cell)| asks_name(lexicon, blocks, (*g, n), cell))
    });
    named.map(|(g, _)| g).collect()
}

/// Whether a label outside of lists asks for a name.
fn asks_name(lexicon: &Lexicon, blocks: &Blocks, (g, n): (usize, usize), cell: &FormBox) -> bool {
    let block = blocks.at(g, n);
    let text = cell.text();
    let asks = if block.asks.is_empty() {
        &text
    } else {
        &block.asks
    };
    let name = lexicon.person(asks);
    is_label(cell) && !block.heads && name.is_some_and(|m| m.field == "name" && m.sure > 0.8)
}

/// The last characters of a role, which say what the person is: 教师 of 协作指导教师.
fn core(words: &str) -> &str {
    let from = words.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    words.get(from..).unwrap_or(words)
}

/// The role whose name a label in a line asks for; none in it where it is asked plainly.
fn names(lexicon: &Lexicon, label: &str) -> Option<Option<NamedRole>> {
    let own = bare(label);
    let known = lexicon
        .person(label)
        .is_some_and(|m| m.field == "name" && m.sure > 0.8);
    if known {
        return Some(None);
    }
    if lexicon.unit(label).is_some_and(|m| m.sure > 0.8) || own.contains("签") {
        return None;
    }
    let role = NamedRole::of(label)?;
    let asked = role.asks.is_empty() || role.asks.starts_with("姓名");
    asked.then_some(Some(role))
}
