//! The normaliser: its settings, and the keys of phones and emails.

use std::collections::BTreeSet;
use std::fmt;

use crate::contact::Field;
use crate::field_names::role::NamedRole;
use crate::field_names::role::memo::RoleMemo;
use crate::key::{Derivation, Key, KeyKind, Reason};
use crate::normalize::email;
use crate::normalize::outcome::{DerivedKey, Take, give, kept};
use crate::normalize::phone::{self, PhoneReader, Spellings};
use crate::normalize::placeholder;
use crate::normalize::portfolio::AccountPortfolio;
use crate::normalize::region::Region;
use crate::normalize::settings::NormalizerSettings;

/// Turns the values of contacts into keys.
///
/// Settings are methods that take and return the normaliser. Two indexes agree on their keys when their
/// normalisers have the same settings and the crate the same version.
///
/// ```
/// use onefold::{Normalizer, Region};
///
/// let normalizer = Normalizer::new().region("GB".parse::<Region>()?);
/// let keys = normalizer.phone("(020) 7946 0958", None).expect("a number of London");
/// assert_eq!(keys[0].key.value(), "+442079460958");
/// # Ok::<(), onefold::UnknownRegion>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "NormalizerSettings", into = "NormalizerSettings")
)]
pub struct Normalizer {
    settings: NormalizerSettings,
    // Invariant: `settings.ignored`, in the form in which values are compared with it.
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

impl Normalizer {
    /// A normaliser without default region, with the variants of phones and without those of emails.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the normaliser was set to.
    pub fn settings(&self) -> &NormalizerSettings {
        &self.settings
    }

    /// Reads numbers without country code as numbers of `region`.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.settings.region = Some(region);
        self
    }

    /// Reads a contact's numbers without country code as numbers of the country that its own country
    /// field names (ISO 3166-1 alpha-2, in any case), before the default region.
    #[must_use]
    pub fn region_from_country(mut self) -> Self {
        self.settings.region_from_country = true;
        self
    }

    /// Leaves out the variants of phones: Brazil's ninth digit, Mexico's 1 and Argentina's 9.
    #[must_use]
    pub fn without_variants(mut self) -> Self {
        self.settings.without_variants = true;
        self
    }

    /// Also gives an address with a `+tag` the key of the address without it, as a variant.
    #[must_use]
    pub fn plus_tags(mut self) -> Self {
        self.settings.plus_tags = true;
        self
    }

    /// Also gives an address at `gmail.com` or `googlemail.com` the key of the same mailbox at
    /// `gmail.com` without dots, as a variant.
    #[must_use]
    pub fn gmail_dots(mut self) -> Self {
        self.settings.gmail_dots = true;
        self
    }

    /// Gives no key to a value that is one of `values`, as written (spaces around it and the case of
    /// ASCII letters apart) or as a key.
    #[must_use]
    pub fn ignore<T: AsRef<str>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.settings.ignored.extend(values.into_iter().map(|value| value.as_ref().into()));
        self.settings.into()
    }

    /// Reads the custom field `name` as an identifier of the host's own, such as a customer number: two
    /// contacts with the same text in it (spaces around it apart) are the same person.
    #[must_use]
    pub fn identifier(mut self, name: impl Into<Box<str>>) -> Self {
        self.settings.identifiers.insert(name.into());
        self
    }

    /// Takes the values of phones and emails as keys just as they stand: for hosts that normalise
    /// themselves. No variants, weak keys or placeholders; only the empty text gives none, and what is to be
    /// ignored, which is compared exactly.
    #[must_use]
    pub fn as_written(mut self) -> Self {
        self.settings.as_written = true;
        self.settings.into()
    }

    /// Returns true if a text is one of the words that people, spreadsheets and programs write where there is no value:
    /// `N/A`, `null`, `-`, in any case, with or without spaces around it. O(1).
    ///
    /// ```
    /// assert!(onefold::Normalizer::is_placeholder("N/A") && !onefold::Normalizer::is_placeholder("42"));
    /// ```
    #[must_use]
    pub fn is_placeholder(text: &str) -> bool {
        placeholder::is_null_word(text)
    }

    /// The keys of a phone number as a person or a program wrote it, the most direct one first.
    /// `region` comes before the default region. O(n), with n of at most 250 bytes.
    ///
    /// # Errors
    /// The reason why the value gives no key.
    pub fn phone(&self, raw: &str, region: Option<Region>) -> Result<Vec<DerivedKey>, Reason> {
        if self.settings.as_written {
            return self.key_as_written(KeyKind::Phone, raw);
        }
        self.check_ignored(raw)?;
        self.without_ignored(phone::keys(raw, region.or(self.settings.region), self.spellings()))
    }

    /// What [`Normalizer::phone`] says, by the phone library alone: slower, and always the same. For tests and benches.
    ///
    /// # Errors
    /// The reason why the value gives no key.
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

    /// Returns true if [`Normalizer::phone`] needs no phone library for a value. For tests and benches.
    #[doc(hidden)]
    pub fn is_phone_by_tables(&self, raw: &str, region: Option<Region>) -> bool {
        phone::is_by_tables(raw, region.or(self.settings.region))
    }

    /// The keys of an email address as a person or a program wrote it, the most direct one first. O(n).
    ///
    /// # Errors
    /// The reason why the value gives no key.
    pub fn email(&self, raw: &str) -> Result<Vec<DerivedKey>, Reason> {
        if self.settings.as_written {
            return self.key_as_written(KeyKind::Email, raw);
        }
        self.check_ignored(raw)?;
        self.without_ignored(kept(|take| email::each_key(raw, self.email_options(), take)))
    }

    /// What [`Normalizer::email`] says, without its short way for plain addresses. For tests.
    ///
    /// # Errors
    /// The reason why the value gives no key.
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

    /// The same, but numbers are read only with their country code.
    #[doc(hidden)]
    pub fn without_regions(&self) -> Self {
        let mut without = self.clone();
        without.settings.region = None;
        without.settings.region_from_country = false;
        without
    }

    /// Hands the keys of [`Normalizer::phone`] to `take`, for a caller who keeps none of them.
    #[inline]
    pub(crate) fn each_phone_key(&self, raw: &str, region: Option<Region>, take: Take<'_>) -> Result<(), Reason> {
        if self.settings.as_written || !self.ignored.is_empty() {
            give(self.phone(raw, region), take)
        } else {
            phone::each_key(raw, region.or(self.settings.region), self.spellings(), PhoneReader::Tables, take)
        }
    }

    /// Hands the keys of [`Normalizer::email`] to `take`, for a caller who keeps none of them.
    #[inline]
    pub(crate) fn each_email_key(&self, raw: &str, take: Take<'_>) -> Result<(), Reason> {
        if self.settings.as_written || !self.ignored.is_empty() {
            give(self.email(raw), take)
        } else {
            email::each_key(raw, self.email_options(), take)
        }
    }

    /// The names of the custom fields that are read as identifiers, in order.
    pub(crate) fn identifiers(&self) -> impl Iterator<Item = &str> {
        self.settings.identifiers.iter().map(|name| &**name)
    }

    /// Returns true if values are keys as they stand.
    #[doc(hidden)]
    pub fn is_as_written(&self) -> bool {
        self.settings.as_written
    }

    /// The country that a number is of: that of its country code or, where several countries share one, of
    /// its first digits.
    #[doc(hidden)]
    pub fn country_of(&self, raw: &str, region: Option<Region>) -> Option<Region> {
        let keys = self.phone(raw, region).ok()?;
        phone::country(keys.first()?.key.value())
    }

    /// Returns which keys of phones are wanted.
    pub(super) fn spellings(&self) -> Spellings {
        if self.settings.without_variants { Spellings::AsWritten } else { Spellings::WithVariants }
    }

    /// The region that a contact's numbers are read in, as far as its country says.
    #[doc(hidden)]
    pub fn region_of(&self, country: Option<&str>) -> Option<Region> {
        country.filter(|_| self.settings.region_from_country)?.trim().parse().ok()
    }

    /// Returns what the name of a field says of its values; worked out once for each name.
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

    /// Checks that a value, as written, is not ignored.
    ///
    /// # Errors
    /// [`Reason::Ignored`].
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
    /// The reason given, and [`Reason::Ignored`] if all of the keys are ignored.
    #[inline]
    pub(super) fn without_ignored(&self, keys: Result<Vec<DerivedKey>, Reason>) -> Result<Vec<DerivedKey>, Reason> {
        if self.ignored.is_empty() {
            return keys;
        }
        let mut keys = keys?;
        keys.retain(|key| !self.ignored.contains(key.key.value()));
        if keys.is_empty() { Err(Reason::Ignored) } else { Ok(keys) }
    }

    /// Says what a channel account belongs to, in place of what was said of it before. Ids of WhatsApp users are keys
    /// within the portfolio of their account, and within the account where it has none. O(log n).
    ///
    /// ```
    /// use onefold::{AccountPortfolio, Channel, ChannelKind, Normalizer};
    ///
    /// let acme = AccountPortfolio::new().portfolio("acme");
    /// let normalizer = Normalizer::new().account_portfolio("wa-1", acme.clone()).account_portfolio("wa-2", acme);
    /// let keys = |account: &str| {
    ///     normalizer.channel(&Channel::new(ChannelKind::WhatsApp, account, "US.13491208655302741918"), None)
    /// };
    /// assert_eq!(keys("wa-1"), keys("wa-2"));
    /// assert_ne!(keys("wa-1"), keys("wa-3"));
    /// ```
    #[must_use]
    pub fn account_portfolio(mut self, account: &str, portfolio: AccountPortfolio) -> Self {
        if portfolio.is_empty() {
            drop(self.settings.portfolios.remove(account.trim()))
        } else {
            drop(self.settings.portfolios.insert(account.trim().into(), portfolio))
        }
        self
    }

    /// What a channel account belongs to, if it is known to belong to anything. O(log n).
    pub fn portfolio_of(&self, account: &str) -> Option<&AccountPortfolio> {
        self.settings.portfolios.get(account.trim()).filter(|portfolio| !portfolio.is_empty())
    }
}

impl fmt::Debug for Normalizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt_fields(&mut f.debug_struct("Normalizer"))
    }
}
