//! Trouble: what a request was refused for, as a page for a person and as problem+json for a program. The exact cause of a fault of
//! ours goes to the log with a number; the page shows that number.

use askama::Template;
use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::clerk::ClerkError;
use crate::finding::Finding;

use crate::web::service::frame::{Frame, page};
use crate::web::service::request_id;

/// Why a request was not done.
#[derive(Debug)]
pub(in crate::web) enum Trouble {
    /// The clerk could not do it.
    Clerk(ClerkError),
    /// Too much is waiting.
    Busy,
    /// Nobody is logged in.
    Login,
    /// The visitor may not do it.
    Forbidden(&'static str),
    /// There is no such thing, or none that the visitor may know of.
    Nothing,
    /// The address is there, and does something else.
    Method(Method),
    /// The request makes no sense, in words.
    Bad(String),
    /// More than is taken in, in words.
    Large(String),
    /// Too often; seconds to wait.
    Often(u64),
    /// What was handed in has faults.
    Findings(Vec<Finding>),
}

impl Trouble {
    /// A fault of the program.
    pub(in crate::web) fn bug(words: &str) -> Self {
        Self::Clerk(ClerkError::Bug(words.to_owned()))
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Clerk(ClerkError::Refused(_) | ClerkError::WhichCampaign(_)) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Clerk(ClerkError::NoCampaign(..)) | Self::Nothing => StatusCode::NOT_FOUND,
            Self::Clerk(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Login => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Large(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Often(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Findings(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// What to tell, with an incident number where the fault is ours.
    fn words(&self) -> String {
        match self {
            Self::Clerk(
                error @ (ClerkError::World { .. } | ClerkError::Store(_) | ClerkError::Bug(_)),
            ) => {
                let number = incident(&error.to_string());
                format!(
                    "没有办成，不是您的操作有误。请稍后再试；仍然不行时，把编号 {number} 告诉管理员。"
                )
            }
            Self::Clerk(error) => error.to_string(),
            Self::Busy => "现在办理的人太多。请过一会儿再试，已登记的不受影响。".to_owned(),
            Self::Login => "没有登录，或者登录已过期。请重新登录。".to_owned(),
            Self::Forbidden(words) => (*words).to_owned(),
            Self::Nothing => "没有这一页，或者您无权查看。请从首页重新进入。".to_owned(),
            Self::Method(method) => {
                format!("这个地址不接受 {method}。请照接口文档的方法，或从首页重新进入。")
            }
            Self::Bad(words) | Self::Large(words) => words.clone(),
            Self::Often(seconds) => format!("太频繁了。请 {seconds} 秒后再试。"),
            Self::Findings(_) => "材料有错误，没有办理。请按下列各条改正。".to_owned(),
        }
    }
}

impl From<ClerkError> for Trouble {
    fn from(error: ClerkError) -> Self {
        Self::Clerk(error)
    }
}

/// Writes a fault of ours to the log, and gives its number: that of the request.
fn incident(cause: &str) -> String {
    let number = request_id::current();
    tracing::error!(event = "incident", number, cause);
    number
}

/// The words of a refusal that belongs on the form again; other trouble goes on.
pub(in crate::web) fn refusal(trouble: Trouble) -> Result<String, Trouble> {
    match trouble {
        Trouble::Bad(words) => Ok(words),
        Trouble::Clerk(error @ ClerkError::Refused(_)) => Ok(error.to_string()),
        other => Err(other),
    }
}

#[derive(Template)]
#[template(path = "service/trouble.html", config = "src/web/askama.toml")]
struct TroublePage<'a> {
    frame: Frame,
    words: &'a str,
    findings: &'a [Finding],
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        if matches!(self, Self::Login) {
            return Redirect::to("/login").into_response();
        }
        let words = self.words();
        let findings = match &self {
            Self::Findings(findings) => findings.as_slice(),
            _ => &[],
        };
        let shown = TroublePage {
            frame: Frame::stranger("没有办成"),
            words: &words,
            findings,
        };
        let mut answer = (self.status(), page(&shown)).into_response();
        wait(&self, &mut answer);
        answer
    }
}

fn wait(trouble: &Trouble, answer: &mut Response) {
    let seconds = match trouble {
        Trouble::Often(seconds) => *seconds,
        Trouble::Busy => 2,
        _ => return,
    };
    if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
}

/// Trouble told to a program (RFC 9457).
#[derive(Debug)]
pub(in crate::web) struct Problem(pub(in crate::web) Trouble);

impl<T: Into<Trouble>> From<T> for Problem {
    fn from(trouble: T) -> Self {
        Self(trouble.into())
    }
}

/// What is told of a trouble to a program (RFC 9457).
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "Problem")]
pub(in crate::web) struct ProblemBody<'a> {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What is wrong and what to do, in Chinese.
    detail: String,
    /// What is wrong with the material that was handed in.
    #[serde(skip_serializing_if = "<[Finding]>::is_empty")]
    findings: &'a [Finding],
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.0.status();
        let findings = match &self.0 {
            Trouble::Findings(findings) => findings.as_slice(),
            _ => &[],
        };
        let told = ProblemBody {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: self.0.words(),
            findings,
        };
        let mut answer = (status, Json(told)).into_response();
        answer.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        wait(&self.0, &mut answer);
        answer
    }
}

/// An address that leads nowhere.
pub(in crate::web) async fn nothing_here(uri: Uri) -> Response {
    told(&uri, Trouble::Nothing)
}

/// An address that does something else than was asked of it.
pub(in crate::web) async fn other_method(method: Method, uri: Uri) -> Response {
    told(&uri, Trouble::Method(method))
}

/// Trouble told to whom it concerns: programs at the interface, people elsewhere.
fn told(uri: &Uri, trouble: Trouble) -> Response {
    match uri.path().starts_with("/api/") {
        true => Problem(trouble).into_response(),
        false => trouble.into_response(),
    }
}
