//! Accounts (账号): who comes in, as what, and for how long. Passwords are kept as argon2id, sessions as the digest of what the
//! browser holds; every entry, refusal and change of an account stands in the audit log.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::store::ledger::{AccountRow, Actor, AttemptLimits, RosterRow, SessionRow, acting_as};

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::office::below::below;
use crate::clerk::office::passwords::{cut, good_password, hash, matches};
use crate::clerk::office::second::Code;
use crate::clerk::office::secrets::{digest, hex, printed_secret, secret};
use crate::clerk::visitor::{Role, Visitor};

/// Wrong passwords for a name before an address waits; and before all do, so that many addresses together cannot go on guessing. An
/// administrator who is shut out by others comes in again by `sanlian account reset`.
const LIMITS: AttemptLimits = AttemptLimits {
    from_one: 5,
    from_all: 100,
    closed: SignedDuration::from_mins(15),
};
/// A session that was not used for so long is over.
const IDLE: SignedDuration = SignedDuration::from_mins(60);
/// A session is over after so long, used or not.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How long the link for the first administrator holds.
const INVITED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Most characters of a name in the log that was typed by somebody who was not let in.
const LONGEST_NAME: usize = 100;
/// How an attempt to come in ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// In, with what the browser is to keep.
    In(String),
    /// Name or password are wrong; which of them is not said.
    Wrong,
    /// The password is right, and the account asks for a code as well.
    Code,
    /// Locked until then.
    Locked(Timestamp),
}

/// An account as the administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountLine {
    /// Number.
    pub no: i64,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The unit's name; empty for other roles.
    pub unit: String,
    /// Whether a password of its own was set.
    pub settled: bool,
    /// Whether some address tried too often and has to wait.
    pub locked: bool,
    /// Whether it was closed.
    pub closed: bool,
    /// Whether it comes in by two steps.
    pub two_steps: bool,
}

/// A new account with the password for the first entry, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewAccount {
    /// Name of the account.
    pub name: String,
    /// The unit's name; empty for other roles.
    pub unit: String,
    /// The password for the first entry.
    pub password: String,
}

impl Office<'_> {
    /// Whether nobody can come in yet.
    pub fn is_unmanned(&mut self) -> Result<bool, ClerkError> {
        let accounts = self.ledger.accounts()?;
        let admin = |a: &AccountRow| a.role == Role::Admin.key() && !a.closed;
        Ok(!accounts.iter().any(admin))
    }

    /// A secret for a link that makes the first administrator. It holds for a day, or until the next is made.
    pub fn invite(&mut self, at: Timestamp) -> Result<String, ClerkError> {
        let secret = secret()?;
        self.ledger.add_invite(&digest(&secret), at + INVITED_FOR)?;
        Ok(secret)
    }

    /// Whether a link's secret still holds.
    pub fn invite_holds(&mut self, secret: &str, at: Timestamp) -> Result<bool, ClerkError> {
        Ok(self.ledger.invite_holds(&digest(secret), at)?)
    }

    /// Makes the first administrator with a link's secret.
    pub fn use_invite(
        &mut self,
        invited: &str,
        name: &str,
        password: &str,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        let name = account_name(name)?;
        good_password(&name, password)?;
        let new = AccountRow {
            password: hash(password)?,
            ..empty(&name, Role::Admin, None)
        };
        if self.ledger.use_invite(at, &digest(invited), &new)? {
            return Ok(());
        }
        Err(ClerkError::refused(
            "链接已经用过、已经过期，或者这个账号名已被占用。请重新启动服务取得新的链接。",
        ))
    }

    /// Lets somebody in by name and password, and by a code where the account asks for one. Whoever is refused stands in the log.
    pub fn log_in(
        &mut self,
        name: &str,
        (password, code): (&str, &str),
        at: Timestamp,
    ) -> Result<LoginOutcome, ClerkError> {
        let name = name.trim();
        let (typed, source) = (typed_name(name), place_of(&Actor::now().source));
        let account = self.ledger.account(name)?;
        let account = account.filter(|a| !a.password.is_empty() && !a.closed);
        // before anything is looked at: many at once count too, and names that there are not are answered alike
        let last = match self.ledger.take_attempt(&typed, &source, LIMITS, at)? {
            Ok(last) => last,
            Err(until) => {
                self.note_refusal(name, "试得太多，还不能再试", at)?;
                return Ok(LoginOutcome::Locked(until));
            }
        };
        let Some(account) = account else {
            // as long as with an account, or the time would tell which names there are
            let _ = hash(cut(password))?;
            self.refuse(name, "没有这个账号，或者账号已停用", last, at)?;
            return Ok(LoginOutcome::Wrong);
        };
        if !matches(password, &account.password) {
            self.refuse(name, "密码不对", last, at)?;
            return Ok(LoginOutcome::Wrong);
        }
        match self.try_code(account.no, code, at)? {
            Code::Good => {
                self.ledger.forget_attempts_from(&typed, &source)?;
                Ok(LoginOutcome::In(self.enter(&account, at)?))
            }
            Code::Missing => {
                self.ledger.give_attempt_back(&typed, &source)?;
                self.note_refusal(name, "密码对，还缺动态码", at)?;
                Ok(LoginOutcome::Code)
            }
            Code::Wrong => {
                self.refuse(name, "密码对，动态码不对", last, at)?;
                Ok(LoginOutcome::Wrong)
            }
        }
    }

    /// Notes that somebody was not let in. The name is as it was typed, short, and masked where it looks like a number of a person:
    /// people type what they should not into the wrong field.
    pub fn note_refusal(&mut self, name: &str, why: &str, at: Timestamp) -> Result<(), ClerkError> {
        let shown = |c: char| if c.is_control() { ' ' } else { c };
        let typed: String = name.trim().chars().take(LONGEST_NAME).map(shown).collect();
        let typed = crate::clerk::masked::masked(&typed);
        Ok(self.ledger.note(at, "refused", &typed, why)?)
    }

    /// A wrong password or code stands in the log, and so does that it was the last one.
    fn refuse(
        &mut self,
        name: &str,
        why: &str,
        last: bool,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        let then = match last {
            true => "；试得太多，15 分钟内从这个地址不能再试",
            false => "",
        };
        self.note_refusal(name, &format!("{why}{then}"), at)
    }

    /// Begins a session; gives what the browser is to keep.
    fn enter(&mut self, account: &AccountRow, at: Timestamp) -> Result<String, ClerkError> {
        let secret = secret()?;
        // from here on it is known who acts
        let actor = Actor {
            name: account.name.clone(),
            ..Actor::now()
        };
        acting_as(actor, || {
            self.ledger
                .begin_session(at, &digest(&secret), account.no, at - LONGEST)
        })?;
        Ok(secret)
    }

    /// Who holds a session's secret; none where the session is over.
    pub fn visitor(&mut self, secret: &str, at: Timestamp) -> Result<Option<Visitor>, ClerkError> {
        let token = digest(secret);
        let Some(session) = self.ledger.session(&token)? else {
            return Ok(None);
        };
        let program = !session.name.is_empty();
        let over = !program && (at > session.began + LONGEST || at > session.seen + IDLE);
        if over || session.account.closed {
            self.ledger.end_session(&token)?;
            return Ok(None);
        }
        // a write for each request would be many
        if at > session.seen + SignedDuration::from_secs(60) {
            self.ledger.touch_session(&token, at)?;
        }
        self.visitor_of(session, secret).map(Some)
    }

    fn visitor_of(&mut self, session: SessionRow, secret: &str) -> Result<Visitor, ClerkError> {
        let SessionRow {
            account,
            scopes,
            name,
            ..
        } = session;
        let role = Role::from_key(&account.role)
            .ok_or_else(|| ClerkError::Bug(format!("账号角色“{}”不明", account.role)))?;
        let unit = match account.roster {
            Some(no) => self.unit_now(no)?,
            None => None,
        };
        let unread = match &unit {
            Some(unit) => self.ledger.unread(unit, account.no)?,
            None => Vec::new(),
        };
        Ok(Visitor {
            account: account.no,
            name: account.name,
            role,
            unit,
            once: account.once,
            token: Some(name.clone()).filter(|name| !name.is_empty()),
            scopes: (!name.is_empty()).then(|| scopes.split(' ').map(str::to_owned).collect()),
            csrf: hex(&digest(&format!("form {secret}"))),
            unread,
        })
    }

    /// A secretary's unit in the campaign that is run; where it is not expected there, in the one that the account was opened for.
    fn unit_now(&mut self, no: i64) -> Result<Option<RosterRow>, ClerkError> {
        let mut roster = self.ledger.roster()?;
        let Some(own) = roster.iter().position(|r| r.no == no) else {
            return Ok(None);
        };
        let own = roster.swap_remove(own);
        let running = self.ledger.running()?;
        let now = roster
            .into_iter()
            .find(|r| Some(&r.campaign) == running.as_ref() && r.name == own.name);
        Ok(Some(match running {
            Some(running) if own.campaign != running => now.unwrap_or(own),
            _ => own,
        }))
    }

    /// Ends a session.
    pub fn log_out(&mut self, secret: &str) -> Result<(), ClerkError> {
        Ok(self.ledger.end_session(&digest(secret))?)
    }

    /// Changes one's own password; all sessions of the account end, and a new one begins with what the browser is to keep.
    pub fn change_password(
        &mut self,
        visitor: &Visitor,
        (old, new): (&str, &str),
        at: Timestamp,
    ) -> Result<String, ClerkError> {
        self.holds_password(visitor, old, at)?;
        if old == new {
            return Err(ClerkError::refused(
                "新密码与原密码相同，没有改动。请另换一个。",
            ));
        }
        good_password(&visitor.name, new)?;
        let hash = hash(new)?;
        self.ledger
            .set_password(at, visitor.account, (&hash, false), &visitor.name)?;
        let account = self.ledger.account(&visitor.name)?;
        let account = account.ok_or_else(|| ClerkError::refused("账号已不存在。"))?;
        self.enter(&account, at)
    }

    /// Fails where a password is not the visitor's: it is asked again before what is weighty. A wrong one counts.
    pub fn holds_password(
        &mut self,
        visitor: &Visitor,
        password: &str,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        let account = self.ledger.account(&visitor.name)?;
        let account = account.ok_or_else(|| ClerkError::refused("账号已不存在。"))?;
        let (typed, source) = (typed_name(&account.name), place_of(&Actor::now().source));
        let taken = self.ledger.take_attempt(&typed, &source, LIMITS, at)?;
        let Ok(last) = taken else {
            return Err(ClerkError::refused("密码试得太多，请 15 分钟后再试。"));
        };
        if !matches(password, &account.password) {
            self.refuse(&account.name, "再次核对密码时不对", last, at)?;
            return Err(ClerkError::refused("现在的密码不对，没有改动。"));
        }
        Ok(self.ledger.forget_attempts_from(&typed, &source)?)
    }

    /// All accounts.
    pub fn accounts(&mut self, at: Timestamp) -> Result<Vec<AccountLine>, ClerkError> {
        let roster = self.ledger.roster()?;
        let unit = |no: Option<i64>| roster.iter().find(|r| Some(r.no) == no);
        let accounts = self.ledger.accounts()?;
        let two_steps = self.ledger.in_two_steps()?;
        let mut shut = Vec::new();
        for account in &accounts {
            if self.ledger.is_shut(&typed_name(&account.name), at)? {
                shut.push(account.no);
            }
        }
        Ok(accounts
            .iter()
            .filter_map(|a| {
                Some(AccountLine {
                    no: a.no,
                    name: a.name.clone(),
                    role: Role::from_key(&a.role)?,
                    unit: unit(a.roster).map_or_else(String::new, |r| r.name.clone()),
                    settled: !a.password.is_empty() && !a.once,
                    locked: shut.contains(&a.no),
                    closed: a.closed,
                    two_steps: two_steps.contains(&a.no),
                })
            })
            .collect())
    }

    /// Opens an account with a password for the first entry.
    pub fn open_account(
        &mut self,
        name: &str,
        role: Role,
        unit: Option<&RosterRow>,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<NewAccount, ClerkError> {
        let name = account_name(name)?;
        if by.token.is_some() && role == Role::Admin {
            return Err(ClerkError::refused(
                "令牌不能开管理员的账号，没有新建。请由管理员登录后办理。",
            ));
        }
        if (role == Role::Unit) != unit.is_some() {
            return Err(ClerkError::refused(
                "推荐单位的账号要选单位，其他角色不选单位。",
            ));
        }
        let password = printed_secret()?;
        let new = AccountRow {
            password: hash(&password)?,
            once: true,
            ..empty(&name, role, unit.map(|u| u.no))
        };
        if !self.ledger.add_account(at, &new, &by.name)? {
            return Err(ClerkError::Refused(format!(
                "账号名“{name}”已被占用，没有新建。请另取一个。"
            )));
        }
        Ok(NewAccount {
            name,
            unit: unit.map_or_else(String::new, |u| u.name.clone()),
            password,
        })
    }

    /// Gives an account a new password for one entry.
    pub fn reset_password(
        &mut self,
        no: i64,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<NewAccount, ClerkError> {
        let account = self.account_of(no)?;
        below(&account, by)?;
        self.reset(account, &by.name, at)
    }

    /// Gives an account that is named at the command line a new password for one entry, and lets every address try again; so an
    /// administrator who was shut out, or forgot the password, comes in. Without the second step where `without_code` says so: the
    /// telephone was lost too.
    pub fn reset_at_command_line(
        &mut self,
        name: &str,
        without_code: bool,
        at: Timestamp,
    ) -> Result<NewAccount, ClerkError> {
        let account = self.ledger.account(name.trim())?;
        let account = account.ok_or_else(|| {
            ClerkError::Refused(format!(
                "没有名为“{name}”的账号。用 sanlian account list 列出全部账号。"
            ))
        })?;
        let by = Actor::now().name;
        if without_code {
            self.ledger.drop_second_step(at, account.no, &by)?;
        }
        self.reset(account, &by, at)
    }

    fn reset(
        &mut self,
        account: AccountRow,
        by: &str,
        at: Timestamp,
    ) -> Result<NewAccount, ClerkError> {
        let password = printed_secret()?;
        let hash = hash(&password)?;
        self.ledger
            .set_password(at, account.no, (&hash, true), by)?;
        self.ledger.forget_attempts(&typed_name(&account.name))?;
        Ok(NewAccount {
            name: account.name,
            unit: String::new(),
            password,
        })
    }

    /// Closes an account, or opens it again. The last administrator cannot be closed.
    pub fn close_account(
        &mut self,
        no: i64,
        closed: bool,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        let account = self.account_of(no)?;
        below(&account, by)?;
        if closed && account.no == by.account {
            return Err(ClerkError::refused(
                "不能停用自己的账号。请由另一位管理员办理。",
            ));
        }
        Ok(self.ledger.close_account(at, no, closed, &by.name)?)
    }

    pub(super) fn account_of(&mut self, no: i64) -> Result<AccountRow, ClerkError> {
        let accounts = self.ledger.accounts()?;
        let found = accounts.into_iter().find(|a| a.no == no);
        found.ok_or_else(|| ClerkError::refused("没有这个账号。"))
    }

    /// Makes a token for a program that acts for a visitor; it is shown once.
    pub fn new_token(
        &mut self,
        visitor: &Visitor,
        name: &str,
        scopes: &[&str],
        at: Timestamp,
    ) -> Result<String, ClerkError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 40 || scopes.is_empty() {
            return Err(ClerkError::refused(
                "请写令牌的名称（40 字以内），并至少选一项权限。",
            ));
        }
        if self
            .ledger
            .tokens(visitor.account)?
            .iter()
            .any(|(n, _)| n == name)
        {
            return Err(ClerkError::refused(
                "已有同名的令牌。请另取名称，或先收回那一个。",
            ));
        }
        let secret = secret()?;
        let scopes = scopes.join(" ");
        self.ledger
            .add_token(at, &digest(&secret), visitor.account, (name, &scopes))?;
        Ok(secret)
    }

    /// Names and scopes of a visitor's tokens.
    pub fn tokens(&mut self, visitor: &Visitor) -> Result<Vec<(String, String)>, ClerkError> {
        Ok(self.ledger.tokens(visitor.account)?)
    }

    /// Takes a token back.
    pub fn drop_token(
        &mut self,
        visitor: &Visitor,
        name: &str,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        Ok(self.ledger.drop_token(at, visitor.account, name)?)
    }
}

fn empty(name: &str, role: Role, roster: Option<i64>) -> AccountRow {
    AccountRow {
        no: 0,
        name: name.to_owned(),
        role: role.key().to_owned(),
        roster,
        password: String::new(),
        once: false,
        closed: false,
    }
}

/// A name for an account: letters, digits, Chinese characters, `-`, `_`, `.`; 2 to 32 of them.
fn account_name(name: &str) -> Result<String, ClerkError> {
    let name = name.trim();
    let count = name.chars().count();
    let good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !(2..=32).contains(&count) || !name.chars().all(good) {
        return Err(ClerkError::refused(
            "账号名应为 2 至 32 个汉字、字母、数字或 - _ .，中间没有空格。",
        ));
    }
    Ok(name.to_owned())
}

/// A name as it was typed, by which attempts are counted.
fn typed_name(name: &str) -> [u8; 32] {
    digest(&format!("name {name}"))
}

/// Where attempts come from: an address of IPv6 without its last 64 bits, of which one machine has as many as it likes.
fn place_of(source: &str) -> String {
    match source.parse() {
        Ok(IpAddr::V6(address)) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            std::net::Ipv6Addr::from(network).to_string()
        }
        _ => match source {
            // the empty one stands for all addresses together
            "" => "-".to_owned(),
            source => source.to_owned(),
        },
    }
}
