//! Field values to keys: each value gives its keys or the reason why it gives none.
//!
//! A wrong key joins two strangers, so when in doubt there is no key. The files stand in this order, and each imports only from
//! those before it: `placeholder`, `text_checks`, `region`, `outcome`, `whatsapp`, `label`, `phone`, `email`, `portfolio`,
//! `settings`, `builder`, `normalizer` with the keys of phones and emails, `channel`, `contact_values`.

mod builder;
mod channel;
mod contact_values;
mod email;
mod label;
mod normalizer;
mod outcome;
mod phone;
mod placeholder;
mod portfolio;
mod region;
mod settings;
mod text_checks;
mod whatsapp;

pub use builder::NormalizerBuilder;
pub use channel::MAX_IDENTIFIER_BYTES;
pub use email::MAX_EMAIL_BYTES;
pub use normalizer::Normalizer;
pub use outcome::{ContactKey, ContactKeys, DerivedKey, MAX_VALUES_PER_FIELD, Place, Rejection};
pub use phone::text::MAX_PHONE_BYTES;
pub use portfolio::AccountPortfolio;
pub use region::{Region, UnknownRegion};
pub use settings::NormalizerSettings;

pub(crate) use outcome::LentKey;
pub(crate) use phone::is_in_use_anywhere;

/// Whether an email address, as written, is one of a relay: made for one sender, and forwarded to a mailbox that the sender
/// does not learn. `false` for what is no address. O(n).
///
/// Two different relay addresses may belong to one person, and do not say that two contacts are two. When contacts are
/// merged, the address of a mailbox comes before that of a relay.
///
/// ```
/// use onefold::normalize::is_relay_address;
///
/// assert!(is_relay_address("dpdcnf87nu@PrivateRelay.appleid.com"));
/// assert!(is_relay_address("shop@ada.anonaddy.com"));
/// assert!(!is_relay_address("ada@icloud.com"));
/// ```
pub fn is_relay_address(raw: &str) -> bool {
    email::domain(raw).is_some_and(|domain| email::relay::is_relay(&domain))
}
