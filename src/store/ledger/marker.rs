//! The marker of the audit log: from which row on its chain is keyed, and the number by which its head is found. It stands in a
//! setting, vouched for by the vault: whoever has no key can neither move it nor make another.

use jiff::Timestamp;

use super::audit;
use super::fault::LedgerFault;
use super::sql::{self, Db};
use super::transaction::begin;
use super::values::hex;
use crate::record::Digest;
use crate::store::vault::Vault;

/// Name of the setting.
const SETTING: &str = "audit";

/// The marker as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AuditMarker {
    /// The first keyed row; 1 for a ledger that was made with keys.
    pub(super) from: i64,
    /// Sixteen hexadecimal digits that no other ledger has; a restored one has its own.
    pub(super) ledger: String,
    /// Whether the vault vouches for it.
    pub(super) genuine: bool,
}

impl AuditMarker {
    fn new(from: i64) -> Result<Self, LedgerFault> {
        let mut number = [0; 8];
        getrandom::fill(&mut number).map_err(|e| LedgerFault::Engine(e.to_string()))?;
        Ok(Self {
            from,
            ledger: hex(&number),
            genuine: true,
        })
    }

    fn proof(&self, vault: &Vault) -> Digest {
        let words = format!("{} {}", self.from, self.ledger);
        Digest(vault.vouch("audit marker", words.as_bytes()))
    }

    fn parse(text: &str, vault: &Vault) -> Self {
        let mut parts = text.split(' ');
        let from = parts.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let ledger = parts.next().unwrap_or_default().to_owned();
        let said = parts.next().and_then(Digest::parse);
        let mut marker = Self {
            from,
            ledger,
            genuine: false,
        };
        // the number becomes a part of a file's name
        let named =
            marker.ledger.len() == 16 && marker.ledger.bytes().all(|b| b.is_ascii_hexdigit());
        marker.genuine = named && from >= 1 && said == Some(marker.proof(vault));
        marker
    }
}

/// The marker of a ledger; none for one of an earlier program.
pub(super) async fn read(db: &mut Db, vault: &Vault) -> Result<Option<AuditMarker>, LedgerFault> {
    let text: Option<String> = sql::query_scalar("SELECT value FROM setting WHERE name = ?")
        .bind(SETTING)
        .fetch_optional(db)
        .await?;
    Ok(text.map(|text| AuditMarker::parse(&text, vault)))
}

/// The marker of an open ledger. One of an earlier program gets it now: its rows stay as they are, and the next row, which says so,
/// is the first keyed one and covers the hash of the last before it.
pub(super) async fn settle(db: &mut Db, vault: &Vault) -> Result<AuditMarker, LedgerFault> {
    if let Some(marker) = read(db, vault).await? {
        return Ok(marker);
    }
    let mut tx = begin(db).await?;
    // another run may have been faster
    if let Some(marker) = read(&mut tx, vault).await? {
        return Ok(marker);
    }
    let rows: i64 = sql::query_scalar("SELECT count(*) FROM audit")
        .fetch_one(&mut tx)
        .await?;
    let marker = AuditMarker::new(rows + 1)?;
    write(&mut tx, vault, &marker).await?;
    if rows > 0 {
        let words =
            format!("自本行起由保管密钥保护；前 {rows} 行是早先的程序写的，只有前后相接的摘要");
        audit::append_by(&mut tx, vault, Timestamp::now(), "keyed", "", &words).await?;
    }
    tx.commit().await?;
    Ok(marker)
}

/// Gives a ledger that was restored a number of its own: the head of the one that it was copied from goes on without it.
pub(super) async fn renumber(db: &mut Db, vault: &Vault) -> Result<AuditMarker, LedgerFault> {
    let old = settle(db, vault).await?;
    let marker = AuditMarker::new(old.from)?;
    write(db, vault, &marker).await?;
    Ok(marker)
}

async fn write(db: &mut Db, vault: &Vault, marker: &AuditMarker) -> Result<(), LedgerFault> {
    let text = format!("{} {} {}", marker.from, marker.ledger, marker.proof(vault));
    sql::query("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(SETTING)
        .bind(text)
        .execute(db)
        .await?;
    Ok(())
}
