//! Ids of suggestions and merges, as users type them.

use std::collections::BTreeSet;

use crate::failure::Failure;

/// How many digits of an id a table shows, and a user must give.
const MIN: usize = 8;

/// Those of `known` that `given` names, each whole or by its first digits. `what` says what they are of.
///
/// # Errors
/// Something is no id, names nothing, or could be several.
pub fn named(given: &[String], known: &BTreeSet<String>, what: &str) -> Result<BTreeSet<String>, Failure> {
    let mut named = BTreeSet::new();
    for text in given {
        let id = text.trim().to_ascii_lowercase();
        if id.len() < MIN || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Failure::Usage(format!(
                "{text:?} is no id of a {what}; give at least its first {MIN} hexadecimal digits"
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
