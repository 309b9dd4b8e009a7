//! The phone number behind a channel identity.

use crate::key::Reason;
use crate::normalize::normalizer::Normalizer;
use crate::normalize::outcome::DerivedKey;
use crate::normalize::phone::text::{self, PhoneText};
use crate::normalize::phone::{self, digits_of};
use crate::normalize::region::Region;

/// Bare digits of WhatsApp from this length on are a hidden id, unless they are a mobile number in use: few countries
/// have mobiles as long.
const MIN_HIDDEN_DIGITS: usize = 14;
/// What Mexico's mobiles had in front of them inside the country until 2019.
const MEXICAN_TRUNKS: [&str; 3] = ["044", "045", "01"];

/// The keys of a number that stands for somebody on a channel: bare digits have the country code in front,
/// unless they begin with the trunk prefix of a region that is given.
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

/// The digits of a text that holds nothing else.
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

/// The trunk prefixes that Mexico gave up in 2019, which the phone library no longer reads.
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

/// Of bare digits that are as long as hidden ids only a mobile number in use is a number.
pub(crate) fn check_hidden(text: &str, keys: Vec<DerivedKey>) -> Result<Vec<DerivedKey>, Reason> {
    let is_bare = |cut: text::Cut| match cut.text {
        PhoneText::Written(number) => bare_digits(&number).is_some_and(|digits| digits.len() >= MIN_HIDDEN_DIGITS),
        _ => false,
    };
    let is_mobile = || keys.first().is_some_and(|key| phone::is_mobile(key.key.value()));
    if text::cut(text).is_ok_and(is_bare) && !is_mobile() { Err(Reason::NotValid) } else { Ok(keys) }
}

/// A filler is nobody on any account; other texts without a key behind them may still be somebody's identity.
pub(crate) fn refuse_filler(
    behind: Result<Vec<DerivedKey>, Reason>,
) -> Result<Result<Vec<DerivedKey>, Reason>, Reason> {
    match behind {
        Err(reason @ (Reason::Placeholder | Reason::Ignored)) => Err(reason),
        behind => Ok(behind),
    }
}
