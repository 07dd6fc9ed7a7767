//! Who came in (来者): an account's role, and what a visitor may be asked.

use serde::Serialize;

use crate::store::ledger::RosterRow;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 管理员: campaigns, units, accounts, the log; and all that a clerk may.
    Admin,
    /// 收件员: the receiving desk.
    Clerk,
    /// 推荐单位: its own submission, nothing of another's.
    Unit,
    /// 只读: looks at the board, changes nothing.
    Reader,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Clerk, Self::Unit, Self::Reader];

    /// The word in the ledger and in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Clerk => "clerk",
            Self::Unit => "unit",
            Self::Reader => "reader",
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Admin => "管理员",
            Self::Clerk => "收件员",
            Self::Unit => "推荐单位",
            Self::Reader => "只读",
        }
    }

    /// The role of a word in the ledger.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }
}

/// Somebody who came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Number of the account.
    pub account: i64,
    /// Name of the account.
    pub name: String,
    /// What the account may do.
    pub role: Role,
    /// The secretary's unit; none for other roles.
    pub unit: Option<RosterRow>,
    /// Whether the password must be changed before anything else.
    pub once: bool,
    /// Name of a program's token; none for a browser's session.
    pub token: Option<String>,
    /// Scopes of a program's token; none for a browser's session.
    pub scopes: Option<Vec<String>>,
    /// What a form must bring along to be believed.
    pub csrf: String,
    /// Numbers and titles of the notices to its unit that it has not read, the newest first.
    pub unread: Vec<(i64, String)>,
}
