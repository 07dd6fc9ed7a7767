//! Seals (公章): the clerk notes on which copies the official seal was seen. A seal is seen on paper that lies on the desk, never on
//! paper that did not come.

use jiff::Timestamp;

use crate::clerk::desk::Desk;
use crate::clerk::error::ClerkError;

impl Desk<'_> {
    /// Notes that the seal was seen on a copy, or is missing: the copy that a mark belongs to, or every copy of a record
    /// (16 hexadecimal digits) that is here. Gives what was ticked, in words. A copy of which no page of the latest version is here
    /// is refused; that a seal is missing may be noted of any copy, so that a wrong tick can be taken off.
    pub fn tick_seal(
        &mut self,
        target: &str,
        present: bool,
        at: Timestamp,
    ) -> Result<String, ClerkError> {
        let tight: String = target.chars().filter(|c| !c.is_whitespace()).collect();
        if tight.len() == 16
            && let Ok(number) = u64::from_str_radix(&tight, 16)
            && let Some((version, _)) = self.ledger.latest(number.to_be_bytes())?
        {
            return self.tick_record(number.to_be_bytes(), version, present, at);
        }
        let mark = self.issued_mark(target)?;
        let (record, version, copy) = (mark.reference(), mark.version(), mark.copy());
        if copy == 0 {
            return Err(ClerkError::Refused(
                "这是可编辑件（.docx、.xlsx）的打印件，不是原件，不登记公章。".to_owned(),
            ));
        }
        let title = self.ledger.title(record)?.unwrap_or_default();
        let latest = self.ledger.latest(record)?.map(|(latest, _)| latest);
        if let Some(latest) = latest.filter(|latest| present && *latest != version) {
            return Err(ClerkError::Refused(format!(
                "{title} 这一张是版本{version}，电子件是版本{latest}，没有登记公章。请看新版打印件上的公章。"
            )));
        }
        if self.ledger.tick_seal(at, record, version, copy, present)? {
            return Ok(format!("{title} 版本{version} 第{copy}份"));
        }
        Err(ClerkError::Refused(format!(
            "{title} 版本{version} 第{copy}份还没有收到，没有登记公章。请先扫这一份收件，再登记。"
        )))
    }

    /// Every copy of a record that is here.
    fn tick_record(
        &mut self,
        record: [u8; 8],
        version: u16,
        present: bool,
        at: Timestamp,
    ) -> Result<String, ClerkError> {
        let copies = self.ledger.copies(record, version)?;
        let title = self.ledger.title(record)?.unwrap_or_default();
        let (mut done, mut absent) = (Vec::new(), Vec::new());
        for copy in 1..=copies {
            match self.ledger.tick_seal(at, record, version, copy, present)? {
                true => done.push(copy.to_string()),
                false => absent.push(copy.to_string()),
            }
        }
        if done.is_empty() {
            return Err(ClerkError::Refused(format!(
                "{title} 版本{version} 一份都还没有收到，没有登记公章。请先收件，再登记。"
            )));
        }
        if absent.is_empty() {
            return Ok(format!("{title} 版本{version} 共{copies}份"));
        }
        Ok(format!(
            "{title} 版本{version} 第{}份（第{}份没有收到，没有登记）",
            done.join("、"),
            absent.join("、")
        ))
    }
}
