//! A unit's interface (填报): its board, its findings, files put, and handing in.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with, put_with};
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clerk::{Board, ClerkError};
use crate::finding::{Finding, Report, Severity};

use crate::web::api::access::{UnitReader, UnitWriter};
use crate::web::api::answer::{Answer, told};
use crate::web::api::given::{At, FileBytes};
use crate::web::service::app::{App, Shared};
use crate::web::service::boards;
use crate::web::service::guard::ClientAddress;
use crate::web::service::rates::Purpose;
use crate::web::service::trouble::Trouble;
use crate::web::service::work::work;
use crate::web::unit::acts::{folder_of, hand_in, look, unit_of};

/// Most bytes of a file that is put.
const MOST: usize = 400 << 20;

pub(super) fn routes() -> ApiRouter<Arc<App>> {
    let told = |id, words| told("unit", id, words);
    ApiRouter::new()
        .api_route(
            "/api/v1/own/board",
            get_with(board, told("own_board", "本单位的收件情况")),
        )
        .api_route(
            "/api/v1/own/findings",
            get_with(findings, told("own_findings", "本单位材料的问题清单")),
        )
        .api_route(
            "/api/v1/own/submissions",
            post_with(submit, told("submit", "提交")),
        )
}

/// Routes with a larger body.
pub(super) fn uploads() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/api/v1/own/files/{name}",
            put_with(put_file, told("unit", "put_file", "放一个文件")),
        )
        .layer(DefaultBodyLimit::max(MOST))
}

async fn board(State(app): Shared, UnitReader(visitor): UnitReader) -> Answer<Board> {
    let unit = unit_of(&visitor)?;
    Ok(Json(boards::own_board(&app, unit).await?))
}

/// What was found in the material.
#[derive(Serialize, JsonSchema)]
struct Findings {
    /// All findings, in the order in which they were found.
    findings: Vec<Finding>,
    /// Number of findings with severity `error`.
    errors: usize,
    /// Number of findings with severity `warning`.
    warnings: usize,
}

async fn findings(State(app): Shared, UnitReader(visitor): UnitReader) -> Answer<Findings> {
    let state = look(&app, &visitor).await?.ok_or(Trouble::Nothing)?;
    let findings = state.checked.findings;
    let Report {
        errors, warnings, ..
    } = Report::new(&findings);
    Ok(Json(Findings {
        findings,
        errors,
        warnings,
    }))
}

/// What handing in changed of a record.
#[derive(Serialize, JsonSchema)]
struct Change {
    /// The record in words.
    title: String,
    /// Its version now; none where it is no longer part of the material.
    version: Option<u16>,
    /// The version whose prints are void from now on; none where there are none.
    stale: Option<u16>,
    /// Fields that differ from the version before, in words.
    differences: Vec<String>,
}

async fn submit(State(app): Shared, UnitWriter(visitor): UnitWriter) -> Answer<Vec<Change>> {
    let handed = hand_in(&app, &visitor).await?;
    let changes = handed.news.iter().map(|n| Change {
        title: n.title.clone(),
        version: n.version,
        stale: n.stale.map(|(version, _)| version),
        differences: n.differences.iter().map(ToString::to_string).collect(),
    });
    Ok(Json(changes.collect()))
}

#[derive(Deserialize, JsonSchema)]
struct FilePath {
    /// Name of the file, with its extension: it says what the file is.
    #[schemars(length(min = 1))]
    name: String,
}

/// A file that was put.
#[derive(Serialize, JsonSchema)]
struct PutFile {
    /// Where it lies in the submission.
    path: String,
    /// Number of errors that the material has now.
    errors: usize,
    /// Number of warnings.
    warnings: usize,
}

async fn put_file(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    UnitWriter(visitor): UnitWriter,
    At(FilePath { name }): At<FilePath>,
    FileBytes(bytes): FileBytes,
) -> Answer<PutFile> {
    app.rates
        .take(Purpose::Upload, address)
        .map_err(Trouble::Often)?;
    let folder = folder_of(&app, &visitor)?;
    let path = work(&app, move |_| {
        let incoming = folder.incoming()?;
        let file = incoming.join(jiff::Timestamp::now().as_nanosecond().to_string());
        let world = |source| ClerkError::World {
            path: file.clone(),
            source,
        };
        std::fs::write(&file, &bytes).map_err(world)?;
        let put = folder.put(&name, &file);
        if put.is_err() {
            let _ = std::fs::remove_file(&file);
        }
        put
    })
    .await?;
    let state = look(&app, &visitor).await?;
    let findings = state.map(|s| s.checked.findings).unwrap_or_default();
    let count = |s| findings.iter().filter(|f| f.severity == s).count();
    Ok(Json(PutFile {
        path,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
    }))
}
