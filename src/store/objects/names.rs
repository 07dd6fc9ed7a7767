//! Names of objects: the folder and the path in it.

use crate::record::Digest;

/// Name of the objects' folder in the data folder.
pub const OBJECTS: &str = "objects";

/// The path of an object inside the folder of objects, with `/`.
pub(in crate::store) fn relative(sum: &Digest) -> String {
    let text = sum.to_string();
    let (shelf, rest) = text.split_at_checked(2).unwrap_or(("", &text));
    format!("{shelf}/{rest}")
}

/// The object of such a path.
pub(in crate::store) fn of_relative(path: &str) -> Option<Digest> {
    let (shelf, rest) = path.split_once('/')?;
    Digest::parse(&format!("{shelf}{rest}")).filter(|_| shelf.len() == 2)
}
