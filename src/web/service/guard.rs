//! The guard: who comes in, from which address, and forms that are believed.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::clerk::{Role, Visitor};

use crate::web::service::app::App;
use crate::web::service::caller;
use crate::web::service::port::Peer;
use crate::web::service::rates::Purpose;
use crate::web::service::trouble::Trouble;

/// Name of the session's cookie.
pub(in crate::web) const COOKIE: &str = "sanlian";

/// The address of who asks.
pub(super) fn address(app: &App, parts: &Parts) -> IpAddr {
    let forwarded = || {
        // whoever asks may send lines of that name too: the proxy's own stands behind them
        let mut lines = parts.headers.get_all("x-forwarded-for").iter();
        let value = lines.next_back()?.to_str().ok()?;
        value.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = parts
        .extensions
        .get::<Peer>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
    match app.serving.behind_proxy {
        true => forwarded().unwrap_or(peer),
        false => peer,
    }
}

/// The address of who asks, for handlers.
pub(in crate::web) struct ClientAddress(pub(in crate::web) IpAddr);

impl FromRequestParts<Arc<App>> for ClientAddress {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Trouble> {
        Ok(Self(address(app, parts)))
    }
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::trim)
}

/// What the browser keeps of the session.
pub(super) fn kept(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then(|| value.to_owned())
    })
}

/// Somebody who is logged in, whose password is settled.
pub(in crate::web) struct LoggedIn(pub(in crate::web) Visitor);

/// Somebody who is logged in, and may have to change the password first.
pub(in crate::web) struct Entering(pub(in crate::web) Visitor);

impl FromRequestParts<Arc<App>> for Entering {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Trouble> {
        if let Some(visitor) = parts.extensions.get::<Visitor>() {
            return Ok(Self(visitor.clone()));
        }
        let secret = bearer(&parts.headers).map(str::to_owned);
        let by_token = secret.is_some();
        let secret = secret.or_else(|| kept(&parts.headers));
        let (secret, now) = (secret.ok_or(Trouble::Login)?, app.now());
        let visitor = app
            .desks
            .ask_office(move |office| office.visitor(&secret, now))
            .await?;
        let visitor = match visitor {
            Some(visitor) => visitor,
            None => return Err(strange(app, parts, by_token).await?),
        };
        // a program's token is no cookie, and a cookie no token
        if visitor.scopes.is_some() != by_token {
            return Err(Trouble::Login);
        }
        if by_token && !parts.uri.path().starts_with("/api/") {
            return Err(Trouble::Forbidden("令牌只能用于 /api/v1 下的接口。"));
        }
        caller::is(&visitor);
        parts.extensions.insert(visitor.clone());
        Ok(Self(visitor))
    }
}

/// Nobody is known by what came along. A token that is none is a refused login and stands in the log, a few times a
/// minute for one address; a browser's session is mostly just over.
async fn strange(app: &App, parts: &Parts, by_token: bool) -> Result<Trouble, Trouble> {
    let told = || {
        app.rates
            .take(Purpose::Refusal, address(app, parts))
            .is_ok()
    };
    if by_token && told() {
        let now = app.now();
        app.desks
            .ask_office(move |office| office.note_refusal("", "接口令牌不对，或者已经收回", now))
            .await?;
    }
    Ok(Trouble::Login)
}

impl FromRequestParts<Arc<App>> for LoggedIn {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Trouble> {
        let Entering(visitor) = Entering::from_request_parts(parts, app).await?;
        if visitor.once {
            return Err(Trouble::Forbidden(
                "首次登录请先设置自己的密码：打开“密码”一页（/password）。",
            ));
        }
        Ok(Self(visitor))
    }
}

/// An administrator.
pub(in crate::web) struct Admin(pub(in crate::web) Visitor);
/// A receiving clerk, or an administrator.
pub(in crate::web) struct AtDesk(pub(in crate::web) Visitor);
/// Whoever may look at the board: clerk, administrator, reader.
pub(in crate::web) struct Looking(pub(in crate::web) Visitor);
/// A secretary with a unit.
pub(in crate::web) struct Secretary(pub(in crate::web) Visitor);

macro_rules! roles {
    ($($name:ident: $($role:ident)|+;)+) => {$(
        impl FromRequestParts<Arc<App>> for $name {
            type Rejection = Trouble;

            async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Trouble> {
                let LoggedIn(visitor) = LoggedIn::from_request_parts(parts, app).await?;
                match visitor.role {
                    $(Role::$role)|+ => Ok(Self(visitor)),
                    _ => Err(Trouble::Forbidden("您的账号无权办理这件事。")),
                }
            }
        }
    )+};
}

roles! {
    Admin: Admin;
    AtDesk: Admin | Clerk;
    Looking: Admin | Clerk | Reader;
    Secretary: Unit;
}

/// The token that every form carries.
#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

/// Holds a token that came along against the visitor's.
pub(in crate::web) fn believe(visitor: &Visitor, token: &str) -> Result<(), Trouble> {
    let same = token.len() == visitor.csrf.len()
        && token
            .bytes()
            .zip(visitor.csrf.bytes())
            .fold(0, |d, (a, b)| d | (a ^ b))
            == 0;
    if same || visitor.scopes.is_some() {
        Ok(())
    } else {
        Err(Trouble::Forbidden(
            "页面已过期，没有办理。请刷新页面后再试。",
        ))
    }
}

/// A form of a visitor, with the token that makes it believed.
pub(in crate::web) struct Posted<T>(pub(in crate::web) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Posted<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Trouble> {
        let (mut parts, body) = request.into_parts();
        let Entering(visitor) = Entering::from_request_parts(&mut parts, app).await?;
        let bad = |_| Trouble::Bad("提交的内容不完整或过长。请刷新页面后再试。".to_owned());
        let bytes = axum::body::Bytes::from_request(Request::from_parts(parts.clone(), body), app)
            .await
            .map_err(|_| Trouble::Large("提交的内容过长。".to_owned()))?;
        let again = || Request::from_parts(parts.clone(), bytes.clone().into());
        let header = parts.headers.get("x-csrf").and_then(|v| v.to_str().ok());
        match header {
            Some(token) => believe(&visitor, token)?,
            None => {
                let Form(token): Form<Token> =
                    Form::from_request(again(), app).await.map_err(bad)?;
                believe(&visitor, &token.csrf)?;
            }
        }
        let Form(form) = Form::from_request(again(), app).await.map_err(bad)?;
        Ok(Self(form))
    }
}
