//! Blank forms (空白表) of the organiser for a campaign: the file, its binding, its pages, and what was decided of each place. What they mean
//! is in `fill`.

use jiff::Timestamp;

use super::audit;
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::seconds;
use crate::store::StoreError;

/// A blank form that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBlankForm {
    /// Id of the campaign.
    pub campaign: String,
    /// Name of the file; one form of a name counts for a campaign.
    pub name: String,
    /// Its bytes.
    pub form: Vec<u8>,
    /// Its binding as it was found.
    pub binding: String,
    /// Where its places lie on its pages.
    pub seen: String,
    /// Its pages as PNG.
    pub pages: Vec<Vec<u8>>,
}

/// A blank form as it stands, without its pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlankFormRow {
    /// Its number.
    pub no: i64,
    /// Id of the campaign.
    pub campaign: String,
    /// Name of the file.
    pub name: String,
    /// Its bytes.
    pub form: Vec<u8>,
    /// Its binding as it was found.
    pub binding: String,
    /// Where its places lie on its pages.
    pub seen: String,
    /// What was decided, by the number of the place.
    pub choices: Vec<(usize, String)>,
}

impl Ledger {
    /// Keeps a blank form in the place of one of the same name; gives its number.
    pub fn add_blank_form(
        &mut self,
        at: Timestamp,
        new: &NewBlankForm,
        by: &str,
    ) -> Result<i64, StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            sql::query(
                "UPDATE blank_form SET withdrawn = ? WHERE campaign = ? AND name = ? AND withdrawn IS NULL",
            )
            .bind(seconds(at))
            .bind(&new.campaign)
            .bind(&new.name)
            .execute(&mut tx)
            .await?;
            let no: i64 = sql::query_scalar(
                "INSERT INTO blank_form (campaign, name, form, binding, seen, at) VALUES (?, ?, ?, ?, ?, ?) RETURNING no",
            )
            .bind(&new.campaign)
            .bind(&new.name)
            .bind(&new.form[..])
            .bind(&new.binding)
            .bind(&new.seen)
            .bind(seconds(at))
            .fetch_one(&mut tx)
            .await?;
            for (page, png) in (0_i64..).zip(&new.pages) {
                sql::query("INSERT INTO blank_page (form, page, png) VALUES (?, ?, ?)")
                    .bind(no)
                    .bind(page)
                    .bind(&png[..])
                    .execute(&mut tx)
                    .await?;
            }
            let detail = format!("{by} 收下空白表，{} 页", new.pages.len());
            audit::append(&mut tx, at, "blank", &no.to_string(), &detail).await?;
            commit(tx).await?;
            Ok(no)
        })
    }

    /// The blank forms that stand, newest first; of one campaign where it is named.
    pub fn blank_forms(&mut self, campaign: Option<&str>) -> Result<Vec<BlankFormRow>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT no FROM blank_form WHERE withdrawn IS NULL AND (?1 IS NULL OR campaign = ?1) ORDER BY no DESC",
            )
            .bind(campaign)
            .fetch_all(&mut *db)
            .await?;
            let mut out = Vec::with_capacity(rows.len());
            for row in rows {
                out.extend(blank_form(db, row.try_get(0)?).await?);
            }
            Ok(out)
        })
    }

    /// One blank form; none where there is none that stands.
    pub fn blank_form(&mut self, no: i64) -> Result<Option<BlankFormRow>, StoreError> {
        self.run(async |db, _| blank_form(db, no).await)
    }

    /// A page of a blank form as PNG.
    pub fn blank_page(&mut self, no: i64, page: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.run(async |db, _| {
            let row = sql::query(
                "SELECT p.png FROM blank_page p JOIN blank_form f ON f.no = p.form WHERE f.no = ? AND p.page = ? AND f.withdrawn IS NULL",
            )
            .bind(no)
            .bind(page)
            .fetch_optional(&mut *db)
            .await?;
            row.map(|r| r.try_get(0)).transpose()
        })
    }

    /// Notes what was decided of places of a blank form, by number; what was decided before gives way. `detail` says it in words
    /// for the audit log.
    pub fn choose_blanks(
        &mut self,
        at: Timestamp,
        no: i64,
        choices: &[(usize, String)],
        detail: &str,
    ) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let mut tx = begin(db).await?;
            for (place, choice) in choices {
                let place = i64::try_from(*place).map_err(|_| LedgerFault::Row("空白表"))?;
                sql::query(
                    "INSERT INTO blank_choice (form, place, choice) VALUES (?, ?, ?)
                     ON CONFLICT (form, place) DO UPDATE SET choice = excluded.choice",
                )
                .bind(no)
                .bind(place)
                .bind(choice)
                .execute(&mut tx)
                .await?;
            }
            audit::append(&mut tx, at, "blank", &no.to_string(), detail).await?;
            commit(tx).await
        })
    }

    /// Withdraws a blank form; `false` where there is none that stands.
    pub fn withdraw_blank_form(
        &mut self,
        at: Timestamp,
        no: i64,
        by: &str,
    ) -> Result<bool, StoreError> {
        let query = "UPDATE blank_form SET withdrawn = ? WHERE no = ? AND withdrawn IS NULL";
        self.withdraw(query, at, no, ("blank", &format!("{by} 撤下空白表")))
    }
}

async fn blank_form(db: &mut Db, no: i64) -> Result<Option<BlankFormRow>, LedgerFault> {
    let row = sql::query(
        "SELECT campaign, name, form, binding, seen FROM blank_form WHERE no = ? AND withdrawn IS NULL",
    )
    .bind(no)
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let chosen = sql::query("SELECT place, choice FROM blank_choice WHERE form = ? ORDER BY place")
        .bind(no)
        .fetch_all(&mut *db)
        .await?;
    let mut choices = Vec::with_capacity(chosen.len());
    for row in chosen {
        let place: i64 = row.try_get(0)?;
        choices.push((usize::try_from(place).unwrap_or(0), row.try_get(1)?));
    }
    Ok(Some(BlankFormRow {
        no,
        campaign: row.try_get(0)?,
        name: row.try_get(1)?,
        form: row.try_get(2)?,
        binding: row.try_get(3)?,
        seen: row.try_get(4)?,
        choices,
    }))
}
