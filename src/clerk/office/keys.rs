//! Keys (密钥) as a person keeps them: make a new one, hand out the public half, trust another's, revoke one, list them all.
//! Every act can be done again without harm.

use std::path::{Path, PathBuf};

use base64::Engine;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use serde::Serialize;

use crate::mark::{Algorithm, PublicKey, Revoked, TrustedKey};
use crate::store;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::given;
use crate::clerk::reason;

/// A new signing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMade {
    /// Its number.
    pub id: String,
    /// Its fingerprint, to be compared by telephone.
    pub fingerprint: String,
    /// Number of the key that retired, and the file that keeps its private half.
    pub retired: Option<(String, PathBuf)>,
    /// When that key retired.
    pub at: Timestamp,
    /// Whether an earlier run, which was killed, had begun it; no further key was made.
    pub resumed: bool,
}

/// One key of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyLine {
    /// Its number.
    pub id: String,
    /// `ed25519` or `sm2`.
    pub algorithm: &'static str,
    /// Unit or service that holds the private half; empty where not known.
    pub owner: String,
    /// Whether the private half is in this folder: `signing` or `retired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<&'static str>,
    /// Good from, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Good until.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Revoked since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
    /// Why it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Fingerprint, 64 hex digits.
    pub fingerprint: String,
    /// Public key, base64.
    pub public_key: String,
}

/// What is to be said of a key that is trusted.
#[derive(Clone, Debug, Default)]
pub struct Trusting {
    /// Who holds it; none to leave what the file or the list says.
    pub owner: Option<String>,
    /// Good from.
    pub from: Option<Timestamp>,
    /// Good until.
    pub until: Option<Timestamp>,
    /// A unit that it may file for beside the key that filed it first, and the campaign.
    pub unit: Option<(String, String)>,
}

/// Which end of a day a date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEnd {
    /// Its first second.
    First,
    /// Its last second.
    Last,
}

/// A time as people give it: RFC 3339, or a date in China.
pub fn time(text: &str, end: DayEnd) -> Result<Timestamp, ClerkError> {
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let clock = match end {
        DayEnd::First => Time::midnight(),
        DayEnd::Last => Time::constant(23, 59, 59, 0),
    };
    let date: Option<Date> = text.parse().ok();
    date.and_then(|date| {
        let there = date.to_datetime(clock);
        Offset::constant(8).to_timestamp(there).ok()
    })
    .ok_or_else(|| {
        ClerkError::Refused(format!(
            "时间“{text}”读不懂，应为 2026-11-25 或 2026-11-25T08:00:00+08:00 的样子，请改正后再试。"
        ))
    })
}

/// Makes a new signing key; the one before it retires now, and its private half is kept. The same key is given again until
/// [`new_key_told`] says that this answer was.
pub fn new_key(
    folder: &Path,
    owner: &str,
    algorithm: &str,
    now: Timestamp,
) -> Result<KeyMade, ClerkError> {
    let made = store::new_key(folder, owner, algorithm_named(algorithm)?, now)?;
    Ok(KeyMade {
        id: made.signing.id().to_string(),
        fingerprint: made.signing.public().fingerprint(),
        retired: made.retired.map(|(id, path)| (id.to_string(), path)),
        at: made.at,
        resumed: made.resumed,
    })
}

/// The answer of [`new_key`] was given: the next one makes another key.
pub fn new_key_told(folder: &Path, algorithm: &str) -> Result<(), ClerkError> {
    Ok(store::new_key_told(folder, algorithm_named(algorithm)?)?)
}

/// The public key in use under an algorithm, as PEM with number and owner.
pub fn export_key(folder: &Path, algorithm: &str) -> Result<String, ClerkError> {
    let algorithm = algorithm_named(algorithm)?;
    store::settle_keys(folder)?;
    let own = store::own_keys(folder)?;
    let (trusted, _) = store::read_trusted(folder)?;
    let signing = own
        .iter()
        .find(|o| o.retired.is_none() && o.key.algorithm() == algorithm)
        .ok_or_else(|| {
            ClerkError::Refused(format!(
                "{} 中没有 {} 签名密钥。请先运行 sanlian key new --algorithm {}。",
                folder.display(),
                algorithm.label(),
                algorithm.name()
            ))
        })?;
    store::is_paired(folder, &signing.key, "")?;
    let entry = trusted.entry(signing.key.public());
    Ok(entry.map_or_else(|| signing.key.trusted("").to_pem(), TrustedKey::to_pem))
}

/// Enters a public key file in the trust list, or changes what the list says of it. What is revoked stays revoked.
pub fn trust_key(folder: &Path, file: &Path, say: &Trusting) -> Result<KeyLine, ClerkError> {
    drop(given::opened(file).map_err(world(file))?);
    trust_public(folder, &store::read_public(file)?, say)
}

/// The same for a key that is not in a file.
pub(super) fn trust_public(
    folder: &Path,
    given: &TrustedKey,
    say: &Trusting,
) -> Result<KeyLine, ClerkError> {
    let known = store::read_trusted(folder)?.0;
    let (from, until) = (say.from, say.until);
    let entry = store::change_trust_list(folder, |list| {
        let at = list.0.iter().position(|k| k.public() == given.public());
        let before = known.entry(given.public()).unwrap_or(given);
        let owner = match &say.owner {
            Some(owner) => owner.as_str(),
            None if before.owner().is_empty() => given.owner(),
            None => before.owner(),
        };
        let mut entry = TrustedKey::new(given.public().clone(), owner);
        entry.term = before.term.clone();
        entry.term.from = from.or(entry.term.from);
        entry.term.until = until.or(entry.term.until);
        if let (Some(from), Some(until)) = (entry.term.from, entry.term.until)
            && from > until
        {
            return Err(ClerkError::Refused(format!(
                "密钥 {} 的有效期自 {from} 至 {until}，起在止后，请改正有效期的起止。",
                entry.id()
            )));
        }
        match at.and_then(|at| list.0.get_mut(at)) {
            Some(slot) => *slot = entry.clone(),
            None => list.0.push(entry.clone()),
        }
        Ok(entry)
    })??;
    Ok(line(&entry, None))
}

/// What a key would look like in the list, without entering it.
pub(super) fn line_of(key: &TrustedKey) -> KeyLine {
    line(key, None)
}

/// Revokes a key by its number or the beginning of its fingerprint: what it signed at `since` or later is not believed. A key
/// that is revoked keeps the earlier time.
pub fn revoke_key(
    folder: &Path,
    which: &str,
    since: Timestamp,
    reason: &str,
) -> Result<KeyLine, ClerkError> {
    let said = ("吊销的原因", "私钥文件被复制", "没有吊销");
    let reason = reason::reason(reason, said)?;
    store::settle_keys(folder)?;
    let found = find(folder, which)?;
    let entry = store::change_trust_list(folder, |list| {
        let at = list.0.iter().position(|k| k.public() == found.public());
        let mut entry = found.clone();
        let earlier = |r: &Revoked| r.since <= since;
        if !entry.term.revoked.as_ref().is_some_and(earlier) {
            entry.term.revoked = Some(Revoked {
                since,
                reason: reason.clone(),
            });
        }
        match at.and_then(|at| list.0.get_mut(at)) {
            Some(slot) => *slot = entry.clone(),
            None => list.0.push(entry.clone()),
        }
        entry
    })?;
    let own = own_words(folder)?;
    Ok(line(&entry, word_of(&own, entry.public())))
}

/// Every key of a folder: one's own, those of public key files, those of the trust list.
pub fn list_keys(folder: &Path) -> Result<Vec<KeyLine>, ClerkError> {
    store::settle_keys(folder)?;
    let own = own_words(folder)?;
    let (trusted, _) = store::read_trusted(folder)?;
    let mut lines: Vec<KeyLine> = trusted
        .0
        .iter()
        .map(|key| line(key, word_of(&own, key.public())))
        .collect();
    for (public, word) in &own {
        if trusted.entry(public).is_none() {
            lines.push(line(&TrustedKey::new(public.clone(), ""), Some(word)));
        }
    }
    Ok(lines)
}

fn algorithm_named(name: &str) -> Result<Algorithm, ClerkError> {
    Algorithm::from_name(name)
        .ok_or_else(|| ClerkError::Refused(format!("没有算法“{name}”，请改为 ed25519 或 sm2。")))
}

/// The one key whose fingerprint begins so.
fn find(folder: &Path, which: &str) -> Result<TrustedKey, ClerkError> {
    let (trusted, _) = store::read_trusted(folder)?;
    let wanted = which.trim().to_ascii_lowercase();
    let hex = wanted.len() >= 4 && wanted.bytes().all(|b| b.is_ascii_hexdigit());
    let found: Vec<&TrustedKey> = trusted
        .0
        .iter()
        .filter(|k| hex && k.public().fingerprint().starts_with(&wanted))
        .collect();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(ClerkError::Refused(format!(
            "没有编号为“{which}”的密钥。请用 sanlian key list 查看编号；不在名单中的密钥本来就不可信，不必吊销。"
        ))),
        several => {
            let prints: Vec<String> = several.iter().map(|k| k.public().fingerprint()).collect();
            Err(ClerkError::Refused(format!(
                "有 {} 把密钥的编号都是“{which}”，请改写指纹中更长的一段。指纹：{}",
                several.len(),
                prints.join("、")
            )))
        }
    }
}

fn own_words(folder: &Path) -> Result<Vec<(PublicKey, &'static str)>, ClerkError> {
    let word = |retired: bool| if retired { "retired" } else { "signing" };
    let own = store::own_keys(folder)?;
    Ok(own
        .iter()
        .map(|o| (o.key.public().clone(), word(o.retired.is_some())))
        .collect())
}

fn word_of(own: &[(PublicKey, &'static str)], public: &PublicKey) -> Option<&'static str> {
    own.iter()
        .find(|(key, _)| key == public)
        .map(|(_, word)| *word)
}

fn line(key: &TrustedKey, own: Option<&'static str>) -> KeyLine {
    let text = |time: Option<Timestamp>| time.map(|t| t.to_string());
    let revoked = key.term.revoked.as_ref();
    KeyLine {
        id: key.id().to_string(),
        algorithm: key.public().algorithm().name(),
        owner: key.owner().to_owned(),
        own,
        from: text(key.term.from),
        until: text(key.term.until),
        revoked: text(revoked.map(|r| r.since)),
        reason: revoked.map(|r| r.reason.clone()),
        fingerprint: key.public().fingerprint(),
        public_key: base64::engine::general_purpose::STANDARD.encode(key.public_key()),
    }
}
