//! The door (登录): the first administrator, coming in, going out, one's own password and tokens for programs.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::clerk::{LoginOutcome, Role, Visitor};

use crate::web::service::app::{App, Shared};
use crate::web::service::frame::{Frame, page};
use crate::web::service::given::At;
use crate::web::service::guard::{COOKIE, ClientAddress, Entering, LoggedIn, Posted, kept};
use crate::web::service::rates::Purpose;
use crate::web::service::trouble::{Trouble, refusal};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/setup/{secret}", get(setup).post(set_up))
        .route("/login", get(login).post(log_in))
        .route("/logout", post(log_out))
        .route("/password", get(password).post(change_password))
        .route("/tokens", get(tokens).post(new_token))
        .route("/tokens/drop", post(drop_token))
}

/// Where a visitor begins.
fn first_page(visitor: &Visitor) -> &'static str {
    match visitor.role {
        _ if visitor.once => "/password",
        Role::Admin | Role::Reader => "/board",
        Role::Clerk => "/desk",
        Role::Unit => "/own",
    }
}

pub(in crate::web) async fn home(visitor: Result<Entering, Trouble>) -> Redirect {
    match visitor {
        Ok(Entering(visitor)) => Redirect::to(first_page(&visitor)),
        Err(_) => Redirect::to("/login"),
    }
}

#[derive(Template)]
#[template(path = "service/setup.html", config = "src/web/askama.toml")]
struct SetupPage<'a> {
    frame: Frame,
    fault: &'a str,
    name: &'a str,
}

#[derive(Template)]
#[template(path = "service/login.html", config = "src/web/askama.toml")]
struct LoginPage<'a> {
    frame: Frame,
    campaign: &'a str,
    fault: &'a str,
    name: &'a str,
    /// Whether a code is asked for: the field for it then stands open.
    asked: bool,
}

#[derive(Template)]
#[template(path = "service/password.html", config = "src/web/askama.toml")]
struct PasswordPage<'a> {
    frame: Frame,
    once: bool,
    fault: &'a str,
}

#[derive(Template)]
#[template(path = "service/tokens.html", config = "src/web/askama.toml")]
struct TokensPage {
    frame: Frame,
    tokens: Vec<(String, String)>,
    fresh: String,
    fault: String,
    scopes: &'static [(&'static str, &'static str)],
}

#[derive(Deserialize)]
struct NewAdmin {
    name: String,
    password: String,
    again: String,
}

async fn setup(State(app): Shared, At(secret): At<String>) -> Result<Response, Trouble> {
    let now = app.now();
    let holds = app
        .desks
        .ask_office(move |office| office.invite_holds(&secret, now))
        .await?;
    if !holds {
        return Err(Trouble::Nothing);
    }
    Ok(page(&SetupPage {
        frame: Frame::stranger("建立管理员"),
        fault: "",
        name: "",
    }))
}

async fn set_up(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    At(secret): At<String>,
    Form(form): Form<NewAdmin>,
) -> Result<Response, Trouble> {
    limited(&app, address)?;
    let now = app.now();
    let name = form.name.clone();
    let done = if form.password == form.again {
        app.desks
            .ask_office(move |office| office.use_invite(&secret, &form.name, &form.password, now))
            .await
    } else {
        Err(Trouble::Bad("两次输入的密码不同。".to_owned()))
    };
    let fault = match done {
        Ok(()) => return Ok(Redirect::to("/login").into_response()),
        Err(trouble) => refusal(trouble)?,
    };
    let shown = SetupPage {
        frame: Frame::stranger("建立管理员"),
        fault: &fault,
        name: &name,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)).into_response())
}

pub(in crate::web) fn limited(app: &App, address: std::net::IpAddr) -> Result<(), Trouble> {
    app.rates
        .take(Purpose::Login, address)
        .map_err(Trouble::Often)
}

/// Lets an address try a password; one that tries too often is refused, and that stands in the log: not every time, which would let a
/// stranger fill the disk, but a few times a minute.
async fn tries(app: &App, address: std::net::IpAddr, name: &str) -> Result<(), Trouble> {
    let Err(trouble) = limited(app, address) else {
        return Ok(());
    };
    if app.rates.take(Purpose::Refusal, address).is_ok() {
        let (name, now) = (name.to_owned(), app.now());
        let why = "此地址尝试过多，没有核对密码；接下来一分钟内的不再逐次记录";
        app.desks
            .ask_office(move |office| office.note_refusal(&name, why, now))
            .await?;
    }
    Err(trouble)
}

async fn login(State(app): Shared) -> Response {
    page(&LoginPage {
        frame: Frame::stranger("登录"),
        campaign: &app.campaign().title,
        fault: "",
        name: "",
        asked: false,
    })
}

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
    /// What the telephone shows, or a recovery code.
    #[serde(default)]
    code: String,
}

async fn log_in(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    Form(form): Form<Login>,
) -> Result<Response, Trouble> {
    tries(&app, address, &form.name).await?;
    let now = app.now();
    let name = form.name.clone();
    let entry = app
        .desks
        .ask_office(move |office| office.log_in(&form.name, (&form.password, &form.code), now))
        .await?;
    let asked = entry == LoginOutcome::Code;
    let fault = match entry {
        LoginOutcome::In(secret) => {
            return Ok(with_cookie(
                &app,
                &secret,
                Redirect::to("/").into_response(),
            ));
        }
        LoginOutcome::Wrong => {
            "账号、密码或动态码不对。从一个地址连续输错 5 次，要等 15 分钟才能再试。".to_owned()
        }
        LoginOutcome::Code => {
            "此账号开通了两步验证，请再输入密码，并输入手机上的动态码。".to_owned()
        }
        LoginOutcome::Locked(until) => {
            let minutes = (until.as_second() - now.as_second() + 59) / 60;
            format!("从这里试得太多，请 {minutes} 分钟后再试，或请管理员重设密码。")
        }
    };
    let shown = LoginPage {
        frame: Frame::stranger("登录"),
        campaign: &app.campaign().title,
        fault: &fault,
        name: &name,
        asked,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)).into_response())
}

fn with_cookie(app: &App, secret: &str, mut answer: Response) -> Response {
    let secure = if app.serving.is_encrypted() {
        "; Secure"
    } else {
        ""
    };
    let age = if secret.is_empty() { "; Max-Age=0" } else { "" };
    let cookie = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, value);
    }
    answer
}

#[derive(Deserialize)]
struct Nothing {}

async fn log_out(
    State(app): Shared,
    headers: HeaderMap,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, Trouble> {
    if let Some(secret) = kept(&headers) {
        app.desks
            .ask_office(move |office| office.log_out(&secret))
            .await?;
    }
    Ok(with_cookie(
        &app,
        "",
        Redirect::to("/login").into_response(),
    ))
}

async fn password(Entering(visitor): Entering) -> Response {
    page(&PasswordPage {
        frame: Frame::of(&visitor, "密码", "/password"),
        once: visitor.once,
        fault: "",
    })
}

#[derive(Deserialize)]
struct NewPassword {
    old: String,
    password: String,
    again: String,
}

async fn change_password(
    State(app): Shared,
    ClientAddress(address): ClientAddress,
    Entering(visitor): Entering,
    Posted(form): Posted<NewPassword>,
) -> Result<Response, Trouble> {
    limited(&app, address)?;
    let now = app.now();
    let who = visitor.clone();
    let done = if form.password == form.again {
        app.desks
            .ask_office(move |office| {
                office.change_password(&who, (&form.old, &form.password), now)
            })
            .await
    } else {
        Err(Trouble::Bad("两次输入的新密码不同，没有改动。".to_owned()))
    };
    let fault = match done {
        // the session rotates: the old one ended with the old password
        Ok(secret) => {
            return Ok(with_cookie(
                &app,
                &secret,
                Redirect::to("/").into_response(),
            ));
        }
        Err(trouble) => refusal(trouble)?,
    };
    let shown = PasswordPage {
        frame: Frame::of(&visitor, "密码", "/password"),
        once: visitor.once,
        fault: &fault,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)).into_response())
}

/// Scopes of tokens: word and what it lets a program do.
const SCOPES: &[(&str, &str)] = &[
    ("read", "查看收件情况"),
    ("scan", "扫码收件"),
    ("submit", "报送材料"),
    ("manage", "主办：活动、单位、账号、通知、备份、保存期限"),
];

async fn tokens_page(
    app: &App,
    visitor: Visitor,
    fresh: String,
    fault: String,
) -> Result<Response, Trouble> {
    let who = visitor.clone();
    let tokens = app
        .desks
        .ask_office(move |office| office.tokens(&who))
        .await?;
    Ok(page(&TokensPage {
        frame: Frame::of(&visitor, "接口令牌", "/tokens"),
        tokens,
        fresh,
        fault,
        scopes: SCOPES,
    }))
}

async fn tokens(State(app): Shared, LoggedIn(visitor): LoggedIn) -> Result<Response, Trouble> {
    tokens_page(&app, visitor, String::new(), String::new()).await
}

#[derive(Deserialize)]
struct NewToken {
    name: String,
    #[serde(default)]
    read: String,
    #[serde(default)]
    scan: String,
    #[serde(default)]
    submit: String,
    #[serde(default)]
    manage: String,
}

async fn new_token(
    State(app): Shared,
    LoggedIn(visitor): LoggedIn,
    Posted(form): Posted<NewToken>,
) -> Result<Response, Trouble> {
    let now = app.now();
    let who = visitor.clone();
    let given = [
        ("read", form.read),
        ("scan", form.scan),
        ("submit", form.submit),
        ("manage", form.manage),
    ];
    let made = app
        .desks
        .ask_office(move |office| {
            let scopes: Vec<&str> = given
                .iter()
                .filter(|(_, v)| !v.is_empty())
                .map(|(s, _)| *s)
                .collect();
            office.new_token(&who, &form.name, &scopes, now)
        })
        .await;
    match made {
        Ok(secret) => tokens_page(&app, visitor, secret, String::new()).await,
        Err(trouble) => {
            let fault = refusal(trouble)?;
            tokens_page(&app, visitor, String::new(), fault).await
        }
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn drop_token(
    State(app): Shared,
    LoggedIn(visitor): LoggedIn,
    Posted(form): Posted<Named>,
) -> Result<Response, Trouble> {
    let now = app.now();
    app.desks
        .ask_office(move |office| office.drop_token(&visitor, &form.name, now))
        .await?;
    Ok(Redirect::to("/tokens").into_response())
}
