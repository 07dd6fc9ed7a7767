//! What was answered: a submission's values with their places and its files (`submission`), and the records made of them.
//! What of it is a record is in `item`; versions are in `version`, digests in `digest` and `canonical`, a book's text in `book_text`; what
//! differs between two versions is in `diff`. Several submissions become one in `gather`. Whose photo a file is: `whose`, on `namesakes`,
//! `own` and `file_name`; which files are which work (作品): `works`.

mod book_text;
mod canonical;
mod diff;
mod digest;
mod file_name;
mod gather;
mod item;
mod namesakes;
mod own;
mod submission;
mod version;
mod whose;
mod works;

pub use canonical::{canonical_bytes, digest};
pub use diff::{Difference, diff, mask};
pub use digest::Digest;
pub use file_name::is_film;
pub use gather::{
    FileOwner, GatherLine, GatherMemory, GatherNews, GatherOrigin, GatherSource, Gathered,
    GatheredCandidate, GatheredPerson, UnitRows, entry_of, gather, is_called,
};
pub use item::identity;
pub use item::{AttachmentSum, CandidateStamp, Contents, RecordItem, records_of, summary_item};
pub use namesakes::pattern_value;
pub use own::{Claim, Fit, Own, WorkPhoto};
pub use submission::{Attachment, Entry, Submission, Use, Value};
pub use version::{Book, BookError, BookRecord, EnrolStatus, Enrolled, Version};
pub use whose::{Belongings, Doubt, Stray, belongings};
pub use works::{FoundFile, NamedFile, Work, Works, is_work_folder, sort_works, works};
