//! The same person recommended by two units (同一人由两个单位推荐), seen where both are filed. The number itself is never said.

use serde::Serialize;

use super::unit_file::{Double, hex};

/// A person whom another unit recommends too, as the board tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DoubleLine {
    /// Reference of the unit's own record in 16 hexadecimal digits.
    pub record: String,
    /// Name of the other unit.
    pub other: String,
    /// The person's name there, masked.
    pub name: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl DoubleLine {
    /// The line of a double, of a person whom `unit` calls `name`.
    pub fn of(double: &Double, name: &str, unit: &str) -> Self {
        let masked = masked_name(&double.name);
        let who = match double.other == unit {
            true => "同名单位另起的记录簿".to_owned(),
            false => format!("“{}”", double.other),
        };
        let message = format!(
            "推荐表（{name}）：{who}也报送了同一证件号码的“{masked}”。同一人只能由一个单位推荐，请两家商定由哪一家撤出"
        );
        Self {
            record: hex(double.record),
            other: double.other.clone(),
            name: masked,
            message,
        }
    }
}

/// A name of which only the first character is shown: another unit's person is nobody's business but that of the two.
pub fn masked_name(name: &str) -> String {
    let mut chars = name.chars();
    let first: String = chars.next().into_iter().collect();
    first + &"*".repeat(chars.count())
}
