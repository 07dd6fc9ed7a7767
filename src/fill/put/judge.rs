//! What is wrong before anything is filled: places without a field, fields without a place, text that does not fit, words
//! that no tick box has, places that the form does not have.

use crate::campaign::{Campaign, Kind, Owner};
use crate::finding::{Finding, Place as At};
use crate::record::Submission;

use super::answers::Answers;
use super::heights::{Holder, TALLEST};
use super::room::Room;
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::joined::parts;
use crate::fill::anatomy::label::{CANDIDATES, READY, field_of, owner_of};
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::filling::Filling;
use crate::fill::put::pen::{held, is_filled};
use crate::fill::put::prepared::Prepared;

impl Prepared {
    /// What is wrong with the form and its binding, whoever it is filled for; `file` names the form.
    pub fn faults(&self, campaign: &Campaign, file: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (place, why) in self.parts.iter().flat_map(|p| &p.lost) {
            findings.push(Finding::error(
                "O1",
                at(file, place),
                format!("绑定中的“{}”在表中{why}。", label(campaign, &place.key)),
                "请对这份表重新执行 sanlian bind，或改正绑定文件中的位置。",
            ));
        }
        for place in &self.places {
            let known = place.take == Take::Mark
                || is_made(&place.key)
                || (place.key.strip_prefix(READY))
                    .is_some_and(|label| campaign.ready_opinions().contains_key(label))
                || list_of(campaign, &place.key).is_some()
                || parts(&place.key)
                    .iter()
                    .all(|key| field_of(campaign, key).is_some());
            if !known {
                findings.push(Finding::error(
                    "O2",
                    at(file, place),
                    format!("绑定中的“{}”不是活动“{}”的栏目。", place.key, campaign.id),
                    "请改正绑定文件中的 key，或删去这一条。",
                ));
            }
        }
        findings.extend(self.without_place(campaign, file));
        findings
    }

    /// Fields that must be answered and have no place in the form.
    fn without_place(&self, campaign: &Campaign, file: &str) -> Option<Finding> {
        let of_candidates = self.is_list(campaign);
        let bound = |key: &str| {
            let listed = format!("{CANDIDATES}.{key}");
            let mut bound = self.places.iter().flat_map(|p| parts(&p.key));
            bound.any(|k| k == key || k == listed)
        };
        let sheet = campaign
            .sheets
            .iter()
            .find(|s| s.of == Owner::Candidate && !s.rows)?;
        let mut missing: Vec<&str> = sheet
            .fields
            .iter()
            .filter(|f| f.required && f.kind != Kind::Photo && !bound(&f.key))
            .map(|f| f.label.as_str())
            .collect();
        if !of_candidates {
            let lists = campaign.candidate_lists().filter(|s| {
                let prefix = format!("{}.", s.key);
                self.places
                    .iter()
                    .all(|p| p.key != s.key && !p.key.starts_with(&prefix))
            });
            missing.extend(lists.map(|s| s.label.as_str()));
        }
        let any = self
            .places
            .iter()
            .any(|p| bound_to_candidate(campaign, &p.key));
        (any && !missing.is_empty()).then(|| {
            Finding::info(
                "O3",
                At::file(file),
                format!("绑定中没有这些栏目的位置：{}。", missing.join("、")),
                "表格本来不问的，不必处理；问了而没有绑定的，请在绑定文件中补上。",
            )
        })
    }

    /// Whether it is a table of candidates, or of the unit, rather than a form a candidate.
    pub fn is_list(&self, campaign: &Campaign) -> bool {
        !self
            .places
            .iter()
            .any(|p| bound_to_candidate(campaign, &p.key))
    }

    /// What is wrong for one record.
    pub fn faults_of(
        &self,
        campaign: &Campaign,
        submission: &Submission,
        filling: &Filling<'_>,
        file: &str,
    ) -> Vec<Finding> {
        let answers =
            Answers::of(campaign, submission, filling.candidate).with_joined(&self.places);
        let person = filling
            .candidate
            .and_then(|n| submission.candidates.get(n))
            .map_or("", |c| c.text("name"));
        let mut findings = Vec::new();
        for part in &self.parts {
            let tight = part.tight.iter();
            findings.extend(tight.filter_map(|t| too_long(campaign, &answers, t, file, person)));
            let turned = part.turned.iter();
            let turned = turned.filter(|r| r.is_too_small(answers.text(&r.place.key)));
            findings.extend(turned.map(|r| straightened(campaign, r, file, person)));
            for holder in further(&part.holders, &answers) {
                findings.extend(self.too_tall(campaign, &answers, &holder, file, person));
            }
            for (place, boxes) in &part.ticks {
                let value = answers.text(&place.key);
                for word in value.split(['、', '；', ';']).filter(|w| !w.is_empty()) {
                    if boxes.iter().any(|b| b.words.iter().any(|w| w == word)) {
                        continue;
                    }
                    let offered: Vec<&str> = boxes.iter().map(|b| b.label.as_str()).collect();
                    findings.push(Finding::warning(
                        "O4",
                        at(file, place).of(person, &place.key),
                        format!(
                            "{}“{word}”没有对应的方框，可以勾选的是：{}。",
                            label(campaign, &place.key),
                            offered.join("、")
                        ),
                        "请在填好的表中手工勾选，或改正这一栏的内容。",
                    ));
                }
            }
        }
        findings.extend(self.not_listed(campaign, &answers, file, person));
        findings.extend(self.too_many(campaign, &answers, file, person));
        for (place, blank, count) in self.short_lists(&answers) {
            findings.push(Finding::error(
                "P1",
                at(file, place),
                format!(
                    "表中只有{blank}个空行，要填{count}行；列表下没有空行，不知道加成什么样的行。"
                ),
                "请在空白表中先加足空行，重新绑定后再填。",
            ));
        }
        let sheet_photo = self
            .places
            .iter()
            .find(|p| p.take == Take::Photo || p.key == "photo");
        if let Some(place) = sheet_photo.filter(|p| !p.sheet.is_empty() && !self.takes_photo())
            && filling.candidate.is_some()
        {
            findings.push(Finding::warning(
                "P2",
                at(file, place).of(person, "photo"),
                "这张工作表里已有图形，照片没有放入。",
                "请打开填好的表，在照片框处插入证件照。",
            ));
        }
        if filling.photo.is_none() && self.takes_photo() && filling.candidate.is_some() {
            findings.push(Finding::warning(
                "P2",
                At::file(file).of(person, "photo"),
                "表中有照片框，没有找到可以用的证件照，照片框留空。",
                "请把证件照命名为“姓名.jpg”放入 photos 文件夹后再填。",
            ));
        }
        findings
    }

    /// Values that a drop-down does not offer.
    fn not_listed(
        &self,
        campaign: &Campaign,
        answers: &Answers,
        file: &str,
        person: &str,
    ) -> Vec<Finding> {
        let mut out = Vec::new();
        let mut done: Vec<String> = Vec::new();
        for (key, boxes) in self.parts.iter().flat_map(|p| &p.choices) {
            let (key, values) = match key {
                CutKey::Field(key) => (key.clone(), vec![answers.text(key)]),
                CutKey::Row { list, field, .. } | CutKey::Given { list, field, .. } => {
                    let rows = answers.rows(list).iter();
                    let values = rows.filter_map(|r| r.get(field)).map(String::as_str);
                    (format!("{list}.{field}"), values.collect())
                }
            };
            if done.contains(&key) {
                continue;
            }
            done.push(key.clone());
            let place = self.places.iter().find(|p| p.key == key);
            let offered: Vec<&str> = boxes.iter().map(|b| b.label.as_str()).collect();
            let unknown =
                |v: &&str| !v.is_empty() && !boxes.iter().any(|b| b.words.iter().any(|w| w == v));
            for value in values.into_iter().filter(unknown) {
                let at = place.map_or_else(|| At::file(file), |p| at(file, p));
                out.push(Finding::warning(
                    "O4",
                    at.of(person, &key),
                    format!(
                        "{}“{value}”不在表中的下拉列表里，没有填入；可以选的是：{}。",
                        label(campaign, &key),
                        offered.join("、")
                    ),
                    "请在填好的表中手工选择，或改正这一栏的内容。",
                ));
            }
        }
        out
    }

    /// A text that no row of a sheet is tall enough for, or that ends at the next cell.
    fn too_tall(
        &self,
        campaign: &Campaign,
        answers: &Answers,
        holder: &Holder,
        file: &str,
        person: &str,
    ) -> Option<Finding> {
        let text = held(answers, holder);
        let (what, hint) = if holder.needs(&text) > TALLEST {
            (
                "这一格太窄，所在的行要高过工作表允许的409磅，打印时后面的内容会被截去",
                "请在空白表中加宽或合并这一格，重新绑定后再填。",
            )
        } else if holder.is_cut(&text, |key| is_filled(answers, key)) {
            (
                "这一格没有设“自动换行”，打印时超出这一格的部分会被截去",
                "请在空白表中给这一格设“自动换行”，重新绑定后再填。",
            )
        } else {
            return None;
        };
        let key = match &holder.key {
            CutKey::Field(key) => key.clone(),
            CutKey::Row { list, field, .. } | CutKey::Given { list, field, .. } => {
                format!("{list}.{field}")
            }
        };
        let place = self.places.iter().find(|p| p.key == key)?;
        Some(Finding::warning(
            "P1",
            at(file, place).of(person, &key),
            format!(
                "{}{}有{}个字，{what}。",
                label(campaign, &key),
                nth(&holder.key),
                text.chars().filter(|c| !c.is_whitespace()).count()
            ),
            hint,
        ))
    }
}

/// The cells of a sheet, with those of the rows that a list adds below its last one.
fn further(holders: &[Holder], answers: &Answers) -> Vec<Holder> {
    let mut out = holders.to_vec();
    for holder in holders {
        let CutKey::Row {
            list,
            row: Some(row),
            field,
        } = &holder.key
        else {
            continue;
        };
        let later = |h: &&Holder| matches!(&h.key, CutKey::Row { list: l, row: Some(r), field: f } if l == list && f == field && r > row);
        if !holders.iter().any(|h| later(&h)) {
            let count = answers.rows(list).len();
            out.extend((row + 1..count).map(|n| holder.in_row(n)));
        }
    }
    out
}

/// Which row of a list is meant, in words.
fn nth(key: &CutKey) -> String {
    match key {
        CutKey::Row { row: Some(n), .. } => format!("（第{}行）", n + 1),
        _ => String::new(),
    }
}

/// Keys that are no fields but are known.
fn is_made(key: &str) -> bool {
    matches!(
        key,
        "no" | "photo" | "@photo" | "candidates.no" | "candidates.seq"
    ) || key.starts_with(['#', '/'])
        || key
            .rsplit_once('.')
            .is_some_and(|(_, column)| column == "seq")
}

fn bound_to_candidate(campaign: &Campaign, key: &str) -> bool {
    key == "@photo" || owner_of(campaign, key) == Some(Owner::Candidate)
}

fn label(campaign: &Campaign, key: &str) -> String {
    let labels: Vec<String> = parts(key)
        .iter()
        .map(|key| {
            let field = field_of(campaign, key).map(|f| &f.label);
            let whole = field.or_else(|| list_of(campaign, key).map(|s| &s.label));
            whole.unwrap_or(key).clone()
        })
        .collect();
    labels.join("、")
}

/// Text that does not fit a row of exact height: counted in halves of a character, line by line.
fn too_long(
    campaign: &Campaign,
    answers: &Answers,
    tight: &Room,
    file: &str,
    person: &str,
) -> Option<Finding> {
    let place = &tight.place;
    let value = answers.text(&place.key);
    let lines = tight.lines(value);
    (!value.is_empty() && lines > tight.down).then(|| {
        Finding::error(
            "P1",
            at(file, place).of(person, &place.key),
            format!(
                "{}有{}个字，约需{lines}行，表中这一行高度固定，只容得下{}行。",
                label(campaign, &place.key),
                value.chars().filter(|c| !c.is_whitespace()).count(),
                tight.down
            ),
            "请压缩内容，或在空白表中把这一行的行高改为“最小值”后重新绑定。",
        )
    })
}

/// The labels beside a text that is longer than a page do not stay turned.
fn straightened(campaign: &Campaign, room: &Room, file: &str, person: &str) -> Finding {
    Finding::info(
        "O7",
        at(file, &room.place).of(person, &room.place.key),
        format!(
            "{}超过一页；同一行里竖排的标签改成了横排，否则LibreOffice会截去超出一页的部分。",
            label(campaign, &room.place.key)
        ),
        "无需处理；一定要竖排的，请把这一行拆成几行，或在标签中逐字换行。",
    )
}

/// Where a place is, in words.
pub fn at(file: &str, place: &FieldPlace) -> At {
    let mut at = At::file(file);
    if !place.sheet.is_empty() {
        at.sheet = Some(place.sheet.clone());
        at.cell = Some(place.cell.clone());
    } else if place.table.is_empty() {
        at.sheet = Some(place.part.clone());
        let boxed = match place.column {
            0 => String::new(),
            n => format!("文本框{n}"),
        };
        at.cell = place.paragraph.map(|p| format!("{boxed}第{}段", p + 1));
    } else {
        at.sheet = Some(place.part.clone());
        let path: Vec<String> = place.table.iter().map(|n| (n + 1).to_string()).collect();
        at.cell = Some(format!(
            "表{}第{}行第{}列",
            path.join("."),
            place.row + 1,
            place.column + 1
        ));
    }
    at
}
