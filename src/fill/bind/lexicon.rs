//! What the words of a label mean (标签): spaces, width, brackets, numbering, translations and synonyms folded, then looked
//! up among the labels and headings of the campaign.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Campaign, Field, Kind, Owner, Sheet};
use crate::fill::anatomy::label::CANDIDATES;
use crate::text::heading::{fold_heading as letters, without_brackets};
use crate::text::width::fold_width;

use crate::fill::bind::roles::bare;
use crate::fill::bind::synonyms::{
    BEHIND, COMPOSED, CONTACT, FRONT, LEAD, LISTS, PLACES, SYNONYMS,
};

/// How sure a meaning is whose words are the field's own label.
const LABEL: f32 = 0.98;
/// Its words are a heading that the campaign knows.
const ALIAS: f32 = 0.95;
/// A word that means the same in forms of other organisers.
const SYNONYM: f32 = 0.9;
/// Only after words were taken off in front that say no more than whose it is.
const LED: f32 = 0.85;
/// Only after words were taken off in front or behind.
const TRIMMED: f32 = 0.7;
/// A list that is asked as one text; how its rows are written there is ours.
const WHOLE: f32 = 0.85;
/// Of two things asked in one blank, the first.
const FIRST_OF_TWO: f32 = 0.85;
/// Of two things asked in one blank, the only one that is known.
const ONE_OF_TWO: f32 = 0.82;

/// Words for units, of which 名称 asks nothing else.
const OF_UNITS: [&str; 6] = ["单位", "学校", "院校", "机构", "企业", "公司"];

/// A field that some words may mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    /// Key within its sheet.
    pub(super) field: String,
    /// From 0 to 1.
    pub(super) sure: f32,
    /// The other field where two are asked in one blank.
    pub(super) also: Option<String>,
}

/// Words of one sheet's fields.
#[derive(Debug)]
struct SheetLexicon {
    list: String,
    names: Vec<String>,
    fields: BTreeMap<String, (String, f32)>,
    /// What was looked up already: the same words are asked of by every step that goes over a form.
    known: RefCell<BTreeMap<String, Option<Meaning>>>,
}

/// All words of a campaign.
#[derive(Debug)]
pub(super) struct Lexicon {
    person: Option<SheetLexicon>,
    unit: Option<SheetLexicon>,
    lists: Vec<SheetLexicon>,
    given: Vec<(String, String)>,
    /// Fields of a person that take long text.
    long: BTreeSet<String>,
    /// Fields of a person by which somebody is reached, or found at work.
    contact: BTreeSet<String>,
    /// The lists that words were found to ask for as one text.
    asked: RefCell<BTreeMap<String, Option<Meaning>>>,
}

impl Lexicon {
    /// The words of a campaign.
    pub(super) fn of(campaign: &Campaign) -> Self {
        let single = |owner: Owner| {
            campaign
                .sheets
                .iter()
                .find(|s| s.of == owner && !s.rows)
                .map(SheetLexicon::of)
        };
        let rows = campaign.sheets.iter().filter(|s| s.rows);
        let given = rows.clone().flat_map(|s| {
            let words = s.given.iter().flatten();
            words.map(|(_, word)| (s.key.clone(), letters(word)))
        });
        let own = campaign.candidate_sheet().into_iter();
        let own = own.flat_map(|s| &s.fields);
        let long = own.filter(|f| matches!(f.kind, Kind::Long | Kind::Photo));
        let long = long.map(|f| f.key.clone()).collect();
        let person = single(Owner::Candidate);
        let contact = CONTACT.iter().filter_map(|word| {
            let field = person.as_ref()?.fields.get(*word)?;
            Some(field.0.clone())
        });
        Self {
            long,
            contact: contact.collect(),
            person,
            unit: single(Owner::Unit),
            given: given.collect(),
            lists: rows.map(SheetLexicon::of).collect(),
            asked: RefCell::default(),
        }
    }

    /// What words mean in a form of a candidate.
    pub(super) fn person(&self, text: &str) -> Option<Meaning> {
        self.person.as_ref()?.meaning(text)
    }

    /// Whether words ask for a long text, a list or a picture.
    pub(super) fn is_long(&self, text: &str) -> bool {
        let long = self
            .person(text)
            .is_some_and(|m| self.long.contains(&m.field));
        long || self.whole(text).is_some()
    }

    /// Whether a field of a person takes a long text or a picture.
    pub(super) fn is_long_field(&self, field: &str) -> bool {
        self.long.contains(field)
    }

    /// Whether words ask where somebody is reached or works: what is asked of anybody.
    pub(super) fn is_contact(&self, text: &str) -> bool {
        let field = self.person(text).map(|m| m.field);
        field.is_none_or(|f| self.contact.contains(&f))
    }

    /// What words mean of the unit.
    pub(super) fn unit(&self, text: &str) -> Option<Meaning> {
        self.unit.as_ref()?.meaning(text)
    }

    /// What the head of a column means in a list.
    pub(super) fn column(&self, list: &str, text: &str) -> Option<Meaning> {
        if list == CANDIDATES {
            return self.person(text);
        }
        self.lists.iter().find(|b| b.list == list)?.meaning(text)
    }

    /// Keys of all lists.
    pub(super) fn lists(&self) -> impl Iterator<Item = &str> {
        std::iter::once(CANDIDATES).chain(self.lists.iter().map(|b| b.list.as_str()))
    }

    /// The list that a heading announces.
    pub(super) fn list_named(&self, text: &str) -> Option<&str> {
        let text = letters(&without_brackets(text));
        let mut best: Option<(usize, &str)> = None;
        for book in &self.lists {
            for name in book.names.iter().filter(|n| text.contains(n.as_str())) {
                let length = name.chars().count();
                if best.is_none_or(|b| length > b.0) {
                    best = Some((length, &book.list));
                }
            }
        }
        best.map(|b| b.1)
    }

    /// What a list is called: its label, its aliases and what others call such a list.
    pub(super) fn names_of(&self, list: &str) -> &[String] {
        let mut lists = self.lists.iter();
        lists
            .find(|b| b.list == list)
            .map_or(&[], |b| b.names.as_slice())
    }

    /// The list that a label asks for as one text. Lists with given rows are never asked so.
    pub(super) fn whole(&self, text: &str) -> Option<Meaning> {
        if let Some(known) = self.asked.borrow().get(text) {
            return known.clone();
        }
        let found = self.whole_list(text);
        let mut asked = self.asked.borrow_mut();
        asked.insert(text.to_owned(), found.clone());
        found
    }

    fn whole_list(&self, text: &str) -> Option<Meaning> {
        let own = |book: &&SheetLexicon| self.given.iter().all(|(list, _)| *list != book.list);
        let found = |word: &str, sure: f32| {
            let mut lists = self.lists.iter().filter(own);
            let book = lists.find(|b| b.names.iter().any(|n| n == word))?;
            Some(Meaning {
                field: book.list.clone(),
                sure,
                also: None,
            })
        };
        let forms = forms_of(text);
        let whole = forms.iter().find_map(|form| found(form, WHOLE));
        let composed = || {
            let text = forms.iter().find_map(|form| composed(form));
            text.and_then(|name| found(name, WHOLE))
        };
        whole.or_else(composed).or_else(|| {
            let less = forms.iter().flat_map(|form| trimmed(form));
            less.into_iter().find_map(|word| found(&word, TRIMMED))
        })
    }

    /// The list whose given rows hold a word.
    pub(super) fn list_with_row(&self, text: &str) -> Option<&str> {
        let text = letters(text);
        let found = self.given.iter().find(|(_, word)| *word == text);
        found.map(|(list, _)| list.as_str())
    }

    /// Whether words name the unit that recommends, or what is asked about it.
    pub(super) fn is_of_unit(&self, text: &str) -> bool {
        let text = bare(text);
        let told = ["基本情况", "基本信息", "情况", "信息"];
        let less = told.iter().find_map(|t| text.strip_suffix(t));
        let text = less
            .filter(|t| t.chars().count() > 2)
            .map_or(text.clone(), str::to_owned);
        let unit = self.unit.as_ref();
        unit.is_some_and(|b| b.names.iter().any(|n| n.chars().count() > 2 && text == *n))
            || [
                "推荐单位",
                "填报单位",
                "报送单位",
                "申报单位",
                "推荐单位情况",
                "推荐单位信息",
            ]
            .contains(&text.as_str())
    }
}

impl Lexicon {
    /// Whether a title says that the form is about a unit: 单位基本情况表, 企业信息登记表.
    pub(super) fn is_about_unit(&self, text: &str) -> bool {
        let text = letters(&without_brackets(text));
        let told = ["情况", "信息", "概况", "简介"];
        let mut units = ["单位", "机构", "企业", "组织", "学会", "协会"].iter();
        units.any(|u| {
            told.iter()
                .any(|t| text.contains(&format!("{u}{t}")) || text.contains(&format!("{u}基本{t}")))
        })
    }
}

impl SheetLexicon {
    fn of(sheet: &Sheet) -> Self {
        let mut fields = BTreeMap::new();
        let mut put = |word: String, field: &Field, sure: f32| {
            if !word.is_empty() {
                fields.entry(word).or_insert((field.key.clone(), sure));
            }
        };
        for field in &sheet.fields {
            for word in forms_of(&field.label) {
                put(word, field, LABEL);
            }
        }
        for field in &sheet.fields {
            for word in field.aliases.iter().flat_map(|a| forms_of(a)) {
                put(word, field, ALIAS);
            }
        }
        for field in &sheet.fields {
            let own = letters(&field.label);
            let groups = SYNONYMS.iter().filter(|g| g.contains(&own.as_str()));
            for word in groups.copied().flatten() {
                put((*word).to_owned(), field, SYNONYM);
            }
        }
        let mut names: Vec<String> = std::iter::once(&sheet.label)
            .chain(&sheet.aliases)
            .map(|n| letters(n))
            .collect();
        for (name, more) in LISTS {
            if names.iter().any(|n| n == name) {
                names.extend(more.iter().map(|m| (*m).to_owned()));
            }
        }
        Self {
            list: sheet.key.clone(),
            names,
            fields,
            known: RefCell::default(),
        }
    }

    /// What words mean.
    fn meaning(&self, text: &str) -> Option<Meaning> {
        if let Some(known) = self.known.borrow().get(text) {
            return known.clone();
        }
        let found = self.looked_up(text);
        let mut known = self.known.borrow_mut();
        known.insert(text.to_owned(), found.clone());
        found
    }

    fn looked_up(&self, text: &str) -> Option<Meaning> {
        let found = |word: &str, less: f32| {
            let (field, sure) = self.fields.get(word)?;
            Some(Meaning {
                field: field.clone(),
                sure: sure - less,
                also: None,
            })
        };
        let forms = forms_of(text);
        for (n, form) in forms.iter().enumerate() {
            let less = if n == 0 { 0.0 } else { 0.02 };
            if let Some(meaning) = found(form, less) {
                return Some(meaning);
            }
        }
        for form in &forms {
            let led = LEAD.iter().filter_map(|l| form.strip_prefix(l));
            for word in led.filter(|w| w.chars().count() > 1) {
                if let Some(mut meaning) = found(word, 0.0) {
                    meaning.sure = meaning.sure.min(LED);
                    return Some(meaning);
                }
            }
        }
        // of whom the sheet is, in front: 推荐单位联系人
        let led = forms.iter().flat_map(|form| {
            let names = self.names.iter().filter(|n| n.chars().count() > 3);
            names.filter_map(|n| form.strip_prefix(n.as_str()))
        });
        for word in led.filter(|w| w.chars().count() > 1) {
            if let Some(mut meaning) = found(word, 0.0) {
                meaning.sure = meaning.sure.min(LED);
                return Some(meaning);
            }
        }
        // a unit is asked by its name: 工作单位名称 is 工作单位
        let named = forms.iter().filter_map(|form| form.strip_suffix("名称"));
        for word in named.filter(|w| OF_UNITS.iter().any(|noun| w.ends_with(noun))) {
            if let Some(mut meaning) = found(word, 0.0) {
                meaning.sure = meaning.sure.min(LED);
                return Some(meaning);
            }
        }
        for form in &forms {
            for word in trimmed(form) {
                if let Some(mut meaning) = found(&word, 0.0) {
                    meaning.sure = meaning.sure.min(TRIMMED);
                    return Some(meaning);
                }
            }
        }
        self.two(text)
    }

    /// Two things in one blank (工作单位及职务, 学历学位): the first, and that there is another.
    fn two(&self, text: &str) -> Option<Meaning> {
        let text = without_brackets(&fold_width(text));
        // a number in front, as 9.工作单位及职务
        let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || !c.is_alphanumeric());
        let field = |word: &str| {
            let led = LEAD
                .iter()
                .filter_map(|l| self.fields.get(word.strip_prefix(l)?));
            self.fields.get(word).or_else(|| led.into_iter().next())
        };
        // both words are folded already: they are looked up, not folded again for every way to part a label
        let pair = |one: &str, two: &str| {
            let one_only = |known: Option<&(String, f32)>, other: &str| {
                let (field, _) = known.filter(|_| PLACES.contains(&other))?;
                Some(Meaning {
                    field: field.clone(),
                    sure: ONE_OF_TWO,
                    also: None,
                })
            };
            let known = (field(one), field(two));
            let (Some((one, _)), Some((two, _))) = known else {
                return one_only(known.0, two).or_else(|| one_only(known.1, one));
            };
            (one != two).then(|| Meaning {
                field: one.clone(),
                sure: FIRST_OF_TWO,
                also: Some(two.clone()),
            })
        };
        let signs = ["及", "和", "与", "、", "/", "\n", "或"];
        let parted = signs.iter().find_map(|sign| {
            let (one, two) = text.split_once(sign)?;
            pair(&letters(one), &letters(two))
        });
        let whole = letters(text);
        let ends = whole.char_indices().map(|(at, _)| at).skip(2);
        parted.or_else(|| {
            ends.take(6).find_map(|at| {
                let (one, two) = (whole.get(..at)?, whole.get(at..)?);
                // 单位联系电话 is no unit but its telephone: the end says what is asked
                if asks_of(two) {
                    let (end, _) = field(two).filter(|_| field(one).is_some())?;
                    return Some(Meaning {
                        field: end.clone(),
                        sure: TRIMMED,
                        also: None,
                    });
                }
                pair(one, two)
            })
        })
    }
}

/// Whether words at the end of a label ask something of what stands in front of them, and are no second thing beside it.
fn asks_of(end: &str) -> bool {
    let all = [
        "电话",
        "手机",
        "方式",
        "邮箱",
        "邮件",
        "地址",
        "邮编",
        "编码",
        "名称",
        "全称",
        "性质",
        "类别",
        "类型",
        "级别",
        "等级",
        "院校",
        "学校",
        "时间",
        "日期",
        "年月",
        "号码",
        "代码",
        "联系人",
        "负责人",
        "经办人",
        "姓名",
    ];
    all.iter().any(|word| end.ends_with(word))
}

/// The ways in which a label may be meant, the fullest first.
fn forms_of(text: &str) -> Vec<String> {
    let text = fold_width(text);
    let bare = without_brackets(&text);
    let without_number = |text: &str| {
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || !c.is_alphanumeric());
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
        if digits.len() < text.len() {
            return digits.to_owned();
        }
        let han = text.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
        if han.len() < text.len() && han.starts_with(['、', '.', '，', ',', ')']) {
            return han.to_owned();
        }
        text.to_owned()
    };
    let han = |text: &str| -> String {
        let all = letters(text);
        let han: String = all.chars().filter(|c| !c.is_ascii()).collect();
        if han.is_empty() { all } else { han }
    };
    let mut out = vec![
        letters(&text),
        letters(&bare),
        letters(&without_number(&bare)),
        han(&without_number(&bare)),
        han(&without_number(&text)),
    ];
    let mut seen = Vec::new();
    out.retain(|w| {
        let new = !w.is_empty() && !seen.contains(w);
        seen.push(w.clone());
        new
    });
    out
}

/// The list that a label composed of several words asks for: 何时何地受过何种奖励, 主要学习和工作经历.
fn composed(word: &str) -> Option<&'static str> {
    let list = COMPOSED.iter().find(|(_, core, pieces)| {
        let mut rest = word;
        let mut cores = 0;
        while let Some(piece) = core.iter().chain(*pieces).find(|p| rest.starts_with(**p)) {
            cores += usize::from(core.contains(piece));
            rest = rest.get(piece.len()..).unwrap_or_default();
        }
        rest.is_empty() && cores > 0
    });
    list.map(|(name, _, _)| *name)
}

/// A word with what stands in front or behind taken off.
fn trimmed(word: &str) -> Vec<String> {
    let fronts = FRONT.iter().filter_map(|f| word.strip_prefix(f));
    let mut out: Vec<String> = fronts.map(str::to_owned).collect();
    let all: Vec<String> = std::iter::once(word.to_owned())
        .chain(out.clone())
        .collect();
    for word in all {
        let behind = BEHIND.iter().filter_map(|b| word.strip_suffix(b));
        out.extend(behind.map(str::to_owned));
    }
    out.retain(|w| w.chars().count() > 1);
    out
}
