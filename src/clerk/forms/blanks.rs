//! Blank forms of a campaign (空白表) in the service: taken in with their binding and the pictures of their pages, decided place by place by a
//! person, and filled for a unit.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::campaign::{Campaign, Owner, Sheet};
use crate::fill::{self, Binding, BoundPlace, FieldPlace, OthersPlace, Take};
use crate::finding::{Finding, has_errors};
use crate::font::FontSet as Fonts;
use crate::store::ledger::{BlankFormRow, NewBlankForm};

use crate::clerk::error::ClerkError;
use crate::clerk::forms::convert::new_name;
use crate::clerk::forms::fill::{filled, name_of, new_form};
use crate::clerk::forms::mark::Marking;
use crate::clerk::forms::preview::{PlaceState, SeenPlace, see};
use crate::clerk::given;
use crate::clerk::making::read::Reading;
use crate::clerk::opened::OpenLedger;
use crate::clerk::scan::picture::png_of;
use crate::clerk::visitor::Visitor;

/// Most bytes of a blank form that is taken in.
pub const BLANK_BYTES: usize = 16 << 20;

/// What a person decides of a place beside its fields.
const OTHERS: &str = "@others";
const EMPTY: &str = "@empty";
/// Where it is noted that the whole form was looked at; places count from 1.
const WHOLE: usize = 0;

/// What is decided of the whole when a place was changed after the form was given out.
const TAKEN_BACK: &str = "@taken-back";
const GIVEN_OUT: &str = "@given-out";

/// A blank form of a campaign with what was decided.
#[derive(Clone, Debug)]
pub struct BlankForm {
    /// Its number.
    pub no: i64,
    /// Id of the campaign.
    pub campaign: String,
    /// Name of the file.
    pub name: String,
    /// Width and height of each page's picture, in pixels.
    pub pages: Vec<(usize, usize)>,
    /// Its places, by number.
    pub places: Vec<SeenPlace>,
    /// What was decided, by the number of the place: a key, or what else [`FieldChoice::code`] may be.
    pub choices: BTreeMap<usize, String>,
    form: Vec<u8>,
    binding: Binding,
}

/// Something that may be decided of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChoice {
    /// A key, or a code for what is no field.
    pub code: String,
    /// What it is called.
    pub label: String,
}

/// Where the places of a form lie, as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptPlaces {
    pages: Vec<(usize, usize)>,
    places: Vec<SeenPlace>,
}

impl BlankForm {
    fn of(row: BlankFormRow) -> Result<Self, ClerkError> {
        let bug = |e: &dyn std::fmt::Display| ClerkError::Bug(format!("空白表 {}：{e}", row.no));
        let seen: KeptPlaces = serde_json::from_str(&row.seen).map_err(|e| bug(&e))?;
        let binding = Binding::from_toml(&row.binding).map_err(|e| bug(&e))?;
        Ok(Self {
            no: row.no,
            campaign: row.campaign,
            name: row.name,
            pages: seen.pages,
            places: seen.places,
            choices: row.choices.into_iter().collect(),
            form: row.form,
            binding,
        })
    }

    /// The place of a number.
    pub fn place(&self, number: usize) -> Option<&SeenPlace> {
        self.places.iter().find(|p| p.number == number)
    }

    /// The places that wait for a person's word.
    pub fn waiting(&self) -> impl Iterator<Item = &SeenPlace> {
        self.places.iter().filter(|p| {
            matches!(p.state, PlaceState::Unsure | PlaceState::Unbound)
                && !self.choices.contains_key(&p.number)
        })
    }

    /// Those of them for which a field was found that may be another.
    pub fn unsure(&self) -> impl Iterator<Item = &SeenPlace> {
        self.waiting().filter(|p| p.state == PlaceState::Unsure)
    }

    /// Whether a person looked at its pages and gave it to the units.
    pub fn is_given_out(&self) -> bool {
        self.choices.get(&WHOLE).is_some_and(|c| c == GIVEN_OUT)
    }

    /// Whether it was given to the units and something was decided anew since: they get it again when a person looked at it again.
    pub fn is_taken_back(&self) -> bool {
        self.choices.get(&WHOLE).is_some_and(|c| c == TAKEN_BACK)
    }

    /// Where a place of the binding stands in the form.
    fn spot(&self, place: &SeenPlace) -> Option<&FieldPlace> {
        match place.state {
            PlaceState::Sure | PlaceState::Unsure => {
                self.binding.places.get(place.index).map(|b| &b.place)
            }
            PlaceState::Others => self.binding.others.get(place.index).map(|o| &o.place),
            PlaceState::Unbound => self.binding.unbound.get(place.index)?.blank.as_ref(),
        }
    }

    /// The key that was found for a place; empty where none was.
    pub fn guess(&self, place: &SeenPlace) -> &str {
        match place.state {
            PlaceState::Sure | PlaceState::Unsure => {
                self.spot(place).map_or("", |p| p.key.as_str())
            }
            PlaceState::Others => OTHERS,
            PlaceState::Unbound => "",
        }
    }

    /// What may be decided of a place, in groups with their names.
    pub fn options(
        &self,
        campaign: &Campaign,
        place: &SeenPlace,
    ) -> Vec<(String, Vec<FieldChoice>)> {
        let mut out = vec![("不填".to_owned(), without_field())];
        let Some(spot) = self.spot(place) else {
            return out;
        };
        let guess = self.guess(place);
        if spot.take == Take::Opinion {
            let ready = campaign.ready_opinions().into_iter();
            let ready = ready.map(|(label, text)| FieldChoice {
                code: format!("opinion.{label}"),
                label: format!("{label}：{text}"),
            });
            out.push(("现成的意见".to_owned(), ready.collect()));
        }
        out.extend(fields_for(campaign, spot.take));
        let known = out.iter().any(|g| g.1.iter().any(|c| c.code == guess));
        if !guess.is_empty() && !known {
            let own = FieldChoice {
                code: guess.to_owned(),
                label: place.meaning.clone(),
            };
            out.insert(1, ("找到的栏目".to_owned(), vec![own]));
        }
        out
    }

    /// The binding with what was decided.
    pub fn decided(&self) -> Binding {
        let mut out = Binding {
            places: Vec::new(),
            others: Vec::new(),
            unbound: Vec::new(),
            ..self.binding.clone()
        };
        let mut order: Vec<&SeenPlace> = self.places.iter().collect();
        order.sort_by_key(|p| (p.state, p.index));
        for place in order {
            let choice = self.choices.get(&place.number).map(String::as_str);
            let spot = self.spot(place).cloned();
            let left = |whose: &str| {
                let place = FieldPlace {
                    key: String::new(),
                    ..spot.clone()?
                };
                Some(OthersPlace {
                    place,
                    whose: whose.to_owned(),
                })
            };
            match choice {
                Some(EMPTY) => out.others.extend(left(fill::LEFT_EMPTY)),
                Some(OTHERS) => match self.binding.others.get(place.index) {
                    Some(own) if place.state == PlaceState::Others => out.others.push(own.clone()),
                    _ => out.others.extend(left("他人")),
                },
                Some(key) => out.places.extend(spot.clone().map(|spot| BoundPlace {
                    place: FieldPlace {
                        key: key.to_owned(),
                        ..spot
                    },
                    confidence: 1.0,
                    confirmed: true,
                })),
                None => self.as_found(place, &mut out),
            }
        }
        out
    }

    /// A place of which nothing was decided stands as it was found.
    fn as_found(&self, place: &SeenPlace, out: &mut Binding) {
        let own = &self.binding;
        match place.state {
            PlaceState::Sure | PlaceState::Unsure => {
                out.places.extend(own.places.get(place.index).cloned());
            }
            PlaceState::Others => out.others.extend(own.others.get(place.index).cloned()),
            PlaceState::Unbound => out.unbound.extend(own.unbound.get(place.index).cloned()),
        }
    }
}

/// A blank form filled for a unit.
#[derive(Debug)]
pub struct FilledBlank {
    /// What was found.
    pub findings: Vec<Finding>,
    /// Name and bytes: the form, or a zip where it is one for each candidate; none where there are errors.
    pub file: Option<(String, Vec<u8>)>,
}

/// Fills a blank form for a unit's submission, with the marks of what was made of it; keys and data lie in the folders given.
pub fn fill_blank(
    campaign: &Campaign,
    form: &BlankForm,
    reading: &Reading,
    (keys, data): (&Path, &Path),
    now: Timestamp,
) -> Result<FilledBlank, ClerkError> {
    let marking = Marking {
        keys,
        book: None,
        data: Some(data),
        now,
    };
    let own = (Path::new(&form.name), form.form.as_slice());
    let (findings, mut files) = filled(campaign, own, &form.decided(), reading, Some(&marking))?;
    let file = match files.len() {
        _ if has_errors(&findings) => None,
        0 | 1 => files.pop(),
        _ => {
            let stem = form.name.rsplit_once('.').map_or(&*form.name, |n| n.0);
            Some((format!("{stem}.zip"), zipped(files)?))
        }
    };
    Ok(FilledBlank { findings, file })
}

fn zipped(files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, ClerkError> {
    let bug = |e: &dyn std::fmt::Display| ClerkError::Bug(format!("填好的表无法写成 zip：{e}"));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, options).map_err(|e| bug(&e))?;
        zip.write_all(&bytes).map_err(|e| bug(&e))?;
    }
    Ok(zip.finish().map_err(|e| bug(&e))?.into_inner())
}

fn without_field() -> Vec<FieldChoice> {
    let choice = |code: &str, label: &str| FieldChoice {
        code: code.to_owned(),
        label: label.to_owned(),
    };
    vec![
        choice(EMPTY, "留空（手写、签字盖章或不需要）"),
        choice(OTHERS, "他人的信息（不是候选人、单位的）"),
    ]
}

/// The fields of a campaign that may go into a place of a kind, by whose they are.
fn fields_for(campaign: &Campaign, take: Take) -> Vec<(String, Vec<FieldChoice>)> {
    let of = |sheet: &Sheet, front: &str| {
        let fields = sheet.fields.iter().map(|f| FieldChoice {
            code: format!("{front}{}", f.key),
            label: f.label.clone(),
        });
        fields.collect::<Vec<_>>()
    };
    let mut out = Vec::new();
    let lists = campaign.sheets.iter().filter(|s| s.rows);
    let people = campaign.candidate_sheet();
    if take == Take::Rows {
        let people = people.map(|s| (format!("名单·{}", s.label), of(s, "candidates.")));
        out.extend(people);
        out.extend(lists.map(|s| (s.label.clone(), of(s, &format!("{}.", s.key)))));
        return out;
    }
    out.extend(people.map(|s| (s.label.clone(), of(s, ""))));
    let units = campaign
        .sheets
        .iter()
        .filter(|s| s.of == Owner::Unit && !s.rows);
    out.extend(units.map(|s| (s.label.clone(), of(s, "unit."))));
    let whole = lists.map(|s| FieldChoice {
        code: s.key.clone(),
        label: format!("{}（全部，逐条）", s.label),
    });
    out.push(("多条的".to_owned(), whole.collect()));
    out
}

/// A blank form that was taken in, before it is kept; findings where it is refused.
pub type TakenBlank = Result<NewBlankForm, Vec<Finding>>;

/// Binds a blank form that lies at `path` under the name `name` and draws its pages. What was decided of the earlier form, of last year or of
/// the same name, counts for the places that are the same.
pub fn take_blank(
    campaign: &Campaign,
    name: &str,
    path: &Path,
    earlier: Option<&Binding>,
    fonts: &Fonts,
) -> Result<TakenBlank, ClerkError> {
    let name = name_of(Path::new(name));
    let bytes = new_form(Path::new(&name), given::bytes(path)?)?;
    let name = new_name(&name);
    let broken = |e: crate::ooxml::OoxmlError| ClerkError::Refused(format!("{name}：{e}"));
    let faults = fill::faults_of_form(campaign, &name, &bytes).map_err(broken)?;
    if has_errors(&faults) {
        return Ok(Err(faults));
    }
    let mut binding = fill::bind(campaign, &name, &bytes).map_err(broken)?;
    if let Some(earlier) = earlier {
        binding.take_over(earlier);
    }
    let seen = see(campaign, (&name, &bytes), &binding, fonts)?;
    let pages: Result<Vec<Vec<u8>>, ClerkError> = seen.pages.iter().map(png_of).collect();
    let kept = KeptPlaces {
        pages: seen.pages.iter().map(|p| (p.width(), p.height())).collect(),
        places: seen.places,
    };
    let places = serde_json::to_string(&kept);
    Ok(Ok(NewBlankForm {
        campaign: campaign.id.clone(),
        name,
        form: bytes,
        binding: binding.to_toml(),
        seen: places.map_err(|e| ClerkError::Bug(e.to_string()))?,
        pages: pages?,
    }))
}

impl OpenLedger<'_> {
    /// The blank forms of a campaign, or of all, newest first.
    pub fn blank_forms(&mut self, campaign: Option<&str>) -> Result<Vec<BlankForm>, ClerkError> {
        let rows = self.ledger.blank_forms(campaign)?;
        rows.into_iter().map(BlankForm::of).collect()
    }

    /// A blank form.
    pub fn blank_form(&mut self, no: i64) -> Result<Option<BlankForm>, ClerkError> {
        self.ledger.blank_form(no)?.map(BlankForm::of).transpose()
    }

    /// A page of a blank form as PNG; pages count from 1.
    pub fn blank_page(&mut self, no: i64, page: usize) -> Result<Option<Vec<u8>>, ClerkError> {
        let page = i64::try_from(page).unwrap_or(0) - 1;
        Ok(self.ledger.blank_page(no, page)?)
    }

    /// Keeps a blank form; gives its number.
    pub fn keep_blank(
        &mut self,
        new: &NewBlankForm,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<i64, ClerkError> {
        Ok(self.ledger.add_blank_form(at, new, &by.name)?)
    }

    /// Decides what goes into a place of a blank form.
    pub fn choose_blank(
        &mut self,
        campaign: &Campaign,
        (no, number, code): (i64, usize, &str),
        by: &Visitor,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        let form = self.blank_form(no)?;
        let found = form.as_ref().and_then(|f| Some((f, f.place(number)?)));
        let Some((form, place)) = found else {
            return Err(ClerkError::Refused(
                "没有这一处，空白表可能已经换过。请从“空白表”一页重新进入。".to_owned(),
            ));
        };
        let options = form.options(campaign, place);
        let mut all = options.iter().flat_map(|group| &group.1);
        let Some(choice) = all.find(|choice| choice.code == code) else {
            return Err(ClerkError::Refused(
                "没有选填什么，没有保存。请从列表中选一项。".to_owned(),
            ));
        };
        let mut detail = format!("{} 把第 {number} 处定为：{}", by.name, choice.label);
        let mut chosen = vec![(number, code.to_owned())];
        let before = form.choices.get(&number).map(String::as_str);
        let as_before = before.unwrap_or_else(|| form.guess(place)) == code;
        if form.is_given_out() && !as_before {
            // what units would get is no longer what a person looked at
            chosen.push((WHOLE, TAKEN_BACK.to_owned()));
            detail.push_str("；改动前已发给各单位，现在收回，看过以后再发");
        }
        Ok(self.ledger.choose_blanks(at, no, &chosen, &detail)?)
    }

    /// Notes that a person looked at the whole form: every place for which a field was found is right, and the units get it. Gives how many
    /// places were confirmed.
    pub fn give_out_blank(
        &mut self,
        no: i64,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<usize, ClerkError> {
        let Some(form) = self.blank_form(no)? else {
            return Ok(0);
        };
        let unsure = form.unsure();
        let mut chosen: Vec<(usize, String)> = unsure
            .map(|p| (p.number, form.guess(p).to_owned()))
            .collect();
        let confirmed = chosen.len();
        chosen.push((WHOLE, GIVEN_OUT.to_owned()));
        let detail = format!("{} 看过空白表，核对 {confirmed} 处，发给各单位", by.name);
        self.ledger.choose_blanks(at, no, &chosen, &detail)?;
        Ok(confirmed)
    }

    /// Withdraws a blank form; `false` where there is none.
    pub fn withdraw_blank(
        &mut self,
        no: i64,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<bool, ClerkError> {
        Ok(self.ledger.withdraw_blank_form(at, no, &by.name)?)
    }
}
