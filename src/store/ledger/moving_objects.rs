//! Moving objects (搬附件): the objects of a data folder go into a bucket, or come back into the folder. Nobody else has the ledger open
//! meanwhile. Every object that a row names is held against its sum on its way; only when all are there does the folder say that they
//! are elsewhere. A run that is killed leaves them where they were, and the next goes on with what was copied.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::hand::runtime;
use super::marker;
use super::moving::{alone, hold_alone, set_aside};
use super::names::{DATABASE, LEDGER};
use super::opening::settled;
use super::place::Elsewhere;
use super::server::Server;
use super::sql::Db;
use super::sweep::all_named;
use crate::record::Digest;
use crate::store::file::Lock;
use crate::store::objects::{BucketAddress, OBJECTS, OBJECTS_PLACE, Objects};
use crate::store::vault::Vault;
use crate::store::{StoreError, failpoint, private};

/// What was moved.
#[derive(Debug, Default)]
pub struct ObjectsMoved {
    /// How many objects; none where they were there already.
    pub objects: Option<usize>,
    /// What was wrong with those that could not be moved: damaged, or not there.
    pub left_out: Vec<StoreError>,
    /// Folder of the old objects under its new name; none where nothing was left there.
    pub left: Option<PathBuf>,
    /// The bucket that they came from.
    pub from: Option<BucketAddress>,
}

/// Moves the objects of a data folder into a bucket; into the folder where none is named. `told` hears how many of how many were seen to.
pub fn move_objects(
    data: &Path,
    vault: &Vault,
    to: Option<&BucketAddress>,
    at: Timestamp,
    told: &mut dyn FnMut(usize, usize),
) -> Result<ObjectsMoved, StoreError> {
    Ledger::look_for(data)?;
    let _lock = Lock::take(&data.join("ledger.lock"))?;
    private::close(data)?;
    let from = BucketAddress::of(data)?;
    if from.as_ref() == to {
        // a run that was killed may have left the old ones
        let left = match to {
            Some(_) => set_aside(&data.join(OBJECTS), at)?,
            None => None,
        };
        return Ok(ObjectsMoved {
            left,
            ..ObjectsMoved::default()
        });
    }
    let source = Objects::of(data)?;
    let target = match to {
        Some(address) => Objects::in_bucket(address)?,
        None => Objects::in_folder(data),
    };
    target.probe()?;
    let (path, place) = match Elsewhere::of(data)? {
        Some(place) => (data.join(DATABASE), Some(place)),
        None => (data.join(LEDGER), None),
    };
    let fault = |fault: LedgerFault| fault.at(path.clone());
    let runtime = runtime(&path)?;
    let opened = runtime.block_on(async {
        let mut db = match &place {
            None => alone(&path).await?,
            Some(place) => Db::on(Server::connect(data, place).await?),
        };
        hold_alone(&mut db).await?;
        settled(&mut db, vault).await?;
        let marker = marker::read(&mut db, vault).await?;
        let number = marker.map(|m| m.ledger).unwrap_or_default();
        let named = all_named(&mut db).await?;
        Ok((db, number, named))
    });
    let (mut db, number, named) = opened.map_err(fault)?;
    target.claim(&number)?;
    let named: Vec<Digest> = named.into_iter().map(Digest).collect();
    let left_out = copied(&named, &source, &target, told)?;
    failpoint::pass("objects are copied, and where they are is not yet said");
    let words = match to {
        Some(address) => format!("附件搬到 {address}：{} 个", named.len() - left_out.len()),
        None => format!("附件搬回 {OBJECTS}：{} 个", named.len() - left_out.len()),
    };
    let noted = runtime.block_on(async {
        let mut tx = db.begin().await?;
        audit::append_by(&mut tx, vault, at, "migrate", "", &words).await?;
        tx.commit().await
    });
    noted.map_err(fault)?;
    failpoint::pass("that objects were moved is noted");
    let left = match to {
        Some(address) => {
            address.write(data)?;
            failpoint::pass("objects have their place");
            set_aside(&data.join(OBJECTS), at)?
        }
        None => {
            set_aside(&data.join(OBJECTS_PLACE), at)?;
            None
        }
    };
    runtime.block_on(db.close()).map_err(fault)?;
    Ok(ObjectsMoved {
        objects: Some(named.len() - left_out.len()),
        left_out,
        left,
        from,
    })
}

/// Copies what is not there yet; gives what was wrong with those that are left out.
fn copied(
    named: &[Digest],
    source: &Objects,
    target: &Objects,
    told: &mut dyn FnMut(usize, usize),
) -> Result<Vec<StoreError>, StoreError> {
    let there = target.list()?;
    let mut left_out = Vec::new();
    for (n, sum) in named.iter().enumerate() {
        told(n, named.len());
        if there.binary_search_by_key(&sum.0, |d| d.0).is_ok() && target.check(sum).is_ok() {
            continue;
        }
        match source.get(sum, u64::MAX - 1) {
            Ok(bytes) => {
                target.put(&bytes)?;
                failpoint::pass("an object is copied");
            }
            // a store that cannot be reached is no fault of this object
            Err(error @ StoreError::Bucket { .. }) => return Err(error),
            Err(error) => left_out.push(error),
        }
    }
    told(named.len(), named.len());
    Ok(left_out)
}
