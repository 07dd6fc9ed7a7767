//! An open ledger (打开的台账): the data folder with the keys that it trusts and the campaigns that it knows. The receiving desk and the
//! organiser's office act on it, each by its own type.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use crate::campaign::{Campaign, FormKind};
use crate::finding::{Finding, Place};
use crate::mark::{SignatureCheck as Signature, TrustedKeys, signer, to_digits, verify};
use crate::store::ledger::{IfMissing, Ledger, RosterRow, UnitContact};
use crate::store::{Vault, read_trusted};

use crate::clerk::error::ClerkError;
use crate::clerk::making::campaigns::Campaigns;

/// Where an open ledger finds what it needs.
#[derive(Clone, Copy, Debug)]
pub struct DataPlaces<'a> {
    /// Data folder: ledger and objects.
    pub data: &'a Path,
    /// Key folder: trusted keys and the vault key.
    pub keys: &'a Path,
}

/// An open ledger (打开的台账) with the keys that it trusts and the campaigns that it knows. Who acts on it is a [`Desk`](super::Desk) or an
/// [`Office`](super::Office).
#[derive(Debug)]
pub struct OpenLedger<'a> {
    pub(super) ledger: Ledger,
    pub(super) trusted: TrustedKeys,
    pub(super) campaigns: &'a Campaigns,
    loaded: BTreeMap<String, Option<Campaign>>,
    /// The edition of the campaigns that were loaded.
    edition: u64,
    /// Whether pages that were not believed were judged by the keys that are trusted now.
    judged: bool,
}

impl<'a> OpenLedger<'a> {
    /// Opens the ledger; findings tell of key files that could not be read. With [`IfMissing::Make`] an empty ledger is made
    /// where there is none.
    pub fn open(
        places: DataPlaces<'_>,
        campaigns: &'a Campaigns,
        missing: IfMissing,
    ) -> Result<(Self, Vec<Finding>), ClerkError> {
        if missing == IfMissing::Refuse {
            // a wrong folder is said before a wrong key
            Ledger::look_for(places.data)?;
        }
        let vault = Vault::open(places.keys, missing == IfMissing::Make)?;
        let mut ledger = Ledger::open(places.data, vault, missing)?;
        campaigns.take_over(ledger.decided()?);
        let (trusted, mut findings) = read_trusted(places.keys)?;
        if ledger.is_disputed() {
            findings.push(Finding::warning(
                "W3",
                Place::file(ledger.path().display().to_string()),
                "审计日志的末尾与密钥目录中记下的不符：末尾被截去，或者台账是早先的副本。",
                "请用 sanlian audit verify 核对，并查明台账文件是谁、在何时换过。",
            ));
        }
        let open = Self {
            ledger,
            trusted,
            campaigns,
            loaded: BTreeMap::new(),
            edition: campaigns.edition(),
            judged: false,
        };
        Ok((open, findings))
    }

    /// Reads the trusted keys again, as what stays open must when its key folder changes.
    pub fn renew_trust(&mut self, keys: &Path) -> Result<(), ClerkError> {
        self.trusted = read_trusted(keys)?.0;
        self.judged = false;
        Ok(())
    }

    /// Judges pages again that were put before the desk when the key that signed them was not believed, once for each list of keys:
    /// a page that waits for nothing but its key would wait for ever. Gives how many are registered by that.
    pub fn judge_unbelieved(&mut self, now: Timestamp) -> Result<usize, ClerkError> {
        if self.judged {
            return Ok(0);
        }
        let mut registered = 0;
        for page in self.ledger.unbelieved()? {
            let signature = verify(&to_digits(&page.mark), &self.trusted);
            if !matches!(signature, Signature::Genuine(_)) {
                continue;
            }
            let by = self.signer_of(Some(&signature), Some(&page.mark));
            let done = self.ledger.receive_again(&page, (&signature, &by), now)?;
            registered += usize::from(done);
        }
        self.judged = true;
        Ok(registered)
    }

    /// Fingerprint of the trusted key that signed a mark; empty where none did.
    pub(super) fn signer_of(
        &self,
        signature: Option<&Signature>,
        bytes: Option<&[u8; 96]>,
    ) -> String {
        let Some(Signature::Genuine(mark)) = signature else {
            return String::new();
        };
        let mut named = self
            .trusted
            .with_id(mark.key())
            .filter(|k| k.public().algorithm() == mark.algorithm());
        // a genuine mark is signed by one of them; which, is asked only where two share a number
        let key = match (named.next(), named.next()) {
            (Some(only), None) => Some(only),
            _ => bytes.and_then(|bytes| signer(bytes, &self.trusted)),
        };
        key.map_or_else(String::new, |key| key.public().fingerprint())
    }

    /// The keys that are trusted.
    pub fn trusted(&self) -> &TrustedKeys {
        &self.trusted
    }

    /// What people call a form, in its campaign where that is known.
    pub(super) fn form_name(&mut self, campaign: &str, kind: FormKind) -> String {
        let known = self.campaign(campaign);
        known
            .map_or_else(|| kind.label(), |c| c.form_name(kind))
            .into_owned()
    }

    /// The campaign of an id, loaded once; none where there is no such campaign or its templates have errors.
    pub(super) fn campaign(&mut self, id: &str) -> Option<&Campaign> {
        let edition = self.campaigns.edition();
        if self.edition != edition {
            self.loaded.clear();
            self.edition = edition;
        }
        if !self.loaded.contains_key(id) {
            let found = self.campaigns.load(id).ok().and_then(|(found, _)| found);
            self.loaded.insert(id.to_owned(), found);
        }
        self.loaded.get(id)?.as_ref()
    }

    /// The units that are expected.
    pub fn roster(&mut self) -> Result<Vec<RosterRow>, ClerkError> {
        Ok(self.ledger.roster()?)
    }

    /// Those of some units at which the roster says whom to telephone.
    pub(in crate::clerk) fn roster_contacts(
        &mut self,
        rows: &[RosterRow],
    ) -> Result<Vec<(RosterRow, UnitContact)>, ClerkError> {
        let mut contacts = Vec::new();
        for row in rows {
            let contact = self.ledger.roster_contact(row)?;
            if contact != UnitContact::default() {
                contacts.push((row.clone(), contact));
            }
        }
        Ok(contacts)
    }
}
