//! Filling in on the page (网页填写): the unit, then each candidate, field by field, with what is wrong beside each field. What is
//! saved is a draft; it is handed in like a workbook.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::campaign::{Campaign, Field, Kind, Sheet};
use crate::clerk::{ClerkError, Visitor, Who, add_person, findings_of_typed, take_typed};
use crate::finding::{Finding, Severity};

use crate::web::service::app::{App, Shared};
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::At;
use crate::web::service::guard::{Posted, Secretary};
use crate::web::service::readings::tell;
use crate::web::service::trouble::{Problem, Trouble};
use crate::web::service::work::work;
use crate::web::unit::acts::folder_of;
use crate::web::unit::steps::{Step, steps};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own/form", get(overview))
        .route("/own/form/people", post(add))
        .route("/own/form/people/remove", post(remove))
        .route("/own/form/{number}", get(show).post(save))
        .route("/own/form/{number}/check", post(check))
}

/// Rows that are offered beyond those that are filled.
const SPARE_ROWS: usize = 3;

/// A field on the page.
struct Input {
    name: String,
    label: String,
    required: bool,
    note: String,
    value: String,
    long: bool,
    most: usize,
    /// Choices; empty for free text.
    choices: Vec<String>,
    fixed: bool,
    told: Vec<(&'static str, String)>,
}

/// A list on the page.
struct List {
    label: String,
    heads: Vec<String>,
    rows: Vec<Vec<Input>>,
}

struct Person {
    number: usize,
    name: String,
    errors: usize,
}

#[derive(Template)]
#[template(path = "unit/form.html", config = "src/web/askama.toml")]
struct OverviewPage {
    frame: Frame,
    steps: Vec<Step>,
    people: Vec<Person>,
    unit_errors: usize,
    replaces: String,
}

#[derive(Template)]
#[template(path = "unit/person.html", config = "src/web/askama.toml")]
struct PersonPage {
    frame: Frame,
    steps: Vec<Step>,
    number: usize,
    title: String,
    inputs: Vec<Input>,
    lists: Vec<List>,
    errors: usize,
    saved: bool,
}

fn who_of(number: usize) -> Who {
    match number.checked_sub(1) {
        None => Who::Unit,
        Some(n) => Who::Candidate(n),
    }
}

fn errors(found: &[(String, Finding)]) -> usize {
    found
        .iter()
        .filter(|(_, f)| f.severity == Severity::Error)
        .count()
}

pub(in crate::web) async fn overview(
    State(app): Shared,
    Secretary(visitor): Secretary,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let (people, unit_errors, replaces) = work(&app, move |app| {
        let typed = folder.typed(&app.campaigns)?;
        let count =
            |who| findings_of_typed(&app.campaign(), &typed, who, app.now()).map(|f| errors(&f));
        let mut people = Vec::new();
        for (n, candidate) in typed.candidates.iter().enumerate() {
            people.push(Person {
                number: n + 1,
                name: candidate.text("name").to_owned(),
                errors: count(Who::Candidate(n))?,
            });
        }
        let files = folder.files()?;
        let book = files
            .iter()
            .find(|f| f.path.ends_with(".xlsx") || f.path.ends_with(".csv"));
        Ok((
            people,
            count(Who::Unit)?,
            book.map(|f| f.path.clone()).unwrap_or_default(),
        ))
    })
    .await?;
    Ok(page(&OverviewPage {
        frame: Frame::of(&visitor, "网页填写", "/own"),
        steps: steps(0, usize::from(!people.is_empty())),
        people,
        unit_errors,
        replaces,
    }))
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn add(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(form): Posted<Named>,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let number = work(&app, move |app| {
        let mut typed = folder.typed(&app.campaigns)?;
        let number = add_person(&mut typed, &form.name)?;
        folder.save_typed(&typed)?;
        Ok(number + 1)
    })
    .await?;
    Ok(Redirect::to(&format!("/own/form/{number}")).into_response())
}

#[derive(Deserialize)]
struct Which {
    number: usize,
}

async fn remove(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(form): Posted<Which>,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    work(&app, move |app| {
        let mut typed = folder.typed(&app.campaigns)?;
        let n = form
            .number
            .checked_sub(1)
            .filter(|n| *n < typed.candidates.len());
        let n = n.ok_or_else(|| ClerkError::Refused("没有这位人选，没有移走。".to_owned()))?;
        typed.candidates.remove(n);
        folder.save_typed(&typed)
    })
    .await?;
    Ok(Redirect::to("/own/form").into_response())
}

async fn show(
    State(app): Shared,
    Secretary(visitor): Secretary,
    At(number): At<usize>,
) -> Result<Response, Trouble> {
    shown(&app, &visitor, number, false).await
}

async fn shown(
    app: &Arc<App>,
    visitor: &Visitor,
    number: usize,
    saved: bool,
) -> Result<Response, Trouble> {
    let what = match number {
        0 => "本单位的填报内容".to_owned(),
        _ => format!("本单位第 {number} 位人选的填报内容"),
    };
    tell(app, visitor, &what).await?;
    let folder = folder_of(app, visitor)?;
    let (title, inputs, lists, errors) = work(app, move |app| {
        let typed = folder.typed(&app.campaigns)?;
        let campaign = &app.campaign();
        let who = who_of(number);
        let (sheet, entry, lists): (_, _, Vec<&Sheet>) = match who {
            Who::Unit => (
                campaign.unit_sheet(),
                &typed.unit,
                campaign.unit_lists().collect(),
            ),
            Who::Candidate(n) => {
                let entry = typed.candidates.get(n);
                let none = || ClerkError::Refused("没有这位人选。".to_owned());
                let lists = campaign.candidate_lists().collect();
                (campaign.candidate_sheet(), entry.ok_or_else(none)?, lists)
            }
        };
        let found = findings_of_typed(campaign, &typed, who, app.now())?;
        let fields = sheet.iter().flat_map(|s| &s.fields);
        let inputs = fields.map(|field| {
            let mut input = input(campaign, field, &field.key, entry.text(&field.key));
            input.fixed = who == Who::Unit && field.key == "name";
            input.told = told(&found, &field.key);
            input
        });
        let inputs: Vec<Input> = inputs.collect();
        let lists = lists.into_iter();
        let lists = lists.map(|sheet| list(campaign, sheet, entry.rows(&sheet.key), &found));
        let lists: Vec<List> = lists.collect();
        let title = match (who, entry.text("name")) {
            (Who::Unit, _) => "单位".to_owned(),
            (Who::Candidate(n), "") => format!("第{}位人选", n + 1),
            (Who::Candidate(_), name) => name.to_owned(),
        };
        Ok((title, inputs, lists, errors(&found)))
    })
    .await?;
    Ok(page(&PersonPage {
        frame: Frame::of(visitor, &title, "/own"),
        steps: steps(0, 1),
        number,
        title,
        inputs,
        lists,
        errors,
        saved,
    }))
}

/// A list with its rows and some to spare.
fn list(
    campaign: &Campaign,
    list: &Sheet,
    rows: &[BTreeMap<String, String>],
    found: &[(String, Finding)],
) -> List {
    let row = |n: usize| {
        let cells = list.fields.iter().map(|field| {
            let name = format!("{}[{n}].{}", list.key, field.key);
            let value = rows.get(n).and_then(|r| r.get(&field.key));
            let value = value.map_or("", String::as_str);
            let mut input = input(campaign, field, &name, value);
            input.label = format!("{}第{}行{}", list.label, n + 1, field.label);
            input.required = false;
            input.told = told(found, &name);
            input
        });
        cells.collect::<Vec<_>>()
    };
    List {
        label: list.label.clone(),
        heads: list.fields.iter().map(|f| f.label.clone()).collect(),
        rows: (0..rows.len() + SPARE_ROWS).map(row).collect(),
    }
}

fn told(found: &[(String, Finding)], name: &str) -> Vec<(&'static str, String)> {
    let mine = found
        .iter()
        .filter(|(key, f)| key == name && f.severity > Severity::Info);
    mine.map(|(_, f)| (class(f), format!("{} {}", f.message, f.hint)))
        .collect()
}

fn class(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Error => "red",
        _ => "amber",
    }
}

fn input(campaign: &Campaign, field: &Field, name: &str, value: &str) -> Input {
    let list = field.codes.as_ref().and_then(|id| campaign.lists.get(id));
    let closed = !field.free && !field.multi;
    let mut choices: Vec<String> = match (list, field.kind) {
        (Some(list), _) if closed => list.items.iter().map(|i| i.name.clone()).collect(),
        (_, Kind::YesNo) => vec!["是".to_owned(), "否".to_owned()],
        _ => Vec::new(),
    };
    if field.codes.as_deref() == Some("channels") {
        choices = campaign.channels.iter().map(|c| c.label.clone()).collect();
    }
    // what was written before stays to be seen, even where it is none of the choices
    if !choices.is_empty() && !value.is_empty() && !choices.iter().any(|c| c == value) {
        choices.push(value.to_owned());
    }
    let example = match field.example.as_str() {
        "" => String::new(),
        example if example.chars().count() < 30 => format!("如 {example}"),
        _ => String::new(),
    };
    let limit = field
        .max
        .map_or_else(String::new, |n| format!("不超过{n}字"));
    let several = if field.multi {
        "可写几项，用、隔开"
    } else {
        ""
    };
    let notes = [field.note.as_str(), several, &limit, &example];
    let notes: Vec<&str> = notes.into_iter().filter(|n| !n.is_empty()).collect();
    Input {
        name: name.to_owned(),
        label: field.label.clone(),
        required: field.required,
        note: notes.join("；"),
        value: value.to_owned(),
        long: field.kind == Kind::Long,
        most: field.max.unwrap_or(0),
        choices,
        fixed: false,
        told: Vec::new(),
    }
}

type Values = BTreeMap<String, String>;

async fn save(
    State(app): Shared,
    Secretary(visitor): Secretary,
    At(number): At<usize>,
    Posted(values): Posted<Values>,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    work(&app, move |app| {
        let mut typed = folder.typed(&app.campaigns)?;
        let mut values = values;
        if number == 0 {
            values.remove("name");
        }
        take_typed(&app.campaign(), &mut typed, who_of(number), &values)?;
        folder.save_typed(&typed)
    })
    .await?;
    shown(&app, &visitor, number, true).await
}

#[derive(Serialize)]
struct Live {
    key: String,
    class: &'static str,
    words: String,
}

/// What would be found, without saving.
async fn check(
    State(app): Shared,
    visitor: Result<Secretary, Trouble>,
    number: Result<At<usize>, Trouble>,
    values: Result<Posted<Values>, Trouble>,
) -> Result<Json<impl Serialize>, Problem> {
    let (Secretary(visitor), At(number), Posted(values)) = (visitor?, number?, values?);
    let folder = folder_of(&app, &visitor)?;
    let found = work(&app, move |app| {
        let mut typed = folder.typed(&app.campaigns)?;
        take_typed(&app.campaign(), &mut typed, who_of(number), &values)?;
        findings_of_typed(&app.campaign(), &typed, who_of(number), app.now())
    })
    .await?;
    let shown = found
        .into_iter()
        .filter(|(_, f)| f.severity > Severity::Info);
    let live = shown.map(|(key, f)| Live {
        key,
        class: class(&f),
        words: format!("{} {}", f.message, f.hint),
    });
    Ok(Json(live.collect::<Vec<_>>()))
}
