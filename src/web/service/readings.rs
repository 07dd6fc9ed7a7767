//! Readings (查看): who saw a number of a person in full, for the audit log. Said once for a session and a thing: whoever turns its
//! pages does not fill the log.

use crate::clerk::Visitor;

use crate::web::service::app::App;
use crate::web::service::trouble::Trouble;

/// Notes that a visitor is shown numbers in full; `what` says of what, and holds none of them. Before they are shown: what nobody
/// knows of must not be.
pub(in crate::web) async fn tell(app: &App, visitor: &Visitor, what: &str) -> Result<(), Trouble> {
    if !app.readings.is_first(visitor, what) {
        return Ok(());
    }
    let (unit, now) = (visitor.unit.as_ref().map(|u| u.name.clone()), app.now());
    let detail = format!("查看{what}，其中的号码是完整的");
    app.desks
        .ask(move |desk| desk.note_reading(&unit.unwrap_or_default(), &detail, now))
        .await
}
