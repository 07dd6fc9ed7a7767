//! The organiser's API (接口): campaigns, units, accounts, notices, keys, backups, retention and the audit log under `/api/v1`, by an
//! administrator's session or by a token with the scope `manage`. The same acts as the pages.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clerk::{
    AccountLine, BackupLine, CampaignLine, ChainState, Gone, Holding, KeyLine, NewAccount,
    NoticeLine, Role, Whose,
};

use crate::web::api::access::{Manager, Writer};
use crate::web::api::answer::{Answer, told};
use crate::web::api::given::{Asked, At, Given};
use crate::web::office::campaigns::{postpone, run, stop};
use crate::web::office::notices;
use crate::web::office::retention;
use crate::web::service::app::{App, Shared};
use crate::web::service::trouble::Trouble;
use crate::web::service::work::work;

pub(super) fn routes() -> ApiRouter<Arc<App>> {
    campaigns_and_units()
        .merge(accounts_and_notices())
        .merge(safe_keeping())
}

fn campaigns_and_units() -> ApiRouter<Arc<App>> {
    let told = |id, words| told("office", id, words);
    ApiRouter::new()
        .api_route(
            "/api/v1/campaigns",
            get_with(campaigns, told("campaigns", "活动")),
        )
        .api_route(
            "/api/v1/campaigns/{campaign}/activate",
            post_with(activate, told("activate_campaign", "启用活动")),
        )
        .api_route(
            "/api/v1/campaigns/{campaign}/close",
            post_with(close, told("close_campaign", "停止填报")),
        )
        .api_route(
            "/api/v1/campaigns/{campaign}/deadline",
            post_with(deadline, told("change_deadline", "更改报送期限")),
        )
        .api_route(
            "/api/v1/units",
            get_with(units, told("units", "单位名册"))
                .post_with(import, told("import_units", "导入单位")),
        )
}

fn accounts_and_notices() -> ApiRouter<Arc<App>> {
    let told = |id, words| told("office", id, words);
    ApiRouter::new()
        .api_route(
            "/api/v1/accounts",
            get_with(accounts, told("accounts", "账号"))
                .post_with(open, told("open_account", "新开账号，给出一次性密码")),
        )
        .api_route(
            "/api/v1/accounts/{number}/password",
            post_with(reset, told("reset_password", "重设密码")),
        )
        .api_route(
            "/api/v1/accounts/{number}/closed",
            post_with(shut, told("close_account", "停用或启用账号")),
        )
        .api_route(
            "/api/v1/notices",
            get_with(all_notices, told("notices", "通知"))
                .post_with(write, told("write_notice", "发通知")),
        )
        .api_route(
            "/api/v1/notices/{number}/withdraw",
            post_with(withdraw, told("withdraw_notice", "撤回通知")),
        )
}

fn safe_keeping() -> ApiRouter<Arc<App>> {
    let told = |id, words| told("office", id, words);
    ApiRouter::new()
        .api_route(
            "/api/v1/keys",
            get_with(keys, told("keys", "密钥与信任名单")),
        )
        .api_route(
            "/api/v1/backups",
            get_with(backups, told("backups", "备份"))
                .post_with(back_up, told("back_up", "现在备份")),
        )
        .api_route(
            "/api/v1/retention",
            get_with(holdings, told("holdings", "现存的材料")),
        )
        .api_route(
            "/api/v1/retention/erase",
            post_with(erase, told("erase", "删除个人信息")),
        )
        .api_route(
            "/api/v1/audit",
            get_with(audit, told("audit", "审计日志，after 之后的行")),
        )
}

#[derive(Deserialize, JsonSchema)]
struct CampaignPath {
    /// Id of the campaign.
    #[schemars(length(min = 1))]
    campaign: String,
}

#[derive(Deserialize, JsonSchema)]
struct NumberPath {
    /// Its number.
    #[schemars(range(min = 0))]
    number: i64,
}

async fn campaigns(State(app): Shared, _: Manager) -> Answer<Vec<CampaignLine>> {
    let running = app.campaign().id.clone();
    let lines = app
        .desks
        .ask_office(move |office| office.campaign_lines(&running))
        .await?;
    Ok(Json(lines))
}

#[derive(Deserialize, JsonSchema)]
struct Carrying {
    /// Whether the units of the campaign before are expected in it too.
    #[serde(default)]
    carry: bool,
}

/// A campaign that was activated.
#[derive(Serialize, JsonSchema)]
struct Activated {
    /// Its id.
    campaign: String,
    /// How many units of the campaign before were added to its roster.
    units_added: usize,
}

async fn activate(
    State(app): Shared,
    Writer(visitor): Writer,
    At(CampaignPath { campaign: id }): At<CampaignPath>,
    Given(given): Given<Carrying>,
) -> Answer<Activated> {
    let fresh = run(&app, &visitor, id.clone(), given.carry).await?;
    Ok(Json(Activated {
        campaign: id,
        units_added: fresh,
    }))
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NoFacts")]
struct Nothing {}

/// A campaign that was closed to the units.
#[derive(Serialize, JsonSchema)]
struct ClosedCampaign {
    /// Its id.
    campaign: String,
    /// Whether units may fill in and hand in.
    open: bool,
}

async fn close(
    State(app): Shared,
    Writer(visitor): Writer,
    At(CampaignPath { campaign: id }): At<CampaignPath>,
    Given(Nothing {}): Given<Nothing>,
) -> Answer<ClosedCampaign> {
    stop(&app, &visitor, id.clone()).await?;
    Ok(Json(ClosedCampaign {
        campaign: id,
        open: false,
    }))
}

#[derive(Deserialize, JsonSchema)]
struct NewDay {
    /// The last day, `2021-06-01`.
    #[schemars(extend("examples" = ["2021-06-01"]))]
    day: String,
    /// Why, in words.
    reason: String,
}

/// A campaign with its new deadline.
#[derive(Serialize, JsonSchema)]
struct Postponed {
    /// Its id.
    campaign: String,
    /// The last day that counts, with the time of it where the whole day does not: `2021-06-01`, `2021-06-01 17:00`.
    deadline: String,
}

async fn deadline(
    State(app): Shared,
    Writer(visitor): Writer,
    At(CampaignPath { campaign: id }): At<CampaignPath>,
    Given(NewDay { day, reason }): Given<NewDay>,
) -> Answer<Postponed> {
    let day = postpone(&app, &visitor, (id.clone(), day, reason)).await?;
    Ok(Json(Postponed {
        campaign: id,
        deadline: day,
    }))
}

/// A unit of the roster.
#[derive(Serialize, JsonSchema)]
struct UnitLine {
    /// Its number.
    number: i64,
    /// Id of the campaign.
    campaign: String,
    /// Its name.
    name: String,
    /// Its channel's key.
    channel: String,
}

async fn units(State(app): Shared, _: Manager) -> Answer<Vec<UnitLine>> {
    let roster = app.desks.ask(|desk| desk.roster()).await?;
    let lines = roster.into_iter().map(|row| UnitLine {
        number: row.no,
        campaign: row.campaign,
        name: row.name,
        channel: row.channel,
    });
    Ok(Json(lines.collect()))
}

#[derive(Deserialize, JsonSchema)]
struct NewUnits {
    /// The units.
    units: Vec<NewUnit>,
}

#[derive(Deserialize, JsonSchema)]
struct NewUnit {
    /// Full name of the unit.
    #[schemars(extend("examples" = ["示例市科学技术协会"]))]
    name: String,
    /// Its channel, by key or word; the campaign's first where it is left out.
    #[serde(default)]
    channel: String,
    /// Who answers there.
    #[serde(default)]
    contact: String,
    /// Telephone number.
    #[serde(default)]
    phone: String,
}

/// What importing changed.
#[derive(Serialize, JsonSchema)]
struct Imported {
    /// How many units are new.
    added: usize,
}

async fn import(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(given): Given<NewUnits>,
) -> Answer<Imported> {
    // a line a unit, as the page takes them
    let word = |text: &str| text.replace(['\r', '\n', '\t'], " ");
    let lines = given.units.iter();
    let lines = lines.map(|u| {
        [&u.name, &u.channel, &u.contact, &u.phone]
            .map(|w| word(w))
            .join("\t")
    });
    let list: Vec<String> = lines.collect();
    let (now, campaign) = (app.now(), app.campaign().id.clone());
    let fresh = app
        .desks
        .ask(move |desk| desk.import_roster(&campaign, &list.join("\n"), &visitor, now))
        .await?;
    Ok(Json(Imported { added: fresh }))
}

async fn accounts(State(app): Shared, _: Manager) -> Answer<Vec<AccountLine>> {
    let now = app.now();
    Ok(Json(
        app.desks
            .ask_office(move |office| office.accounts(now))
            .await?,
    ))
}

#[derive(Deserialize, JsonSchema)]
struct AccountWanted {
    /// Name of the account.
    name: String,
    /// Its role: `admin`, `clerk`, `unit`, `reader`.
    #[schemars(with = "Role")]
    role: String,
    /// Number of the unit, for the role `unit`.
    unit: Option<i64>,
}

async fn open(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(new): Given<AccountWanted>,
) -> Answer<NewAccount> {
    let now = app.now();
    let role =
        Role::from_key(&new.role).ok_or_else(|| Trouble::Bad("没有这种角色。".to_owned()))?;
    let made = app
        .desks
        .ask_office(move |office| {
            let roster = office.roster()?;
            let unit = roster.iter().find(|r| Some(r.no) == new.unit);
            office.open_account(&new.name, role, unit, &visitor, now)
        })
        .await?;
    Ok(Json(made))
}

async fn reset(
    State(app): Shared,
    Writer(visitor): Writer,
    At(NumberPath { number }): At<NumberPath>,
    Given(Nothing {}): Given<Nothing>,
) -> Answer<NewAccount> {
    let now = app.now();
    let made = app
        .desks
        .ask_office(move |office| office.reset_password(number, &visitor, now))
        .await?;
    Ok(Json(made))
}

#[derive(Deserialize, JsonSchema)]
struct Closing {
    /// Whether it is closed from now on.
    closed: bool,
}

/// An account that was closed or opened again.
#[derive(Serialize, JsonSchema)]
struct ClosedAccount {
    /// Its number.
    number: i64,
    /// Whether it is closed now.
    closed: bool,
}

async fn shut(
    State(app): Shared,
    Writer(visitor): Writer,
    At(NumberPath { number }): At<NumberPath>,
    Given(given): Given<Closing>,
) -> Answer<ClosedAccount> {
    let (now, closed) = (app.now(), given.closed);
    app.desks
        .ask_office(move |office| office.close_account(number, closed, &visitor, now))
        .await?;
    Ok(Json(ClosedAccount { number, closed }))
}

async fn all_notices(State(app): Shared, _: Manager) -> Answer<Vec<NoticeLine>> {
    let id = app.campaign().id.clone();
    Ok(Json(
        app.desks
            .ask_office(move |office| office.notices(&id))
            .await?,
    ))
}

#[derive(Deserialize, JsonSchema)]
struct NewNotice {
    /// Title.
    title: String,
    /// Text.
    body: String,
    /// Numbers of the units; all of them where none is named.
    #[serde(default)]
    units: Vec<i64>,
}

/// A notice that was written.
#[derive(Serialize, JsonSchema)]
struct WrittenNotice {
    /// Its number.
    number: i64,
}

async fn write(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(new): Given<NewNotice>,
) -> Answer<WrittenNotice> {
    let typed = notices::Typed {
        title: new.title,
        body: new.body,
        to: new.units,
    };
    let number = notices::put(&app, &visitor, typed).await?;
    Ok(Json(WrittenNotice { number }))
}

/// A notice that was withdrawn.
#[derive(Serialize, JsonSchema)]
struct WithdrawnNotice {
    /// Its number.
    number: i64,
    /// Always true.
    withdrawn: bool,
}

async fn withdraw(
    State(app): Shared,
    Writer(visitor): Writer,
    At(NumberPath { number }): At<NumberPath>,
    Given(Nothing {}): Given<Nothing>,
) -> Answer<WithdrawnNotice> {
    notices::take_back(&app, &visitor, number).await?;
    Ok(Json(WithdrawnNotice {
        number,
        withdrawn: true,
    }))
}

async fn keys(State(app): Shared, _: Manager) -> Answer<Vec<KeyLine>> {
    let keys = work(&app, |app| crate::clerk::list_keys(&app.serving.keys)).await?;
    Ok(Json(keys))
}

async fn backups(State(app): Shared, _: Manager) -> Answer<Vec<BackupLine>> {
    let lines = work(&app, |app| crate::clerk::list_backups(&app.serving.data)).await?;
    Ok(Json(lines))
}

async fn back_up(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(Nothing {}): Given<Nothing>,
) -> Answer<BackupLine> {
    let (line, _) = crate::web::office::backups::make(&app, &visitor).await?;
    Ok(Json(line))
}

async fn holdings(State(app): Shared, _: Manager) -> Answer<Vec<Holding>> {
    Ok(Json(
        app.desks.ask_office(|office| office.holdings()).await?,
    ))
}

#[derive(Deserialize, JsonSchema)]
struct Erasing {
    /// Id of a campaign.
    campaign: Option<String>,
    /// Name of one of its units; none for all of them.
    unit: Option<String>,
    /// Reference of one record; neither campaign nor unit is named then.
    record: Option<String>,
    /// Why, in words.
    reason: String,
}

async fn erase(
    State(app): Shared,
    Writer(visitor): Writer,
    Given(given): Given<Erasing>,
) -> Answer<Gone> {
    let [campaign, unit, record] = [&given.campaign, &given.unit, &given.record];
    let whose = Whose::named(campaign.as_deref(), unit.as_deref(), record.as_deref())
        .map_err(Trouble::Clerk)?;
    let gone = retention::gone(&app, &visitor, whose, given.reason).await?;
    Ok(Json(gone))
}

#[derive(Deserialize, JsonSchema)]
struct After {
    /// Rows behind this number.
    #[serde(default)]
    after: i64,
}

/// Most rows of the log in one answer.
const ROWS: usize = 1000;

/// Rows of the audit log.
#[derive(Serialize, JsonSchema)]
struct AuditPage {
    /// Whether the log is whole: no row was changed, taken out or cut off.
    whole: bool,
    /// How it stands.
    state: AuditState,
    /// The rows behind the number, so many at a time.
    rows: Vec<AuditLine>,
}

/// How the audit log stands.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum AuditState {
    /// Every row follows from the one before, and the last is the one that the key folder knows.
    Whole,
    /// Every row follows from the one before; the key folder knows no last row.
    Headless,
    /// A row was changed or taken out.
    Broken,
    /// Rows were cut off at the end.
    Cut,
}

/// A row of the audit log.
#[derive(Serialize, JsonSchema)]
struct AuditLine {
    /// Its number.
    number: i64,
    /// When.
    #[schemars(extend("format" = "date-time"))]
    at: String,
    /// Who: account, token, or the service itself.
    actor: String,
    /// From which address; empty where the service did it itself.
    source: String,
    /// What was done, by its code.
    act: String,
    /// To whom or what.
    subject: String,
    /// More of it, in words.
    detail: String,
}

async fn audit(
    State(app): Shared,
    _: Manager,
    Asked(After { after }): Asked<After>,
) -> Answer<AuditPage> {
    let (rows, chain) = app
        .desks
        .ask_office(move |office| {
            let mut rows = Vec::new();
            let chain = office.walk_log(&mut |row| {
                if row.no > after && rows.len() < ROWS {
                    rows.push(AuditLine {
                        number: row.no,
                        at: row.at.to_string(),
                        actor: row.actor.clone(),
                        source: row.source.clone(),
                        act: row.act.clone(),
                        subject: row.subject.clone(),
                        detail: row.detail.clone(),
                    });
                }
            })?;
            Ok((rows, chain))
        })
        .await?;
    let (whole, state) = match chain {
        ChainState::Whole { headed: true, .. } => (true, AuditState::Whole),
        ChainState::Whole { headed: false, .. } => (true, AuditState::Headless),
        ChainState::Broken { .. } => (false, AuditState::Broken),
        ChainState::Cut { .. } => (false, AuditState::Cut),
    };
    Ok(Json(AuditPage { whole, state, rows }))
}
