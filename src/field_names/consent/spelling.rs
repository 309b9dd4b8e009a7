//! Spellings of words, and words written together.

use crate::field_names::consent::words::{
    ACTIONS, BESIDE, CONSENT_VERBS, CONSENTS, CONSENTS_ALONE, CONTACTING, FACTS, OBJECTIONS, OBJECTIONS_ALONE,
    SPELLINGS, SUBJECTS, TIMES,
};

/// Returns the main spelling of a word.
pub(crate) fn in_one_spelling(word: &str) -> &str {
    SPELLINGS.iter().find(|(_, others)| lists(others, word)).map_or(word, |(one, _)| one)
}

pub(crate) fn is_known(word: &str) -> bool {
    vocabulary().any(|known| known == word) || [FACTS, TIMES].iter().any(|list| lists(list, word))
}

/// Returns the words that may be written together in a name.
fn vocabulary() -> impl Iterator<Item = &'static str> {
    let spelled = SPELLINGS.iter().flat_map(|(one, others)| others.split(' ').chain(std::iter::once(*one)));
    let phrases = [&OBJECTIONS[..], &OBJECTIONS_ALONE, &CONSENTS, &CONSENTS_ALONE, &CONSENT_VERBS];
    let phrases = phrases.into_iter().flatten().flat_map(|phrase| phrase.split(' '));
    let lists = [ACTIONS, CONTACTING, SUBJECTS, BESIDE, "do dont no"].into_iter().flat_map(|list| list.split(' '));
    spelled.chain(phrases).chain(lists)
}

/// Splits a word that consists of known words written together, such as `donotcall`. Returns `None` if it does not.
pub(crate) fn joined_words(word: &str) -> Option<Vec<&str>> {
    // The longest such words fit, and a longer text cannot cost more than this.
    const MAX_BYTES: usize = 60;
    if word.len() > MAX_BYTES || !word.is_ascii() {
        return None;
    }
    // For each end, the start of a word that ends there and follows other words. Longer words come first.
    let mut ends: Vec<Option<usize>> = vec![None; word.len() + 1];
    for end in 1..=word.len() {
        let begin = (0..end.saturating_sub(1)).find(|begin| {
            (*begin == 0 || ends.get(*begin).is_some_and(Option::is_some))
                && word.get(*begin..end).is_some_and(|part| vocabulary().any(|known| known == part))
        });
        if let Some(place) = ends.get_mut(end) {
            *place = begin;
        }
    }
    let mut found = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let begin = (*ends.get(end)?)?;
        found.push(word.get(begin..end)?);
        end = begin;
    }
    found.reverse();
    Some(found)
}

/// Returns true if `word` is one of the words of `list`, which are separated by single spaces.
pub(crate) fn lists(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}
