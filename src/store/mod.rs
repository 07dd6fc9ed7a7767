//! The world of files: submissions in (`submission`), output out, all or nothing (`output`), the record book (`book`), keys
//! (`keys`). Here alone the library touches files, locks and chance; every act can be killed and run again.

mod book;
mod file;
mod keys;
mod output;
mod submission;

/// Writes one file that a person named: the old one stands until the new one is whole.
pub fn write_file(path: &std::path::Path, bytes: &[u8]) -> Result<(), StoreError> {
    file::replace(path, bytes, file::Readers::Usual)
}

pub use book::{BookFile, read_book};
pub use file::StoreError;
pub use keys::{KeyRing, open_keys, read_trusted};
pub use output::write_output;
pub use submission::{FolderContents, Limits, read_submission_folder};
