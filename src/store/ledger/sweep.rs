//! Sweeping (清理): objects that no row names, left behind by runs that were killed, refused or second; never one that another run
//! is just about to name.

use std::collections::BTreeSet;
use std::path::Path;

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::hand::runtime;
use super::marker;
use super::sql::{self, Db};
use super::values::blob;
use crate::record::Digest;
use crate::store::StoreError;
use crate::store::failpoint;
use crate::store::keeping::{Keeping, left_behind, on_their_way};

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
        self.objects.clear_beside()?;
        // in a bucket nothing is known of runs that ended; `sweep` sees to it, when it is asked to
        let Some(folder) = self.objects.folder() else {
            return Ok(());
        };
        for keeping in left_behind(folder)? {
            self.remove_unnamed(keeping)?;
        }
        if !self.is_set(SWEPT)? {
            self.sweep()?;
            self.set(SWEPT)?;
        }
        Ok(())
    }

    /// Fails where the objects' bucket cannot be used, or is another ledger's.
    pub fn settle_objects(&mut self) -> Result<(), StoreError> {
        if self.objects.folder().is_some() {
            return Ok(());
        }
        self.objects.probe()?;
        let marker = self.run(async |db, vault| marker::read(db, vault).await)?;
        self.objects
            .claim(&marker.map(|m| m.ledger).unwrap_or_default())
    }

    /// Removes every object that no row names and that no run is about to name; gives their number.
    pub fn sweep(&mut self) -> Result<usize, StoreError> {
        if self.objects.folder().is_none() {
            // a copy of an earlier ledger does not know what the one that goes on has put there
            if self.is_disputed() {
                return Err(StoreError::EarlierLedger(self.path().to_owned()));
            }
            self.settle_objects()?;
        }
        let unnamed = self.unnamed()?;
        for sum in &unnamed {
            self.objects.remove(sum)?;
        }
        Ok(unnamed.len())
    }

    /// The objects that no row names and that no run is about to name.
    pub(super) fn unnamed(&mut self) -> Result<Vec<Digest>, StoreError> {
        // in this order: an object that is put after the first look is not in it, and one that is named after the second look
        // was on a list then
        let there = self.objects.list_settled()?;
        let coming = self.objects.folder().map(on_their_way).transpose()?;
        let coming = coming.unwrap_or_default();
        if there.is_empty() {
            return Ok(there);
        }
        let named = self.run(async |db, _| all_named(db).await)?;
        let unnamed = |sum: &Digest| !named.contains(&sum.0) && !coming.contains(&sum.0);
        Ok(there.into_iter().filter(unnamed).collect())
    }

    fn remove_unnamed(&mut self, keeping: Keeping) -> Result<(), StoreError> {
        for sum in keeping.sums() {
            if !self.run(async |db, _| is_named(db, sum).await)? {
                self.objects.remove(sum)?;
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
pub(super) async fn all_named(db: &mut Db) -> Result<BTreeSet<[u8; 32]>, LedgerFault> {
    let sql = "SELECT object FROM entry UNION SELECT object FROM sighting WHERE object IS NOT NULL";
    let rows = sql::query(sql).fetch_all(db).await?;
    rows.iter().map(|row| blob(row, 0, "文件编号")).collect()
}

pub(super) async fn is_named(db: &mut Db, sum: &Digest) -> Result<bool, LedgerFault> {
    let sql = "SELECT EXISTS (SELECT 1 FROM entry WHERE object = ?1)
        OR EXISTS (SELECT 1 FROM sighting WHERE object = ?1)";
    let named: i64 = sql::query_scalar(sql)
        .bind(&sum.0[..])
        .fetch_one(db)
        .await?;
    Ok(named != 0)
}
