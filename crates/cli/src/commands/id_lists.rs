//! Ids of suggestions and merges, as users type them.

use std::collections::BTreeSet;

use crate::failure::Failure;

/// The number of digits of an id that a table shows and a user must give.
const MIN: usize = 8;

/// Returns the ids of `known` that `given` names, completely or by their first digits. `what` names their kind in messages.
///
/// # Errors
/// A text is not an id, names no id, or names several.
pub fn named(given: &[String], known: &BTreeSet<String>, what: &str) -> Result<BTreeSet<String>, Failure> {
    let mut named = BTreeSet::new();
    for text in given {
        let id = text.trim().to_ascii_lowercase();
        if id.len() < MIN || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Failure::Usage(format!(
                "{text:?} is not the id of a {what}; give at least its first {MIN} hexadecimal digits"
            )));
        }
        let mut found = known.range(id.clone()..).take_while(|known| known.starts_with(&id));
        match (found.next(), found.next()) {
            (None, _) => return Err(Failure::Usage(format!("there is no {what} {text}"))),
            (Some(one), None) => drop(named.insert(one.clone())),
            (Some(_), Some(_)) => {
                return Err(Failure::Usage(format!("{text} could be several of the ids; give more digits")));
            }
        }
    }
    Ok(named)
}
