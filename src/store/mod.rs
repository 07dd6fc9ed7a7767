//! The world of files: submissions in (`submission`), output out, all or nothing (`output`), the record book (`book`), keys
//! (`keys`, `rotate`, `key_change`, `key_pair`), whom to believe (`trust`), personal data at rest (`vault`), who may read it (`private`), words in files (`search`), objects by their sum (`objects`) and on their way (`keeping`), the desk's ledger (`ledger`). Here alone the library
//! touches files, locks and chance; every act can be killed and run again.

mod backup;
mod backup_units;
mod backup_zip;
mod book;
mod failpoint;
mod file;
mod keeping;
mod key_change;
mod key_pair;
mod keys;
pub mod ledger;
mod objects;
mod output;
mod private;
mod rotate;
mod search;
mod submission;
mod trust;
mod vault;
mod zip_out;

/// Writes one file that a person named: the old one stands until the new one is whole.
pub fn write_file(path: &std::path::Path, bytes: &[u8]) -> Result<(), StoreError> {
    if path.is_dir() {
        return Err(StoreError::world("写入", path)(
            std::io::ErrorKind::IsADirectory.into(),
        ));
    }
    file::replace(path, bytes, file::Readers::Usual)
}

/// The same, with something that must be on record before the file stands: where `record` fails, the old file stands.
pub fn write_file_after<E: From<StoreError>>(
    path: &std::path::Path,
    bytes: &[u8],
    record: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    file::replace_after(path, bytes, file::Readers::Usual, record)
}

pub use backup::{
    BackupFile, BackupManifest, KEPT_APART, Proof, Restored, back_up, restore, verify_backup,
};
pub use backup_zip::{unzip_backup, zip_backup};
pub use book::{BookFile, read_book};
pub use failpoint::end_at_pass;
pub use file::StoreError;
pub use key_change::settle_keys;
pub use key_pair::is_paired;
pub use keys::{KeyRing, open_keys, read_public, read_trusted};
pub use objects::{OBJECTS, Objects};
pub use output::{clear_half_written, write_output, write_output_after};
pub use private::{close_to_others, make_folder as make_closed};
pub use rotate::{NewKey, OwnKey, new_key, new_key_told, own_keys};
pub use search::Words;
pub use submission::{FolderContents, Limits, read_submission_folder};
pub use trust::{change_trust_list, read_trust_list};
pub use vault::{VAULT_KEY, Vault, VaultFault};
pub use zip_out::ZipOut;
