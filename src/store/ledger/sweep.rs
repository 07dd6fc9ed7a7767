//! Sweeping (清理): objects that no row names, left behind by runs that were killed, refused or second; never one that another run
//! is just about to name.

use std::collections::BTreeSet;
use std::path::Path;

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::hand::runtime;
use super::sql::{self, Db};
use super::values::blob;
use crate::record::Digest;
use crate::store::StoreError;
use crate::store::failpoint;
use crate::store::keeping::{Keeping, left_behind, on_their_way};
use crate::store::objects::Objects;

/// Stands among the settings once every object was held against the rows.
const SWEPT: &str = "objects swept";

impl Ledger {
    /// Ends what [`Ledger::keep`] began: objects that the ledger does not name by now are removed.
    pub fn let_go(&mut self) -> Result<(), StoreError> {
        match self.keeping.take() {
            Some(keeping) => self.remove_unnamed(keeping),
            None => Ok(()),
        }
    }

    /// What every opening sees to: whatever earlier runs left behind, and once what earlier programs did.
    pub(super) fn tidy_up(&mut self) -> Result<(), StoreError> {
        self.veil_typed()?;
        let objects = Objects::of(self.folder());
        objects.clear_beside()?;
        for keeping in left_behind(objects.folder())? {
            self.remove_unnamed(keeping)?;
        }
        if !self.is_set(SWEPT)? {
            self.sweep()?;
            self.set(SWEPT)?;
        }
        Ok(())
    }

    /// Removes every object that no row names and that no run is about to name; gives their number.
    pub fn sweep(&mut self) -> Result<usize, StoreError> {
        let objects = Objects::of(self.folder());
        // in this order: an object that is put after the first look is not in it, and one that is named after the second look
        // was on a list then
        let there = objects.list()?;
        let coming = on_their_way(objects.folder())?;
        if there.is_empty() {
            return Ok(0);
        }
        let named = self.run(async |db, _| all_named(db).await)?;
        let mut gone = 0;
        for sum in there {
            if !named.contains(&sum.0) && !coming.contains(&sum.0) {
                objects.remove(&sum)?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    fn remove_unnamed(&mut self, keeping: Keeping) -> Result<(), StoreError> {
        let objects = Objects::of(self.folder());
        for sum in keeping.sums() {
            if !self.run(async |db, _| is_named(db, sum).await)? {
                objects.remove(sum)?;
                failpoint::pass("an object that nothing names is removed");
            }
        }
        keeping.end()
    }

    /// Whether a setting is there.
    pub(super) fn is_set(&mut self, name: &str) -> Result<bool, StoreError> {
        self.run(async |db, _| {
            let sql = "SELECT value FROM setting WHERE name = ?";
            let found: Option<String> =
                sql::query_scalar(sql).bind(name).fetch_optional(db).await?;
            Ok(found.is_some())
        })
    }

    fn set(&mut self, name: &str) -> Result<(), StoreError> {
        self.run(async |db, _| set(db, name).await)
    }
}

/// Enters a setting that only says that something was done.
pub(super) async fn set(db: &mut Db, name: &str) -> Result<(), LedgerFault> {
    sql::query("INSERT INTO setting (name, value) VALUES (?, 'done') ON CONFLICT DO NOTHING")
        .bind(name)
        .execute(db)
        .await?;
    Ok(())
}

/// Of a folder's objects those that a copy of its ledger names: what belongs into a backup.
pub(in crate::store) fn named_by_copy(
    copy: &Path,
    objects: Vec<Digest>,
) -> Result<Vec<Digest>, StoreError> {
    let fault = |fault: LedgerFault| fault.at(copy.to_owned());
    let runtime = runtime(copy)?;
    let read = async {
        let mut db = Db::of_copy(copy).await?;
        let named = all_named(&mut db).await;
        db.close().await?;
        named
    };
    let named = runtime.block_on(read).map_err(fault)?;
    Ok(objects
        .into_iter()
        .filter(|sum| named.contains(&sum.0))
        .collect())
}

/// Every object that a row names. A table that comes to name objects belongs here and in [`is_named`].
async fn all_named(db: &mut Db) -> Result<BTreeSet<[u8; 32]>, LedgerFault> {
    let sql = "SELECT object FROM entry UNION SELECT object FROM sighting WHERE object IS NOT NULL";
    let rows = sql::query(sql).fetch_all(db).await?;
    rows.iter().map(|row| blob(row, 0, "文件编号")).collect()
}

async fn is_named(db: &mut Db, sum: &Digest) -> Result<bool, LedgerFault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM entry WHERE object = ?1)
        OR EXISTS (SELECT 1 FROM sighting WHERE object = ?1)";
    let named: i64 = sql::query_scalar(sql)
        .bind(&sum.0[..])
        .fetch_one(db)
        .await?;
    Ok(named != 0)
}
