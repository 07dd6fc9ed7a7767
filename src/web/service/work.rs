//! Work (耗时的办理) that takes a core: a few at a time, away from the threads that answer.

use std::sync::Arc;

use crate::clerk::{ClerkError, acting_as};

use crate::web::service::app::App;
use crate::web::service::caller;
use crate::web::service::trouble::Trouble;

/// Does work that takes a core, a few at a time, away from the threads that answer.
pub(in crate::web) async fn work<T: Send + 'static>(
    app: &Arc<App>,
    act: impl FnOnce(&App) -> Result<T, ClerkError> + Send + 'static,
) -> Result<T, Trouble> {
    let _place = app.workers.acquire().await.map_err(|_| Trouble::Busy)?;
    let (app, actor) = (app.clone(), caller::now());
    tokio::task::spawn_blocking(move || acting_as(actor, || act(&app)))
        .await
        .map_err(|_| Trouble::bug("办理时出错"))?
        .map_err(Trouble::Clerk)
}
