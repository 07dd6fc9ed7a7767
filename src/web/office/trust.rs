//! The trust list (信任名单): whose marks the desk believes, from when, until when; and the service's own signing keys.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{
    DayEnd, KeyLine, KeyMade, Trusting, Visitor, export_key, list_keys, read_key, time,
};

use crate::web::service::app::{App, Shared};
use crate::web::service::files::{file, incoming};
use crate::web::service::frame::{Frame, judged, wall};
use crate::web::service::given::Asked;
use crate::web::service::guard::{Admin, Posted};
use crate::web::service::trouble::{Trouble, refusal};
use crate::web::service::upload::{Limits, Sent, take_in};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/trust", get(trust).post(enter))
        .route("/admin/trust/read", post(read))
        .route("/admin/trust/revoke", post(revoke))
        .route("/admin/trust/new", post(renew))
        .route("/admin/trust/public.pem", get(public))
}

/// A key with its times in words.
struct KeyView {
    key: KeyLine,
    term: String,
    /// Class and word of its standing.
    class: &'static str,
    state: String,
    may_revoke: bool,
}

impl KeyView {
    fn of(key: KeyLine) -> Self {
        let day = |text: &Option<String>| {
            let at = text.as_ref().and_then(|t| t.parse().ok());
            at.map(wall)
        };
        let term = match (day(&key.from), day(&key.until)) {
            (None, None) => "不限".to_owned(),
            (Some(from), None) => format!("自 {from}"),
            (None, Some(until)) => format!("至 {until}"),
            (Some(from), Some(until)) => format!("{from} 至 {until}"),
        };
        let (class, state) = match (&key.revoked, key.own) {
            (Some(_), _) => {
                let since = day(&key.revoked).unwrap_or_default();
                let reason = key.reason.as_deref().unwrap_or_default();
                ("red", format!("{since} 起吊销：{reason}"))
            }
            (None, Some("signing")) => ("green", "本系统在用".to_owned()),
            (None, Some(_)) => ("none", "本系统停用".to_owned()),
            (None, None) => ("green", "可信".to_owned()),
        };
        Self {
            may_revoke: key.revoked.is_none(),
            key,
            term,
            class,
            state,
        }
    }
}

/// A fingerprint in groups that can be read out.
fn spoken(fingerprint: &str) -> String {
    let letters: Vec<char> = fingerprint.chars().collect();
    let groups: Vec<String> = letters.chunks(8).map(|g| g.iter().collect()).collect();
    groups.join(" ")
}

#[derive(Template)]
#[template(path = "office/trust.html", config = "src/web/askama.toml")]
struct TrustPage {
    frame: Frame,
    lines: Vec<KeyView>,
    said: String,
    fault: String,
    /// A key that was read and waits to be trusted, with its text.
    read: Option<(KeyLine, String)>,
}

#[derive(Default)]
struct TrustNews {
    said: String,
    fault: String,
    read: Option<(KeyLine, String)>,
}

async fn shown(app: &App, visitor: &Visitor, said: TrustNews) -> Result<Response, Trouble> {
    let folder = app.serving.keys.clone();
    let keys = app.desks.ask(move |_| list_keys(&folder)).await?;
    let shown = TrustPage {
        frame: Frame::of(visitor, "密钥", "/admin/trust"),
        lines: keys.into_iter().map(KeyView::of).collect(),
        said: said.said,
        fault: said.fault,
        read: said.read,
    };
    Ok(judged(&shown.fault, &shown))
}

/// The page after an act: what was done, or why not.
async fn after(
    app: &App,
    visitor: &Visitor,
    done: Result<String, Trouble>,
) -> Result<Response, Trouble> {
    let said = match done {
        Ok(said) => TrustNews {
            said,
            ..TrustNews::default()
        },
        Err(trouble) => TrustNews {
            fault: refusal(trouble)?,
            ..TrustNews::default()
        },
    };
    shown(app, visitor, said).await
}

pub(in crate::web) async fn trust(
    State(app): Shared,
    Admin(visitor): Admin,
) -> Result<Response, Trouble> {
    shown(&app, &visitor, TrustNews::default()).await
}

/// Reads a public key file and shows whose it is; nothing is trusted yet.
async fn read(State(app): Shared, Admin(visitor): Admin, sent: Sent) -> Result<Response, Trouble> {
    let limits = Limits {
        files: 1,
        bytes: 16 << 10,
    };
    let folder = incoming(&app).await?;
    let taken = take_in(sent, &visitor, &folder, limits).await?;
    let Some(taken) = taken.first() else {
        let none = Trouble::Bad("没有选文件。请选公钥文件（.pem）。".to_owned());
        return after(&app, &visitor, Err(none)).await;
    };
    let bytes = tokio::fs::read(&taken.path).await.unwrap_or_default();
    let _ = tokio::fs::remove_file(&taken.path).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match read_key(&text) {
        Ok(key) => {
            let read = Some((key, text));
            shown(
                &app,
                &visitor,
                TrustNews {
                    read,
                    ..TrustNews::default()
                },
            )
            .await
        }
        Err(error) => after(&app, &visitor, Err(error.into())).await,
    }
}

/// What is to be trusted, as it was typed.
#[derive(Deserialize)]
pub(super) struct TrustForm {
    pub(super) pem: String,
    #[serde(default)]
    pub(super) owner: String,
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) until: String,
    /// A unit that the key may file for beside the one that filed it first; mostly empty.
    #[serde(default)]
    pub(super) unit: String,
}

/// Enters a key in the list.
pub(super) async fn put(
    app: &App,
    visitor: &Visitor,
    entry: TrustForm,
) -> Result<(KeyLine, usize), Trouble> {
    let (now, who, keys) = (app.now(), visitor.clone(), app.serving.keys.clone());
    let at = |text: &str, end| match text.trim() {
        "" => Ok(None),
        text => time(text, end).map(Some),
    };
    let say = Trusting {
        owner: Some(entry.owner.trim().to_owned()).filter(|o| !o.is_empty()),
        from: at(&entry.from, DayEnd::First)?,
        until: at(&entry.until, DayEnd::Last)?,
        unit: Some(entry.unit.trim().to_owned())
            .filter(|unit| !unit.is_empty())
            .map(|unit| (unit, app.campaign().id.clone())),
    };
    app.desks
        .ask_office(move |office| office.trust(&keys, (&entry.pem, &say), &who, now))
        .await
}

async fn enter(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<TrustForm>,
) -> Result<Response, Trouble> {
    let done = put(&app, &visitor, form)
        .await
        .map(|(key, judged)| match key.revoked {
            Some(_) => format!(
                "密钥 {} 已经吊销，吊销不能撤回。请向对方索取新的公钥。",
                key.id
            ),
            None => format!("密钥 {} 已列入信任名单。{}", key.id, judged_again(judged)),
        });
    after(&app, &visitor, done).await
}

/// What became of pages that waited for their key alone.
fn judged_again(judged: usize) -> String {
    match judged {
        0 => String::new(),
        n => format!("此前因不认识这把密钥没有登记的 {n} 页，已重新比对、登记，到件时间不变。"),
    }
}

/// Which key is revoked, since when and why.
#[derive(Deserialize)]
pub(super) struct Revoking {
    /// The beginning of its fingerprint.
    pub(super) key: String,
    #[serde(default)]
    pub(super) since: String,
    pub(super) reason: String,
}

/// Revokes a key; now, where no time is given.
pub(super) async fn take_back(
    app: &App,
    visitor: &Visitor,
    form: Revoking,
) -> Result<KeyLine, Trouble> {
    let (now, who, keys) = (app.now(), visitor.clone(), app.serving.keys.clone());
    let since = match form.since.trim() {
        "" => jiff::Timestamp::from_second(now.as_second()).unwrap_or(now),
        text => time(text, DayEnd::First)?,
    };
    app.desks
        .ask_office(move |office| office.revoke(&keys, (&form.key, since, &form.reason), &who, now))
        .await
}

async fn revoke(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Revoking>,
) -> Result<Response, Trouble> {
    let done = take_back(&app, &visitor, form).await.map(|key| {
        let more = match key.own {
            Some("signing") => "这是本系统在用的密钥，请随即新建一把。",
            _ => "得到私钥的人可以把签发时间写早，来历不明的早期纸质件请与出具单位核对。",
        };
        format!("密钥 {} 已吊销。{more}", key.id)
    });
    after(&app, &visitor, done).await
}

/// Under which algorithm a key is made.
#[derive(Deserialize)]
pub(super) struct Wanted {
    pub(super) algorithm: String,
}

/// Makes the service a new signing key.
pub(super) async fn make(app: &App, visitor: &Visitor, form: Wanted) -> Result<KeyMade, Trouble> {
    let (now, who, keys) = (app.now(), visitor.clone(), app.serving.keys.clone());
    let owner = app.campaign().organiser.clone();
    app.desks
        .ask_office(move |office| office.renew_key(&keys, (&owner, &form.algorithm), &who, now))
        .await
}

async fn renew(
    State(app): Shared,
    Admin(visitor): Admin,
    Posted(form): Posted<Wanted>,
) -> Result<Response, Trouble> {
    let done = make(&app, &visitor, form).await.map(|made| {
        let old = made.retired.as_ref();
        let old = old.map_or_else(String::new, |(id, _)| {
            format!("原密钥 {id} 停用，此前签发的标记仍然有效。")
        });
        let resumed = match made.resumed {
            true => "上次新建密钥时中断，现已做完，没有另做一把。",
            false => "",
        };
        format!(
            "{resumed}新密钥 {} 已建好，以后的打印件用它签名。{old}请随即备份密钥目录。",
            made.id
        )
    });
    after(&app, &visitor, done).await
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    algorithm: String,
}

async fn public(
    State(app): Shared,
    Admin(_): Admin,
    Asked(which): Asked<Which>,
) -> Result<Response, Trouble> {
    let keys = app.serving.keys.clone();
    let algorithm = match which.algorithm.as_str() {
        "" => "ed25519".to_owned(),
        other => other.to_owned(),
    };
    let pem = app
        .desks
        .ask(move |_| export_key(&keys, &algorithm))
        .await?;
    Ok(file("公钥.pem", "application/x-pem-file", pem.into_bytes()))
}
