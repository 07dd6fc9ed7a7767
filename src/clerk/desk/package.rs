//! Receive packages (收报送包): signature, sums and limits first, then every version into the ledger at once. The same package twice
//! is harmless; one that is older than the ledger is refused with the reason.

use std::io::{Read, Seek};
use std::path::Path;

use jiff::Timestamp;

use crate::campaign::{Campaign, FormKind};
use crate::finding::{Finding, Place, Severity};
use crate::package::{EntryRole, Limits, Package, claimed_campaign, open};
use crate::store::StoreError;
use crate::store::ledger::{
    EntryRow, Filing, LedgerFault, Outcome, PackageRow, UnitContact, Voided, Voucher,
};

use crate::clerk::desk::Desk;
use crate::clerk::error::{ClerkError, world};
use crate::clerk::given;
use crate::clerk::making::{doubles, issue};
use crate::record::Book;

/// What became of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageDone {
    /// The unit's name; empty where the package was refused before it was known.
    pub unit: String,
    /// Whether it had been received before; nothing was changed.
    pub again: bool,
    /// New versions, in words.
    pub added: Vec<String>,
    /// Pages that were issued and are new to the ledger.
    pub sheets: usize,
    /// Why it was refused, or what a person should look at.
    pub findings: Vec<Finding>,
}

impl Desk<'_> {
    /// Receives one package. `campaign` is the desk's campaign; with none, every campaign whose templates are at hand.
    pub fn receive_package(
        &mut self,
        path: &Path,
        campaign: Option<&str>,
        at: Timestamp,
    ) -> Result<PackageDone, ClerkError> {
        // how large it may be is its campaign's to say
        let mut file = given::opened(path).map_err(world(path))?;
        let claimed = claimed_campaign(&mut file).and_then(|id| self.campaign(&id).map(Limits::of));
        let limits = claimed.unwrap_or_default();
        file.rewind().map_err(world(path))?;
        let shown = path.display().to_string();
        let refused = |findings| PackageDone {
            unit: String::new(),
            again: false,
            added: Vec::new(),
            sheets: 0,
            findings,
        };
        let mut bytes = Vec::new();
        // one byte more than may be, so that the package itself says what is wrong
        file.take(limits.file().saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(world(path))?;
        let trusted = self.trusted.clone();
        let mut templates = |id: &str| self.campaign(id).cloned();
        let package = match open(&shown, &bytes, &trusted, &limits, &mut templates) {
            Ok(package) => package,
            Err(findings) => return Ok(refused(findings)),
        };
        drop(bytes);
        let remark = self.elsewhere(&package, &shown, campaign);
        if let Some(finding) = remark.clone().filter(|f| f.severity == Severity::Error) {
            return Ok(refused(vec![finding]));
        }
        let outcome = self.file_package(&package, path, at);
        // what was kept and is not named after all goes
        self.ledger.let_go()?;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(ClerkError::Store(StoreError::Ledger { fault, .. })) if of_the_unit(&fault) => {
                return Ok(refused(vec![not_taken(&package, &fault, &shown)]));
            }
            Err(error) => return Err(error),
        };
        let known = self.campaign(&package.manifest.campaign).cloned();
        let mut done = done(known.as_ref(), &package, &outcome, &shown);
        done.findings.extend(remark);
        done.findings
            .extend(self.after_filing(&package.book, &shown, at)?);
        Ok(done)
    }

    /// Why a package does not belong to this desk.
    fn elsewhere(
        &mut self,
        package: &Package,
        shown: &str,
        campaign: Option<&str>,
    ) -> Option<Finding> {
        let of = &package.manifest.campaign;
        let place = Place::file(shown);
        if campaign.is_some_and(|c| c != of) {
            let message = format!(
                "报送包属于活动“{of}”，不是“{}”",
                campaign.unwrap_or_default()
            );
            return Some(Finding::error(
                "B10",
                place,
                message,
                "请交给该活动的收件处。",
            ));
        }
        let Some(known) = self.campaign(of) else {
            let message = format!("没有活动“{of}”的模板");
            return Some(Finding::error(
                "B10",
                place,
                message,
                "请用 --templates 指定模板目录后再收。",
            ));
        };
        if known.version != package.manifest.template {
            let message = format!(
                "单位用的模板是版本{}，收件处的是版本{}",
                package.manifest.template, known.version
            );
            let hint = "请核对模板文件夹；已照收，栏目名称以收件处的为准。";
            return Some(Finding::warning("B10", place, message, hint));
        }
        None
    }

    fn file_package(
        &mut self,
        package: &Package,
        path: &Path,
        at: Timestamp,
    ) -> Result<Outcome, ClerkError> {
        if self.ledger.has_package(&package.sha256)? {
            return Ok(Outcome {
                again: true,
                ..Outcome::default()
            });
        }
        // before anything of it is kept
        self.ledger.takes_in(&package.book)?;
        let id = package.manifest.campaign.clone();
        let (url, lookups) = match self.campaign(&id) {
            Some(campaign) => (
                campaign.verify_url.clone(),
                issue::lookups(campaign, &package.book),
            ),
            None => (None, Vec::new()),
        };
        let manifest = &package.manifest;
        let signers = self.signers(package);
        let mut filing = Filing {
            at,
            act: "package",
            book: &package.book,
            signers: &signers,
            voucher: if package.signer == manifest.unit && package.signer == package.book.unit() {
                Voucher::Owner
            } else {
                Voucher::Nobody
            },
            mark_signers: &package.mark_signers,
            unit: &manifest.unit,
            channel: &manifest.channel,
            contact: &UnitContact {
                name: manifest.contact.name.clone(),
                phones: manifest.contact.phones.clone(),
            },
            present: &package.present,
            sheets: &issue::sheets(&package.issues, url.as_deref())?,
            voids: &voids(package),
            lookups: &lookups,
            package: None,
        };
        self.ledger.admits(&filing)?;
        filing.package = Some(PackageRow {
            sha256: package.sha256,
            made_at: package.made_at,
            name: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            entries: self.keep_entries(package)?,
        });
        Ok(self.ledger.file(&filing)?)
    }

    /// The key that signed, then the others that the trust list says to belong to the same owner.
    fn signers(&self, package: &Package) -> Vec<String> {
        let mut signers = vec![package.fingerprint.clone()];
        let keys = self.trusted.0.iter();
        let same = keys.filter(|k| !package.signer.is_empty() && k.owner() == package.signer);
        let same = same.map(|k| k.public().fingerprint());
        signers.extend(same.filter(|f| *f != package.fingerprint));
        signers
    }

    /// Keeps what a package holds beside the records; they stand before the ledger names them.
    fn keep_entries(&mut self, package: &Package) -> Result<Vec<EntryRow>, ClerkError> {
        let mut rows = Vec::new();
        for entry in &package.manifest.entries {
            let role = match entry.role {
                // these are in the ledger itself
                EntryRole::Book | EntryRole::Issues | EntryRole::Key => continue,
                EntryRole::Form => "form",
                EntryRole::Report => "report",
                EntryRole::Photo => "photo",
                EntryRole::Video => "video",
                EntryRole::Work => "work",
            };
            let Some(bytes) = package.entries.get(&entry.name) else {
                continue;
            };
            rows.push(EntryRow {
                name: entry.name.clone(),
                role: role.to_owned(),
                record: entry.record.as_deref().and_then(reference),
                size: entry.size,
                object: self.ledger.keep(bytes)?,
            });
        }
        Ok(rows)
    }
}

/// Whether a fault is the unit's to mend, or that of whoever sent the package in its name.
fn of_the_unit(fault: &LedgerFault) -> bool {
    matches!(
        fault,
        LedgerFault::UnitKey { .. } | LedgerFault::Taken(_) | LedgerFault::Fork { .. }
    )
}

/// Why the ledger did not take a package: its key is not the unit's (any trusted key could sign in any unit's name), its records
/// are another unit's, or it contradicts what is here.
fn not_taken(package: &Package, fault: &LedgerFault, shown: &str) -> Finding {
    let code = match fault {
        LedgerFault::Fork { .. } => "B11",
        _ => "B12",
    };
    let owner = match package.signer.as_str() {
        "" => "签名的密钥没有写明所有者".to_owned(),
        signer => format!("签名的密钥属于“{signer}”"),
    };
    Finding::error(
        code,
        Place::file(shown),
        format!(
            "报送包报送的是“{}”，{owner}：{fault}。",
            package.manifest.unit
        ),
        fault.remedy(),
    )
}

fn reference(text: &str) -> Option<[u8; 8]> {
    u64::from_str_radix(text, 16).ok().map(u64::to_be_bytes)
}

/// The voids that a package tells of; those of records that are not its own are passed over.
fn voids(package: &Package) -> Vec<Voided> {
    let all = package.manifest.voids.iter();
    all.filter_map(|v| {
        let record = reference(&v.record)?;
        package.book.record(record)?;
        Some(Voided {
            record,
            version: v.version,
            minutes: v.minutes,
            copy: v.copy,
            at: v.at.parse().ok()?,
            reason: v.reason.clone(),
        })
    })
    .collect()
}

fn done(
    known: Option<&Campaign>,
    package: &Package,
    outcome: &Outcome,
    shown: &str,
) -> PackageDone {
    let title = |kind: FormKind, name: &str| {
        let form = known.map_or_else(|| kind.label(), |c| c.form_name(kind));
        format!("{form}（{name}）")
    };
    let older = outcome.older.iter().map(|(kind, name, offered, stands)| {
        Finding::error(
            "B11",
            Place::file(shown),
            format!(
                "{}：包中为版本{offered}，台账已是版本{stands}，这个包较旧，没有收",
                title(*kind, name)
            ),
            "请向单位核实，收最新的报送包。",
        )
    });
    PackageDone {
        unit: package.manifest.unit.clone(),
        again: outcome.again,
        added: outcome
            .added
            .iter()
            .map(|(kind, name, version)| format!("{} 版本{version}", title(*kind, name)))
            .collect(),
        sheets: outcome.sheets,
        findings: older.collect(),
    }
}

impl Desk<'_> {
    /// What is to be said of a package that was taken in.
    fn after_filing(
        &mut self,
        book: &Book,
        file: &str,
        at: Timestamp,
    ) -> Result<Vec<Finding>, ClerkError> {
        let Some(campaign) = self.campaign(book.campaign()).cloned() else {
            return Ok(Vec::new());
        };
        doubles::after_filing(&mut self.ledger, &campaign, (book, file), at)
    }
}

impl PackageDone {
    /// Whether the package is filed: errors refuse it, but for a person whom another unit recommends too, which is said of packages
    /// that were taken in.
    pub fn is_filed(&self) -> bool {
        let refuses = |f: &Finding| f.severity == Severity::Error && f.code != doubles::TWICE;
        !self.findings.iter().any(refuses)
    }
}
