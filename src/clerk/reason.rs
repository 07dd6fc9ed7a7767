//! A reason (原因) that a person gives for an act: the same rule for every act, at the command line and in the service.

use crate::clerk::error::ClerkError;

/// Fewest and most characters of a reason.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=200;

/// A reason without blanks around it: 2 to 200 characters on one line, none of which steers a terminal. `of` says what it is, such as
/// “作废的原因”, `like` gives an example, `kept` what did not happen.
pub(in crate::clerk) fn reason(
    text: &str,
    (of, like, kept): (&str, &str, &str),
) -> Result<String, ClerkError> {
    let text = text.trim();
    if !LENGTH.contains(&text.chars().count()) || text.chars().any(steers) {
        return Err(ClerkError::Refused(format!(
            "请写明{of}（一行，2 至 200 字，不含控制字符），如“{like}”。{kept}。"
        )));
    }
    Ok(text.to_owned())
}

/// Whether a character steers what shows it: a control character, or one that turns the direction of writing.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
