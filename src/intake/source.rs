//! What is read: files with their bytes.

/// A file with its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the submission folder, with `/`.
    pub path: String,
    /// All bytes.
    pub bytes: Vec<u8>,
}
