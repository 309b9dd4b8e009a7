//! Reads the cells of a column for blocked contacts.

use onefold::contact::fold_name;
use onefold::field_names::consent::yes_or_no;

const BLOCKED: [&str; 10] = [
    "blocked",
    "isblocked",
    "blockiert",
    "gesperrt",
    "bloque",
    "bloqueado",
    "bloqueada",
    "bloccato",
    "geblokkeerd",
    "zablokowany",
];

const NOT_BLOCKED: [&str; 7] =
    ["unblocked", "notblocked", "nichtblockiert", "debloque", "desbloqueado", "desbloqueada", "sbloccato"];

/// Returns true for words such as "yes" and "blocked", false for words such as "no", and `None` for unknown words. O(n).
pub(crate) fn read(word: &str) -> Option<bool> {
    yes_or_no(word).or_else(|| {
        let folded = fold_name(word);
        if BLOCKED.contains(&&*folded) { Some(true) } else { NOT_BLOCKED.contains(&&*folded).then_some(false) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_blocked_are_known_beside_those_for_yes_and_no() {
        for (word, is_blocked) in [
            ("Gesperrt", Some(true)),
            ("is blocked", Some(true)),
            ("not blocked", Some(false)),
            ("ja", Some(true)),
            ("nej", Some(false)),
            ("perhaps", None),
        ] {
            assert_eq!(read(word), is_blocked, "{word}");
        }
    }
}
