//! The caller (来者): who a request comes from, account or token and address, as the audit log names them. It goes along with the request,
//! so that no handler passes it on; what the service does of its own accord has no caller.

use std::cell::RefCell;

use crate::clerk::{Actor, Visitor};

tokio::task_local! {
    static CALLER: RefCell<Actor>;
}

/// Does what a request asks, of somebody at an address who has not come in yet.
pub(super) async fn scoped<T>(address: std::net::IpAddr, work: impl Future<Output = T>) -> T {
    let caller = RefCell::new(Actor::stranger(address.to_string()));
    CALLER.scope(caller, work).await
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
