//! The receiving desk (扫码收件): a page that is always ready for a scanner that types, and the answers to what it types. A scan
//! carries a number of its own, so that one that is sent twice does no harm.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clerk::{PageAnswer, Typed, Typist, Verdict};

use crate::web::service::app::{App, Shared};
use crate::web::service::frame::{Frame, page};
use crate::web::service::guard::{AtDesk, Posted};
use crate::web::service::trouble::{Problem, Trouble};

pub(in crate::web) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/desk", get(desk).post(scan_in_page))
        .route("/desk/scan", post(scan))
        .route("/desk/undo", post(undo))
        .route("/desk/test", post(self_test))
        .route("/desk/seal", post(seal))
}

/// How an answer looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Light {
    /// Nothing more to do.
    Green,
    /// A person should look.
    Amber,
    /// Not this sheet.
    Red,
}

impl Light {
    pub(super) fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Match => Self::Green,
            Verdict::Again | Verdict::Unverified | Verdict::Ahead | Verdict::Unreadable => {
                Self::Amber
            }
            Verdict::Stale
            | Verdict::Void
            | Verdict::Foreign
            | Verdict::Forged
            | Verdict::Differs
            | Verdict::Unissued => Self::Red,
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    pub(super) fn icon(self) -> &'static str {
        match self {
            Self::Green => "✔",
            Self::Amber => "！",
            Self::Red => "✘",
        }
    }
}

/// An answer as a page shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ScanAnswer")]
pub(super) struct AnswerView {
    /// Light.
    pub(super) light: Light,
    /// Verdict by its code.
    pub(super) verdict: Verdict,
    /// Its word.
    pub(super) word: &'static str,
    /// Whose and which sheet, in words.
    pub(super) what: String,
    /// Why, and what to do.
    pub(super) reason: String,
    /// Fields that differ.
    pub(super) differences: Vec<String>,
    /// The unit's name.
    pub(super) unit: String,
    /// Record reference; empty where none was read.
    pub(super) record: String,
}

impl AnswerView {
    pub(super) fn of(answer: &PageAnswer) -> Self {
        let mut words = Vec::new();
        let form = &answer.form_word;
        if !form.is_empty() {
            words.push(match &answer.of {
                Some(name) => format!("{form}（{name}）"),
                None => form.clone(),
            });
        } else {
            words.push(answer.name.clone());
        }
        if let (Some(copy @ 1..), Some(copies)) = (answer.copy, answer.copies) {
            words.push(format!("第{copy}/{copies}份"));
        }
        if let (Some(number @ 1..), Some(pages)) = (answer.page, answer.pages) {
            words.push(format!("第{number}/{pages}页"));
        }
        if let Some(version) = answer.version {
            words.push(format!("版本{version}"));
        }
        let mut reason = answer.reason.clone();
        if let Some(earlier) = &answer.earlier {
            reason.push_str(&earlier.words(answer.verdict));
        }
        if let Some(clock) = &answer.clock {
            reason.push_str(&clock.message);
        }
        Self {
            light: Light::of(answer.verdict),
            verdict: answer.verdict,
            word: answer.word,
            what: words.join(" "),
            reason,
            differences: answer
                .differences
                .iter()
                .map(|d| format!("{}：{} → {}", d.label, d.before, d.after))
                .collect(),
            unit: answer.unit.clone().unwrap_or_default(),
            record: answer.record.clone().unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "desk/desk.html", config = "src/web/askama.toml")]
struct DeskPage<'a> {
    frame: Frame,
    campaign: &'a str,
    answers: Vec<AnswerView>,
    held: String,
    waiting: usize,
    /// Number for the next scan of a page without scripts.
    id: String,
}

pub(in crate::web) async fn desk(State(app): Shared, AtDesk(visitor): AtDesk) -> Response {
    desk_page(&app, &visitor, Answered::default())
}

fn desk_page(app: &App, visitor: &crate::clerk::Visitor, answered: Answered) -> Response {
    page(&DeskPage {
        frame: Frame::of(visitor, "扫码收件", "/desk"),
        campaign: &app.campaign().title,
        answers: answered.answers,
        held: answered.held,
        waiting: answered.waiting,
        id: format!("p{}", jiff::Timestamp::now().as_nanosecond()),
    })
}

/// What was put before the desk.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Scan")]
pub(in crate::web) struct Put {
    /// The scan's own number: letters, digits, `-`. The header `Idempotency-Key` stands for it where it is left out.
    #[serde(default)]
    #[schemars(length(max = 64), extend("examples" = ["gun-1-000123"]))]
    pub(in crate::web) id: String,
    /// The digits that were scanned, or the code of 12 characters that was typed.
    #[schemars(length(max = 4096), extend("examples" = ["871"]))]
    text: String,
    /// An unfinished mark that came before.
    #[serde(default)]
    #[schemars(length(max = 4096))]
    held: String,
}

/// What the desk says to one entry.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(rename = "Scanned")]
pub(in crate::web) struct Answered {
    /// An answer for each mark or code that was whole.
    answers: Vec<AnswerView>,
    /// An unfinished mark, to be sent along with the next entry.
    held: String,
    /// Digits that are still wanted.
    waiting: usize,
}

/// Most bytes of one entry: a few marks.
const MOST_TEXT: usize = 4096;

fn source(visitor: &crate::clerk::Visitor, id: &str) -> Result<String, Trouble> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if id.is_empty() || id.len() > 64 || !id.chars().all(good) {
        return Err(Trouble::Bad(
            "扫描编号不合规。请刷新页面后再扫。".to_owned(),
        ));
    }
    Ok(format!("web:{}:{id}", visitor.account))
}

/// What an entry holds, and the unfinished mark that is left.
fn typed(put: &Put) -> Result<(Vec<Typed>, String, usize), Trouble> {
    if put.text.len() + put.held.len() > MOST_TEXT {
        return Err(Trouble::Large(
            "一次输入太长，没有登记。请逐页扫描。".to_owned(),
        ));
    }
    let mut typist = Typist::default();
    let whole = format!("{}\n{}\n", put.held, put.text);
    let found = typist.take(&whole);
    let (held, waiting) = (typist.held().to_owned(), typist.waiting());
    Ok((found, held, waiting))
}

pub(in crate::web) async fn receive(
    app: &App,
    visitor: &crate::clerk::Visitor,
    put: Put,
) -> Result<Answered, Trouble> {
    let source = source(visitor, &put.id)?;
    let (found, held, waiting) = typed(&put)?;
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    let answers = app
        .desks
        .ask(move |desk| {
            (0..)
                .zip(&found)
                .map(|(n, typed)| {
                    desk.receive_typed(typed, &format!("{source}:{n}"), Some(&campaign), now)
                })
                .collect::<Result<Vec<PageAnswer>, _>>()
        })
        .await?;
    for answer in &answers {
        app.counters.verdict(answer.verdict.code());
    }
    Ok(Answered {
        answers: answers.iter().map(AnswerView::of).collect(),
        held,
        waiting,
    })
}

async fn scan(
    State(app): Shared,
    visitor: Result<AtDesk, Trouble>,
    put: Result<Posted<Put>, Trouble>,
) -> Result<Json<impl Serialize>, Problem> {
    let (AtDesk(visitor), Posted(put)) = (visitor?, put?);
    Ok(Json(receive(&app, &visitor, put).await?))
}

async fn scan_in_page(
    State(app): Shared,
    AtDesk(visitor): AtDesk,
    Posted(put): Posted<Put>,
) -> Result<Response, Trouble> {
    let answered = receive(&app, &visitor, put).await?;
    Ok(desk_page(&app, &visitor, answered))
}

#[derive(Serialize, JsonSchema)]
pub(in crate::web) struct Undone {
    /// Whether anything was found to undo.
    done: bool,
    /// What became of it, in Chinese.
    words: String,
}

async fn undo(
    State(app): Shared,
    visitor: Result<AtDesk, Trouble>,
    put: Result<Posted<Put>, Trouble>,
) -> Result<Json<impl Serialize>, Problem> {
    let (AtDesk(visitor), Posted(put)) = (visitor?, put?);
    Ok(Json(take_back(&app, &visitor, put).await?))
}

/// Takes back what an entry registered.
pub(in crate::web) async fn take_back(
    app: &App,
    visitor: &crate::clerk::Visitor,
    put: Put,
) -> Result<Undone, Trouble> {
    let source = source(visitor, &put.id)?;
    let (found, _, _) = typed(&put)?;
    let now = app.now();
    let taken = app
        .desks
        .ask(move |desk| {
            (0..)
                .zip(&found)
                .map(|(n, typed)| desk.take_back(typed, &format!("{source}:{n}"), now))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let taken: Vec<_> = taken.into_iter().flatten().collect();
    let words = match taken.first() {
        None => "没有找到这次扫描，没有改动。".to_owned(),
        Some(back) if back.before => "这次扫描此前已撤销。".to_owned(),
        Some(back) => format!("已撤销：{} {}", back.verdict.label(), back.name),
    };
    Ok(Undone {
        done: !taken.is_empty(),
        words,
    })
}

#[derive(Serialize)]
struct Tested {
    good: bool,
    words: String,
}

/// The scanner's self-test: what a test mark should read, against what came.
async fn self_test(
    State(app): Shared,
    visitor: Result<AtDesk, Trouble>,
    put: Result<Posted<Put>, Trouble>,
) -> Result<Json<impl Serialize>, Problem> {
    let (AtDesk(_), Posted(put)) = (visitor?, put?);
    let (found, _, waiting) = typed(&put)?;
    let words = match found.first() {
        Some(Typed::Digits(digits)) => {
            let (digits, given) = (digits.clone(), put.text.clone());
            let genuine = app
                .desks
                .ask(move |desk| {
                    let verified = crate::clerk::verify("自检", &digits, desk.trusted());
                    Ok(verified.genuine)
                })
                .await?;
            let tight = given.trim().chars().all(|c| c.is_ascii_digit());
            match (genuine, tight) {
                (true, true) => (true, "扫码枪正常：235 位数字完整，签名成立。没有登记收件。"),
                (true, false) => (
                    true,
                    "可以使用：输入中有全角数字或网址，已自动还原，签名成立。没有登记收件。",
                ),
                (false, _) => (
                    true,
                    "235 位数字完整，但签名不是本台信任的密钥签发的。扫码枪正常；请换一页本活动的纸再试。",
                ),
            }
        }
        Some(Typed::Human(_)) => (
            true,
            "这是人工编码，编码没有录错。请再用扫码枪扫一个二维码。",
        ),
        Some(Typed::Other(..)) => (
            false,
            "没有读到完整的标记。请检查扫码枪是否开启二维码、后缀是否为回车，再扫一次。",
        ),
        None if waiting > 0 => (
            false,
            "只收到一部分数字。请把扫码枪的字符间延时调大，或关闭分段发送，再扫一次。",
        ),
        None => (false, "没有收到任何字符。请点一下输入框，再扫一次。"),
    };
    Ok(Json(Tested {
        good: words.0,
        words: words.1.to_owned(),
    }))
}

#[derive(Deserialize)]
struct SealForm {
    target: String,
    #[serde(default)]
    missing: String,
    #[serde(default)]
    back: String,
}

async fn seal(
    State(app): Shared,
    AtDesk(_): AtDesk,
    Posted(form): Posted<SealForm>,
) -> Result<Response, Trouble> {
    let now = app.now();
    app.desks
        .ask(move |desk| desk.tick_seal(&form.target, form.missing.is_empty(), now))
        .await?;
    // back to a page of ours alone
    let back = if form.back.starts_with("/board/") {
        form.back.as_str()
    } else {
        "/board"
    };
    Ok(axum::response::Redirect::to(back).into_response())
}
