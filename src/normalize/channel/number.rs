//! The phone number that a channel identity stands for.

use crate::key::Reason;
use crate::normalize::normalizer::Normalizer;
use crate::normalize::outcome::DerivedKey;
use crate::normalize::phone::text::{self, PhoneText};
use crate::normalize::phone::{self, digits_of};
use crate::normalize::region::Region;

/// The least length of a hidden WhatsApp id in bare digits. Bare digits of this length are a phone only if they are a
/// mobile number in use, because few countries have mobile numbers as long.
const MIN_HIDDEN_DIGITS: usize = 14;
/// The trunk prefixes of Mexico, abolished in 2019 but still written.
const MEXICAN_TRUNKS: [&str; 3] = ["044", "045", "01"];

/// Returns the keys of the phone number that an identity stands for. Bare digits begin with a country code, unless they
/// begin with the trunk prefix of `region`.
///
/// The inner error is the reason for which the identity stands for no number. It may still be an identity.
///
/// # Errors
/// - [`Reason::Placeholder`] or [`Reason::Ignored`] if the text identifies no person.
pub(crate) fn phone_of(
    normalizer: &Normalizer,
    text: &str,
    region: Option<Region>,
) -> Result<Result<Vec<DerivedKey>, Reason>, Reason> {
    let spellings = normalizer.spellings();
    let read = |number: PhoneText| match number {
        PhoneText::International(digits) => phone::international_keys(&digits, spellings),
        PhoneText::Written(number) => match bare_digits(&number) {
            Some(digits) => read_bare(&digits, region, normalizer),
            None => {
                mexican_keys(&number, region, normalizer).unwrap_or_else(|| phone::keys(&number, region, spellings))
            }
        },
        PhoneText::Doubtful { .. } => phone::keys(text, region, spellings),
    };
    let behind = text::cut(text).and_then(|cut| {
        let has_plus = cut.text.has_plus();
        cut.label.apply(read(cut.text), has_plus, region)
    });
    refuse_filler(behind)
}

/// Returns the digits of a text that consists of digits, or `None` for any other text.
fn bare_digits(text: &str) -> Option<String> {
    let digits = digits_of(text);
    (digits.len() == text.chars().count()).then_some(digits)
}

fn read_bare(digits: &str, region: Option<Region>, normalizer: &Normalizer) -> Result<Vec<DerivedKey>, Reason> {
    let spellings = normalizer.spellings();
    let international = phone::international_keys(digits, spellings);
    let Some(region) = region.filter(|region| region.has_trunk_prefix(digits)) else { return international };
    let national = mexican_keys(digits, Some(region), normalizer)
        .unwrap_or_else(|| phone::national_keys(digits, region, spellings));
    match (international, national) {
        (Ok(_), Ok(_)) => Err(Reason::Ambiguous),
        (Ok(keys), Err(_)) | (Err(_), Ok(keys)) => Ok(keys),
        (Err(reason), Err(_)) => Err(reason),
    }
}

/// Returns the keys of a number with an abolished trunk prefix of Mexico, or `None` for any other text. The phone
/// library does not read these prefixes.
fn mexican_keys(
    text: &str,
    region: Option<Region>,
    normalizer: &Normalizer,
) -> Option<Result<Vec<DerivedKey>, Reason>> {
    let region = region.filter(|region| region.code() == "MX")?;
    let digits = digits_of(text);
    let number = MEXICAN_TRUNKS.iter().find_map(|trunk| digits.strip_prefix(trunk))?;
    let is_plain = !text.contains(|c: char| text::is_plus(c) || c.is_alphabetic());
    (is_plain && number.len() == 10).then(|| phone::national_keys(number, region, normalizer.spellings()))
}

/// Returns the keys, unless the text is bare digits in the length of hidden ids that are no mobile number in use.
///
/// # Errors
/// - [`Reason::NotValid`] if the digits may be a hidden id.
pub(crate) fn check_hidden(text: &str, keys: Vec<DerivedKey>) -> Result<Vec<DerivedKey>, Reason> {
    let is_bare = |cut: text::Cut| match cut.text {
        PhoneText::Written(number) => bare_digits(&number).is_some_and(|digits| digits.len() >= MIN_HIDDEN_DIGITS),
        _ => false,
    };
    let is_mobile = || keys.first().is_some_and(|key| phone::is_mobile(key.key.value()));
    if text::cut(text).is_ok_and(is_bare) && !is_mobile() { Err(Reason::NotValid) } else { Ok(keys) }
}

/// Separates texts that identify no person, such as fillers, from texts that stand for no number or address but may
/// still be an identity.
///
/// # Errors
/// - [`Reason::Placeholder`] or [`Reason::Ignored`] if that is the reason in `behind`.
pub(crate) fn refuse_filler(
    behind: Result<Vec<DerivedKey>, Reason>,
) -> Result<Result<Vec<DerivedKey>, Reason>, Reason> {
    match behind {
        Err(reason @ (Reason::Placeholder | Reason::Ignored)) => Err(reason),
        behind => Ok(behind),
    }
}
