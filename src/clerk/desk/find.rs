//! Find (查找): the records of a person by id number, telephone number or name. What is found is shown masked; that it was looked
//! for stands in the audit log, what was looked for does not.

use jiff::Timestamp;
use serde::Serialize;

use crate::clerk::error::ClerkError;
use crate::clerk::opened::OpenLedger;

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Record reference in 16 hexadecimal digits.
    pub record: String,
    /// Form and name, `推荐表（张三）`.
    pub title: String,
    /// Id of the campaign.
    pub campaign: String,
    /// The unit's name.
    pub unit: String,
    /// Latest version.
    pub version: u16,
    /// Key of the field that holds the number; `name` where the name was found.
    pub field: String,
    /// Whether the field is a candidate's, and not the unit's.
    pub of_candidate: bool,
    /// The field's value, masked where it is personal data.
    pub value: String,
}

impl OpenLedger<'_> {
    /// Records whose id number or telephone number is `text`, or whose name holds it.
    pub fn find(&mut self, text: &str, now: Timestamp) -> Result<Vec<Found>, ClerkError> {
        let text = text.trim();
        if text.chars().count() < 2 {
            return Err(ClerkError::Refused(
                "要查找的内容太短，请写姓名中至少两个字，或完整的身份证号、电话号码。".to_owned(),
            ));
        }
        let mut hits = self.ledger.find(text)?;
        hits.extend(self.ledger.find_name(text)?);
        let mut found = Vec::new();
        for (reference, field) in hits {
            let Some(filed) = self.ledger.filed(reference)? else {
                continue;
            };
            let contents = self.ledger.contents(reference, filed.latest)?;
            let value = contents.and_then(|c| c.values.get(&field).cloned());
            let value = value.unwrap_or_default();
            found.push(Found {
                record: format!("{:016x}", u64::from_be_bytes(reference)),
                title: format!(
                    "{}（{}）",
                    self.form_name(&filed.campaign, filed.kind),
                    filed.name
                ),
                of_candidate: filed.kind.is_candidates() && !field.starts_with("unit."),
                campaign: filed.campaign,
                unit: filed.unit,
                version: filed.latest,
                value: if field == "name" {
                    // a report holds no name of its own
                    [value, filed.name]
                        .into_iter()
                        .find(|n| !n.is_empty())
                        .unwrap_or_default()
                } else {
                    crate::record::mask(&value)
                },
                field,
            });
        }
        let detail = format!("找到 {} 条记录", found.len());
        self.ledger.note(now, "find", "", &detail)?;
        Ok(found)
    }
}
