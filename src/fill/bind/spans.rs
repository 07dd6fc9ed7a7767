//! Two columns for one span of months (起、止): bound where a list has both of them and its sheet holds one span.

use super::columns::Column;
use crate::campaign::Kind;
use crate::fill::anatomy::halves::{Half, half_asked, half_key};
use crate::fill::bind::finder::PlaceFinder;

/// How sure two columns are of which one asks when it began and one when it ended.
const BOTH: f32 = 0.9;

impl PlaceFinder<'_> {
    /// The two columns of a list's span with the halves that they take; none where only one of them is there, or where the list knows
    /// their heads as something else.
    pub(super) fn span_columns(&self, list: &str, columns: &[Column]) -> Vec<(usize, String, f32)> {
        let sheet = self.campaign.sheet(list).filter(|s| s.rows);
        let spans = sheet.into_iter().flat_map(|s| &s.fields);
        let mut spans = spans.filter(|f| f.kind == Kind::Span);
        let (Some(span), None) = (spans.next(), spans.next()) else {
            return Vec::new();
        };
        let column = |half: Half| {
            let asks = |(_, c): &(usize, &Column)| c.blank && half_asked(&c.head) == Some(half);
            let mut all = columns.iter().enumerate().filter(asks);
            let found = all.next().filter(|_| all.next().is_none())?;
            let known = self.head(list, &found.1.head);
            let another = known.is_some_and(|m| m.sure > 0.8 && m.field != span.key);
            (!another).then_some(found.0)
        };
        let (Some(from), Some(to)) = (column(Half::From), column(Half::To)) else {
            return Vec::new();
        };
        let halves = [(from, Half::From), (to, Half::To)];
        let halves = halves.map(|(n, half)| (n, half_key(&span.key, half), BOTH));
        halves.to_vec()
    }
}
