//! The normaliser: its settings, and the keys of phones and emails.

use std::collections::BTreeSet;
use std::fmt;

use crate::contact::Field;
use crate::field_names::role::NamedRole;
use crate::field_names::role::role_cache::RoleMemo;
use crate::key::{Derivation, Key, KeyKind, Reason};
use crate::normalize::builder::NormalizerBuilder;
use crate::normalize::email;
use crate::normalize::outcome::{DerivedKey, Take, give, kept};
use crate::normalize::phone::{self, PhoneReader, Spellings};
use crate::normalize::placeholder;
use crate::normalize::portfolio::AccountPortfolio;
use crate::normalize::region::Region;
use crate::normalize::settings::NormalizerSettings;

/// Turns the values of contacts into keys.
///
/// [`Normalizer::builder`] sets it up, and [`Normalizer::settings`] reads the settings back. Two indexes agree on their
/// keys if their normalisers have the same settings and the crate has the same version.
///
/// ```
/// use onefold::{Normalizer, Region};
///
/// let normalizer = Normalizer::builder().region("GB".parse::<Region>()?).build();
/// let keys = normalizer.phone("(020) 7946 0958", None).expect("a number of London");
/// assert_eq!(keys[0].key.value(), "+442079460958");
/// # Ok::<(), onefold::normalize::UnknownRegion>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "NormalizerSettings", into = "NormalizerSettings")
)]
pub struct Normalizer {
    settings: NormalizerSettings,
    // Invariant: `settings.ignored` in the form that is compared.
    ignored: BTreeSet<Box<str>>,
    roles: RoleMemo,
}

impl From<NormalizerSettings> for Normalizer {
    fn from(settings: NormalizerSettings) -> Self {
        let ignored = settings.compared();
        Self { settings, ignored, roles: RoleMemo::default() }
    }
}

impl From<Normalizer> for NormalizerSettings {
    fn from(normalizer: Normalizer) -> Self {
        normalizer.settings
    }
}

impl NormalizerBuilder {
    /// Builds the normaliser. Cost: O(n) for n ignored values.
    pub fn build(self) -> Normalizer {
        self.into_settings().into()
    }
}

impl Normalizer {
    /// Returns a normaliser with the default settings: no region, variants of phones and none of emails.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the settings.
    pub fn settings(&self) -> &NormalizerSettings {
        &self.settings
    }

    /// Returns a builder with the default settings: no region, variants of phones and none of emails.
    pub fn builder() -> NormalizerBuilder {
        NormalizerBuilder::default()
    }

    /// Returns a builder with the settings of this normaliser, to change some of them.
    pub fn to_builder(&self) -> NormalizerBuilder {
        self.settings.clone().into()
    }

    /// Returns true if a text is a word that people, spreadsheets and programs write in place of a missing value:
    /// `N/A`, `null`, `-`, in any case, with or without spaces around it. Cost: O(1).
    ///
    /// ```
    /// assert!(onefold::Normalizer::is_placeholder("N/A") && !onefold::Normalizer::is_placeholder("42"));
    /// ```
    #[must_use]
    pub fn is_placeholder(text: &str) -> bool {
        placeholder::is_null_word(text)
    }

    /// Returns the keys of a phone number as written, the most direct one first. `region` takes precedence over the
    /// default region. Cost: O(n) for at most 250 bytes.
    ///
    /// # Errors
    /// - A [`Reason`] if the value gives no key.
    pub fn phone(&self, raw: &str, region: Option<Region>) -> Result<Vec<DerivedKey>, Reason> {
        if self.settings.as_written {
            return self.key_as_written(KeyKind::Phone, raw);
        }
        self.check_ignored(raw)?;
        self.without_ignored(phone::keys(raw, region.or(self.settings.region), self.spellings()))
    }

    /// Returns the keys of [`Normalizer::phone`], read by the phone library alone: slower, with the same result. For
    /// tests and benchmarks.
    ///
    /// # Errors
    /// - A [`Reason`] if the value gives no key.
    #[doc(hidden)]
    pub fn phone_by_library(&self, raw: &str, region: Option<Region>) -> Result<Vec<DerivedKey>, Reason> {
        if self.settings.as_written {
            return self.key_as_written(KeyKind::Phone, raw);
        }
        self.check_ignored(raw)?;
        let region = region.or(self.settings.region);
        let keys = kept(|take| phone::each_key(raw, region, self.spellings(), PhoneReader::Library, take));
        self.without_ignored(keys)
    }

    /// Returns true if [`Normalizer::phone`] reads a value without the phone library. For tests and benchmarks.
    #[doc(hidden)]
    pub fn is_phone_by_tables(&self, raw: &str, region: Option<Region>) -> bool {
        phone::is_by_tables(raw, region.or(self.settings.region))
    }

    /// Returns the keys of an email address as written, the most direct one first. Cost: O(n).
    ///
    /// # Errors
    /// - A [`Reason`] if the value gives no key.
    pub fn email(&self, raw: &str) -> Result<Vec<DerivedKey>, Reason> {
        if self.settings.as_written {
            return self.key_as_written(KeyKind::Email, raw);
        }
        self.check_ignored(raw)?;
        self.without_ignored(kept(|take| email::each_key(raw, self.email_options(), take)))
    }

    /// Returns the keys of [`Normalizer::email`], without the fast path for plain addresses. For tests.
    ///
    /// # Errors
    /// - A [`Reason`] if the value gives no key.
    #[doc(hidden)]
    pub fn email_in_full(&self, raw: &str) -> Result<Vec<DerivedKey>, Reason> {
        if self.settings.as_written {
            return self.key_as_written(KeyKind::Email, raw);
        }
        self.check_ignored(raw)?;
        self.without_ignored(kept(|take| email::each_key_in_full(raw, self.email_options(), take)))
    }

    fn email_options(&self) -> email::EmailOptions {
        email::EmailOptions { plus_tags: self.settings.plus_tags, gmail_dots: self.settings.gmail_dots }
    }

    /// Returns the normaliser without regions: only numbers with a country code give a key.
    #[doc(hidden)]
    pub fn without_regions(&self) -> Self {
        let mut without = self.clone();
        without.settings.region = None;
        without.settings.region_from_country = false;
        without
    }

    /// Passes the keys of [`Normalizer::phone`] to `take`, for a caller who keeps none of them.
    ///
    /// # Errors
    /// - A [`Reason`] if the value gives no key.
    #[inline]
    pub(crate) fn each_phone_key(&self, raw: &str, region: Option<Region>, take: Take<'_>) -> Result<(), Reason> {
        if self.settings.as_written || !self.ignored.is_empty() {
            give(self.phone(raw, region), take)
        } else {
            phone::each_key(raw, region.or(self.settings.region), self.spellings(), PhoneReader::Tables, take)
        }
    }

    /// Passes the keys of [`Normalizer::email`] to `take`, for a caller who keeps none of them.
    ///
    /// # Errors
    /// - A [`Reason`] if the value gives no key.
    #[inline]
    pub(crate) fn each_email_key(&self, raw: &str, take: Take<'_>) -> Result<(), Reason> {
        if self.settings.as_written || !self.ignored.is_empty() {
            give(self.email(raw), take)
        } else {
            email::each_key(raw, self.email_options(), take)
        }
    }

    /// Returns the names of the custom fields that are host identifiers, in order.
    pub(crate) fn identifiers(&self) -> impl Iterator<Item = &str> {
        self.settings.identifiers.iter().map(|name| &**name)
    }

    /// Returns true if values are keys exactly as they stand.
    #[doc(hidden)]
    pub fn is_as_written(&self) -> bool {
        self.settings.as_written
    }

    /// Returns the country of a phone number: the country of its country code or, if several countries share the code,
    /// of its first digits.
    #[doc(hidden)]
    pub fn country_of(&self, raw: &str, region: Option<Region>) -> Option<Region> {
        let keys = self.phone(raw, region).ok()?;
        phone::country(keys.first()?.key.value())
    }

    /// Returns the spellings of phone numbers that give keys.
    pub(super) fn spellings(&self) -> Spellings {
        if self.settings.without_variants { Spellings::AsWritten } else { Spellings::WithVariants }
    }

    /// Returns the region of a contact's phone numbers by its country, or `None` if the country is unknown or the
    /// setting `region_from_country` is off.
    #[doc(hidden)]
    pub fn region_of(&self, country: Option<&str>) -> Option<Region> {
        country.filter(|_| self.settings.region_from_country)?.trim().parse().ok()
    }

    /// Returns the kind and the owner of a field's values, by its name. The result is cached by name.
    pub(super) fn role_of(&self, field: &Field) -> Option<NamedRole> {
        self.roles.of_field(field)
    }

    fn key_as_written(&self, kind: KeyKind, raw: &str) -> Result<Vec<DerivedKey>, Reason> {
        match raw {
            "" => Err(Reason::Empty),
            _ if self.ignored.contains(raw) => Err(Reason::Ignored),
            _ => Ok(vec![DerivedKey { key: Key::new(kind, "", raw), derivation: Derivation::Direct }]),
        }
    }

    /// Checks that a value as written is not ignored.
    ///
    /// # Errors
    /// - [`Reason::Ignored`] if it is.
    pub(super) fn check_ignored(&self, raw: &str) -> Result<(), Reason> {
        if !self.ignored.is_empty() && self.ignored.contains(raw.trim().to_ascii_lowercase().as_str()) {
            Err(Reason::Ignored)
        } else {
            Ok(())
        }
    }

    /// Returns the keys that are not ignored.
    ///
    /// # Errors
    /// - The reason in `keys`.
    /// - [`Reason::Ignored`] if all keys are ignored.
    #[inline]
    pub(super) fn without_ignored(&self, keys: Result<Vec<DerivedKey>, Reason>) -> Result<Vec<DerivedKey>, Reason> {
        if self.ignored.is_empty() {
            return keys;
        }
        let mut keys = keys?;
        keys.retain(|key| !self.ignored.contains(key.key.value()));
        if keys.is_empty() { Err(Reason::Ignored) } else { Ok(keys) }
    }

    /// Returns the portfolio of a channel account, or `None` if it has none. Cost: O(log n) for n accounts.
    pub fn portfolio_of(&self, account: &str) -> Option<&AccountPortfolio> {
        self.settings.portfolios.get(account.trim()).filter(|portfolio| !portfolio.is_empty())
    }
}

impl fmt::Debug for Normalizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt_fields(&mut f.debug_struct("Normalizer"))
    }
}
