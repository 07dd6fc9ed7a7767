//! Void (作废): a print that must not be used any more, with the reason. Its marks then answer 已作废, and the next making prints
//! new ones.

use jiff::Timestamp;

use crate::mark::{HumanCode, Mark, caption, from_digits, minutes_of};
use crate::store::ledger::Voided;

use crate::clerk::desk::Desk;
use crate::clerk::desk::receive::mark_of;
use crate::clerk::error::ClerkError;
use crate::clerk::masked::masked;
use crate::clerk::reason;

/// What was voided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidDone {
    /// What it is, in words.
    pub title: String,
    /// Whether it was void before; nothing was changed then.
    pub before: bool,
}

impl Desk<'_> {
    /// Voids the newest print of a record (16 hexadecimal digits), or the print that a mark (235 digits, or the code under it)
    /// belongs to; all its copies, or one.
    pub fn void(
        &mut self,
        target: &str,
        copy: Option<u8>,
        reason: &str,
        at: Timestamp,
    ) -> Result<VoidDone, ClerkError> {
        // numbers of people have no place here: a reason goes out with packages and answers
        let said = ("作废的原因", "第2份印章盖错", "没有作废");
        let reason = masked(&reason::reason(reason, said)?);
        let (record, version, minutes) = self.print_of(target)?;
        let title = self.ledger.title(record)?.unwrap_or_default();
        let copies = self.ledger.copies(record, version)?;
        if let Some(n) = copy.filter(|n| *n == 0 || *n > copies) {
            return Err(ClerkError::Refused(format!(
                "{title}版本{version}只有 {copies} 份，没有第 {n} 份，没有作废。"
            )));
        }
        if let Some((of, n)) = self.copy_of(target)?.zip(copy).filter(|(of, n)| of != n) {
            return Err(ClerkError::Refused(format!(
                "这个标记是第 {of} 份的，--copy 写的是第 {n} 份，没有作废。请核对；作废整次打印的，不写 --copy。"
            )));
        }
        let voided = Voided {
            record,
            version,
            minutes,
            copy: copy.unwrap_or(0),
            at,
            reason,
        };
        let fresh = self.ledger.void(&voided)?;
        let which = copy.map_or_else(|| "这次打印的各份".to_owned(), |n| format!("第{n}份"));
        Ok(VoidDone {
            title: format!("{title} 版本{version} {which}"),
            before: !fresh,
        })
    }

    /// The copy whose mark is named; none for a record, and for an editable file.
    fn copy_of(&mut self, target: &str) -> Result<Option<u8>, ClerkError> {
        let tight: String = target.chars().filter(|c| !c.is_whitespace()).collect();
        if tight.len() == 16 && u64::from_str_radix(&tight, 16).is_ok() {
            return Ok(None);
        }
        Ok(Some(self.issued_mark(target)?.copy()).filter(|copy| *copy > 0))
    }

    /// Record, version and minute of the print that is meant.
    fn print_of(&mut self, target: &str) -> Result<([u8; 8], u16, u32), ClerkError> {
        let tight: String = target.chars().filter(|c| !c.is_whitespace()).collect();
        if tight.len() == 16
            && let Ok(number) = u64::from_str_radix(&tight, 16)
        {
            let record = number.to_be_bytes();
            let Some((version, made)) = self.ledger.latest(record)? else {
                return Err(ClerkError::Refused(format!(
                    "台账中没有记录 {tight}。记录编号可用 sanlian find 按姓名查到，或在 sanlian status --json 中找到；也可以写页上的编码。"
                )));
            };
            let first = minutes_of(made).unwrap_or(0);
            let (minutes, _) = self.ledger.newest_print(record, version, first)?;
            return Ok((record, version, minutes));
        }
        let mark = self.issued_mark(target)?;
        Ok((mark.reference(), mark.version(), mark.minutes()))
    }

    /// The mark that digits or a typed code name; of a sheet whose record the ledger has.
    pub(super) fn issued_mark(&mut self, target: &str) -> Result<Mark, ClerkError> {
        let unknown = || {
            ClerkError::Refused(format!(
                "“{}”不是记录编号（16 位）、二维码数字（235 位）或人工编码（12 位），或者台账没有签发过它。请对照纸面重新录入。",
                target.chars().take(24).collect::<String>()
            ))
        };
        let bytes = match from_digits(target) {
            Ok(bytes) => Some(bytes),
            Err(_) => match HumanCode::parse(target) {
                Ok(code) => self.ledger.sheets_of_code(code)?.pop(),
                Err(_) => None,
            },
        };
        let mark = bytes.as_ref().and_then(mark_of).ok_or_else(unknown)?;
        let genuine = bytes.is_some_and(|b| {
            let digits = crate::mark::to_digits(&b);
            matches!(
                crate::mark::verify(&digits, &self.trusted),
                crate::mark::SignatureCheck::Genuine(_)
            )
        });
        if !genuine {
            return Err(ClerkError::Refused(format!(
                "这个标记（{}）的签名不成立，没有办理。",
                caption(&mark)
            )));
        }
        if self.ledger.latest(mark.reference())?.is_none() {
            return Err(unknown());
        }
        Ok(mark)
    }
}
