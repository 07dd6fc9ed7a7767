//! The place of the one service (服务席位): a ledger on PostgreSQL has one service at a time, for what a service remembers while it runs —
//! attempts by address, answers to repeated requests, batches of scans, who is being dealt with — is in its own memory. The place is a
//! lock on a connection of its own. A connection that was lost is made anew; where another service was faster, this one is told.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::hand::runtime;
use super::names::DATABASE;
use super::place::Elsewhere;
use super::server::{Part, Server};
use crate::store::StoreError;

/// How often it is seen whether the place is still held.
const ROUND: Duration = Duration::from_secs(3);

/// The place, held until it is dropped.
pub struct ServicePlace {
    /// Dropped to end the thread.
    end: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
    lost: tokio::sync::watch::Receiver<bool>,
}

impl std::fmt::Debug for ServicePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServicePlace")
    }
}

impl ServicePlace {
    /// Comes back when another service has the place; never, as long as it is held.
    pub fn lost(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut lost = self.lost.clone();
        async move {
            if lost.wait_for(|lost| *lost).await.is_err() {
                std::future::pending().await
            }
        }
    }
}

impl Drop for ServicePlace {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

impl Ledger {
    /// Takes the place of the one service. None for a ledger in a file. Fails with [`LedgerFault::Served`] where another has it.
    pub fn take_service_place(&self) -> Result<Option<ServicePlace>, StoreError> {
        let data = self.folder().to_path_buf();
        let Some(place) = Elsewhere::of(&data)? else {
            return Ok(None);
        };
        let path = data.join(DATABASE);
        let own = runtime(&path)?;
        let taken = own.block_on(take(&data, &place));
        let mut server = taken.map_err(|fault| fault.at(path.clone()))?;
        let (end, ended) = channel();
        let (tell, lost) = tokio::sync::watch::channel(false);
        let keeper = std::thread::Builder::new()
            .name("service place".to_owned())
            .spawn(move || {
                while is_going_on(&ended) {
                    if !own.block_on(kept(&mut server, &data, &place)) {
                        let _ = tell.send(true);
                        // until it ends, for nobody is told twice
                        let _ = ended.recv();
                    }
                }
                let _ = own.block_on(server.close());
            })
            .map_err(StoreError::world("打开", &path))?;
        Ok(Some(ServicePlace {
            end: Some(end),
            keeper: Some(keeper),
            lost,
        }))
    }
}

fn is_going_on(ended: &Receiver<()>) -> bool {
    matches!(ended.recv_timeout(ROUND), Err(RecvTimeoutError::Timeout))
}

async fn take(data: &Path, place: &Elsewhere) -> Result<Server, LedgerFault> {
    let mut server = Server::join(data, place).await?;
    match server.try_hold(Part::Service).await? {
        true => Ok(server),
        false => Err(LedgerFault::Served),
    }
}

/// Whether the place is held, or nobody else can have it as long as the server is away.
async fn kept(server: &mut Server, data: &Path, place: &Elsewhere) -> bool {
    if server.answers().await.is_ok() {
        return true;
    }
    match take(data, place).await {
        Ok(anew) => {
            *server = anew;
            true
        }
        Err(LedgerFault::Unreachable(_)) => true,
        Err(_) => false,
    }
}
