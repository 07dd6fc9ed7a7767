//! What a cut asks for: a field, or a column of a list's row.

/// What a cut asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CutKey {
    /// A field, such as `name` or `unit.name`.
    Field(String),
    /// A column of the n-th row of a list; without a number, of the row that is being added.
    Row {
        list: String,
        row: Option<usize>,
        field: String,
    },
    /// A column of the row of a list whose given column holds these words, such as a step of the activity.
    Given {
        list: String,
        column: String,
        words: String,
        field: String,
    },
}
