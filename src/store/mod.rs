//! The world of files: submissions in (`submission`), output out, all or nothing (`output`), the record book (`book`), words in files
//! (`search`), single files and what can go wrong with them (`file`, `copying`, `error`).
//!
//! Keys: the folder (`keys`, `key_folder`), its files (`key_files`, `own_keys`, `reference`, `key_pair`), a new key in an old one's place
//! (`rotate`, `key_change`), whom to believe (`trust`). Data: personal data at rest (`vault`), who may read it (`private`), objects by
//! their sum (`objects`) and on their way (`keeping`), backups (`backup`, `backup_manifest`, `backup_units`, `backup_zip`), the desk's
//! ledger (`ledger`).
//!
//! Here alone the library touches files, locks and chance; every act can be killed and run again.

mod backup;
mod backup_manifest;
mod backup_units;
mod backup_zip;
mod book;
mod copying;
mod error;
mod failpoint;
mod file;
mod instead;
mod keeping;
mod key_change;
mod key_files;
mod key_folder;
mod key_pair;
mod keys;
pub mod ledger;
mod objects;
mod output;
mod own_keys;
mod private;
mod reference;
mod rotate;
mod search;
mod submission;
mod trust;
mod usage;
mod vault;
mod zip_out;

pub use backup::{Restored, back_up, restore, verify_backup};
pub use backup_manifest::{BackupFile, BackupManifest, Proof};
pub use backup_zip::{unzip_backup, zip_backup};
pub use book::{BookFile, read_book};
pub use error::{StoreError, VaultFault};
pub use failpoint::end_at_pass;
pub use file::{write_file, write_file_after};
pub use instead::{may_replace, write_result};
pub use key_files::read_public;
pub use key_folder::{change_trust_list, settle_keys};
pub use key_pair::is_paired;
pub use keys::{KeyRing, has_key, open_keys};
pub use objects::{BucketAddress, OBJECTS, OBJECTS_PLACE, Objects, objects_said, place_objects};
pub use output::{clear_half_written, write_output, write_output_after};
pub use own_keys::{OwnKey, own_keys};
pub use private::{close_to_others, make_folder as make_closed};
pub use rotate::{NewKey, new_key, new_key_told};
pub use search::Words;
pub use submission::{FolderContents, Limits, read_submission_folder};
pub use trust::{read_trust_list, read_trusted};
pub use vault::{VAULT_KEY, Vault};
pub use zip_out::ZipOut;
