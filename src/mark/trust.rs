//! Whom a desk trusts, from when, until when, and what was revoked. A key retires and is never forgotten: what it signed in its time
//! verifies for ever. Whoever stole a key can back-date what he signs: a time of issue is the signer's word, and only paper
//! that the desk received earlier is proof against that. The list as text is in `trust_list`, its file in `store`.

use std::fmt;

use jiff::Timestamp;

use crate::hours::{BEIJING, second_in};

use super::key_id::{Algorithm, KeyId};
use super::pem::{self, KeyFault};
use super::public::PublicKey;

/// Word in front of the owner's name in a public key file.
const OWNER: &str = "所有者：";

/// When a key is good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// What was issued before is not genuine; none where there is no such limit. Reprints bear the time of their version, so that
    /// a unit's new key needs none.
    pub from: Option<Timestamp>,
    /// What was issued afterwards is not genuine: the key has retired; none while it is in use.
    pub until: Option<Timestamp>,
    /// Since when the key is not to be believed.
    pub revoked: Option<Revoked>,
}

/// A key that somebody else may have (吊销).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// What was issued at this time or later is not genuine.
    pub since: Timestamp,
    /// Why, in a person's words.
    pub reason: String,
}

/// Why a signature that fits is not good all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutOfTerm {
    /// Signed before the key's time.
    Early(Timestamp),
    /// Signed after the key had retired.
    Late(Timestamp),
    /// Signed when the key was revoked already.
    Revoked(Revoked),
}

impl fmt::Display for OutOfTerm {
    /// In words that follow “密钥 fe81”.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |at: &Timestamp| second_in(&BEIJING, *at);
        match self {
            Self::Early(from) => write!(f, "自 {} 起才有效", told(from)),
            Self::Late(until) => write!(f, "已于 {} 停用", told(until)),
            Self::Revoked(Revoked { since, reason }) => {
                write!(f, "自 {} 起已吊销（{reason}）", told(since))
            }
        }
    }
}

impl Term {
    /// Whether something signed at a time is good; times of issue are whole minutes, so that limits are taken down to theirs.
    pub fn holds(&self, at: Timestamp) -> Result<(), OutOfTerm> {
        let minute = |time: Timestamp| time.as_second().div_euclid(60);
        let at = minute(at);
        if let Some(revoked) = &self.revoked
            && at >= minute(revoked.since)
        {
            return Err(OutOfTerm::Revoked(revoked.clone()));
        }
        match (self.from, self.until) {
            (Some(from), _) if at < minute(from) => Err(OutOfTerm::Early(from)),
            (_, Some(until)) if at > minute(until) => Err(OutOfTerm::Late(until)),
            _ => Ok(()),
        }
    }

    /// Whether the key may sign still; a revoked one never may, since what it signs could bear any time.
    pub fn may_sign(&self) -> Result<(), OutOfTerm> {
        match (&self.revoked, self.until) {
            (Some(revoked), _) => Err(OutOfTerm::Revoked(revoked.clone())),
            (None, Some(until)) => Err(OutOfTerm::Late(until)),
            (None, None) => Ok(()),
        }
    }
}

/// A public key that a desk trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    public: PublicKey,
    owner: String,
    /// When it is good.
    pub term: Term,
}

impl TrustedKey {
    /// A key without limits; the owner's name without blanks around it and without control characters.
    pub fn new(public: PublicKey, owner: &str) -> Self {
        let owner: String = owner.chars().filter(|c| !c.is_control()).collect();
        Self {
            public,
            owner: owner.trim().to_owned(),
            term: Term::default(),
        }
    }

    /// Its number.
    pub fn id(&self) -> KeyId {
        self.public.id()
    }

    /// The key itself.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Its bytes: 32 of Ed25519, 65 of SM2.
    pub fn public_key(&self) -> &[u8] {
        self.public.bytes()
    }

    /// The unit or service that holds the private half; empty where not known.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The public key as PEM, with its number and owner in front.
    pub fn to_pem(&self) -> String {
        let (id, owner, body) = (self.id(), &self.owner, self.public.to_pem());
        format!("密钥编号：{id}\n{OWNER}{owner}\n{body}")
    }

    /// The public key of a PEM text, without limits, with the owner where the text names one.
    pub fn from_pem(text: &str) -> Result<Self, KeyFault> {
        let public = PublicKey::from_pem(text)?;
        Ok(Self::new(
            public,
            pem::remark(text, OWNER).unwrap_or_default(),
        ))
    }
}

/// How a signature stands with the keys that a desk trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// Signed by a trusted key in its time.
    Good,
    /// Signed by a trusted key out of its time.
    OutOfTerm(OutOfTerm),
    /// No trusted key of that number and algorithm.
    Unknown,
    /// There are such keys, but none of them signed it.
    Mismatch,
}

/// The keys that a desk trusts.
#[derive(Clone, Debug, Default)]
pub struct TrustedKeys(pub Vec<TrustedKey>);

impl TrustedKeys {
    /// The keys with a number, usually one.
    pub fn with_id(&self, id: KeyId) -> impl Iterator<Item = &TrustedKey> {
        self.0.iter().filter(move |k| k.id() == id)
    }

    /// The entry of a key; none where it is not trusted.
    pub fn entry(&self, public: &PublicKey) -> Option<&TrustedKey> {
        self.0.iter().find(|k| k.public() == public)
    }

    /// How a signature stands that names a key's number and a time. Of keys that share a number, the one that signed counts.
    pub(super) fn standing(
        &self,
        named: (Algorithm, KeyId),
        message: &[u8],
        signature: &[u8; 64],
        at: Timestamp,
    ) -> KeyStanding {
        match self.signer(named, message, signature) {
            Some(key) => match key.term.holds(at) {
                Ok(()) => KeyStanding::Good,
                Err(reason) => KeyStanding::OutOfTerm(reason),
            },
            None if self.named(named).next().is_some() => KeyStanding::Mismatch,
            None => KeyStanding::Unknown,
        }
    }

    /// The key that made a signature, whatever its term; of keys that share a number, the one whose signature it is.
    pub(super) fn signer(
        &self,
        named: (Algorithm, KeyId),
        message: &[u8],
        signature: &[u8; 64],
    ) -> Option<&TrustedKey> {
        self.named(named)
            .find(|key| key.public().verifies(message, signature))
    }

    fn named(&self, (algorithm, id): (Algorithm, KeyId)) -> impl Iterator<Item = &TrustedKey> {
        self.with_id(id)
            .filter(move |k| k.public().algorithm() == algorithm)
    }
}
