//! The same person filed by two units (同一人由两个单位报送): found by the blind index, then held against the latest contents of both,
//! since the index keeps the numbers of earlier versions too.

use crate::campaign::FormKind;
use crate::receipt::Double;
use crate::store::vault::Vault;

use super::fault::LedgerFault;
use super::sealed::unseal;
use super::sql::{self, Db};
use super::values::{reference, small};

/// Key of the field that tells a person from all others.
const NUMBER: &str = "id_no";

/// People of a unit whom another unit of the campaign recommends too. Withdrawn and erased records count on neither side; another
/// record book under the same unit's name is another unit here, since its records stand beside the first one's.
pub(super) async fn doubles(
    db: &mut Db,
    vault: &Vault,
    unit: i64,
) -> Result<Vec<Double>, LedgerFault> {
    let kind = FormKind::Recommendation.mark_code().unwrap_or_default();
    let rows = sql::query(
        "SELECT DISTINCT r.reference, r.latest, o.reference, o.latest, o.name, other.name, r.place
         FROM record r JOIN unit own ON own.no = r.unit
         JOIN lookup a ON a.record = r.reference AND a.field = ?2
         JOIN lookup b ON b.blind = a.blind AND b.field = ?2 AND b.record <> a.record
         JOIN record o ON o.reference = b.record
         JOIN unit other ON other.no = o.unit
         WHERE r.unit = ?1 AND o.unit <> ?1 AND other.campaign = own.campaign AND r.kind = ?3 AND o.kind = ?3
         AND r.withdrawn IS NULL AND o.withdrawn IS NULL
         ORDER BY r.place, r.reference, other.name, o.reference",
    )
    .bind(unit)
    .bind(NUMBER)
    .bind(i64::from(kind))
    .fetch_all(&mut *db)
    .await?;
    let mut doubles = Vec::new();
    for row in &rows {
        let own = (reference(row, 0)?, row.try_get(1)?);
        let other = (reference(row, 2)?, row.try_get(3)?);
        let number = number_of(db, vault, own).await?;
        // a number that was corrected since then makes nobody a double
        if number.is_some() && number == number_of(db, vault, other).await? {
            doubles.push(Double {
                record: own.0,
                name: row.try_get(4)?,
                other: row.try_get(5)?,
            });
        }
    }
    Ok(doubles)
}

/// The number in a version's contents; none where it has none, or they were erased.
async fn number_of(
    db: &mut Db,
    vault: &Vault,
    (record, version): ([u8; 8], i64),
) -> Result<Option<String>, LedgerFault> {
    let sealed: Option<Vec<u8>> =
        sql::query_scalar("SELECT contents FROM version WHERE record = ? AND number = ?")
            .bind(&record[..])
            .bind(version)
            .fetch_optional(db)
            .await?;
    let Some(sealed) = sealed.filter(|s| !s.is_empty()) else {
        return Ok(None);
    };
    let contents = unseal(vault, &record, small(version, "版本")?, &sealed)?;
    let number = contents.values.get(NUMBER).filter(|n| !n.is_empty());
    Ok(number.cloned())
}
