//! How values stand in rows, and back: a row that does not say what only this program writes is a fault.

use jiff::Timestamp;

use crate::campaign::FormKind;
use crate::receipt::Verdict;

use super::fault::LedgerFault;
use super::sql::Row;

/// A time as a row has it.
pub(super) fn seconds(at: Timestamp) -> i64 {
    at.as_second()
}

/// The time of a row.
pub(super) fn time(seconds: i64) -> Result<Timestamp, LedgerFault> {
    Timestamp::from_second(seconds).map_err(|_| LedgerFault::Row("时间"))
}

/// So many bytes of a row; `what` they are, for the fault.
pub(super) fn bytes<const N: usize>(
    blob: &[u8],
    what: &'static str,
) -> Result<[u8; N], LedgerFault> {
    blob.try_into().map_err(|_| LedgerFault::Row(what))
}

/// So many bytes in a column of a row; `what` they are, for the fault.
pub(super) fn blob<const N: usize>(
    row: &Row,
    column: usize,
    what: &'static str,
) -> Result<[u8; N], LedgerFault> {
    bytes(&row.try_get::<Vec<u8>>(column)?, what)
}

/// The reference of a record in a column of a row.
pub(super) fn reference(row: &Row, column: usize) -> Result<[u8; 8], LedgerFault> {
    blob(row, column, "记录编号")
}

/// A number of a row in its range; `what` it is, for the fault.
pub(super) fn small<T: TryFrom<i64>>(number: i64, what: &'static str) -> Result<T, LedgerFault> {
    T::try_from(number).map_err(|_| LedgerFault::Row(what))
}

/// The form kind of its code in marks.
pub(super) fn kind(code: i64) -> Result<FormKind, LedgerFault> {
    u8::try_from(code)
        .ok()
        .and_then(FormKind::from_mark_code)
        .ok_or(LedgerFault::Row("表种"))
}

/// A reference in 16 hexadecimal digits.
pub(super) fn hex(reference: &[u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(*reference))
}

/// The verdict of a code that was stored.
pub(super) fn verdict(code: String) -> Result<Verdict, LedgerFault> {
    Verdict::from_code(&code).ok_or(LedgerFault::Row("结论"))
}
