//! Checks a submission against its campaign: every rule, one pass, never stopping at the first fault.
//! What a rule asks for and which parameters it reads stands at its function and, for authors of templates, in
//! `templates/RULES.md`. Reading files is in `intake`; characters that no font has are found in `layout`.
//! # Example: read a workbook, hear everything that is wrong with it
//! ```
//! use sanlian::campaign::{builtin, load};
//! use sanlian::check::check;
//! use sanlian::intake::{SourceFile, blank, read};
//! use sanlian::record::{Entry, Submission};
//!
//! let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021").ok_or("not here")?;
//! let campaign = load(&source).0.ok_or("its template has errors")?;
//!
//! // a workbook as a secretary hands it in: little of it is filled in, and the id number should end in X
//! let mut person = Entry::default();
//! person.set("name", "王示例");
//! person.set("id_no", "139900198001010013");
//! let filled = Submission { candidates: vec![person], ..Submission::default() };
//! let bytes = blank::filled_workbook(&campaign, &filled)?;
//!
//! let workbook = SourceFile { path: "填报工作簿.xlsx".to_owned(), bytes };
//! let (submission, unread) = read(&campaign, &[workbook], None, Vec::new());
//! assert!(unread.is_empty());
//! let findings = check(&campaign, &submission, Some(campaign.deadline.day));
//! let of = |key: &str| findings.iter().find(|f| f.place.field.as_deref() == Some(key));
//! let wrong = of("id_no").ok_or("not found")?;
//! assert_eq!(wrong.place.sheet.as_deref(), Some("候选人"));
//! assert!(wrong.message.contains("第 18 位应为 X，现为 3"), "{}", wrong.message);
//! assert!(of("sex").is_some()); // and everything else that is missing, in the same pass
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod as_of;
mod as_printed;
mod channel;
mod checking;
mod fields;
mod history;
mod identity;
mod in_time;
mod kinds;
mod materials;
mod nearest;
mod opinions;
mod params;
mod person;
mod photos;
mod process;
mod public;
mod quota;
mod ratio;
mod report;
mod report_facts;
mod report_person;
mod report_source;
mod same_file;
mod secrecy;
mod stand_in;
mod twice;
mod url;
mod value;
mod whose;
mod work_photos;
mod works;

pub use as_of::AsOf;
pub use twice::check_across;

use crate::campaign::Campaign;
use crate::finding::Finding;
use crate::record::{Submission, Use, belongings, works};

use checking::{Checking, Person};

/// All findings about a submission: the unit's first, then each candidate's in order, then what only all of them
/// together show. `as_of` is when it is checked, for deadlines where no day of receipt is given: a day, a time of a day, or `None`.
pub fn check(campaign: &Campaign, submission: &Submission, as_of: impl Into<AsOf>) -> Vec<Finding> {
    let AsOf { day, time } = as_of.into();
    let mut checking = Checking {
        campaign,
        submission,
        today: day,
        time,
        channel: channel::resolve(campaign, submission.unit.text("channel")),
        findings: Vec::new(),
    };
    fields::unit(&mut checking);
    channel::unit(&mut checking);
    quota::unit(&mut checking);
    ratio::unit(&mut checking);
    materials::unit(&mut checking);
    report::unit(&mut checking);
    in_time::unit(&mut checking);
    process::unit(&mut checking);
    opinions::unprinted(&mut checking);
    secrecy::unit(&mut checking);
    let belongings = belongings(campaign, submission);
    let works = works(campaign, submission);
    for (index, entry) in submission.candidates.iter().enumerate() {
        let person = Person::new(entry, index);
        fields::candidate(&mut checking, &person);
        history::candidate(&mut checking, &person);
        channel::candidate(&mut checking, &person);
        person::candidate(&mut checking, &person);
        secrecy::candidate(&mut checking, &person);
        public::candidate(&mut checking, &person);
        if let Some(own) = belongings.of.get(index) {
            photos::candidate(&mut checking, &person, own);
        }
    }
    photos::small_id_photos(&mut checking, &belongings.of);
    whose::package_size(&mut checking, &belongings, &works);
    same_file::tell(&mut checking, &belongings);
    whose::doubts(&mut checking, &belongings);
    for stray in &belongings.strays {
        // whosever it is, it must be short enough
        if stray.file.usage == Use::Video {
            photos::video(&mut checking, "", stray.file);
        }
    }
    whose::strays(&mut checking, &belongings.strays);
    works::all(&mut checking, &works);
    twice::within(&mut checking);
    person::statistics(&mut checking);
    checking.findings
}
