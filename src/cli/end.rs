//! How a command ends, and so with which code the program does.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// What was asked is done.
    Done,
    /// There are error findings, or a mark does not hold.
    Findings,
}
