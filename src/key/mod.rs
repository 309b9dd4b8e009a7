//! Match keys: the comparable form of a value, the rule that derived it, and the reason why a value gave none.

mod scope;

use std::fmt;

use sha2::{Digest, Sha256};

pub use scope::ScopeKind;

/// The comparable form of a phone, an email or another identifier. Two contacts that hold the same key hold the same
/// identifier, however each of them wrote it.
///
/// Only a [`Normalizer`](crate::Normalizer) makes keys, so a key is always normalised. Keys are ordered by kind, scope
/// and value. `Debug` shows the kind only: the value is personal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Key {
    kind: KeyKind,
    // Invariant: empty for phones and emails.
    scope: Box<str>,
    value: Box<str>,
}

impl Key {
    pub(crate) fn new(kind: KeyKind, scope: &str, value: &str) -> Self {
        Self { kind, scope: scope.into(), value: value.into() }
    }

    /// Returns the sort of identifier that the key stands for.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Returns the scope in which the value has a meaning.
    ///
    /// - For [`KeyKind::ChannelId`], this is `KIND/ACCOUNT`, `KIND:portfolio/NAME` or `KIND:portfolio_group/NAME`;
    /// - for [`KeyKind::Custom`], the name of the field;
    /// - for phones and emails, the empty text.
    ///
    /// [`Key::scope_kind`] tells these apart.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Returns the kind of the scope. Cost: O(1).
    pub fn scope_kind(&self) -> ScopeKind {
        match self.kind {
            KeyKind::Email | KeyKind::Phone => ScopeKind::Everywhere,
            KeyKind::Custom => ScopeKind::Field,
            KeyKind::ChannelId => ScopeKind::of_scope(&self.scope),
        }
    }

    /// Returns the normalised text, such as `+442079460958`, `+442079460958;ext=123` or `ada@example.com`.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns a digest that identifies the key without showing it. Cost: O(n).
    #[doc(hidden)]
    pub fn digest(&self) -> KeyDigest {
        let mut hasher = Sha256::new();
        for text in [self.kind.name(), self.scope(), self.value()] {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
        let mut digest = [0; 16];
        digest.copy_from_slice(&hasher.finalize()[..16]);
        KeyDigest(digest)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The first 16 bytes of the SHA-256 (FIPS 180-4) of a key.
///
/// A digest is enough to recognise the key, and may be kept for longer than the contacts that held the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(hidden)]
pub struct KeyDigest([u8; 16]);

impl KeyDigest {
    /// Returns the digest written as 32 hexadecimal digits in lower case, or `None` if the text is not one.
    #[cfg(feature = "serde")]
    #[doc(hidden)]
    pub fn from_hex(text: &str) -> Option<Self> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = u128::from_str_radix(text, 16).ok().filter(|_| is_hex)?;
        Some(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The sort of identifier that a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum KeyKind {
    /// An email address.
    Email,
    /// A phone number in E.164, perhaps with an extension.
    Phone,
    /// The identity of a contact on one channel account.
    ChannelId,
    /// An identifier of the host, such as a customer number.
    Custom,
}

impl KeyKind {
    /// Returns the kind's name in JSON and CSV: `email`, `phone`, `channel_id` or `custom`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::ChannelId => "channel_id",
            Self::Custom => "custom",
        }
    }
}

/// The certainty that two contacts that share a key share the identifier itself. `Exact` is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Strength {
    /// The identifiers may well differ. Suggested only if the host asks for it.
    Weak,
    /// The identifiers are the same by a rule of their country or provider.
    Variant,
    /// The identifiers are the same.
    Exact,
}

impl Strength {
    /// Returns the strength's name in JSON and CSV: `exact`, `variant` or `weak`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Variant => "variant",
            Self::Weak => "weak",
        }
    }
}

/// The rule by which a key was derived from a value. It determines how far the key can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Derivation {
    /// The key is the value itself, normalised.
    Direct,
    /// The ninth digit of a Brazilian mobile was added.
    BrazilNinthDigit,
    /// The `1` after `+52`, which Mexico abolished in 2019, was removed.
    MexicoMobileOne,
    /// The tag after a `+` in the local part of an address was removed.
    PlusTag,
    /// The dots of a Gmail address were removed, or `googlemail.com` was read as `gmail.com`.
    GmailDots,
    /// The `9` of an Argentine mobile number was removed. Without it, the number may be another subscriber's land line.
    ArgentinaMobileNine,
    /// The mailbox belongs to a role (`info@`, `sales@`), so several people may read it.
    RoleMailbox,
    /// The value belongs to a company, a department or another person, according to its label or field name.
    SharedValue,
    /// The extension was removed from the number.
    WithoutExtension,
}

impl Derivation {
    /// Every derivation, from the strongest to the weakest.
    pub const ALL: [Self; 9] = [
        Self::Direct,
        Self::BrazilNinthDigit,
        Self::MexicoMobileOne,
        Self::PlusTag,
        Self::GmailDots,
        Self::ArgentinaMobileNine,
        Self::RoleMailbox,
        Self::SharedValue,
        Self::WithoutExtension,
    ];

    /// Returns how far a key can be trusted that was derived by this rule.
    pub fn strength(self) -> Strength {
        match self {
            Self::Direct => Strength::Exact,
            Self::BrazilNinthDigit | Self::MexicoMobileOne | Self::PlusTag | Self::GmailDots => Strength::Variant,
            Self::ArgentinaMobileNine | Self::RoleMailbox | Self::SharedValue | Self::WithoutExtension => {
                Strength::Weak
            }
        }
    }

    /// Returns the derivation's name in JSON and CSV.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::BrazilNinthDigit => "brazil_ninth_digit",
            Self::MexicoMobileOne => "mexico_mobile_one",
            Self::PlusTag => "plus_tag",
            Self::GmailDots => "gmail_dots",
            Self::ArgentinaMobileNine => "argentina_mobile_nine",
            Self::RoleMailbox => "role_mailbox",
            Self::SharedValue => "shared_value",
            Self::WithoutExtension => "without_extension",
        }
    }

    /// Returns the strength of the link between two contacts that hold a key by these derivations.
    ///
    /// It is the smaller of the two strengths. There is no link if both derivations removed an extension, because the
    /// two extensions may differ; equal extensions link the two contacts by the key with the extension.
    pub fn link(self, other: Self) -> Option<Strength> {
        match (self, other) {
            (Self::WithoutExtension, Self::WithoutExtension) => None,
            _ => Some(self.strength().min(other.strength())),
        }
    }
}

/// The reason why a value gave no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Reason {
    /// The value is empty or consists of white space.
    Empty,
    /// The value is not a text: it is a list, an object, a boolean or `null`.
    NotText,
    /// The value does not have the form of a phone number or of an address.
    Malformed,
    /// The value is a placeholder that people type when they have no value.
    Placeholder,
    /// The value is on the host's ignore list.
    Ignored,
    /// The number has no country code, and no region is given for it.
    NoCountryCode,
    /// No number of that country has this length, or the country code does not exist.
    NotPossible,
    /// The number has no country code and is not in use in the given region.
    NotValid,
    /// The value can be read as two different numbers.
    Ambiguous,
    /// A spreadsheet rounded the value, so digits are lost.
    Rounded,
    /// The value is longer than any identifier may be.
    TooLong,
    /// The value contains a control character.
    ControlCharacter,
    /// The number contains letters.
    HasLetters,
    /// The value of a phone field is a date, an amount, a decimal, an IPv4 address or a WhatsApp user id.
    NotAPhone,
    /// The number belongs to a fax, a pager or a modem.
    FaxOrPager,
    /// The label names another country than the one whose numbering plan would be used.
    OtherCountry,
    /// The value contains several addresses or numbers.
    SeveralValues,
    /// The local part of the address is quoted or has a comment.
    QuotedOrComment,
    /// The domain of the address is not a host name with a dot.
    BadDomain,
    /// The field holds more values than are read.
    TooMany,
    /// The channel identity belongs to a group, a list or a bot, not to a person.
    NotAPerson,
    /// The channel identity is a user name, which may pass to another person.
    UserName,
    /// The channel names no account, and its identity has a meaning only within one.
    NoAccount,
}

impl Reason {
    /// Returns the reason's name in JSON and CSV, in snake case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotText => "not_text",
            Self::Malformed => "malformed",
            Self::Placeholder => "placeholder",
            Self::Ignored => "ignored",
            Self::NoCountryCode => "no_country_code",
            Self::NotPossible => "not_possible",
            Self::NotValid => "not_valid",
            Self::Ambiguous => "ambiguous",
            Self::Rounded => "rounded",
            Self::TooLong => "too_long",
            Self::ControlCharacter => "control_character",
            Self::HasLetters => "has_letters",
            Self::NotAPhone => "not_a_phone",
            Self::FaxOrPager => "fax_or_pager",
            Self::OtherCountry => "other_country",
            Self::SeveralValues => "several_values",
            Self::QuotedOrComment => "quoted_or_comment",
            Self::BadDomain => "bad_domain",
            Self::TooMany => "too_many",
            Self::NotAPerson => "not_a_person",
            Self::UserName => "user_name",
            Self::NoAccount => "no_account",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the value is empty",
            Self::NotText => "the value is not text",
            Self::Malformed => "the value does not have the form it should",
            Self::Placeholder => "the value is a filler, not an identifier",
            Self::Ignored => "the value is on the ignore list",
            Self::NoCountryCode => "the number has no country code and no region is given",
            Self::NotPossible => "no number of that country has this length",
            Self::NotValid => "the number is not in use in the region given",
            Self::Ambiguous => "the number can be read in two ways",
            Self::Rounded => "a spreadsheet has rounded the number",
            Self::TooLong => "the value is too long",
            Self::ControlCharacter => "the value has a control character",
            Self::HasLetters => "the number has letters in it",
            Self::NotAPhone => "the value is a date, an amount or the like, not a phone",
            Self::FaxOrPager => "the number is of a fax or a pager",
            Self::OtherCountry => "the label of the number names another country than its region",
            Self::SeveralValues => "the value holds several addresses or numbers",
            Self::QuotedOrComment => "the address has a quoted local part or a comment",
            Self::BadDomain => "the domain is not a host name with a dot",
            Self::TooMany => "the field holds too many values",
            Self::NotAPerson => "the identity stands for a group, a list or a machine",
            Self::UserName => "the identity is a user name, which may pass to somebody else",
            Self::NoAccount => "the channel names no account",
        })
    }
}

impl std::error::Error for Reason {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivations_are_listed_from_the_strongest_to_the_weakest() {
        assert!(Derivation::ALL.is_sorted());
        assert!(Derivation::ALL.is_sorted_by_key(|derivation| std::cmp::Reverse(derivation.strength())));
        for (place, derivation) in Derivation::ALL.into_iter().enumerate() {
            assert_eq!(derivation as usize, place);
        }
    }

    #[test]
    fn a_link_is_as_strong_as_its_weaker_end() {
        use Derivation::{BrazilNinthDigit, Direct, RoleMailbox, WithoutExtension};
        assert_eq!(Direct.link(Direct), Some(Strength::Exact));
        assert_eq!(Direct.link(BrazilNinthDigit), Some(Strength::Variant));
        assert_eq!(RoleMailbox.link(RoleMailbox), Some(Strength::Weak));
        assert_eq!(WithoutExtension.link(Direct), Some(Strength::Weak));
        assert_eq!(WithoutExtension.link(WithoutExtension), None);
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", Key::new(KeyKind::Custom, "canary", "canary")), "Key { kind: Custom, .. }");
    }
}
