//! Files that an erasure left over: named in its transaction and removed after it, in this run or the next; the ledger itself is one of
//! them, until it was written anew.

use std::path::{Component, Path, PathBuf};

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::names::LEDGER;
use super::sql::{self, Db};
use super::values::bytes;
use crate::record::Digest;
use crate::store::objects::{OBJECTS, of_relative, relative};
use crate::store::{StoreError, failpoint};

impl Ledger {
    /// Removes the files that an erasure named and that still lie there, and writes the ledger anew, so that no old text is left in
    /// its free pages or in the log of writes.
    pub fn remove_remnants(&mut self) -> Result<(), StoreError> {
        let folder = self.folder().to_path_buf();
        let mut paths = self.run(async |db, _| remnants(db).await)?;
        // the ledger itself last
        paths.sort_by_key(|path| path == LEDGER);
        for path in paths {
            if path == LEDGER {
                self.run(async |db, _| written_anew(db).await)?;
            } else if let Some(sum) = object_of(&path) {
                self.objects.remove(&sum)?;
            } else if let Some(inside) = inside(&folder, &path) {
                remove(&inside)?;
            }
            failpoint::pass("a remnant is removed");
            self.run(async |db, _| {
                let gone = sql::query("DELETE FROM remnant WHERE path = ?").bind(&path);
                gone.execute(db).await?;
                Ok(())
            })?;
        }
        Ok(())
    }
}

async fn written_anew(db: &mut Db) -> Result<(), LedgerFault> {
    if !db.is_file() {
        return tables_anew(db).await;
    }
    sql::query("VACUUM").execute(&mut *db).await?;
    failpoint::pass("the ledger is written anew");
    // where another reader holds the log of writes open, the engine cuts it later
    sql::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_all(db)
        .await?;
    Ok(())
}

/// Writes every table elsewhere anew: what a row held is otherwise in its file until others write over it.
async fn tables_anew(db: &mut Db) -> Result<(), LedgerFault> {
    let names: Vec<String> = sql::query_scalar(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1",
    )
    .fetch_all(db)
    .await?;
    for name in names {
        let anew = sql::query(format!("VACUUM (FULL) {name}")).used_once();
        anew.execute(db).await?;
    }
    failpoint::pass("the ledger is written anew");
    Ok(())
}

async fn remnants(db: &mut Db) -> Result<Vec<String>, LedgerFault> {
    let read = sql::query_scalar("SELECT path FROM remnant ORDER BY path");
    read.fetch_all(db).await
}

/// The object that a path means.
fn object_of(path: &str) -> Option<Digest> {
    of_relative(path.strip_prefix(OBJECTS)?.strip_prefix('/')?)
}

/// A path that stays inside a folder.
fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let plain = Path::new(path)
        .components()
        .all(|c| matches!(c, Component::Normal(_)));
    (plain && !path.is_empty()).then(|| folder.join(path))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    let done = match path.is_dir() {
        true => std::fs::remove_dir_all(path),
        false => std::fs::remove_file(path),
    };
    match done {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::world("删除", path)(e))
        }
        _ => Ok(()),
    }
}

/// Names an object to be removed, unless something else still names it.
pub(super) async fn object_goes(db: &mut Db, object: &[u8]) -> Result<(), LedgerFault> {
    let used: i64 = sql::query_scalar(
        "SELECT (SELECT count(*) FROM entry WHERE object = ?1) + (SELECT count(*) FROM sighting WHERE object = ?1)",
    )
    .bind(object)
    .fetch_one(&mut *db)
    .await?;
    if used > 0 {
        return Ok(());
    }
    let sum = Digest(bytes(object, "文件编号")?);
    remnant(db, &format!("{OBJECTS}/{}", relative(&sum))).await
}

pub(super) async fn remnant(db: &mut Db, path: &str) -> Result<(), LedgerFault> {
    sql::query("INSERT INTO remnant (path) VALUES (?) ON CONFLICT DO NOTHING")
        .bind(path)
        .execute(db)
        .await?;
    Ok(())
}
