//! The number of a request (请求编号): taken from `X-Request-Id` where that is a number as programs make them, else made. It is put on the
//! answer, stands in every line of the log that the request brings, and is what a page of trouble tells.

use tracing::Instrument;

/// Name of the header.
pub(super) const HEADER: &str = "x-request-id";

/// A request's number, as it goes along with the request.
#[derive(Clone)]
pub(super) struct RequestId(pub(super) String);

tokio::task_local! {
    static CURRENT: String;
}

/// Whether a number may be taken over: 16 to 64 hexadecimal digits and hyphens, a letter among them. A UUID and the trace ids of common
/// proxies are; a name, a telephone number or the number of an identity card is not, for the log must hold none.
pub(super) fn is_well_formed(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_hexdigit() || b == b'-';
    (16..=64).contains(&text.len())
        && text.bytes().all(known)
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// A new number, by chance.
pub(super) fn fresh() -> String {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        return format!("{:032x}", jiff::Timestamp::now().as_nanosecond());
    }
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Does what a request asks, under its number.
pub(super) async fn scoped<T>(id: String, work: impl Future<Output = T>) -> T {
    CURRENT.scope(id, work).await
}

/// The number of the request that is being dealt with; a new one outside of any.
pub(super) fn current() -> String {
    CURRENT.try_with(String::clone).unwrap_or_else(|_| fresh())
}

/// Work that goes on by itself, under the number of the request that began it.
pub(super) fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    CURRENT.scope(current(), work.in_current_span())
}
