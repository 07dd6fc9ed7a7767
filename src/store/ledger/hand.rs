//! The hand (手) that the ledger is written by: the vault that vouches for rows of the audit log, and the head that is kept apart. It goes
//! along with everything that the ledger's own runtime runs, so that no act passes it on.

use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::fault::LedgerFault;
use super::head::{AuditHead, Link};
use crate::store::StoreError;
use crate::store::vault::Vault;

/// What writing needs beside the connection.
pub(super) struct Hand {
    pub(super) vault: Vault,
    pub(super) head: AuditHead,
    /// The newest row of the transaction that is open; the head takes it when that is committed.
    newest: Mutex<Option<Link>>,
}

tokio::task_local! {
    static HAND: Arc<Hand>;
}

impl Hand {
    pub(super) fn new(vault: &Vault, ledger: &str) -> Self {
        Self {
            vault: vault.clone(),
            head: AuditHead::of(ledger, vault),
            newest: Mutex::default(),
        }
    }

    /// The hand that what runs now is written by.
    pub(super) fn now() -> Result<Arc<Self>, LedgerFault> {
        HAND.try_with(Clone::clone)
            .map_err(|_| LedgerFault::Engine("written by no hand".to_owned()))
    }

    /// A transaction begins, with no row yet.
    pub(super) fn begin(&self) {
        self.set(None);
    }

    /// A row was added to the transaction.
    pub(super) fn added(&self, link: Link) {
        self.set(Some(link));
    }

    /// The transaction is on the disk.
    pub(super) fn committed(&self) {
        if let Some(link) = self.set(None) {
            self.head.advance(link);
        }
    }

    fn set(&self, newest: Option<Link>) -> Option<Link> {
        let mut held = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *held, newest)
    }
}

/// The ledger's own runtime, with its hand once the ledger is open.
pub(super) struct Runtime {
    tokio: tokio::runtime::Runtime,
    hand: Option<Arc<Hand>>,
}

impl Runtime {
    /// A runtime for the ledger of a path.
    pub(super) fn new(path: &Path) -> Result<Self, StoreError> {
        let tokio = runtime(path)?;
        Ok(Self { tokio, hand: None })
    }

    /// From now on everything that it runs is written by this hand.
    pub(super) fn take(&mut self, hand: Hand) {
        self.hand = Some(Arc::new(hand));
    }

    /// The hand; none while the ledger is being opened.
    pub(super) fn hand(&self) -> Option<&Hand> {
        self.hand.as_deref()
    }

    /// Runs to the end.
    pub(super) fn block_on<F: Future>(&self, work: F) -> F::Output {
        match &self.hand {
            Some(hand) => self.tokio.block_on(HAND.scope(hand.clone(), work)),
            None => self.tokio.block_on(work),
        }
    }
}

/// A runtime for one connection, in this thread.
pub(super) fn runtime(path: &Path) -> Result<tokio::runtime::Runtime, StoreError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(StoreError::world("打开", path))
}
