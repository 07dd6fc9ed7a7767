//! Tables as CSV, submissions as JSON, campaigns as TOML, and record books.

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::intake::{self, SourceFile, schema, to_json};
use sanlian::record::{Book, Submission};
use sha2::{Digest, Sha256};

use super::parcel::parts;
use super::{CAMPAIGN, sound, the_campaign};

fn read(campaign: &Campaign, path: &str, bytes: &[u8]) -> Submission {
    let source = SourceFile {
        path: path.to_owned(),
        bytes: bytes.to_vec(),
    };
    let (submission, findings) = intake::read(campaign, &[source], None, Vec::new());
    sound(&findings);
    submission
}

/// The submission, written as JSON and read again.
fn again(campaign: &Campaign, submission: &Submission) -> Submission {
    let written = to_json(submission).to_string();
    read(campaign, "submission.json", written.as_bytes())
}

/// Law: canonical texts come out as they went in.
fn stays(campaign: &Campaign, submission: &Submission) {
    let read_again = to_json(&again(campaign, submission));
    assert_eq!(
        to_json(submission),
        read_again,
        "read, written and read again"
    );
}

/// The same for what holds numbers: they are texts once they were written, and `1978.1` as a number, which may be January or
/// October, is told and then stands there as somebody typed it.
pub fn comes_back(campaign: &Campaign, submission: &Submission) {
    stays(campaign, &again(campaign, submission));
}

/// A table as CSV.
pub fn csv(data: &[u8]) {
    let campaign = the_campaign();
    stays(campaign, &read(campaign, "候选人.csv", data));
}

/// A submission as JSON.
pub fn json(data: &[u8]) {
    let campaign = the_campaign();
    comes_back(campaign, &read(campaign, "submission.json", data));
}

/// A campaign: the built-in one with some of its files changed. What has no head is `campaign.toml`.
pub fn campaign(data: &[u8]) {
    let mut sources = builtin().into_iter();
    let mut source = sources.find(|s| s.id == CAMPAIGN).expect("it is built in");
    for (name, body) in parts(data, "campaign.toml") {
        let text = String::from_utf8_lossy(&body).into_owned();
        match source.files.iter_mut().find(|(path, _)| *path == name) {
            Some(file) => file.1 = text,
            None => source.files.push((name, text)),
        }
    }
    let (campaign, findings) = load(&source);
    sound(&findings);
    if let Some(campaign) = campaign {
        assert!(schema(&campaign).is_object());
        read(&campaign, "候选人.csv", "姓名,性别\n王示例,男\n".as_bytes());
    }
}

/// A record book. Law: what was read is written and read again the same.
pub fn book(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for text in [text.clone().into_owned(), summed(&text)] {
        let Ok(book) = Book::parse(&text, Some(the_campaign())) else {
            continue;
        };
        let written = book.to_json().expect("it can be written");
        let again = Book::parse(&written, Some(the_campaign()));
        assert!(again.as_ref() == Ok(&book), "{again:?}");
    }
}

/// The text with the sum over itself mended, so that the engine gets behind it.
pub fn summed(text: &str) -> String {
    const WORD: &str = "\"sum\": \"";
    const LONG: usize = 64;
    let mended = || {
        let at = text.find(WORD)? + WORD.len();
        let (before, rest) = text.split_at(at);
        let rest = rest.get(LONG..)?;
        let empty = format!("{before}{}{rest}", "0".repeat(LONG));
        let sum: String = Sha256::digest(empty)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        Some(format!("{before}{sum}{rest}"))
    };
    mended().unwrap_or_else(|| text.to_owned())
}
