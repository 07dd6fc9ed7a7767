//! The caller (来者): who a request comes from, account or token and address, as the audit log names them. It goes along with the request,
//! so that no handler passes it on; what the service does of its own accord has no caller.

use std::cell::RefCell;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::clerk::{Actor, Visitor};

use crate::web::service::app::App;
use crate::web::service::guard;

tokio::task_local! {
    static CALLER: RefCell<Actor>;
}

/// Takes down where a request comes from; nobody has come in yet.
pub(in crate::web) async fn every_request(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let from = guard::address(&app, &parts);
    let caller = RefCell::new(Actor::stranger(from.to_string()));
    let request = Request::from_parts(parts, body);
    CALLER.scope(caller, next.run(request)).await
}

/// Somebody came in.
pub(super) fn is(visitor: &Visitor) {
    let name = match &visitor.token {
        Some(token) => format!("令牌 {token}（{}）", visitor.name),
        None => visitor.name.clone(),
    };
    // outside a request nobody comes in
    let _ = CALLER.try_with(|caller| caller.borrow_mut().name = name);
}

/// Who acts now.
pub(in crate::web) fn now() -> Actor {
    CALLER
        .try_with(|caller| caller.borrow().clone())
        .unwrap_or_else(|_| Actor::service())
}
