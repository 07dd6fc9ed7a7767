//! What a unit does with its material (材料): read and check it, hand it in. The pages and the interface do it alike.

use std::sync::Arc;

use crate::clerk::{News, OwnFolder, OwnState, RosterRow, Visitor};
use crate::finding::{Finding, Severity};

use crate::web::service::app::App;
use crate::web::service::trouble::Trouble;
use crate::web::service::work::work;

/// A visitor's unit.
pub(in crate::web) fn unit_of(visitor: &Visitor) -> Result<RosterRow, Trouble> {
    visitor.unit.clone().ok_or(Trouble::Nothing)
}

pub(in crate::web) fn folder_of(app: &App, visitor: &Visitor) -> Result<OwnFolder, Trouble> {
    let unit = unit_of(visitor)?;
    Ok(OwnFolder::of(&app.serving.data, &app.serving.keys, &unit))
}

/// The folder of works that the campaign asks for; none where it asks for none.
pub(super) fn work_folder(app: &App) -> Option<String> {
    let campaign = app.campaign();
    let folder = campaign.work_lists().next();
    folder.map(|sheet| sheet.folder.clone())
}

/// Reads and checks a unit's files; none where there are none.
pub(in crate::web) async fn look(
    app: &Arc<App>,
    visitor: &Visitor,
) -> Result<Option<OwnState>, Trouble> {
    let folder = folder_of(app, visitor)?;
    work(app, move |app| {
        folder.look(&app.campaigns, &app.fonts, app.now())
    })
    .await
}

/// What handing in changed.
pub(in crate::web) struct Handed {
    pub(in crate::web) news: Vec<News>,
    /// Errors that do not undo it, since they are not of this unit's material alone: a person whom another unit recommends too.
    pub(super) told: Vec<Finding>,
}

/// Hands a unit's submission in; findings where errors forbid it.
pub(in crate::web) async fn hand_in(app: &Arc<App>, visitor: &Visitor) -> Result<Handed, Trouble> {
    let folder = folder_of(app, visitor)?;
    let mut told = app.progress.begin(unit_of(visitor)?.no);
    let (done, findings, news) = work(app, move |app| {
        let now = app.now();
        let made = folder.hand_in(&app.campaigns, &app.fonts, now, &mut |words| {
            told.say(words)
        })?;
        Ok((made.files.is_some(), made.findings, made.news))
    })
    .await?;
    let mut told = findings;
    told.retain(|f| f.severity == Severity::Error);
    if !done {
        return Err(Trouble::Findings(told));
    }
    Ok(Handed { news, told })
}
