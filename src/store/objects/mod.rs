//! Objects (实物文件): bytes under their own SHA-256, such as packages and pictures of pages. An object is written whole or not at all,
//! never changed, and checked against its sum whenever it is read. They lie in the data folder (`folder`), or in a bucket of a store
//! that speaks the S3 protocol (`bucket`); the folder's `objects.toml` says which (`place`).

#[cfg(feature = "s3")]
mod bucket;
mod folder;
mod names;
mod place;

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::copying::copy_checked;
use super::error::StoreError;
#[cfg(feature = "s3")]
use super::file::{Readers, write_new};
use super::private::make_folder;
use crate::record::Digest;

#[cfg(feature = "s3")]
use bucket::Bucket;
pub(super) use folder::ObjectFolder;
pub use names::OBJECTS;
pub(super) use names::{of_relative, relative};
pub use place::{BucketAddress, OBJECTS_PLACE};

/// The objects of a data folder.
#[derive(Clone, Debug)]
pub struct Objects {
    shelves: Shelves,
}

#[derive(Clone, Debug)]
enum Shelves {
    Folder(ObjectFolder),
    #[cfg(feature = "s3")]
    Bucket(std::sync::Arc<Bucket>),
}

impl Objects {
    /// The objects of a data folder, wherever it says that they are. Nothing is touched until the first is put, and no connection is
    /// made.
    pub fn of(data: &Path) -> Result<Self, StoreError> {
        match BucketAddress::of(data)? {
            None => Ok(Self::in_folder(data)),
            Some(address) => Self::in_bucket(&address),
        }
    }

    /// Objects in the data folder itself.
    pub(super) fn in_folder(data: &Path) -> Self {
        let shelves = Shelves::Folder(ObjectFolder::of(data));
        Self { shelves }
    }

    /// Objects in a bucket; fails where this program was built without.
    pub(super) fn in_bucket(address: &BucketAddress) -> Result<Self, StoreError> {
        #[cfg(feature = "s3")]
        {
            let shelves = Shelves::Bucket(std::sync::Arc::new(Bucket::at(address)?));
            Ok(Self { shelves })
        }
        #[cfg(not(feature = "s3"))]
        Err(StoreError::NoBuckets(address.to_string()))
    }

    /// Fails where the bucket cannot be used: not there, closed to us, or one that writes over what it was told not to. A folder can.
    pub fn probe(&self) -> Result<(), StoreError> {
        match &self.shelves {
            Shelves::Folder(_) => Ok(()),
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => bucket.probe(),
        }
    }

    /// Makes a bucket, or the folder in it, a ledger's own; fails where it is another's: each would take the objects of the other for
    /// leftovers. `ledger` is the ledger's number. A folder needs no such thing.
    pub(super) fn claim(&self, ledger: &str) -> Result<(), StoreError> {
        match &self.shelves {
            Shelves::Folder(_) => {
                let _ = ledger;
                Ok(())
            }
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => bucket.claim(ledger),
        }
    }

    /// Puts bytes under their sum; when this returns they are on the disk, or the store has confirmed them. The same bytes again change
    /// nothing, and mend an object that was damaged.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let sum = Digest(Sha256::digest(bytes).into());
        match &self.shelves {
            Shelves::Folder(folder) => folder.put(&sum, bytes)?,
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => bucket.put(&sum, bytes)?,
        }
        Ok(sum)
    }

    /// The bytes of an object of at most `limit` bytes, held against its sum.
    pub fn get(&self, sum: &Digest, limit: u64) -> Result<Vec<u8>, StoreError> {
        match &self.shelves {
            Shelves::Folder(folder) => folder.get(sum, limit),
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => bucket.get(sum, limit),
        }
    }

    /// Holds an object against its sum without keeping its bytes, and gives its size.
    pub fn check(&self, sum: &Digest) -> Result<u64, StoreError> {
        match &self.shelves {
            Shelves::Folder(folder) => folder.check(sum),
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => bucket.check(sum),
        }
    }

    /// Puts an object, held against its sum, into a new file: another name for the same bytes where the disk can do that, else a copy.
    /// Gives its size in bytes.
    pub(super) fn copy_out(&self, sum: &Digest, to: &Path) -> Result<u64, StoreError> {
        match &self.shelves {
            Shelves::Folder(folder) => {
                let size = folder.check(sum)?;
                let from = folder.path(sum);
                if std::fs::hard_link(&from, to).is_err() {
                    copy_checked(&from, to, size, sum)?;
                }
                Ok(size)
            }
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => {
                let bytes = bucket.get(sum, u64::MAX)?;
                write_new(to, &bytes, Readers::Owner).map_err(StoreError::world("写入", to))?;
                Ok(bytes.len().try_into().unwrap_or(u64::MAX))
            }
        }
    }

    /// Removes an object; it may be gone already.
    pub(super) fn remove(&self, sum: &Digest) -> Result<(), StoreError> {
        match &self.shelves {
            Shelves::Folder(folder) => folder.remove(sum),
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => bucket.remove(sum),
        }
    }

    /// Removes what a run left beside that ended while it wrote; one that still writes is left alone.
    pub(super) fn clear_beside(&self) -> Result<(), StoreError> {
        match &self.shelves {
            Shelves::Folder(folder) => folder.clear_beside(),
            #[cfg(feature = "s3")]
            Shelves::Bucket(_) => Ok(()),
        }
    }

    /// Where an object lies, or would; none in a bucket.
    pub fn path(&self, sum: &Digest) -> Option<PathBuf> {
        match &self.shelves {
            Shelves::Folder(folder) => Some(folder.path(sum)),
            #[cfg(feature = "s3")]
            Shelves::Bucket(_) => None,
        }
    }

    /// The folder that they lie in; none for a bucket.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.shelves {
            Shelves::Folder(folder) => Some(folder.folder()),
            #[cfg(feature = "s3")]
            Shelves::Bucket(_) => None,
        }
    }

    /// The sums of all objects in order; files that are none are passed over.
    pub fn list(&self) -> Result<Vec<Digest>, StoreError> {
        match &self.shelves {
            Shelves::Folder(folder) => folder.list(),
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => bucket.list(None),
        }
    }

    /// The sums of the objects that may be removed where no row names them: all of a folder, where runs write down what they are about
    /// to name; in a bucket those that have been there for more than a day, which no act takes between putting and naming.
    pub(super) fn list_settled(&self) -> Result<Vec<Digest>, StoreError> {
        match &self.shelves {
            Shelves::Folder(folder) => folder.list(),
            #[cfg(feature = "s3")]
            Shelves::Bucket(bucket) => {
                let day = jiff::SignedDuration::from_hours(24);
                bucket.list(Some(jiff::Timestamp::now() - day))
            }
        }
    }
}

/// Where the objects of a data folder are or will be, by what is said. Fails where the folder has its objects elsewhere than is said,
/// or a ledger that was begun with its objects in the folder.
pub fn objects_said(
    data: &Path,
    said: Option<&str>,
    begun: bool,
) -> Result<Option<BucketAddress>, StoreError> {
    let there = BucketAddress::of(data)?;
    let Some(said) = said else { return Ok(there) };
    let path = data.join(OBJECTS_PLACE);
    let said: BucketAddress = said
        .parse()
        .map_err(|reason| StoreError::ObjectsPlace { path, reason })?;
    let elsewhere = |there: String| StoreError::ObjectsElsewhere {
        data: data.to_owned(),
        there,
    };
    match there {
        Some(there) if there == said => Ok(Some(there)),
        Some(there) => Err(elsewhere(there.to_string())),
        None if begun => Err(elsewhere(data.join(OBJECTS).display().to_string())),
        None => Ok(Some(said)),
    }
}

/// Writes down where the objects of a new ledger will be, once it was seen that they can be there.
pub fn place_objects(data: &Path, said: &BucketAddress) -> Result<(), StoreError> {
    if BucketAddress::of(data)?.is_some() {
        return Ok(());
    }
    Objects::in_bucket(said)?.probe()?;
    make_folder(data)?;
    said.write(data)
}
