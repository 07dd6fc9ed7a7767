//! Where a ledger is (台账所在): what the `database.toml` of a data folder says, and how its address is understood.

use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr as _;

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnectOptions;

use crate::foreign::InChinese as _;
use crate::store::StoreError;

use super::fault::LedgerFault;
use super::names::DATABASE;

/// What that file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Elsewhere {
    /// `postgres://user@host:port/database`, without a password.
    url: String,
    /// Schema of the tables.
    #[serde(default = "usual_schema")]
    schema: String,
    /// Sixteen hexadecimal digits that no other data folder has.
    folder: String,
}

fn usual_schema() -> String {
    "sanlian".to_owned()
}

impl Elsewhere {
    /// A place for the ledger of a data folder that has none elsewhere yet.
    pub(super) fn new(url: &str) -> Result<Self, LedgerFault> {
        let mut number = [0; 8];
        getrandom::fill(&mut number).map_err(|e| LedgerFault::Engine(e.to_string()))?;
        let place = Self {
            url: url.to_owned(),
            schema: usual_schema(),
            folder: format!("{:016x}", u64::from_be_bytes(number)),
        };
        place.options().map_err(LedgerFault::Pointer)?;
        Ok(place)
    }

    /// Where the ledger of a data folder is; none where it lies in the folder itself.
    pub(super) fn of(data: &Path) -> Result<Option<Self>, StoreError> {
        Self::read(&data.join(DATABASE))
    }

    /// What a file says; none where there is no such file.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, StoreError> {
        let text = match std::fs::read_to_string(path) {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            read => read.map_err(StoreError::world("读取", path))?,
        };
        let fault = |words: String| LedgerFault::Pointer(words).at(path.to_owned());
        let said: Self = toml::from_str(&text).map_err(|e| fault(e.in_chinese()))?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if said.schema.is_empty() || said.schema.len() > 60 || !said.schema.chars().all(plain) {
            return Err(fault("schema 只能用小写字母、数字和下划线".to_owned()));
        }
        let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if said.folder.len() != 16 || !said.folder.chars().all(digit) {
            return Err(fault("folder 应是 16 位十六进制数".to_owned()));
        }
        said.options().map_err(&fault)?;
        Ok(Some(said))
    }

    /// The text of the file that says it.
    pub(super) fn to_toml(&self) -> Result<String, LedgerFault> {
        let said = toml::to_string(self).map_err(|e| LedgerFault::Engine(e.to_string()))?;
        Ok(format!(
            "# 台账在 PostgreSQL。密码不写在这里：放在环境变量 PGPASSWORD 或用户的 .pgpass 里。\n{said}"
        ))
    }

    /// The address as it was given.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Schema of the tables: small letters, digits and underscores.
    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    /// The number of the data folder.
    pub(super) fn folder(&self) -> &str {
        &self.folder
    }

    /// How it is connected to; the reason where the address cannot be used.
    pub(super) fn options(&self) -> Result<PgConnectOptions, String> {
        let known = ["postgres://", "postgresql://"];
        if !known.iter().any(|start| self.url.starts_with(start)) {
            return Err("地址应写成 postgres://用户@主机:端口/数据库".to_owned());
        }
        let address = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let user = address.rsplit_once('@').map_or("", |(user, _)| user);
        if user.contains(':') || address.contains("password=") {
            return Err("地址里不写密码：请放在环境变量 PGPASSWORD 或用户的 .pgpass 里".to_owned());
        }
        let options = PgConnectOptions::from_str(&self.url).map_err(|_| "地址读不懂".to_owned())?;
        Ok(options.application_name("sanlian").options([
            ("search_path", self.schema.as_str()),
            // one that waits longer is told so, as with a file
            ("lock_timeout", "20s"),
            // a machine that went away holds no lock for ever
            ("idle_in_transaction_session_timeout", "10min"),
            ("tcp_keepalives_idle", "30"),
            ("tcp_keepalives_interval", "10"),
            ("tcp_keepalives_count", "3"),
        ]))
    }
}
