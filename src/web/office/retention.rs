//! Retention (保存期限) on the organiser's pages: what is held by campaign, handing it over, erasing it. Both ask for the password again
//! and stand in the audit log.

use std::path::PathBuf;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{ClerkError, Gone, Holding, RosterRow, Visitor, Whose};

use crate::web::service::app::{App, Shared};
use crate::web::service::door::limited;
use crate::web::service::files::{in_words, incoming, stream};
use crate::web::service::frame::{Frame, judged};
use crate::web::service::guard::{Admin, ClientAddress, Posted};
use crate::web::service::trouble::{Trouble, refusal};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/retention", get(retention))
        .route("/admin/retention/export", post(export))
        .route("/admin/retention/erase", post(erase))
}

#[derive(Template)]
#[template(path = "office/retention.html", config = "src/web/askama.toml")]
struct RetentionPage {
    frame: Frame,
    holdings: Vec<(Holding, String)>,
    roster: Vec<RosterRow>,
    gone: Option<Gone>,
    fault: String,
}

async fn shown(
    app: &App,
    visitor: &Visitor,
    gone: Option<Gone>,
    fault: String,
) -> Result<Response, Trouble> {
    let (holdings, roster) = app
        .desks
        .ask_office(|office| Ok((office.holdings()?, office.roster()?)))
        .await?;
    let shown = RetentionPage {
        frame: Frame::of(visitor, "保存期限", "/admin/retention"),
        holdings: holdings
            .into_iter()
            .map(|h| {
                let size = in_words(h.bytes);
                (h, size)
            })
            .collect(),
        roster,
        gone,
        fault,
    };
    Ok(judged(&shown.fault, &shown))
}

pub(in crate::web) async fn retention(
    State(app): Shared,
    Admin(visitor): Admin,
) -> Result<Response, Trouble> {
    shown(&app, &visitor, None, String::new()).await
}

/// Whose data, as the forms say it: a record, else a unit, else a campaign.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    campaign: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    record: String,
    password: String,
    #[serde(default)]
    reason: String,
    /// What is erased, typed once more.
    #[serde(default)]
    confirm: String,
}

impl Wanted {
    /// The campaign is always chosen on the page: it counts where no record is named.
    fn whose(&self) -> Result<Whose, ClerkError> {
        match self.record.trim().is_empty() {
            true => Whose::named(Some(&self.campaign), Some(&self.unit), None),
            false => Whose::named(None, None, Some(&self.record)),
        }
    }

    /// What must be typed once more.
    fn named(&self) -> &str {
        [&self.record, &self.unit, &self.campaign]
            .into_iter()
            .map(|t| t.trim())
            .find(|t| !t.is_empty())
            .unwrap_or_default()
    }
}

async fn export(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    Admin(visitor): Admin,
    Posted(form): Posted<Wanted>,
) -> Result<Response, Trouble> {
    limited(&app, address)?;
    let folder = incoming(&app).await?;
    let file = folder.join(format!(
        "export-{}.zip",
        jiff::Timestamp::now().as_nanosecond()
    ));
    let (to, who, now) = (file.clone(), visitor.clone(), app.now());
    let done = app
        .desks
        .ask_office(move |office| {
            office.holds_password(&who, &form.password, now)?;
            office.hand_over(&form.whose()?, &to, &who.name, now)
        })
        .await;
    match done {
        Ok(_) => handed_out(file).await,
        Err(trouble) => {
            let fault = refusal(trouble)?;
            shown(&app, &visitor, None, fault).await
        }
    }
}

/// The file as an answer; it lies here no longer than the answer takes.
async fn handed_out(file: PathBuf) -> Result<Response, Trouble> {
    let answer = stream(&file, "sanlian-export.zip").await;
    // opened already: the answer still reads it
    let _ = tokio::fs::remove_file(&file).await;
    answer
}

async fn erase(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    Admin(visitor): Admin,
    Posted(form): Posted<Wanted>,
) -> Result<Response, Trouble> {
    limited(&app, address)?;
    if form.confirm.trim() != form.named() {
        let fault = format!("确认处应与要删除的完全一样：“{}”。没有删除。", form.named());
        return shown(&app, &visitor, None, fault).await;
    }
    let (who, now, password) = (visitor.clone(), app.now(), form.password.clone());
    let held = app
        .desks
        .ask_office(move |office| {
            office.holds_password(&who, &password, now)?;
            form.whose().map(|whose| (whose, form.reason))
        })
        .await;
    let done = match held {
        Ok((whose, reason)) => gone(&app, &visitor, whose, reason).await,
        Err(trouble) => Err(trouble),
    };
    match done {
        Ok(gone) => shown(&app, &visitor, Some(gone), String::new()).await,
        Err(trouble) => {
            let fault = refusal(trouble)?;
            shown(&app, &visitor, None, fault).await
        }
    }
}

/// Erases, and forgets what the service itself remembers of it: drafts and batches of scans.
pub(in crate::web) async fn gone(
    app: &App,
    visitor: &Visitor,
    whose: Whose,
    reason: String,
) -> Result<Gone, Trouble> {
    let (by, now) = (visitor.name.clone(), app.now());
    let gone = app
        .desks
        .ask_office(move |office| office.erase(&whose, &reason, &by, now))
        .await?;
    app.previews.forget();
    app.batches.forget();
    Ok(gone)
}
