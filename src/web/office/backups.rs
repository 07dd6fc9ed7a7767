//! Backups (备份) on the organiser's pages: take, list with sums, verify, carry away, and how to restore.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{
    BackupLine, ClerkError, DataPlaces, Visitor, backup_named, backups_folder, list_backups,
    take_backup, verify_backup_file, verify_listed,
};
use crate::finding::Finding;

use crate::web::service::app::{App, Shared};
use crate::web::service::files::{in_words, incoming, stream};
use crate::web::service::frame::{Frame, judged, wall};
use crate::web::service::given::At;
use crate::web::service::guard::{Admin, Posted};
use crate::web::service::told::FindingView;
use crate::web::service::trouble::Trouble;
use crate::web::service::upload::{Limits, Sent, take_in};
use crate::web::service::work::work;

/// Most bytes of a backup that is brought to be verified.
const MOST: usize = 16 << 30;

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/backups", get(backups).post(take))
        .route("/admin/backups/verify", post(verify))
        .route("/admin/backups/remove", post(remove))
        .route("/admin/backups/{name}", get(download))
}

/// Routes with a larger body.
pub(in crate::web) fn uploads() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/backups/upload", post(verify_file))
        .layer(DefaultBodyLimit::max(MOST))
}

/// A backup with its facts in words.
struct BackupView {
    line: BackupLine,
    at: String,
    size: String,
}

impl BackupView {
    fn of(line: BackupLine) -> Self {
        Self {
            at: wall(line.made_at),
            size: in_words(line.size),
            line,
        }
    }
}

#[derive(Template)]
#[template(path = "office/backups.html", config = "src/web/askama.toml")]
struct BackupsPage {
    frame: Frame,
    lines: Vec<BackupView>,
    told: Vec<FindingView>,
    said: String,
    fault: String,
    data: String,
    folder: String,
    keys: String,
}

#[derive(Default)]
struct BackupNews {
    said: String,
    fault: String,
    told: Vec<FindingView>,
}

impl BackupNews {
    fn well(said: String) -> Self {
        Self {
            said,
            ..Self::default()
        }
    }

    fn badly(fault: String) -> Self {
        Self {
            fault,
            ..Self::default()
        }
    }
}

async fn shown(app: &Arc<App>, visitor: &Visitor, said: BackupNews) -> Result<Response, Trouble> {
    let lines = work(app, |app| list_backups(&app.serving.data)).await?;
    let whole = |path: &std::path::Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        path.display().to_string()
    };
    let data = whole(&app.serving.data);
    let shown = BackupsPage {
        frame: Frame::of(visitor, "备份", "/admin/backups"),
        lines: lines.into_iter().map(BackupView::of).collect(),
        told: said.told,
        said: said.said,
        fault: said.fault,
        folder: whole(&backups_folder(&app.serving.data)),
        keys: whole(&app.serving.keys),
        data,
    };
    Ok(judged(&shown.fault, &shown))
}

pub(in crate::web) async fn backups(
    State(app): Shared,
    Admin(visitor): Admin,
) -> Result<Response, Trouble> {
    shown(&app, &visitor, BackupNews::default()).await
}

#[derive(Deserialize)]
struct Nothing {}

fn places(app: &App) -> DataPlaces<'_> {
    DataPlaces {
        data: &app.serving.data,
        keys: &app.serving.keys,
    }
}

/// Takes a backup, verified.
pub(in crate::web) async fn make(
    app: &Arc<App>,
    visitor: &Visitor,
) -> Result<(BackupLine, Vec<Finding>), Trouble> {
    let (line, findings) = work(app, |app| take_backup(places(app), app.now())).await?;
    let (taken, who, now) = (line.clone(), visitor.clone(), app.now());
    app.desks
        .ask_office(move |office| office.note_backup(&taken, "备份为", &who, now))
        .await?;
    Ok((line, findings))
}

async fn take(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (line, findings) = make(&app, &visitor).await?;
    let said = BackupNews {
        told: findings.iter().map(FindingView::of).collect(),
        ..BackupNews::well(format!(
            "已备份为 {}，逐个文件核对过校验和，数据库和审计日志完整。请下载到别的机器上保管。",
            line.name
        ))
    };
    shown(&app, &visitor, said).await
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// What verifying found, in words; a fault of the file is no fault of ours.
fn verdict(name: &str, done: Result<crate::clerk::BackupManifest, ClerkError>) -> BackupNews {
    match done {
        Ok(manifest) => {
            let held = &manifest.ledger;
            BackupNews::well(format!(
                "{name} 完好：{} 个文件的校验和、数据库、审计日志和保管密钥都核对无误。备份于 {}，{} 个单位、{} 条记录、{} 页收件。",
                manifest.files.len(),
                wall(manifest.made_at),
                held.units,
                held.records,
                held.receipts
            ))
        }
        Err(ClerkError::Store(error)) => BackupNews {
            told: vec![FindingView::of(&error.finding())],
            ..BackupNews::badly(format!("{name} 不能用来恢复。"))
        },
        Err(error) => BackupNews::badly(error.to_string()),
    }
}

/// Verifies a backup of the list; none where there is none of that name.
pub(super) async fn judge(
    app: &Arc<App>,
    name: String,
) -> Result<Option<crate::clerk::BackupManifest>, Trouble> {
    work(app, move |app| verify_listed(places(app), &name)).await
}

async fn verify(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Named>,
) -> Result<Response, Trouble> {
    let said = match judge(&app, form.name.clone()).await {
        Ok(Some(manifest)) => verdict(&form.name, Ok(manifest)),
        Ok(None) => BackupNews::badly("没有这份备份，可能已经删除。".to_owned()),
        Err(Trouble::Clerk(error)) => verdict(&form.name, Err(error)),
        Err(other) => return Err(other),
    };
    shown(&app, &visitor, said).await
}

async fn verify_file(
    State(app): Shared,
    Admin(visitor): Admin,
    sent: Sent,
) -> Result<Response, Trouble> {
    let limits = Limits {
        files: 1,
        bytes: MOST as u64,
    };
    let folder = incoming(&app).await?;
    let taken = take_in(sent, &visitor, &folder, limits).await?;
    let Some(taken) = taken.into_iter().next() else {
        let none = BackupNews::badly("没有选文件。请选备份的 .zip。".to_owned());
        return shown(&app, &visitor, none).await;
    };
    let path = taken.path.clone();
    let done = work(&app, move |app| verify_backup_file(places(app), &path)).await;
    let _ = tokio::fs::remove_file(&taken.path).await;
    let said = match done {
        Ok(manifest) => verdict(&taken.name, Ok(manifest)),
        Err(Trouble::Clerk(error)) => verdict(&taken.name, Err(error)),
        Err(other) => return Err(other),
    };
    shown(&app, &visitor, said).await
}

async fn remove(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Named>,
) -> Result<Response, Trouble> {
    let (now, who) = (app.now(), visitor.clone());
    let done = app
        .desks
        .ask_office(move |office| office.remove_backup(&form.name, &who, now))
        .await;
    match done {
        Ok(()) => Ok(Redirect::to("/admin/backups").into_response()),
        Err(trouble) => {
            let said = BackupNews::badly(crate::web::service::trouble::refusal(trouble)?);
            shown(&app, &visitor, said).await
        }
    }
}

async fn download(
    State(app): Shared,
    Admin(visitor): Admin,
    At(name): At<String>,
) -> Result<Response, Trouble> {
    let found = work(&app, move |app| backup_named(&app.serving.data, &name)).await?;
    let (line, path) = found.ok_or(Trouble::Nothing)?;
    let (taken, who, now) = (line.clone(), visitor.clone(), app.now());
    app.desks
        .ask_office(move |office| office.note_backup(&taken, "下载备份", &who, now))
        .await?;
    stream(&path, &line.name).await
}
