//! The anatomy (构造) of a form: what is known of its places whoever asks: `bind`, which finds them, `put`, which writes there, `back`,
//! which reads there. A place and the field that goes there are in `place`.

pub(super) mod place;
