//! The audit log (审计日志): a row for every act with who acted, each with a keyed hash over the row before, so that a row that was
//! changed, removed or put in between is seen, and nobody without the vault's key can write rows that follow. Id numbers and telephone
//! numbers never stand in it. From which row on it is keyed is in `marker`, its end in `head`, who acts in `actor`.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::actor::Actor;
use super::hand::Hand;
use super::head::Link;
use super::marker::{self, Marker};
use super::{Ledger, LedgerFault, StoreError, bytes, seconds, time};
use crate::store::vault::Vault;

/// What stands in front of the first row.
const START: [u8; 32] = [0; 32];

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Number, from 1 without gaps.
    pub no: i64,
    /// When.
    pub at: Timestamp,
    /// Which act, such as `receive`.
    pub act: String,
    /// Of what: a record reference, a unit, a package sum.
    pub subject: String,
    /// What came of it, in words.
    pub detail: String,
    /// Who acted; empty in a row of an earlier program.
    pub actor: String,
    /// From which network address; empty where there is none.
    pub source: String,
}

/// What walking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainState {
    /// Every row follows from the one before, and the head that is kept apart lies on the way.
    Whole {
        /// Rows.
        rows: i64,
        /// Hash of the last row; zeros for an empty log.
        last: [u8; 32],
        /// The first keyed row; those before it are of an earlier program.
        keyed_from: i64,
        /// Whether a head is kept apart: without one nobody sees whether the tail was cut off.
        headed: bool,
    },
    /// The first row that does not follow.
    Broken {
        /// Number that should stand there.
        row: i64,
    },
    /// What is there hangs together, but rows at the end are missing, or others stand there.
    Cut {
        /// Rows that are there.
        rows: i64,
        /// Number of the row that the head knows.
        known: i64,
    },
}

/// Adds a row that names who acts now. Part of the transaction of the act that it tells of.
pub(super) async fn append(
    db: &mut SqliteConnection,
    at: Timestamp,
    act: &str,
    subject: &str,
    detail: &str,
) -> Result<(), LedgerFault> {
    let hand = Hand::now()?;
    let link = append_by(db, &hand.vault, at, act, subject, detail).await?;
    hand.added(link);
    Ok(())
}

/// Adds a row, vouched for by a vault; gives its place.
pub(super) async fn append_by(
    db: &mut SqliteConnection,
    vault: &Vault,
    at: Timestamp,
    act: &str,
    subject: &str,
    detail: &str,
) -> Result<Link, LedgerFault> {
    let last = sqlx::query("SELECT no, hash FROM audit ORDER BY no DESC LIMIT 1")
        .fetch_optional(&mut *db)
        .await?;
    let (no, before) = match last {
        None => (1, START),
        Some(row) => {
            let hash: Vec<u8> = row.try_get(1)?;
            (row.try_get::<i64, _>(0)? + 1, bytes(&hash, "审计日志")?)
        }
    };
    let Actor { name, source } = Actor::now();
    let row = AuditRow {
        no,
        at,
        act: act.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        actor: name,
        source,
    };
    let hash = keyed(vault, &before, &row);
    sqlx::query(
        "INSERT INTO audit (no, at, act, subject, detail, actor, source, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(no)
    .bind(seconds(at))
    .bind(row.act)
    .bind(row.subject)
    .bind(row.detail)
    .bind(row.actor)
    .bind(row.source)
    .bind(&hash[..])
    .execute(db)
    .await?;
    Ok(Link { no, hash })
}

/// The hash of a row: over the hash before, number, time in seconds, and the texts behind their lengths.
fn keyed(vault: &Vault, before: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    let texts = [&row.act, &row.subject, &row.detail, &row.actor, &row.source];
    vault.vouch("audit row", &written(before, row, &texts))
}

/// The hash of a row of an earlier program: without a key, and without who acted.
fn plain(before: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    let texts = [&row.act, &row.subject, &row.detail];
    Sha256::digest(written(before, row, &texts)).into()
}

fn written(before: &[u8; 32], row: &AuditRow, texts: &[&String]) -> Vec<u8> {
    let mut out = before.to_vec();
    out.extend(row.no.to_be_bytes());
    out.extend(seconds(row.at).to_be_bytes());
    for text in texts {
        out.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        out.extend(text.as_bytes());
    }
    out
}

impl Ledger {
    /// Adds a row that tells of an act outside the ledger, such as a backup or a look-up.
    pub fn note(
        &mut self,
        at: Timestamp,
        act: &str,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let done = async {
            let mut tx = super::begin(db).await?;
            append(&mut tx, at, act, subject, detail).await?;
            super::commit(tx).await
        };
        runtime.block_on(done).map_err(fault)
    }

    /// Walks the chain, giving each row to `each`, and holds its end against the head.
    pub fn walk_audit(
        &mut self,
        each: &mut dyn FnMut(&AuditRow),
    ) -> Result<ChainState, StoreError> {
        let fault = self.fault();
        let Self {
            runtime, db, vault, ..
        } = self;
        // before the walk: what is committed meanwhile makes the log longer than the head that was read
        let known = runtime.hand().map(|hand| hand.head.known());
        let known = known.unwrap_or_default();
        let walked = walk(db, vault, &known, each);
        runtime.block_on(walked).map_err(fault)
    }
}

/// Walks the chain of a ledger that may be of an earlier program, and holds it against the rows that a head knows.
pub(super) async fn walk(
    db: &mut SqliteConnection,
    vault: &Vault,
    known: &[Link],
    each: &mut dyn FnMut(&AuditRow),
) -> Result<ChainState, LedgerFault> {
    let keyed_from = match marker::read(db, vault).await? {
        Some(Marker { genuine: false, .. }) => return Ok(ChainState::Broken { row: 1 }),
        Some(marker) => Some(marker.from),
        None => None,
    };
    let mut chain = Chain {
        vault,
        keyed_from: keyed_from.unwrap_or(i64::MAX),
        known,
        end: Link { no: 0, hash: START },
        astray: None,
    };
    // a row before the first is one too many
    let mut after = i64::MIN;
    loop {
        let page = page(db, after).await?;
        if page.is_empty() {
            return Ok(chain.ended());
        }
        for row in page {
            let hash: Vec<u8> = row.try_get(7)?;
            let read = audit_row(&row)?;
            if !chain.goes_on(&read, &hash) {
                let row = chain.end.no + 1;
                return Ok(ChainState::Broken { row });
            }
            each(&read);
            after = read.no;
        }
    }
}

/// The next rows behind a number, few enough that a long log needs little memory.
async fn page(db: &mut SqliteConnection, after: i64) -> Result<Vec<SqliteRow>, LedgerFault> {
    let named = match has_actors(db).await? {
        true => "actor, source",
        // a copy that an earlier program took
        false => "'', ''",
    };
    let sql = format!(
        "SELECT no, at, act, subject, detail, {named}, hash FROM audit WHERE no > ? ORDER BY no LIMIT 4096"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(after);
    Ok(rows.fetch_all(db).await?)
}

async fn has_actors(db: &mut SqliteConnection) -> Result<bool, LedgerFault> {
    let found: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pragma_table_info('audit') WHERE name = 'actor'")
            .fetch_one(db)
            .await?;
    Ok(found > 0)
}

fn audit_row(row: &SqliteRow) -> Result<AuditRow, LedgerFault> {
    Ok(AuditRow {
        no: row.try_get(0)?,
        at: time(row.try_get(1)?)?,
        act: row.try_get(2)?,
        subject: row.try_get(3)?,
        detail: row.try_get(4)?,
        actor: row.try_get(5)?,
        source: row.try_get(6)?,
    })
}

/// The chain as far as it was walked.
struct Chain<'a> {
    vault: &'a Vault,
    keyed_from: i64,
    known: &'a [Link],
    end: Link,
    /// The first row of the head that is not the row of that number in the log.
    astray: Option<i64>,
}

impl Chain<'_> {
    /// Whether a row follows; it is the end then.
    fn goes_on(&mut self, row: &AuditRow, hash: &[u8]) -> bool {
        let expected = if row.no >= self.keyed_from {
            keyed(self.vault, &self.end.hash, row)
        } else if row.actor.is_empty() && row.source.is_empty() {
            plain(&self.end.hash, row)
        } else {
            // an earlier program named nobody
            return false;
        };
        if row.no != self.end.no + 1 || hash != expected {
            return false;
        }
        self.end = Link {
            no: row.no,
            hash: expected,
        };
        let other = |link: &&Link| link.no == row.no && link.hash != expected;
        if self.astray.is_none() {
            self.astray = self.known.iter().find(other).map(|link| link.no);
        }
        true
    }

    fn ended(&self) -> ChainState {
        let rows = self.end.no;
        let beyond = self.known.iter().map(|link| link.no).rfind(|no| *no > rows);
        // the row of the switch follows the rows of an earlier program in the same transaction
        let unswitched =
            Some(self.keyed_from).filter(|from| (2..i64::MAX).contains(from) && *from > rows);
        match beyond.or(self.astray).or(unswitched) {
            Some(known) => ChainState::Cut { rows, known },
            None => ChainState::Whole {
                rows,
                last: self.end.hash,
                keyed_from: self.keyed_from.min(rows + 1),
                headed: !self.known.is_empty(),
            },
        }
    }
}
