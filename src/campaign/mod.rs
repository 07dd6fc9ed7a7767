//! A campaign (活动) as data: who asks, who may answer, what is asked, by which rules, on which forms.
//! Reading it out of TOML is in `load` (with `document` and `verify…`); the campaigns that the program brings
//! along are in `builtin`; form templates are in `template`; nothing here knows a value.

mod builtin;
mod deadline;
mod document;
mod holidays;
mod kind;
mod limits;
mod load;
mod partners;
mod pattern_length;
mod photo_names;
mod ready;
mod rule;
mod shown;
mod template;
mod toml_words;
mod verify;
mod verify_agree;
mod verify_demo;
mod verify_field;
mod verify_fires;
mod verify_form;
mod verify_keys;
mod verify_names;
mod verify_paper;
mod verify_placed;
mod verify_rules;
mod verify_table;
mod verify_twice;
mod verify_works;
mod verify_year;

pub use builtin::{USUAL, builtin};
pub use deadline::Deadline;
pub use holidays::Holidays;
pub use kind::FormKind;
pub use limits::{Limit, Pattern};
pub use load::{Source, load};
pub use photo_names::{NamePattern, PhotoNames};
pub use rule::{Rule, Rules, lines_of};
pub use template::{
    Align, BlockTemplate, BorderTemplate, CellTemplate, EvenTemplate, FormTemplate, FrameLine,
    OpinionTemplate, PageNoteTemplate, PageNumberStyle, PageTemplate, Per, RowTemplate,
    StyleTemplate,
};

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::text::lexicon::WordList;

/// One year's campaign, complete and checked.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Folder name under `templates/`, such as `hebei-zuimei-2021`.
    pub id: String,
    /// Version of the template data; part of every record's digest.
    pub version: u16,
    /// Full title of the campaign, as it stands in texts.
    pub title: String,
    /// The campaign's year.
    pub year: i16,
    /// The notice's number (文号), with 六角括号.
    pub notice_no: String,
    /// The organiser's full name (主办单位, 制表机关).
    pub organiser: String,
    /// When paper and files must be in.
    pub deadline: Deadline,
    /// Whether the last day itself is in time (“前”按含当日理解).
    pub deadline_inclusive: bool,
    /// Address put in front of a mark's digits, so that a phone opens a page; most campaigns have none.
    pub verify_url: Option<String>,
    /// How marks are signed.
    pub mark: MarkRules,
    /// Offices that receive paper, by id.
    pub addresses: BTreeMap<String, Address>,
    /// Channels of recommendation (推荐渠道), in the notice's order.
    pub channels: Vec<Channel>,
    /// What is asked: sheets of fields.
    pub sheets: Vec<Sheet>,
    /// Rules with severities and parameters.
    pub rules: Rules,
    /// What a unit must mail, in mailing order.
    pub materials: Vec<Material>,
    /// Forms (表), in mailing order.
    pub forms: Vec<FormTemplate>,
    /// Code lists (代码表) by id.
    pub lists: BTreeMap<String, CodeList>,
    /// Holidays of the years that are listed, for counting working days.
    pub holidays: Holidays,
    /// Short texts that forms and the blank workbook use, by key.
    pub texts: BTreeMap<String, String>,
    /// Switches that forms ask for, by name.
    pub switches: BTreeMap<String, bool>,
    /// Words that lines of forms are not broken in: the shared list, the campaign's own, and the names in code lists.
    pub words: Arc<WordList>,
    /// The invented submission for `demo`, as TOML text.
    pub demo: String,
}

/// How a campaign's marks are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkRules {
    /// Algorithm of signatures and of the records' digests.
    #[serde(default)]
    pub algorithm: MarkAlgorithm,
}

/// Algorithm of a campaign's signatures and digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkAlgorithm {
    /// Ed25519 and SHA-256.
    #[default]
    Ed25519,
    /// SM2 and SM3 (商用密码), GB/T 32918 and GB/T 32905.
    Sm2,
}

impl Campaign {
    /// What a text names of the campaign itself by `campaign.title`, `.year`, `.notice_no` or `.organiser`; none for other keys.
    pub fn named(&self, key: &str) -> Option<String> {
        match key.strip_prefix("campaign.")? {
            "title" => Some(self.title.clone()),
            "year" => Some(self.year.to_string()),
            "notice_no" => Some(self.notice_no.clone()),
            "organiser" => Some(self.organiser.clone()),
            _ => None,
        }
    }

    /// What people call a field by its key in a finding or a record: `name`, `unit.name`, `resume[0].org`; none for other keys.
    pub fn label_of(&self, key: &str) -> Option<&str> {
        let (sheet, field) = match key.rsplit_once('.') {
            Some((sheet, field)) => (sheet.split('[').next(), field),
            None => (None, key),
        };
        let mut sheets = self.sheets.iter();
        let of = sheets.find_map(|s| {
            let asked =
                sheet.is_none_or(|key| key == s.key || key == "unit" || key == "candidates");
            s.field(field).filter(|_| asked)
        });
        of.map(|f| f.label.as_str())
    }

    /// The last day that is in time.
    pub fn last_day(&self) -> jiff::civil::Date {
        self.deadline.last_day(self.deadline_inclusive)
    }

    /// The channel of a kind.
    pub fn channel(&self, kind: &str) -> Option<&Channel> {
        self.channels.iter().find(|c| c.kind == kind)
    }

    /// The channel that a text means: its kind, label or an alias.
    pub fn channel_named(&self, text: &str) -> Option<&Channel> {
        let text = text.trim();
        let named =
            |c: &&Channel| c.kind == text || c.label == text || c.aliases.iter().any(|a| a == text);
        self.channels.iter().find(named)
    }

    /// The sheet with a key.
    pub fn sheet(&self, key: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.key == key)
    }

    /// The sheets whose rows belong to each candidate (résumé, awards …).
    pub fn candidate_lists(&self) -> impl Iterator<Item = &Sheet> {
        self.sheets
            .iter()
            .filter(|s| s.of == Owner::Candidate && s.rows)
    }

    /// The sheets whose rows belong to the unit (activity status …).
    pub fn unit_lists(&self) -> impl Iterator<Item = &Sheet> {
        self.sheets.iter().filter(|s| s.of == Owner::Unit && s.rows)
    }

    /// The sheets whose rows are works with files in a folder of their own.
    pub fn work_lists(&self) -> impl Iterator<Item = &Sheet> {
        self.sheets
            .iter()
            .filter(|s| s.rows && !s.folder.is_empty())
    }

    /// The sheet of the unit's own fields, one record.
    pub fn unit_sheet(&self) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.of == Owner::Unit && !s.rows)
    }

    /// The sheet of the candidates, a row each.
    pub fn candidate_sheet(&self) -> Option<&Sheet> {
        self.sheets
            .iter()
            .find(|s| s.of == Owner::Candidate && !s.rows)
    }

    /// What this campaign calls the sheet of the people who are recommended: 候选人, 人选 and the like.
    pub fn people_word(&self) -> &str {
        self.candidate_sheet()
            .map_or("候选人", |s| s.label.as_str())
    }

    /// What people call a form: its name in this campaign, or else the usual word of its kind.
    pub fn form_name(&self, kind: FormKind) -> Cow<'static, str> {
        match self.form(kind).map(|f| f.name.as_str()) {
            None | Some("") => kind.label(),
            Some(name) => name.to_owned().into(),
        }
    }

    /// The template of a form kind, where the campaign has one.
    pub fn form(&self, kind: FormKind) -> Option<&FormTemplate> {
        self.forms.iter().find(|f| f.kind == kind)
    }
}

/// An office that receives paper.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Id that channels name.
    pub id: String,
    /// Full name of the office.
    pub name: String,
    /// Department that opens the envelope.
    #[serde(default)]
    pub department: String,
    /// Postal address; empty where the notice gives none.
    #[serde(default)]
    pub address: String,
    /// Six digits; empty where the notice gives none.
    #[serde(default)]
    pub postcode: String,
    /// Telephone numbers as printed.
    #[serde(default)]
    pub phone: String,
    /// Mailbox for the electronic files.
    #[serde(default)]
    pub email: String,
}

/// A channel of recommendation (推荐渠道).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Stable key, such as `city`.
    pub kind: String,
    /// What people call it, such as 市科协.
    pub label: String,
    /// Other names that people write.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Most candidates without approval of more.
    pub quota: usize,
    /// The code of the rule that a list above the quota breaks, such as `Q1`.
    pub quota_rule: String,
    /// Id of the address that receives the paper.
    pub recipient: String,
    /// Forms that this channel hands in.
    pub forms: Vec<FormKind>,
    /// Keys of unit fields whose opinion must be given in a joint recommendation (C5).
    #[serde(default)]
    pub joint: Vec<String>,
    /// What a letter calls the departments of `joint`, by their field; the field's label without 意见 where none is written.
    #[serde(default)]
    pub departments: BTreeMap<String, String>,
    /// Whether it takes part; a loaded campaign holds only channels that do.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

/// To whom a sheet's values belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// The recommending unit.
    Unit,
    /// A candidate.
    Candidate,
}

/// A sheet of the workbook and a group of values in the record (工作表).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Stable key: `unit`, `candidate`, or the key under which its rows stand in the record, such as `resume`.
    pub key: String,
    /// Sheet name in the workbook.
    pub label: String,
    /// Other sheet names that people write.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// To whom the values belong.
    pub of: Owner,
    /// Whether the sheet holds repeated rows of its owner. The candidate sheet itself is not `rows`.
    #[serde(default)]
    pub rows: bool,
    /// For rows of a candidate: label of the column that names the candidate.
    #[serde(default)]
    pub link: String,
    /// Rows that are given, such as the steps of the activity: values by field key; the person fills in the rest.
    #[serde(default)]
    pub given: Vec<BTreeMap<String, String>>,
    /// Fewest rows that an owner must have; fewer is M14.
    #[serde(default)]
    pub least: usize,
    /// For rows that are works with files of their own, such as films in new media: the folder of the submission that holds them (作品).
    /// Empty for all others.
    #[serde(default)]
    pub folder: String,
    /// Fields in the order of the digest, the workbook and the check.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
}

impl Sheet {
    /// The field with a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key)
    }
}

/// One question (字段).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable key, ASCII, unique in its sheet.
    pub key: String,
    /// What the form and the workbook call it.
    pub label: String,
    /// Headings that people really write.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What may stand in it.
    #[serde(default)]
    pub kind: Kind,
    /// Most characters (字: code points without white space).
    #[serde(default)]
    pub max: Option<usize>,
    /// Fewest characters, for long texts.
    #[serde(default)]
    pub min: Option<usize>,
    /// The exact count of characters, for numbers of documents and the like.
    #[serde(default)]
    pub length: Option<usize>,
    /// A pattern that the whole value matches.
    #[serde(default)]
    pub pattern: Option<Pattern>,
    /// The pattern in words, such as 两位大写字母加六位数字; said in findings and notes.
    #[serde(default)]
    pub pattern_in_words: String,
    /// The smallest number, for `count` and `decimal`; 0 where none is written.
    #[serde(default)]
    pub at_least: Option<Limit>,
    /// The largest number.
    #[serde(default)]
    pub at_most: Option<Limit>,
    /// Most digits after the point, for `decimal`.
    #[serde(default)]
    pub places: Option<u32>,
    /// The unit in which a number is given, such as 分: not typed, dropped where it is.
    #[serde(default)]
    pub unit: String,
    /// Whether it must be answered (or hold the word in `blank`).
    #[serde(default)]
    pub required: bool,
    /// The word that stands for “nothing to say”, usually 无; printed where the answer is empty and not required.
    #[serde(default)]
    pub blank: String,
    /// Id of the code list whose names are accepted.
    #[serde(default)]
    pub codes: Option<String>,
    /// Whether the code list is only a suggestion.
    #[serde(default)]
    pub free: bool,
    /// Whether several names of the code list may stand here, separated by 、.
    #[serde(default)]
    pub multi: bool,
    /// Explanation on the heading in the blank workbook.
    #[serde(default)]
    pub note: String,
    /// Value in the example row.
    #[serde(default)]
    pub example: String,
    /// Column width in the blank workbook, in characters; 0 for a width by kind.
    #[serde(default)]
    pub width: u16,
    /// Whether the value is personal data that is masked outside the originals.
    #[serde(default)]
    pub masked: bool,
}

/// What may stand in a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line of text.
    #[default]
    Text,
    /// A person's name.
    Name,
    /// Paragraphs.
    Long,
    /// A name out of a code list.
    Code,
    /// A month, canonical `1978.05`.
    Month,
    /// A span of months, canonical `1996.09—2000.07` or `2000.08—至今`.
    Span,
    /// A day, canonical `2021-05-08`.
    Date,
    /// A whole number, not negative.
    Count,
    /// A number that may have digits after the point, canonical `87.5`.
    Decimal,
    /// A number of an identity document, by `id_type`.
    IdNo,
    /// A unified social credit code.
    Uscc,
    /// Fixed or mobile phone numbers; several are separated by 、.
    Phone,
    /// A mobile number.
    Mobile,
    /// A mail address.
    Email,
    /// A postcode.
    Postcode,
    /// 是 or 否.
    YesNo,
    /// File name of the candidate's id photo within `photos/`; may be empty where the name follows the rule.
    Photo,
    /// An address on the web, canonical with `http://` or `https://`.
    Url,
    /// Names of files or folders within the sheet's `folder`; several are separated by 、.
    File,
}

/// Something that a unit must mail (材料), a row of the checklist.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Stable key.
    pub key: String,
    /// Name in the checklist.
    pub label: String,
    /// The form it is, where it is one of ours.
    #[serde(default)]
    pub form: Option<FormKind>,
    /// Key of the sheet whose rows are counted; empty where none are.
    #[serde(default)]
    pub sheet: String,
    /// Whether its count is for each candidate or for the unit.
    pub per: Per,
    /// Count of paper originals for each; 0 for electronic only.
    pub paper: u32,
    /// Whether an electronic copy goes by mail.
    pub electronic: bool,
    /// Whether each paper original needs the official seal.
    #[serde(default)]
    pub sealed: bool,
    /// Channels that hand it in; empty for all.
    #[serde(default)]
    pub channels: Vec<String>,
    /// What to watch, printed in the last column.
    #[serde(default)]
    pub note: String,
}

/// A code list (代码表).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// Id that fields name.
    pub id: String,
    /// The standard it is taken from.
    #[serde(default)]
    pub source: String,
    /// Its items, in order.
    pub items: Vec<CodeItem>,
}

/// One name of a code list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeItem {
    /// Code in the standard; may be empty.
    #[serde(default)]
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// Other words that are accepted and turned into `name`.
    #[serde(default)]
    pub aliases: Vec<String>,
}

impl CodeList {
    /// The printed name for a word that equals a name, alias or code.
    pub fn name_of(&self, word: &str) -> Option<&str> {
        self.items
            .iter()
            .find(|i| {
                i.name == word
                    || i.aliases.iter().any(|a| a == word)
                    || (!i.code.is_empty() && i.code == word)
            })
            .map(|i| i.name.as_str())
    }
}
