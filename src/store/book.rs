//! The record book's file: read, and replaced at once under a lock. What stands in it is in `record`.

use std::path::{Path, PathBuf};

use crate::campaign::Campaign;
use crate::record::Book;

use super::error::StoreError;
use super::file::{Lock, Readers, read_if_there, replace, with_suffix};

/// Largest book that is read: some 10,000 versions of full records.
const LIMIT: u64 = 256 << 20;

/// A record book held for writing: no other run can open it until this is dropped.
#[derive(Debug)]
pub struct BookFile {
    path: PathBuf,
    book: Option<Book>,
    _lock: Lock,
}

impl BookFile {
    /// Opens a book for writing; its file may be missing, its folder not. Its contents are held against their digests; `known`
    /// gives the campaign's templates, as in [`Book::parse`].
    pub fn open(path: &Path, known: Option<&Campaign>) -> Result<Self, StoreError> {
        let lock = Lock::take(&with_suffix(path, ".lock"))?;
        Ok(Self {
            path: path.to_owned(),
            book: read_book(path, known)?,
            _lock: lock,
        })
    }

    /// What stood in the file when it was opened; none where there was no file.
    pub fn book(&self) -> Option<&Book> {
        self.book.as_ref()
    }

    /// Replaces the file; on failure the old one stands. A book that did not change is not written.
    pub fn save(&self, book: &Book) -> Result<(), StoreError> {
        if self.book.as_ref() == Some(book) {
            return Ok(());
        }
        let fault = |fault| {
            let path = self.path.clone();
            StoreError::Book { path, fault }
        };
        let text = book.to_json().map_err(fault)?;
        replace(&self.path, text.as_bytes(), Readers::Usual)
    }
}

/// Reads a book without holding it; none where there is no file.
pub fn read_book(path: &Path, known: Option<&Campaign>) -> Result<Option<Book>, StoreError> {
    let Some(bytes) = read_if_there(path, LIMIT)? else {
        return Ok(None);
    };
    let fault = |fault| {
        let path = path.to_owned();
        StoreError::Book { path, fault }
    };
    let book = Book::parse(&String::from_utf8_lossy(&bytes), known).map_err(fault)?;
    Ok(Some(book))
}
