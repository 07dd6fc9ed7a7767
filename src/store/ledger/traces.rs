//! Traces (痕迹): where people wrote a person's name or number outside the records: file names of scans, reasons, outcomes, notices,
//! whom to telephone. Found by words, and blanked when the person is erased.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::chain;
use super::connection::Ledger;
use super::contact::UnitContact;
use super::erased::ERASED_NAME;
use super::fault::LedgerFault;
use super::remnants::object_goes;
use super::sql::{self, Db};
use super::values::{blob, seconds, small};
use crate::store::StoreError;
use crate::store::search::Words;
use crate::store::vault::Vault;

/// A column of free text: what it is called, what is in it, and how one text is replaced by another, everywhere in the column.
struct TextColumn {
    what: &'static str,
    all: &'static str,
    change: &'static str,
    /// What stands there afterwards.
    blank: &'static str,
}

/// Every column of the ledger into which people write.
const TEXTS: &[TextColumn] = &[
    TextColumn {
        what: "收件登记的文件名",
        all: "SELECT DISTINCT name FROM sighting WHERE name <> ''",
        change: "UPDATE sighting SET name = ?1 WHERE name = ?2",
        blank: "",
    },
    TextColumn {
        what: "收件时的答复",
        all: "SELECT DISTINCT reason FROM sighting WHERE reason <> ''",
        change: "UPDATE sighting SET reason = ?1 WHERE reason = ?2",
        blank: "",
    },
    TextColumn {
        what: "待处理的处理结果",
        all: "SELECT DISTINCT outcome FROM review",
        change: "UPDATE review SET outcome = ?1 WHERE outcome = ?2",
        blank: ERASED_NAME,
    },
    TextColumn {
        what: "作废原因",
        all: "SELECT DISTINCT reason FROM void",
        change: "UPDATE void SET reason = ?1 WHERE reason = ?2",
        blank: ERASED_NAME,
    },
    TextColumn {
        what: "改期原因",
        all: "SELECT DISTINCT reason FROM deadline",
        change: "UPDATE deadline SET reason = ?1 WHERE reason = ?2",
        blank: ERASED_NAME,
    },
    TextColumn {
        what: "通知的标题",
        all: "SELECT DISTINCT title FROM notice",
        change: "UPDATE notice SET title = ?1 WHERE title = ?2",
        blank: ERASED_NAME,
    },
    TextColumn {
        what: "通知的正文",
        all: "SELECT DISTINCT body FROM notice",
        change: "UPDATE notice SET body = ?1 WHERE body = ?2",
        blank: ERASED_NAME,
    },
    TextColumn {
        what: "报送包的文件名",
        all: "SELECT DISTINCT name FROM package WHERE name <> ''",
        change: "UPDATE package SET name = ?1 WHERE name = ?2",
        blank: "",
    },
];

/// What a person's words were found in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Free texts, by what they are called.
    pub texts: BTreeMap<&'static str, usize>,
    /// Names of files of packages that are kept.
    pub files: usize,
    /// Units whose contact it is.
    pub contacts: Vec<i64>,
    /// Names of accounts.
    pub accounts: Vec<String>,
    /// Rows of the audit log, which is never cut.
    pub log: Vec<i64>,
}

impl Ledger {
    /// Where words stand outside the records.
    pub fn traces(&mut self, words: &Words) -> Result<Traces, StoreError> {
        self.run(async |db, vault| {
            let mut traces = Traces::default();
            for column in TEXTS {
                let found = matching(db, column.all, words).await?.len();
                if found > 0 {
                    traces.texts.insert(column.what, found);
                }
            }
            traces.files = matching(db, "SELECT name FROM entry", words).await?.len();
            traces.accounts = matching(db, "SELECT name FROM account", words).await?;
            traces.contacts = contacts(db, vault, words).await?;
            chain::walk(db, vault, &[], &mut |row| {
                if words.stand_in(&row.subject) || words.stand_in(&row.detail) {
                    traces.log.push(row.no);
                }
            })
            .await?;
            Ok(traces)
        })
    }

    /// Pictures of pages that are held of a record: numbers of their sightings, with those whose file's name holds words.
    pub fn pictures_of(
        &mut self,
        record: [u8; 8],
        words: &Words,
    ) -> Result<Vec<(i64, [u8; 32])>, StoreError> {
        self.run(async |db, _| pictures(db, Some(&record), words).await)
    }

    /// Pictures of pages of which nobody has said whose they are.
    pub fn pictures_of_nobody(&mut self) -> Result<usize, StoreError> {
        self.run(async |db, _| {
            let count: i64 = sql::query_scalar(
                "SELECT count(*) FROM sighting WHERE object IS NOT NULL AND receipt IS NULL AND mark IS NULL",
            )
            .fetch_one(db)
            .await?;
            small(count, "图片")
        })
    }
}

/// The texts of a question in which words stand.
async fn matching(
    db: &mut Db,
    all: &'static str,
    words: &Words,
) -> Result<Vec<String>, LedgerFault> {
    let texts: Vec<String> = sql::query_scalar(all).fetch_all(db).await?;
    Ok(texts.into_iter().filter(|t| words.stand_in(t)).collect())
}

/// Units whose contact is called by words or has their telephone number.
async fn contacts(db: &mut Db, vault: &Vault, words: &Words) -> Result<Vec<i64>, LedgerFault> {
    let rows = sql::query("SELECT no, contact FROM unit WHERE length(contact) > 0")
        .fetch_all(db)
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let contact = UnitContact::unseal(vault, &row.try_get::<Vec<u8>>(1)?)?;
        if words.stand_in(&contact.name) || contact.phones.iter().any(|p| words.stand_in(p)) {
            found.push(row.try_get(0)?);
        }
    }
    Ok(found)
}

async fn pictures(
    db: &mut Db,
    record: Option<&[u8; 8]>,
    words: &Words,
) -> Result<Vec<(i64, [u8; 32])>, LedgerFault> {
    let rows = sql::query(
        "SELECT no, object, name, substr(mark, 5, 8) FROM sighting WHERE object IS NOT NULL ORDER BY no",
    )
    .fetch_all(db)
    .await?;
    let mut found = Vec::new();
    for row in &rows {
        let (name, of): (String, Option<Vec<u8>>) = (row.try_get(2)?, row.try_get(3)?);
        let its = record.is_some_and(|r| of.as_deref() == Some(&r[..]));
        // a page that is known to be another's is not taken by its file's name
        if its || (of.is_none() && words.stand_in(&name)) {
            found.push((row.try_get(0)?, blob(row, 1, "图片编号")?));
        }
    }
    Ok(found)
}

/// Pictures of a record's pages, and of pages in files that bear the person's name, go; where they waited, they wait no more.
pub(super) async fn pictures_go(
    db: &mut Db,
    record: &[u8; 8],
    words: &Words,
    at: Timestamp,
) -> Result<usize, LedgerFault> {
    let found = pictures(db, Some(record), words).await?;
    for (no, object) in &found {
        sql::query("UPDATE sighting SET object = NULL, name = '' WHERE no = ?")
            .bind(*no)
            .execute(&mut *db)
            .await?;
        sql::query(
            "INSERT INTO review (sighting, at, outcome) SELECT no, ?, ? FROM sighting WHERE no = ? AND receipt IS NULL ON CONFLICT DO NOTHING",
        )
        .bind(seconds(at))
        .bind(ERASED_NAME)
        .bind(*no)
        .execute(&mut *db)
        .await?;
        object_goes(db, object).await?;
    }
    Ok(found.len())
}

/// What people wrote about a record: names of its scans, why it was void, also in the answers that were given.
pub(super) async fn of_record_go(db: &mut Db, record: &[u8; 8]) -> Result<(), LedgerFault> {
    for sql in [
        "UPDATE sighting SET name = '' WHERE mark IS NOT NULL AND substr(mark, 5, 8) = ?",
        "UPDATE sighting SET reason = '' WHERE verdict = '已作废' AND substr(mark, 5, 8) = ?",
    ] {
        sql::query(sql).bind(&record[..]).execute(&mut *db).await?;
    }
    sql::query("UPDATE void SET reason = ? WHERE record = ? AND reason <> ''")
        .bind(ERASED_NAME)
        .bind(&record[..])
        .execute(db)
        .await?;
    Ok(())
}

/// Blanks every text of people in which words stand; gives their number.
pub(super) async fn texts_go(
    db: &mut Db,
    vault: &Vault,
    words: &Words,
) -> Result<usize, LedgerFault> {
    let mut gone = 0;
    for column in TEXTS {
        for text in matching(db, column.all, words).await? {
            let done = sql::query(column.change)
                .bind(column.blank)
                .bind(text)
                .execute(&mut *db)
                .await?;
            gone += usize::try_from(done).unwrap_or(0);
        }
    }
    // a picture of somebody else that is called after this person too
    for name in matching(db, "SELECT DISTINCT name FROM entry", words).await? {
        sql::query(
            "UPDATE entry SET name = ? || '-' || lower(hex(substr(object, 1, 6))) WHERE name = ?",
        )
        .bind(ERASED_NAME)
        .bind(name)
        .execute(&mut *db)
        .await?;
        gone += 1;
    }
    for unit in contacts(db, vault, words).await? {
        sql::query("UPDATE unit SET contact = x'' WHERE no = ?")
            .bind(unit)
            .execute(&mut *db)
            .await?;
        gone += 1;
    }
    Ok(gone)
}
