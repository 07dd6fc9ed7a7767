//! The names by which a ledger is found in a data folder.

/// Name of the ledger's file.
pub const LEDGER: &str = "ledger.db";

/// Name of the file that says where a ledger is that lies elsewhere.
pub const DATABASE: &str = "database.toml";
