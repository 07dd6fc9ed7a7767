//! What every page and every answer of the service stands on: the shared state, the desks that ask the ledger, who comes in and
//! how often, uploads, and what goes wrong. The pages of people are in `unit`, `desk` and `office`, the interface for programs
//! in `api`.

pub(super) mod app;
pub(super) mod assets;
pub(super) mod boards;
pub(super) mod caller;
pub(super) mod door;
pub(super) mod files;
pub(super) mod frame;
pub(super) mod given;
pub(super) mod guard;
pub(super) mod health;
pub(super) mod layers;
pub(super) mod log;
pub(super) mod port;
pub(super) mod rates;
pub(super) mod readings;
pub(super) mod repeats;
pub(super) mod request_id;
pub(super) mod second;
pub(super) mod serving;
pub(super) mod serving_error;
pub(super) mod state;
pub(super) mod tls;
pub(super) mod told;
pub(super) mod trouble;
pub(super) mod upload;
pub(super) mod work;
pub(super) mod workers;
