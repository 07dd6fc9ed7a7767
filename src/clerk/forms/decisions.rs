//! The work of a person in a binding's file (人工核对): a newly found binding does not take its place unasked.

use std::path::Path;

use crate::clerk::error::ClerkError;
use crate::clerk::forms::fill::read_binding;
use crate::fill::{Binding, BoundPlace, FieldPlace, LEFT_EMPTY};

/// Fails where a file holds a binding in which a person decided something, that a newly made one would take the place of: it is the work of a
/// year.
pub fn keeps_decisions(out: &Path, made: &Binding) -> Result<(), ClerkError> {
    if !out.exists() {
        return Ok(());
    }
    let name = out.display();
    let remedy = format!(
        "要照它办理，请加上 --from {name}（核对过的照旧，只问不同的）；要另存一份，请在 -o 后换一个文件名；确实不要了，请加上 --replace"
    );
    let Ok(kept) = read_binding(out) else {
        return Err(ClerkError::Refused(format!(
            "{name} 已经有了，又不是能读的绑定（也许改到一半），没有盖掉它。请改好它，或在 -o 后换一个文件名；确实不要了，请加上 --replace"
        )));
    };
    let decided = kept.places.iter().filter(|b| b.confirmed).count();
    let same_form = kept.shape == made.shape && kept.campaign == made.campaign;
    // of a sure place nobody knows that its field was changed but by what is found there now
    let spot = |p: &FieldPlace| FieldPlace {
        key: String::new(),
        ..p.clone()
    };
    let changed = |b: &&BoundPlace| {
        let found: Vec<&BoundPlace> = made
            .places
            .iter()
            .filter(|m| spot(&m.place) == spot(&b.place))
            .collect();
        !found.is_empty() && found.iter().all(|m| m.place.key != b.place.key)
    };
    let emptied = kept.others.iter().any(|o| o.whose == LEFT_EMPTY);
    let edited = same_form && kept.places.iter().any(|b| changed(&b)) || emptied;
    if kept.confirmed || decided > 0 || edited {
        let what = match decided {
            0 => "里有改动过的地方".to_owned(),
            n => format!("里有核对过或改过的 {n} 处"),
        };
        return Err(ClerkError::Refused(format!(
            "{name} {what}，没有盖掉它。{remedy}"
        )));
    }
    Ok(())
}
