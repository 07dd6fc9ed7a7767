//! The second step of coming in (两步验证): a code of the telephone's (RFC 6238) beside the password, for whoever wants it. Each code
//! holds once; whoever loses the telephone has recovery codes, or asks an administrator.

use jiff::Timestamp;
use totp_rs::{Builder, Secret, Totp};

use crate::mark::{Matrix, matrix};
use crate::store::ledger::SecondStep;

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::office::below::below;
use crate::clerk::office::secrets::{printed_secret, random};
use crate::clerk::visitor::Visitor;

/// Recovery codes that are given out. They are longer than a code of a telephone, so that both fit in one field.
const RECOVERY_CODES: usize = 8;

/// How it stands with an account's second step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondStepState {
    /// No code is asked for.
    Off,
    /// A secret is shown, to be taken over by a telephone and confirmed by a first code.
    Begun {
        /// The secret in base32, in groups of four.
        secret: String,
        /// The same as an address for telephones, drawn.
        matrix: Matrix,
    },
    /// Codes are asked for; so many recovery codes are left.
    On(usize),
}

/// How a code fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Right, or none is asked for.
    Good,
    /// None was given.
    Missing,
    /// Wrong, or used before.
    Wrong,
}

impl Office<'_> {
    /// How it stands with a visitor's second step.
    pub fn second_step(&mut self, visitor: &Visitor) -> Result<SecondStepState, ClerkError> {
        match self.ledger.second_step(visitor.account)? {
            None => Ok(SecondStepState::Off),
            Some(step) if step.confirmed => Ok(SecondStepState::On(step.recovery)),
            Some(step) => shown(&visitor.name, &step),
        }
    }

    /// Begins with a new secret. The password is asked for again: whoever finds an open browser must not lock its owner out.
    pub fn begin_second_step(
        &mut self,
        visitor: &Visitor,
        password: &str,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        self.holds_password(visitor, password, at)?;
        let mut secret = [0; 20];
        random(&mut secret)?;
        match self.ledger.begin_second_step(visitor.account, &secret)? {
            true => Ok(()),
            false => Err(ClerkError::refused(
                "已经开通两步验证。要换手机，请先取消再开通。",
            )),
        }
    }

    /// Confirms by a first code that a telephone has the secret; gives the recovery codes, which are shown once.
    pub fn confirm_second_step(
        &mut self,
        visitor: &Visitor,
        code: &str,
        at: Timestamp,
    ) -> Result<Vec<String>, ClerkError> {
        let step = self.ledger.second_step(visitor.account)?;
        let step = step.filter(|s| !s.confirmed);
        let step = step.ok_or_else(|| ClerkError::refused("请先点“开通”，再输入动态码。"))?;
        let used = totp(&step.secret)?.check(&plain(code), seconds(at));
        let used = used.ok_or_else(|| {
            ClerkError::refused(
                "动态码不对，没有开通。请核对手机的时间是否准确，再输入当前显示的 6 位数字。",
            )
        })?;
        let codes: Result<Vec<String>, _> = (0..RECOVERY_CODES).map(|_| printed_secret()).collect();
        let codes = codes?;
        self.ledger
            .confirm_second_step(at, visitor.account, used, &codes)?;
        Ok(codes)
    }

    /// Gives the second step up, or what was begun of it; the password is asked for again.
    pub fn drop_second_step(
        &mut self,
        visitor: &Visitor,
        password: &str,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        self.holds_password(visitor, password, at)?;
        Ok(self
            .ledger
            .drop_second_step(at, visitor.account, &visitor.name)?)
    }

    /// Takes the second step off an account whose owner lost the telephone.
    pub fn lift_second_step(
        &mut self,
        no: i64,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        if no == by.account {
            return Err(ClerkError::refused("自己的两步验证请在“密码”一页取消。"));
        }
        below(&self.account_of(no)?, by)?;
        Ok(self.ledger.drop_second_step(at, no, &by.name)?)
    }

    /// Holds a code against an account, and uses it up.
    pub(super) fn try_code(
        &mut self,
        no: i64,
        code: &str,
        at: Timestamp,
    ) -> Result<Code, ClerkError> {
        let step = self.ledger.second_step(no)?.filter(|s| s.confirmed);
        let Some(step) = step else {
            return Ok(Code::Good);
        };
        let code = plain(code);
        let good = match code.len() {
            0 => return Ok(Code::Missing),
            6 => match totp(&step.secret)?.check(&code, seconds(at)) {
                Some(used) => self.ledger.use_step(no, used)?,
                None => false,
            },
            _ => self.ledger.use_recovery(at, no, &code)?,
        };
        Ok(if good { Code::Good } else { Code::Wrong })
    }
}

fn totp(secret: &[u8]) -> Result<Totp, ClerkError> {
    let totp = Builder::new().with_secret(Secret::from(secret.to_vec()));
    totp.build()
        .map_err(|e| ClerkError::Bug(format!("动态码：{e}")))
}

/// The secret as a telephone takes it over: typed, or as the address that authenticator programs have agreed on.
fn shown(name: &str, step: &SecondStep) -> Result<SecondStepState, ClerkError> {
    let secret = Secret::from(step.secret.clone()).to_base32();
    // a long name would make a code that no telephone reads
    let name: String = name.chars().take(12).collect();
    let name: String = name
        .bytes()
        .map(|b| match b {
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    let address = format!("otpauth://totp/sanlian:{name}?secret={secret}&issuer=sanlian");
    let matrix = matrix(&address).map_err(|e| ClerkError::Bug(e.to_string()))?;
    let groups: Vec<&str> = secret
        .as_bytes()
        .chunks(4)
        .filter_map(|g| std::str::from_utf8(g).ok())
        .collect();
    Ok(SecondStepState::Begun {
        secret: groups.join(" "),
        matrix,
    })
}

/// A code as it is held against others: half-width, no spaces or dashes, small letters.
fn plain(code: &str) -> String {
    let folded = code.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    });
    folded
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .take(64)
        .collect()
}

fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_second()).unwrap_or(0)
}
