//! What was answered: a submission's values with their places and its files (`submission`), and the records made of them.
//! What of it is a record is in `item`; versions are in `version`, digests in `digest` and `canonical`, a book's text in `book_text`; what
//! differs between two versions is in `diff`. Several submissions become one in `gather`.

mod book_text;
mod canonical;
mod diff;
mod digest;
mod gather;
mod item;
mod submission;
mod version;

pub use canonical::{canonical_bytes, digest};
pub use diff::{Difference, diff, mask};
pub use digest::Digest;
pub use gather::{
    GatherLine, GatherMemory, GatherNews, GatherOrigin, GatherSource, Gathered, GatheredCandidate,
    GatheredPerson, entry_of, gather,
};
pub use item::{AttachmentSum, CandidateStamp, Contents, RecordItem, records_of, summary_item};
pub use submission::{Attachment, Entry, Submission, Use, Value};
pub use version::{Book, BookError, BookRecord, EnrolStatus, Enrolled, Version};
