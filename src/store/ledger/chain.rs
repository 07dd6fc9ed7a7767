//! Walking the chain of the audit log: whether each row follows from the one before, and whether its end is the one that the head knows.

use super::audit::{AuditRow, START, keyed, plain};
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::head::Link;
use super::marker::{self, AuditMarker};
use super::sql::{self, Db, Row};
use super::values::{blob, time};
use crate::store::StoreError;
use crate::store::vault::Vault;

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

impl Ledger {
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
    db: &mut Db,
    vault: &Vault,
    known: &[Link],
    each: &mut dyn FnMut(&AuditRow),
) -> Result<ChainState, LedgerFault> {
    let keyed_from = match marker::read(db, vault).await? {
        Some(AuditMarker { genuine: false, .. }) => return Ok(ChainState::Broken { row: 1 }),
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
async fn page(db: &mut Db, after: i64) -> Result<Vec<Row>, LedgerFault> {
    let named = match has_actors(db).await? {
        true => "actor, source",
        // a copy that an earlier program took
        false => "'', ''",
    };
    let sql = format!(
        "SELECT no, at, act, subject, detail, {named}, hash FROM audit WHERE no > ? ORDER BY no LIMIT 4096"
    );
    let rows = sql::query(sql).bind(after);
    rows.fetch_all(db).await
}

async fn has_actors(db: &mut Db) -> Result<bool, LedgerFault> {
    // tables elsewhere are never older than the program
    if !db.is_file() {
        return Ok(true);
    }
    let found: i64 =
        sql::query_scalar("SELECT count(*) FROM pragma_table_info('audit') WHERE name = 'actor'")
            .fetch_one(db)
            .await?;
    Ok(found > 0)
}

fn audit_row(row: &Row) -> Result<AuditRow, LedgerFault> {
    Ok(AuditRow {
        no: row.try_get(0)?,
        at: time(row.try_get(1)?)?,
        act: row.try_get(2)?,
        subject: row.try_get(3)?,
        detail: row.try_get(4)?,
        actor: row.try_get(5)?,
        source: row.try_get(6)?,
        digest: blob(row, 7, "审计日志")?,
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
