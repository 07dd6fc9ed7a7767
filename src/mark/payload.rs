//! What a mark says: its fields, their ranges, and the 32 bytes of the body. Signing is in `sign`.

use jiff::Timestamp;

use super::key_id::{Algorithm, KeyId};

/// Bytes of a body.
pub const BODY: usize = 32;

/// Bytes of the signature behind it.
pub const SIGNATURE: usize = 64;

/// Format version that this program writes and reads.
const FORMAT: u8 = 1;

/// 2020-01-01T00:00:00Z in seconds since 1970: the minute from which times of issue count.
const EPOCH: i64 = 1_577_836_800;

/// First number of minutes that does not fit in 24 bits (in the year 2051).
const MINUTES_END: u32 = 1 << 24;

/// Most copies that 4 bits hold.
const COPIES_MAX: usize = 15;

/// Why a mark cannot be written, or why bytes are not a mark.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkFault {
    /// The form kind is 0.
    #[error("表种编号为 0，应为 1 至 255")]
    Kind,
    /// The record's version is 0.
    #[error("记录版本为 0，应从 1 起")]
    Version,
    /// Copy number and count do not fit each other or 4 bits.
    #[error("份次 {copy}/{copies} 不成立，应为 1 至 15 份，且份次不大于总份数")]
    Copy {
        /// Copy number.
        copy: usize,
        /// Number of copies.
        copies: usize,
    },
    /// Page number and count do not fit each other or a byte.
    #[error("页次 {page}/{pages} 不成立，一份最多 255 页，且页次不大于总页数")]
    Page {
        /// Page number.
        page: usize,
        /// Page count.
        pages: usize,
    },
    /// The time of issue lies outside 2020 to 2051.
    #[error("签发时间 {0} 超出 2020 年至 2051 年，请检查计算机时钟")]
    Time(Timestamp),
    /// Not enough or other characters than a mark has.
    #[error("没有找到 235 位数字的标记")]
    NoDigits,
    /// 235 digits that do not begin as ours do.
    #[error("数字不以 871 开头，不是本系统的标记")]
    Prefix,
    /// 235 digits above the highest value of 96 bytes.
    #[error("数字超出标记的最大值，可能读错或录错")]
    TooLarge,
    /// A format version of the future.
    #[error("标记格式版本为 {0}，本程序只认识版本 1，请升级程序")]
    Format(u8),
    /// The key gives no signature for these bytes; one mark in 2^250.
    #[error("密钥无法为这个标记签名，请换一个时刻再做")]
    Signature,
    /// An algorithm that this program does not verify.
    #[error("签名算法编号为 {0}，本程序只能验证 Ed25519（1）和 SM2（2）")]
    Algorithm(u8),
}

/// What is issued: a sheet of one copy of one version of a record (签发的一页). Numbers are wide, so that what does not fit
/// in a mark is refused by [`Mark::new`] instead of being cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Form kind: 1 recommendation, 2 summary, 3 status, 4 report.
    pub kind: u8,
    /// Record reference, from [`super::record_reference`].
    pub reference: [u8; 8],
    /// Version of the record, from 1.
    pub version: u16,
    /// Copy number (第几份) from 1; 0 of 0 for an editable file that is no original.
    pub copy: usize,
    /// Number of copies, 1 to 15.
    pub copies: usize,
    /// Page number from 1; 0 of 0 where pages are not ours.
    pub page: usize,
    /// Page count, 1 to 255.
    pub pages: usize,
    /// Time of issue; the mark keeps whole minutes.
    pub issued_at: Timestamp,
    /// First 96 bits of the digest of the record version.
    pub digest: [u8; 12],
}

/// A mark's fields, all in range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    algorithm: Algorithm,
    key: KeyId,
    kind: u8,
    reference: [u8; 8],
    version: u16,
    copy: u8,
    copies: u8,
    page: u8,
    pages: u8,
    minutes: u32,
    digest: [u8; 12],
}

/// Minutes from 2020-01-01 UTC to a time, rounded down; fails outside 24 bits.
pub fn minutes_of(at: Timestamp) -> Result<u32, MarkFault> {
    let minutes = (at.as_second() - EPOCH).div_euclid(60);
    u32::try_from(minutes)
        .ok()
        .filter(|m| *m < MINUTES_END)
        .ok_or(MarkFault::Time(at))
}

/// The time of a minute of issue; [`minutes_of`] gives the minute back.
pub fn time_of(minutes: u32) -> Timestamp {
    Timestamp::from_second(EPOCH + i64::from(minutes) * 60).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl Mark {
    /// The mark of an issue under a key. Fails where a number does not fit.
    pub fn new(algorithm: Algorithm, key: KeyId, issue: &Issue) -> Result<Self, MarkFault> {
        let copy_fault = MarkFault::Copy {
            copy: issue.copy,
            copies: issue.copies,
        };
        let page_fault = MarkFault::Page {
            page: issue.page,
            pages: issue.pages,
        };
        if issue.copies > COPIES_MAX {
            return Err(copy_fault);
        }
        let byte = |n: usize, fault: &MarkFault| u8::try_from(n).map_err(|_| fault.clone());
        let mark = Self {
            algorithm,
            key,
            kind: issue.kind,
            reference: issue.reference,
            version: issue.version,
            copy: byte(issue.copy, &copy_fault)?,
            copies: byte(issue.copies, &copy_fault)?,
            page: byte(issue.page, &page_fault)?,
            pages: byte(issue.pages, &page_fault)?,
            minutes: minutes_of(issue.issued_at)?,
            digest: issue.digest,
        };
        mark.in_range()
    }

    /// The same mark if its numbers fit each other.
    fn in_range(self) -> Result<Self, MarkFault> {
        let pair = |n: u8, of: u8| (n == 0 && of == 0) || (1 <= n && n <= of);
        if self.kind == 0 {
            Err(MarkFault::Kind)
        } else if self.version == 0 {
            Err(MarkFault::Version)
        } else if !pair(self.copy, self.copies) {
            Err(MarkFault::Copy {
                copy: self.copy.into(),
                copies: self.copies.into(),
            })
        } else if !pair(self.page, self.pages) {
            Err(MarkFault::Page {
                page: self.page.into(),
                pages: self.pages.into(),
            })
        } else {
            Ok(self)
        }
    }

    /// The body, big-endian.
    pub fn to_body(&self) -> [u8; BODY] {
        let mut body = [0; BODY];
        let mut at = 0;
        let mut put = |bytes: &[u8]| {
            for (slot, byte) in body.iter_mut().skip(at).zip(bytes) {
                *slot = *byte;
            }
            at += bytes.len();
        };
        put(&[FORMAT << 4 | self.algorithm.code()]);
        put(&self.key.0.to_be_bytes());
        put(&[self.kind]);
        put(&self.reference);
        put(&self.version.to_be_bytes());
        put(&[self.copy << 4 | self.copies, self.page, self.pages]);
        let [_, high, middle, low] = self.minutes.to_be_bytes();
        put(&[high, middle, low]);
        put(&self.digest);
        body
    }

    /// The mark of a body. Fails on another format or algorithm and on numbers out of range, so that
    /// `from_body(body)?.to_body() == body`.
    pub fn from_body(body: &[u8; BODY]) -> Result<Self, MarkFault> {
        let [first, key1, key2, kind, rest @ ..] = *body;
        let [r0, r1, r2, r3, r4, r5, r6, r7, rest @ ..] = rest;
        let [v1, v2, copies, page, pages, t1, t2, t3, digest @ ..] = rest;
        if first >> 4 != FORMAT {
            return Err(MarkFault::Format(first >> 4));
        }
        let algorithm = Algorithm::from_code(first & 15).ok_or(MarkFault::Algorithm(first & 15))?;
        Self {
            algorithm,
            key: KeyId(u16::from_be_bytes([key1, key2])),
            kind,
            reference: [r0, r1, r2, r3, r4, r5, r6, r7],
            version: u16::from_be_bytes([v1, v2]),
            copy: copies >> 4,
            copies: copies & 15,
            page,
            pages,
            minutes: u32::from_be_bytes([0, t1, t2, t3]),
            digest,
        }
        .in_range()
    }

    /// Version of the mark's format.
    pub const fn format(&self) -> u8 {
        FORMAT
    }

    /// Signature algorithm.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key that signed.
    pub const fn key(&self) -> KeyId {
        self.key
    }

    /// Form kind, 1 to 255.
    pub const fn kind(&self) -> u8 {
        self.kind
    }

    /// Record reference.
    pub const fn reference(&self) -> [u8; 8] {
        self.reference
    }

    /// Record reference in 16 hexadecimal digits.
    pub fn record(&self) -> String {
        format!("{:016x}", u64::from_be_bytes(self.reference))
    }

    /// Version of the record, from 1.
    pub const fn version(&self) -> u16 {
        self.version
    }

    /// Copy number, from 1; 0 where there are no copies.
    pub const fn copy(&self) -> u8 {
        self.copy
    }

    /// Number of copies; 0 for an editable file that is no original.
    pub const fn copies(&self) -> u8 {
        self.copies
    }

    /// Page number, from 1; 0 where pages are not ours.
    pub const fn page(&self) -> u8 {
        self.page
    }

    /// Page count; 0 where pages are not ours.
    pub const fn pages(&self) -> u8 {
        self.pages
    }

    /// Time of issue in minutes since 2020-01-01 UTC, below 2^24.
    pub const fn minutes(&self) -> u32 {
        self.minutes
    }

    /// Time of issue.
    pub fn issued_at(&self) -> Timestamp {
        time_of(self.minutes)
    }

    /// First 96 bits of the record version's digest.
    pub const fn digest(&self) -> [u8; 12] {
        self.digest
    }
}
