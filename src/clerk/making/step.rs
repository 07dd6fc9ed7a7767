//! A step (进度) of a long act: what is done now, and how much of all is done.

/// What an act does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// What it is, in Chinese, or the path of a file that is made.
    pub what: &'a str,
    /// Steps that are done.
    pub done: usize,
    /// Steps of the whole act; 0 where they are not counted.
    pub of: usize,
}

impl<'a> Step<'a> {
    /// A step of an act whose steps are not counted.
    pub(super) fn uncounted(what: &'a str) -> Self {
        let (done, of) = (0, 0);
        Self { what, done, of }
    }
}
