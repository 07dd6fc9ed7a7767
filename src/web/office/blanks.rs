//! Blank forms (空白表) on the organiser's pages: taken in for the campaign that is run, each page as a picture with a box around every place,
//! each place with a list of what may go there. The boxes are links within the picture, so that nothing here needs a script.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{
    BLANK_BYTES, BlankForm, ClerkError, FieldChoice, PlaceState, SeenPlace, Visitor, take_blank,
};

use crate::web::service::app::{App, Shared};
use crate::web::service::files::{file, incoming};
use crate::web::service::frame::{Frame, judged, page};
use crate::web::service::given::At;
use crate::web::service::guard::{Admin, Posted};
use crate::web::service::told::FindingView;
use crate::web::service::trouble::{Trouble, refusal};
use crate::web::service::upload::{Limits, Sent, take_in};
use crate::web::service::work::work;

/// Width of a page's picture in units of the drawing; its height follows the picture's.
const WIDE: f64 = 1000.0;

/// Height of a page in these units; an upright page of A4 where there is none of that number, from 0.
fn high(form: &BlankForm, page: usize) -> f64 {
    let (wide, high) = form.pages.get(page).copied().unwrap_or((1000, 1414));
    let [wide, high] = [wide, high].map(|n| u32::try_from(n).map_or(1.0, f64::from));
    high * WIDE / wide.max(1.0)
}

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/blanks", get(blanks))
        .route("/admin/blanks/choose", post(choose))
        .route("/admin/blanks/confirm", post(confirm))
        .route("/admin/blanks/remove", post(remove))
        .route("/admin/blanks/{number}", get(blank))
        .route("/admin/blanks/{number}/pages/{page}", get(picture))
        .route("/admin/blanks/{number}/places/{place}", get(place))
}

/// Routes with a larger body.
pub(in crate::web) fn uploads() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/blanks/upload", post(upload))
        .layer(DefaultBodyLimit::max(BLANK_BYTES + (1 << 20)))
}

/// A blank form in the list.
struct BlankLine {
    no: i64,
    name: String,
    pages: usize,
    places: usize,
    open: usize,
    given_out: bool,
}

#[derive(Template)]
#[template(path = "office/blanks.html", config = "src/web/askama.toml")]
struct BlanksPage {
    frame: Frame,
    campaign: String,
    lines: Vec<BlankLine>,
    told: Vec<FindingView>,
    fault: String,
}

async fn shown(
    app: &App,
    visitor: &Visitor,
    (fault, told): (String, Vec<FindingView>),
) -> Result<Response, Trouble> {
    let campaign = app.campaign();
    let id = campaign.id.clone();
    let forms = app
        .desks
        .ask_office(move |office| office.blank_forms(Some(&id)))
        .await?;
    let line = |form: &BlankForm| BlankLine {
        no: form.no,
        name: form.name.clone(),
        pages: form.pages.len(),
        places: form.places.len(),
        open: form.waiting().count(),
        given_out: form.is_given_out(),
    };
    let shown = BlanksPage {
        frame: Frame::of(visitor, "空白表", "/admin/blanks"),
        campaign: campaign.title.clone(),
        lines: forms.iter().map(line).collect(),
        told,
        fault,
    };
    Ok(judged(&shown.fault, &shown))
}

async fn blanks(State(app): Shared, Admin(visitor): Admin) -> Result<Response, Trouble> {
    shown(&app, &visitor, Default::default()).await
}

async fn upload(
    State(app): Shared,
    Admin(visitor): Admin,
    sent: Sent,
) -> Result<Response, Trouble> {
    let limits = Limits {
        files: 1,
        bytes: BLANK_BYTES as u64,
    };
    let mut taken = take_in(sent, &visitor, &incoming(&app).await?, limits).await?;
    let Some(taken) = taken.pop() else {
        let fault = "没有选文件。请选一份空白表（.docx 或 .xlsx）。".to_owned();
        return shown(&app, &visitor, (fault, Vec::new())).await;
    };
    let done = take(&app, &visitor, (taken.name, taken.path.clone())).await;
    let _ = tokio::fs::remove_file(&taken.path).await;
    match done {
        Ok(Ok(no)) => Ok(Redirect::to(&format!("/admin/blanks/{no}")).into_response()),
        Ok(Err(findings)) => {
            let fault = "空白表有错误，没有收下。请按下表改正后重新上传。".to_owned();
            shown(&app, &visitor, (fault, findings)).await
        }
        Err(trouble) => shown(&app, &visitor, (refusal(trouble)?, Vec::new())).await,
    }
}

/// Takes in a blank form: binds it by the latest of the same name, of this campaign or of an earlier one, and else by its own words.
async fn take(
    app: &Arc<App>,
    visitor: &Visitor,
    (name, path): (String, std::path::PathBuf),
) -> Result<Result<i64, Vec<FindingView>>, Trouble> {
    let own = name.clone();
    let earlier = app
        .desks
        .ask_office(move |office| {
            let all = office.blank_forms(None)?;
            Ok(all.into_iter().find(|f| alike(&f.name, &own)))
        })
        .await?;
    // one of this campaign gives way, though its name bears another year
    let own = app.campaign().id.clone();
    let replaced = earlier
        .as_ref()
        .filter(|f| f.campaign == own && f.name != name);
    let replaced = replaced.map(|f| f.no);
    let taken = work(app, move |app| {
        let decided = earlier.map(|form| form.decided());
        take_blank(&app.campaign(), &name, &path, decided.as_ref(), &app.fonts)
    });
    let new = match taken.await? {
        Ok(new) => new,
        Err(findings) => return Ok(Err(findings.iter().map(FindingView::of).collect())),
    };
    let (now, who) = (app.now(), visitor.clone());
    let no = app.desks.ask_office(move |office| {
        let no = office.keep_blank(&new, &who, now)?;
        if let Some(old) = replaced {
            office.withdraw_blank(old, &who, now)?;
        }
        Ok(no)
    });
    Ok(Ok(no.await?))
}

/// Whether two names are a form's of two years: all but the years is the same.
fn alike(one: &str, other: &str) -> bool {
    without_years(one) == without_years(other)
}

/// A file's name without its folder, its blanks and the years in it.
fn without_years(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
    let mut out = String::new();
    let mut at = 0;
    while at < plain.len() {
        let digits = plain
            .iter()
            .skip(at)
            .take_while(|c| c.is_ascii_digit())
            .count();
        let year: String = plain.iter().skip(at).take(digits).collect();
        if digits == 4 && (year.starts_with("19") || year.starts_with("20")) {
            at += 4;
            continue;
        }
        let run = digits.max(1);
        out.extend(plain.iter().skip(at).take(run));
        at += run;
    }
    out
}

/// A box on a page's picture.
struct BoxView {
    number: usize,
    x: String,
    y: String,
    width: String,
    height: String,
    kind: &'static str,
    words: String,
}

/// A page's picture.
struct PageView {
    number: usize,
    high: f64,
    boxes: Vec<BoxView>,
}

/// A place in the list beside the pictures.
struct PlaceView {
    number: usize,
    page: String,
    label: String,
    meaning: String,
    kind: &'static str,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "office/blank.html", config = "src/web/askama.toml")]
struct BlankPage {
    frame: Frame,
    no: i64,
    name: String,
    open: usize,
    first: usize,
    unsure: usize,
    given_out: bool,
    taken_back: bool,
    wide: f64,
    pages: Vec<PageView>,
    places: Vec<PlaceView>,
}

/// What stands for a place now: the class of its box, its state in words, and what goes there.
fn standing(
    app: &App,
    form: &BlankForm,
    place: &SeenPlace,
) -> (&'static str, &'static str, String) {
    let chosen = form.choices.get(&place.number);
    if let Some(code) = chosen {
        let options = form.options(&app.campaign(), place);
        let all = options.into_iter().flat_map(|g| g.1);
        let label = all.into_iter().find(|c| c.code == *code).map(|c| c.label);
        let label = label.unwrap_or_else(|| code.clone());
        return match code.as_str() {
            "@empty" => ("left", "已定：留空", "留空".to_owned()),
            "@others" => ("other", "已定：他人的", "他人的信息".to_owned()),
            _ => ("sure", "已核对", label),
        };
    }
    match place.state {
        PlaceState::Sure => ("sure", "有把握", place.meaning.clone()),
        PlaceState::Unsure => ("unsure", "请核对", place.meaning.clone()),
        PlaceState::Others => ("other", "他人的，留空", place.meaning.clone()),
        PlaceState::Unbound => ("unbound", "没有对应的栏目", String::new()),
    }
}

fn units(share: f64, whole: f64) -> String {
    format!("{:.1}", share * whole)
}

/// The boxes of one page.
fn boxes(app: &App, form: &BlankForm, page: usize) -> Vec<BoxView> {
    let mut out = Vec::new();
    for place in &form.places {
        let (kind, state, meaning) = standing(app, form, place);
        for area in place.areas.iter().filter(|a| a.page == page) {
            let words = match meaning.as_str() {
                "" => format!("第 {} 处“{}”：{state}", place.number, place.label),
                _ => format!(
                    "第 {} 处“{}”：{meaning}，{state}",
                    place.number, place.label
                ),
            };
            out.push(BoxView {
                number: place.number,
                x: units(area.left, WIDE),
                y: units(area.top, high(form, page)),
                width: units(area.width, WIDE),
                height: units(area.height, high(form, page)),
                kind,
                words,
            });
        }
    }
    out
}

async fn found(app: &App, number: i64) -> Result<BlankForm, Trouble> {
    let form = app
        .desks
        .ask_office(move |office| office.blank_form(number))
        .await?;
    form.ok_or(Trouble::Nothing)
}

/// The first place behind one that waits for a person's word, or else the first of all that does.
fn next_open(form: &BlankForm, behind: usize) -> Option<usize> {
    let all = || form.waiting().map(|p| p.number);
    all().find(|n| *n > behind).or_else(|| all().next())
}

async fn blank(
    State(app): Shared,
    Admin(visitor): Admin,
    At(number): At<i64>,
) -> Result<Response, Trouble> {
    let form = found(&app, number).await?;
    let pages = (0..form.pages.len()).map(|n| PageView {
        number: n + 1,
        high: high(&form, n),
        boxes: boxes(&app, &form, n),
    });
    let places = form.places.iter().map(|place| {
        let (kind, state, meaning) = standing(&app, &form, place);
        let page = place.areas.first().map(|a| format!("{}", a.page + 1));
        PlaceView {
            number: place.number,
            page: page.unwrap_or_else(|| "不在页上".to_owned()),
            label: place.label.clone(),
            meaning,
            kind,
            state,
        }
    });
    Ok(page(&BlankPage {
        frame: Frame::of(&visitor, "空白表", "/admin/blanks"),
        no: form.no,
        name: form.name.clone(),
        open: form.waiting().count(),
        first: next_open(&form, 0).unwrap_or(0),
        unsure: form.unsure().count(),
        given_out: form.is_given_out(),
        taken_back: form.is_taken_back(),
        wide: WIDE,
        pages: pages.collect(),
        places: places.collect(),
    }))
}

async fn picture(
    State(app): Shared,
    Admin(_): Admin,
    At((number, sheet)): At<(i64, usize)>,
) -> Result<Response, Trouble> {
    let png = app
        .desks
        .ask_office(move |office| office.blank_page(number, sheet))
        .await?;
    let png = png.ok_or(Trouble::Nothing)?;
    Ok(file(
        &format!("空白表{number}-{sheet}.png"),
        "image/png",
        png,
    ))
}

#[derive(Template)]
#[template(path = "office/blank_place.html", config = "src/web/askama.toml")]
struct BlankPlacePage {
    frame: Frame,
    no: i64,
    number: usize,
    name: String,
    label: String,
    state: &'static str,
    /// The part of the page that is shown; empty where the place is on no page.
    view: String,
    page: usize,
    wide: f64,
    high: f64,
    around: Vec<BoxView>,
    groups: Vec<(String, Vec<FieldChoice>)>,
    chosen: String,
    open: usize,
}

async fn place(
    State(app): Shared,
    Admin(visitor): Admin,
    At((number, place)): At<(i64, usize)>,
) -> Result<Response, Trouble> {
    let form = found(&app, number).await?;
    let here = form.place(place).ok_or(Trouble::Nothing)?;
    let (_, state, _) = standing(&app, &form, here);
    let chosen = form.choices.get(&place).cloned();
    let chosen = chosen.unwrap_or_else(|| form.guess(here).to_owned());
    let area = here.areas.first();
    // the place with its surroundings, as wide as the page
    let view = area.map_or_else(String::new, |a| {
        let whole = high(&form, a.page);
        let shown = (a.height * whole + 240.0).max(320.0);
        let top = (a.top * whole - 120.0).clamp(0.0, (whole - shown).max(0.0));
        format!("0 {top:.1} {WIDE} {shown:.1}")
    });
    let page_number = area.map_or(0, |a| a.page);
    let mut around = boxes(&app, &form, page_number);
    around.retain(|b| b.number == place);
    Ok(page(&BlankPlacePage {
        frame: Frame::of(&visitor, "空白表", "/admin/blanks"),
        no: form.no,
        number: place,
        name: form.name.clone(),
        label: here.label.clone(),
        state,
        view,
        page: page_number + 1,
        wide: WIDE,
        high: high(&form, page_number),
        around,
        groups: form.options(&app.campaign(), here),
        chosen,
        open: form.waiting().count(),
    }))
}

#[derive(Deserialize)]
struct Chosen {
    no: i64,
    place: usize,
    code: String,
    #[serde(default)]
    then: String,
}

async fn choose(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(given): Posted<Chosen>,
) -> Result<Response, Trouble> {
    let (no, number) = (given.no, given.place);
    let (now, campaign) = (app.now(), app.campaign());
    let form = app
        .desks
        .ask_office(move |office| {
            let chosen = (no, number, given.code.as_str());
            office.choose_blank(&campaign, chosen, &visitor, now)?;
            office.blank_form(no)
        })
        .await?;
    let next = form.and_then(|form| next_open(&form, number));
    let to = match next.filter(|_| given.then == "next") {
        Some(next) => format!("/admin/blanks/{no}/places/{next}"),
        None => format!("/admin/blanks/{no}"),
    };
    Ok(Redirect::to(&to).into_response())
}

#[derive(Deserialize)]
struct Which {
    no: i64,
}

async fn confirm(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(Which { no }): Posted<Which>,
) -> Result<Response, Trouble> {
    let now = app.now();
    app.desks
        .ask_office(move |office| office.give_out_blank(no, &visitor, now))
        .await?;
    Ok(Redirect::to(&format!("/admin/blanks/{no}")).into_response())
}

async fn remove(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(Which { no }): Posted<Which>,
) -> Result<Response, Trouble> {
    let now = app.now();
    let done = app
        .desks
        .ask_office(move |office| office.withdraw_blank(no, &visitor, now))
        .await?;
    match done {
        true => Ok(Redirect::to("/admin/blanks").into_response()),
        false => Err(Trouble::Clerk(ClerkError::Refused(
            "没有这份空白表，可能已经撤下。".to_owned(),
        ))),
    }
}
