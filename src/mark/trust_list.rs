//! The trust list (信任名单) as text: TOML that a person can read, a table a key. What an entry means is in `trust`.

use crate::foreign::InChinese;
use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::key_id::Algorithm;
use super::public::PublicKey;
use super::trust::{Revoked, Term, TrustedKey, TrustedKeys};

/// Format number that this program writes, and the highest that it reads.
const FORMAT: u32 = 1;

/// What stands on top of the file.
const HEAD: &str = "# 信任名单：谁的签名可信，自何时、至何时，何时起吊销。请用 sanlian key trust、sanlian key revoke 修改；\n\
# 停用和吊销的密钥也不要删除：旧纸质件要靠它验证。\n";

/// Why a text is not a trust list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// Not the TOML of a list.
    #[error("信任名单读不懂：{0}。请改正，或恢复备份")]
    Syntax(String),
    /// Written by a later program.
    #[error("信任名单的格式为 {0}，本程序只认识到 {FORMAT}。请升级程序")]
    Format(u32),
    /// An entry that does not hold together.
    #[error("信任名单第 {place} 项{what}。请改正，或恢复备份")]
    Entry {
        /// Position of the entry, from 1.
        place: usize,
        /// What is wrong with it, in Chinese.
        what: &'static str,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListText {
    format: u32,
    #[serde(default)]
    key: Vec<ListedKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedKey {
    id: String,
    algorithm: String,
    public_key: String,
    #[serde(default)]
    owner: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl TrustedKeys {
    /// The keys of a trust list. Fails where any entry does not hold together: a list that is read in part could believe a key that
    /// was revoked.
    pub fn from_list(text: &str) -> Result<Self, ListFault> {
        #[derive(Deserialize)]
        struct FormatNumber {
            format: u32,
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let head: FormatNumber = toml::from_str(text).map_err(syntax)?;
        // The format first: a later one may hold what this program does not know.
        if head.format != FORMAT {
            return Err(ListFault::Format(head.format));
        }
        let list: ListText = toml::from_str(text).map_err(syntax)?;
        let mut keys = Self::default();
        let mut seen = BTreeSet::new();
        for (place, entry) in (1..).zip(&list.key) {
            let fault = |what| ListFault::Entry { place, what };
            let key = trusted(entry).map_err(fault)?;
            if !seen.insert(key.public().fingerprint()) {
                return Err(fault("的密钥前面已经有了"));
            }
            keys.0.push(key);
        }
        Ok(keys)
    }

    /// The list as text; the same keys give the same text.
    pub fn to_list(&self) -> Result<String, ListFault> {
        let list = ListText {
            format: FORMAT,
            key: self.0.iter().map(entry).collect(),
        };
        let text = toml::to_string(&list).map_err(|e| ListFault::Syntax(e.to_string()))?;
        Ok(format!("{HEAD}{text}"))
    }
}

fn syntax(error: toml::de::Error) -> ListFault {
    ListFault::Syntax(error.in_chinese())
}

fn trusted(entry: &ListedKey) -> Result<TrustedKey, &'static str> {
    let algorithm =
        Algorithm::from_name(&entry.algorithm).ok_or("的 algorithm 应为 ed25519 或 sm2")?;
    let bytes = STANDARD.decode(entry.public_key.trim());
    let public = PublicKey::from_bytes(algorithm, &bytes.unwrap_or_default())
        .map_err(|_| "的 public_key 不是这种算法的公钥（base64）")?;
    if public.id().to_string() != entry.id {
        return Err("的 id 与公钥不符");
    }
    let time = |text: &Option<String>, what| {
        let text = text.as_deref();
        text.map(|t| t.parse::<Timestamp>().map_err(|_| what))
            .transpose()
    };
    let revoked = time(
        &entry.revoked,
        "的 revoked 应为时刻，如 2026-11-25T00:00:00Z",
    )?;
    let reason = entry.reason.as_deref().unwrap_or_default().trim();
    if revoked.is_some() == reason.is_empty() {
        return Err("的 revoked 和 reason 要么都写，要么都不写");
    }
    let mut key = TrustedKey::new(public, &entry.owner);
    key.term = Term {
        from: time(&entry.from, "的 from 应为时刻，如 2026-11-25T00:00:00Z")?,
        until: time(&entry.until, "的 until 应为时刻，如 2026-11-25T00:00:00Z")?,
        revoked: revoked.map(|since| Revoked {
            since,
            reason: reason.to_owned(),
        }),
    };
    Ok(key)
}

fn entry(key: &TrustedKey) -> ListedKey {
    let text = |time: Option<Timestamp>| time.map(|t| t.to_string());
    let revoked = key.term.revoked.as_ref();
    ListedKey {
        id: key.id().to_string(),
        algorithm: key.public().algorithm().name().to_owned(),
        public_key: STANDARD.encode(key.public_key()),
        owner: key.owner().to_owned(),
        from: text(key.term.from),
        until: text(key.term.until),
        revoked: text(revoked.map(|r| r.since)),
        reason: revoked.map(|r| r.reason.clone()),
    }
}
