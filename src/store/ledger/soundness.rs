//! Soundness (核对附件): whether every object that a row names is there, and what is there that no row names.

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db};
use super::sweep::{all_named, is_named};
use crate::record::Digest;
use crate::store::StoreError;

/// What holding the objects against the rows found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectsState {
    /// How many objects rows name.
    pub named: usize,
    /// Those of them that are not there.
    pub missing: Vec<NamedObject>,
    /// Those of them whose bytes are not those that were put; only where they were read.
    pub damaged: Vec<NamedObject>,
    /// How many lie there that no row names and no run is about to.
    pub unnamed: usize,
    /// How many of these were removed.
    pub removed: usize,
}

/// An object that a row names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedObject {
    /// Its sum.
    pub object: Digest,
    /// What it is, in words for a person, without a candidate's name.
    pub what: String,
}

impl Ledger {
    /// Holds the objects against the rows. `deep` reads every object; without it, it is only seen whether they are there. `sweep`
    /// removes what no row names. `told` hears how many of how many were seen to.
    pub fn check_objects(
        &mut self,
        deep: bool,
        sweep: bool,
        told: &mut dyn FnMut(usize, usize),
    ) -> Result<ObjectsState, StoreError> {
        let named = self.run(async |db, _| all_named(db).await)?;
        let there = self.objects.list()?;
        let mut state = ObjectsState {
            named: named.len(),
            ..ObjectsState::default()
        };
        for (n, sum) in named.iter().map(|sum| Digest(*sum)).enumerate() {
            told(n, named.len());
            let is_there = there.binary_search_by_key(&sum.0, |d| d.0).is_ok();
            if is_there && !deep {
                continue;
            }
            let list = match self.objects.check(&sum) {
                Ok(_) => continue,
                Err(StoreError::Altered(_) | StoreError::Damaged(_)) => &mut state.damaged,
                Err(StoreError::Gone(_)) => &mut state.missing,
                Err(StoreError::World { reason, .. })
                    if reason.kind() == std::io::ErrorKind::NotFound =>
                {
                    &mut state.missing
                }
                Err(error) => return Err(error),
            };
            // an erasure may have been faster than this look
            if self.run(async |db, _| is_named(db, &sum).await)? {
                let what = self.run(async |db, _| what_it_is(db, &sum).await)?;
                list.push(NamedObject { object: sum, what });
            }
        }
        told(named.len(), named.len());
        state.unnamed = self.unnamed()?.len();
        if sweep {
            state.removed = self.sweep()?;
        }
        Ok(state)
    }
}

/// What an object is: the part of a unit's package, or the picture of a page.
async fn what_it_is(db: &mut Db, sum: &Digest) -> Result<String, LedgerFault> {
    let sql =
        "SELECT unit.name, entry.role FROM entry JOIN package ON package.sha256 = entry.package
        JOIN unit ON unit.no = package.unit WHERE entry.object = ? LIMIT 1";
    let of = sql::query(sql).bind(&sum.0[..]);
    if let Some(row) = of.fetch_optional(&mut *db).await? {
        let (unit, role): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let what = match role.as_str() {
            "form" => "推荐表",
            "report" => "工作报告",
            "photo" => "照片",
            "video" => "视频",
            _ => "作品",
        };
        return Ok(format!("{unit}报送包中的{what}"));
    }
    let sql = "SELECT no FROM sighting WHERE object = ? LIMIT 1";
    let no: Option<i64> = sql::query_scalar(sql)
        .bind(&sum.0[..])
        .fetch_optional(db)
        .await?;
    Ok(no.map_or_else(String::new, |no| format!("第 {no} 次扫描留下的图像")))
}
