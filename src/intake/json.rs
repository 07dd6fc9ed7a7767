//! `submission.json`: read with JSON pointers as places, and written so that reading it gives the same values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, json};

use crate::campaign::{Campaign, Field, Kind, Sheet};
use crate::finding::{Finding, Place, Severity};
use crate::foreign::InChinese;
use crate::record::{Entry, Submission, Value};

use super::decode::{Wanted, decode};
use super::grid::MOST_ROWS;
use super::map::{Headings, nearest};
use super::node::Node;
use super::people::add_row;
use super::report::paragraphs;
use super::rows::unknown_heading;
use super::source::SourceFile;
use super::value::ValueReader;

/// The submission's values as JSON: `campaign`, `unit`, `candidates`, `report`, and the unit's lists under their sheets' keys.
/// Files and places are left out.
pub fn to_json(submission: &Submission) -> serde_json::Value {
    let mut root = Map::new();
    root.insert("campaign".to_owned(), json!(submission.campaign));
    let mut unit = Map::new();
    for (key, value) in &submission.unit.values {
        let beside = matches!(value, Value::Rows(_)) && !OWN.contains(&key.as_str());
        let target = if beside { &mut root } else { &mut unit };
        target.insert(key.clone(), json!(value));
    }
    root.insert("unit".to_owned(), serde_json::Value::Object(unit));
    let candidates: Vec<_> = submission
        .candidates
        .iter()
        .map(|c| json!(c.values))
        .collect();
    root.insert("candidates".to_owned(), json!(candidates));
    root.insert("report".to_owned(), json!(submission.report));
    serde_json::Value::Object(root)
}

/// Members of the root that are no list of the unit.
const OWN: [&str; 4] = ["campaign", "unit", "candidates", "report"];

/// Reads the file into the submission.
pub(super) fn read(
    campaign: &Campaign,
    source: &SourceFile,
    submission: &mut Submission,
    findings: &mut Vec<Finding>,
) {
    let before = findings.len();
    let Some(text) = decode(&source.path, &source.bytes, Wanted::Data, findings) else {
        return;
    };
    let root: Node = match serde_json::from_str(&text) {
        Ok(root) => root,
        // What was cut in the middle of a character was told already.
        Err(_) if findings.len() > before => return,
        Err(error) => {
            let place = Place {
                cell: Some(format!("行{}列{}", error.line(), error.column())),
                ..Place::file(&source.path)
            };
            findings.push(Finding::error(
                "I1",
                place,
                format!("“{}”不是完整的JSON：{}。", source.path, error.in_chinese()),
                "请检查该处的引号、逗号和括号，或重新导出。",
            ));
            return;
        }
    };
    let mut reader = Reader {
        file: &source.path,
        reading: ValueReader { campaign, findings },
    };
    reader.root(&root, submission);
}

/// Reads nodes; pointers tell where it is.
struct Reader<'r> {
    file: &'r str,
    reading: ValueReader<'r>,
}

impl<'r> Reader<'r> {
    fn place(&self, pointer: &str) -> Place {
        Place {
            cell: Some(if pointer.is_empty() { "/" } else { pointer }.to_owned()),
            ..Place::file(self.file)
        }
    }

    /// I12: another type was expected.
    fn wrong(&mut self, pointer: &str, node: &Node, wanted: &str) {
        let place = self.place(pointer);
        let called = if pointer.is_empty() {
            "最外层".to_owned()
        } else {
            format!("“{pointer}”")
        };
        self.reading.tell(
            Severity::Error,
            "I12",
            &place,
            format!("{called}应是{wanted}，现为{}。", node.called()),
            "请按 JSON Schema 改正。",
        );
    }

    /// The members of an object; a key that stands twice is told and its first value kept.
    fn members<'n>(&mut self, node: &'n Node, pointer: &str) -> Option<Vec<(&'n str, &'n Node)>> {
        let Node::Map(members) = node else {
            self.wrong(pointer, node, "对象");
            return None;
        };
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        for (key, value) in members {
            if seen.insert(key.as_str()) {
                kept.push((key.as_str(), value));
                continue;
            }
            let place = self.place(&below(pointer, key));
            self.reading.tell(
                Severity::Error,
                "I4",
                &place,
                format!("“{key}”出现了两次，只读取了前一个。"),
                "请保留一处，删除另一处。",
            );
        }
        Some(kept)
    }

    fn root(&mut self, root: &Node, submission: &mut Submission) {
        submission.unit.place = self.place("/unit");
        let Some(members) = self.members(root, "") else {
            return;
        };
        let campaign = self.reading.campaign;
        for (key, node) in &members {
            match *key {
                "$schema" => {}
                "campaign" => self.campaign(node),
                "unit" => self.unit(node, &mut submission.unit),
                "candidates" => submission.candidates = self.candidates(node),
                "report" => {
                    submission.report_place = self.place("/report");
                    submission.report = self.report(node);
                }
                _ => match campaign.unit_lists().find(|s| s.key == *key) {
                    Some(sheet) => {
                        let pointer = below("", key);
                        self.list(sheet, node, &pointer, "", &mut submission.unit);
                    }
                    None => self.unknown_root(key),
                },
            }
        }
        for wanted in ["unit", "candidates"] {
            if members.iter().all(|m| m.0 != wanted) {
                let place = self.place("");
                self.reading.tell(
                    Severity::Error,
                    "I8",
                    &place,
                    format!("缺少“{wanted}”。"),
                    "请按 JSON Schema 补上。",
                );
            }
        }
    }

    fn unknown_root(&mut self, key: &str) {
        let lists: Vec<&str> = self
            .reading
            .campaign
            .unit_lists()
            .map(|s| s.key.as_str())
            .collect();
        let near = nearest(key, OWN.iter().chain(&lists).map(|known| (*known, *known)));
        let place = self.place(&below("", key));
        self.reading
            .findings
            .push(unknown_heading(Severity::Error, place, key, near));
    }

    /// The campaign that is answered must be this one.
    fn campaign(&mut self, node: &Node) {
        let Node::Text(id) = node else {
            self.wrong("/campaign", node, "文字");
            return;
        };
        let wanted = &self.reading.campaign.id;
        if id != wanted {
            let message = format!("这份数据是为活动“{id}”填写的，不是“{wanted}”。");
            let place = self.place("/campaign");
            self.reading.tell(
                Severity::Error,
                "I12",
                &place,
                message,
                "请选对活动，或使用本次活动的模板。",
            );
        }
    }

    fn unit(&mut self, node: &Node, unit: &mut Entry) {
        let Some(sheet) = self.reading.campaign.unit_sheet() else {
            return;
        };
        let lists: Vec<&Sheet> = self.reading.campaign.unit_lists().collect();
        self.entry(sheet, &lists, node, "/unit", "", unit);
    }

    fn candidates(&mut self, node: &Node) -> Vec<Entry> {
        let Some(sheet) = self.reading.campaign.candidate_sheet() else {
            return Vec::new();
        };
        let Node::List(items) = node else {
            self.wrong("/candidates", node, "数组");
            return Vec::new();
        };
        if items.is_empty() {
            let place = self.place("/candidates");
            self.reading.tell(
                Severity::Error,
                "I8",
                &place,
                "没有候选人。".to_owned(),
                "请填写候选人。",
            );
        }
        let lists: Vec<&Sheet> = self.reading.campaign.candidate_lists().collect();
        let name_key = sheet.fields.iter().find(|f| f.kind == Kind::Name);
        let mut entries = Vec::new();
        for (index, item) in items
            .iter()
            .take(self.limit(items.len(), "/candidates"))
            .enumerate()
        {
            let pointer = format!("/candidates/{index}");
            let record = match (item, name_key) {
                (Node::Map(members), Some(field)) => members
                    .iter()
                    .find(|m| m.0 == field.key)
                    .and_then(|m| m.1.raw(""))
                    .map(|raw| crate::text::name::canonical_name(&raw.shown()).0)
                    .unwrap_or_default(),
                _ => String::new(),
            };
            let mut entry = Entry {
                place: self.place(&pointer).of(&record, ""),
                ..Entry::default()
            };
            self.entry(sheet, &lists, item, &pointer, &record, &mut entry);
            entries.push(entry);
        }
        entries
    }

    /// How many items of a list are read.
    fn limit(&mut self, len: usize, pointer: &str) -> usize {
        let most = usize::try_from(MOST_ROWS).unwrap_or(usize::MAX);
        if len > most {
            let place = self.place(pointer);
            self.reading.tell(
                Severity::Error,
                "I7",
                &place,
                format!("“{pointer}”有{len}项，超过{MOST_ROWS}项，后面的没有读取。"),
                "请分成几份报送。",
            );
        }
        most
    }

    /// The members of one owner: fields of its sheet, and its lists.
    fn entry(
        &mut self,
        sheet: &Sheet,
        lists: &[&Sheet],
        node: &Node,
        pointer: &str,
        record: &str,
        entry: &mut Entry,
    ) {
        let Some(members) = self.members(node, pointer) else {
            return;
        };
        let headings = Headings::new(self.reading.campaign, sheet);
        for (key, value) in members {
            let pointer = below(pointer, key);
            if let Some(list) = lists.iter().find(|list| list.key == key) {
                self.list(list, value, &pointer, record, entry);
                continue;
            }
            let Some(field) = self.field(sheet, &headings, key, &pointer) else {
                continue;
            };
            let place = self.place(&pointer).of(record, &field.key);
            if let Some(text) = self.value(field, value, &pointer, &place) {
                entry.set(&field.key, text);
            }
            entry.places.insert(field.key.clone(), place);
        }
    }

    /// The rows of a list.
    fn list(&mut self, sheet: &Sheet, node: &Node, pointer: &str, record: &str, owner: &mut Entry) {
        let Node::List(items) = node else {
            self.wrong(pointer, node, "数组");
            return;
        };
        if owner.values.contains_key(&sheet.key) {
            let place = self.place(pointer);
            self.reading.tell(
                Severity::Error,
                "I4",
                &place,
                format!("“{}”出现了两次，只读取了前一个。", sheet.key),
                "请保留一处，删除另一处。",
            );
            return;
        }
        owner.places.insert(sheet.key.clone(), self.place(pointer));
        owner
            .values
            .insert(sheet.key.clone(), Value::Rows(Vec::new()));
        let headings = Headings::new(self.reading.campaign, sheet);
        for (index, item) in items
            .iter()
            .take(self.limit(items.len(), pointer))
            .enumerate()
        {
            let pointer = format!("{pointer}/{index}");
            let Some(members) = self.members(item, &pointer) else {
                continue;
            };
            let mut values = BTreeMap::new();
            let mut places = Vec::new();
            for (key, value) in members {
                let pointer = below(&pointer, key);
                let Some(field) = self.field(sheet, &headings, key, &pointer) else {
                    continue;
                };
                let name = format!("{}.{}", sheet.key, field.key);
                let place = self.place(&pointer).of(record, &name);
                if let Some(text) = self.value(field, value, &pointer, &place) {
                    values.insert(field.key.clone(), text);
                }
                places.push((field.key.as_str(), place));
            }
            add_row(owner, &sheet.key, values, places);
        }
    }

    /// The field that a key means: its key, or a label as a heading would have it.
    fn field<'s>(
        &mut self,
        sheet: &'s Sheet,
        headings: &Headings<'s>,
        key: &str,
        pointer: &str,
    ) -> Option<&'s Field> {
        if let Some(field) = sheet.field(key) {
            return Some(field);
        }
        if let Some(field) = headings.find(key).and_then(|target| headings.field(target)) {
            return Some(field);
        }
        let keys = sheet
            .fields
            .iter()
            .map(|f| (f.key.as_str(), f.key.as_str()));
        let near = nearest(key, keys).or_else(|| headings.nearest(key));
        let place = self.place(pointer);
        self.reading
            .findings
            .push(unknown_heading(Severity::Error, place, key, near));
        None
    }

    /// A field's canonical text; none where it is empty or of a wrong type.
    fn value(
        &mut self,
        field: &Field,
        node: &Node,
        pointer: &str,
        place: &Place,
    ) -> Option<String> {
        let join = match field.kind {
            Kind::Long => "\n",
            Kind::Phone | Kind::Mobile => "、",
            _ if field.multi => "、",
            _ => "",
        };
        let Some(raw) = node.raw(join) else {
            let wanted = if join.is_empty() {
                "文字"
            } else {
                "文字或文字的数组"
            };
            self.wrong(pointer, node, wanted);
            return None;
        };
        let text = self.reading.canonical(field, &raw, place);
        (!text.is_empty()).then_some(text)
    }

    /// The report's paragraphs: an array of texts, or one text.
    fn report(&mut self, node: &Node) -> Vec<String> {
        let Some(raw) = node.raw("\n") else {
            self.wrong("/report", node, "文字的数组");
            return Vec::new();
        };
        let place = self.place("/report");
        paragraphs(&mut self.reading, raw.text().unwrap_or_default(), &place)
    }
}

/// The pointer of a member (RFC 6901).
fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
