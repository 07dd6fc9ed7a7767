//! Who may act on whose account (上下): a program's token acts for an administrator, and is none.

use crate::store::ledger::AccountRow;

use crate::clerk::error::ClerkError;
use crate::clerk::visitor::{Role, Visitor};

/// Fails where a program's token would act on an administrator: it acts for one, and is none.
pub(super) fn below(account: &AccountRow, by: &Visitor) -> Result<(), ClerkError> {
    match by.token.is_some() && account.role == Role::Admin.key() {
        true => Err(ClerkError::refused(
            "令牌不能改动管理员的账号，没有改动。请由管理员登录后办理。",
        )),
        false => Ok(()),
    }
}
