//! Gathering on a page (汇集): a city, or the office of the defence industry, uploads what its units sent and gets one submission, with who came
//! from where; again when one is corrected; and selects whom it hands in.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{GatherDone, GatherNews, Visitor};

use crate::web::service::app::{App, Shared};
use crate::web::service::frame::{Frame, page};
use crate::web::service::guard::{Posted, Secretary};
use crate::web::service::told::FindingView;
use crate::web::service::trouble::Trouble;
use crate::web::service::upload::{Limits, MOST, Sent, take_in};
use crate::web::service::work::work;
use crate::web::unit::acts::folder_of;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/own/gather", get(form))
        .route("/own/gather/select", post(select))
}

/// Routes with a larger body.
pub(in crate::web) fn uploads() -> Router<Arc<App>> {
    Router::new()
        .route("/own/gather/files", post(files))
        .layer(DefaultBodyLimit::max(MOST))
}

/// Most packages at a time, and bytes of one.
const SOURCES: Limits = Limits {
    files: 50,
    bytes: 1 << 30,
};

/// Somebody of the list: place, name, unit.
struct Listed {
    place: usize,
    name: String,
    unit: String,
}

#[derive(Template)]
#[template(path = "unit/gather.html", config = "src/web/askama.toml")]
struct GatherPage {
    frame: Frame,
    /// Whether something was gathered just now.
    done: bool,
    written: bool,
    news: Vec<String>,
    list: Vec<Listed>,
    told: Vec<FindingView>,
}

fn shown(visitor: &Visitor, gathered: Option<&GatherDone>) -> Response {
    let none = GatherDone::default();
    let done = gathered.unwrap_or(&none);
    // what would have become of whom is not told where nothing was gathered
    let lines = done.lines.iter().filter(|_| done.written);
    let news = lines.filter_map(|line| {
        let who = format!("{}（{}）", line.name, line.unit);
        match &line.news {
            GatherNews::New => Some(format!("新来：{who}")),
            GatherNews::Corrected(fields) => Some(format!("更正：{who}：{}", fields.join("、"))),
            GatherNews::LeftOut => Some(format!("没有入选：{who}")),
            // told as findings
            GatherNews::Conflict(_) | GatherNews::Gone | GatherNews::Twice(_) => None,
        }
    });
    let list = done.list.iter().filter(|_| done.written);
    let list = (1..).zip(list).map(|(place, (name, unit))| Listed {
        place,
        name: name.clone(),
        unit: match unit.as_str() {
            "" => "本单位自己填的".to_owned(),
            unit => unit.to_owned(),
        },
    });
    page(&GatherPage {
        frame: Frame::of(visitor, "汇集", "/own"),
        done: gathered.is_some(),
        written: done.written,
        news: news.collect(),
        list: list.collect(),
        told: done.findings.iter().map(FindingView::of).collect(),
    })
}

async fn form(Secretary(visitor): Secretary) -> Result<Response, Trouble> {
    Ok(shown(&visitor, None))
}

async fn files(
    State(app): Shared,
    Secretary(visitor): Secretary,
    sent: Sent,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let incoming = folder.incoming()?;
    let taken = take_in(sent, &visitor, &incoming, SOURCES).await?;
    if taken.is_empty() {
        return Err(Trouble::Bad(
            "没有选文件。请先选好各单位的报送包再上传。".to_owned(),
        ));
    }
    let given: Vec<_> = taken.into_iter().map(|t| (t.name, t.path)).collect();
    let left: Vec<_> = given.iter().map(|(_, path)| path.clone()).collect();
    let done = work(&app, move |app| folder.gather(&app.campaigns, &given, None)).await;
    for path in left {
        // what was not moved away
        let _ = tokio::fs::remove_file(&path).await;
    }
    Ok(shown(&visitor, Some(&done?)))
}

#[derive(Deserialize)]
struct Names {
    names: String,
}

async fn select(
    State(app): Shared,
    Secretary(visitor): Secretary,
    Posted(form): Posted<Names>,
) -> Result<Response, Trouble> {
    let folder = folder_of(&app, &visitor)?;
    let names = form.names.split(['、', '，', ',', '\n']);
    let names = names.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        return Err(Trouble::Bad(
            "没有写姓名。请按推荐先后写要报的人，用“、”隔开。".to_owned(),
        ));
    }
    let done = work(&app, move |app| {
        folder.gather(&app.campaigns, &[], Some(&names))
    });
    Ok(shown(&visitor, Some(&done.await?)))
}
