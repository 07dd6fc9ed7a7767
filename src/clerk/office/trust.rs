//! Trust (信任名单) on the organiser's pages: the acts of `keys`, each with a row in the audit log.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use crate::mark::{SigningKey, TrustedKey};

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::office::keys::{
    KeyLine, KeyMade, Trusting, line_of, new_key, new_key_told, revoke_key, trust_public,
};
use crate::clerk::visitor::Visitor;

/// Most bytes of a public key as text.
const LONGEST: usize = 16 << 10;

/// The key that a public key file holds, as it would stand in the list: its fingerprint is to be compared before it is trusted.
pub fn read_key(pem: &str) -> Result<KeyLine, ClerkError> {
    Ok(line_of(&public_of(pem)?))
}

/// The name of the algorithm of a private key, where a text that somebody gave as a public one is that: a secret that got about.
pub fn private_algorithm(pem: &str) -> Option<&'static str> {
    if !pem.contains("-----BEGIN") || !pem.contains("PRIVATE KEY-----") {
        return None;
    }
    let key = SigningKey::from_pem(pem);
    Some(key.map_or("ed25519", |key| key.algorithm().name()))
}

fn public_of(pem: &str) -> Result<TrustedKey, ClerkError> {
    if private_algorithm(pem).is_some() {
        return Err(ClerkError::refused(
            "这是私钥，不是公钥，没有列入。私钥绝不能交给别人：请告知对方立即换一把密钥，改交导出的公钥。",
        ));
    }
    (pem.len() <= LONGEST)
        .then(|| TrustedKey::from_pem(pem).ok())
        .flatten()
        .ok_or_else(|| {
            ClerkError::Refused(
                "这不是公钥：应为 sanlian key export 导出的文本，以 -----BEGIN PUBLIC KEY----- 开头。没有列入。"
                    .to_owned(),
            )
        })
}

impl Office<'_> {
    /// Lets a key that is trusted file for a unit beside the key that filed it first: the unit has a new key, or another hands in
    /// for it. `unit` is the unit's name here, or its name in the roster; with no campaign, the one in which there is such a unit.
    /// Gives the campaign, and whether it is new.
    pub fn let_file(
        &mut self,
        fingerprint: &str,
        (unit, campaign): (&str, Option<&str>),
        at: Timestamp,
    ) -> Result<(String, bool), ClerkError> {
        let unit = unit.trim();
        let of = self.campaign_of_unit((unit, campaign))?;
        let fresh = self.ledger.enter_unit_key(at, (&of, unit), fingerprint)?;
        Ok((of, fresh))
    }

    /// The one campaign in which a unit is here, or expected; refused where there is none, or more than one.
    pub fn campaign_of_unit(
        &mut self,
        (unit, campaign): (&str, Option<&str>),
    ) -> Result<String, ClerkError> {
        let unit = unit.trim();
        let mut known: BTreeSet<String> = BTreeSet::new();
        known.extend(
            self.ledger
                .units()?
                .into_iter()
                .filter(|u| u.name == unit || u.begun == unit)
                .map(|u| u.campaign),
        );
        let roster = self.ledger.roster()?.into_iter();
        known.extend(roster.filter(|r| r.name == unit).map(|r| r.campaign));
        let mut fitting = known.iter().filter(|c| campaign.is_none_or(|w| w == *c));
        let (Some(of), None) = (fitting.next(), fitting.next()) else {
            return Err(ClerkError::Refused(if known.len() > 1 {
                format!("“{unit}”在几个活动中都有，请用 --campaign 指明活动。")
            } else {
                format!(
                    "台账和单位名册中都没有“{unit}”，没有列入。请写单位全称，或先导入单位名册。"
                )
            }));
        };
        Ok(of.clone())
    }

    /// Trusts a key that somebody handed over. Gives the key, and how many pages that it signed and that were not believed are
    /// registered now.
    pub fn trust(
        &mut self,
        keys: &Path,
        (pem, say): (&str, &Trusting),
        by: &Visitor,
        at: Timestamp,
    ) -> Result<(KeyLine, usize), ClerkError> {
        if say.owner.as_ref().is_some_and(|o| o.chars().count() > 100) {
            return Err(ClerkError::Refused(
                "所有者超过 100 字，没有列入。请写单位的名称。".to_owned(),
            ));
        }
        if let Some((unit, campaign)) = &say.unit {
            // before anything is entered
            self.campaign_of_unit((unit, Some(campaign)))?;
        }
        let line = trust_public(keys, &public_of(pem)?, say)?;
        self.renew_trust(keys)?;
        let detail = format!("{} 列入信任名单：{}", by.name, line.owner);
        self.ledger.note(at, "key", &line.id, &detail)?;
        if let Some((unit, campaign)) = &say.unit {
            self.let_file(&line.fingerprint, (unit, Some(campaign)), at)?;
        }
        let judged = self.judge_unbelieved(at)?;
        Ok((line, judged))
    }

    /// Revokes a key by the beginning of its fingerprint.
    pub fn revoke(
        &mut self,
        keys: &Path,
        (which, since, reason): (&str, Timestamp, &str),
        by: &Visitor,
        at: Timestamp,
    ) -> Result<KeyLine, ClerkError> {
        let line = revoke_key(keys, which, since, reason)?;
        self.renew_trust(keys)?;
        let detail = format!("{} 吊销，自 {since} 起：{}", by.name, reason.trim());
        self.ledger.note(at, "key", &line.id, &detail)?;
        Ok(line)
    }

    /// Makes the service a new signing key; the one before it retires.
    pub fn renew_key(
        &mut self,
        keys: &Path,
        (owner, algorithm): (&str, &str),
        by: &Visitor,
        at: Timestamp,
    ) -> Result<KeyMade, ClerkError> {
        let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
        let made = new_key(keys, owner, algorithm, whole)?;
        self.renew_trust(keys)?;
        let retired = made.retired.as_ref();
        let retired = retired.map_or_else(String::new, |(id, _)| format!("，原密钥 {id} 停用"));
        let detail = format!("{} 新建 {algorithm} 签名密钥{retired}", by.name);
        self.ledger.note(at, "key", &made.id, &detail)?;
        new_key_told(keys, algorithm)?;
        Ok(made)
    }
}
