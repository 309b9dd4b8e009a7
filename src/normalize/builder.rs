//! Builds normalisers.

use crate::normalize::portfolio::AccountPortfolio;
use crate::normalize::region::Region;
use crate::normalize::settings::NormalizerSettings;

/// Builds a [`Normalizer`](crate::Normalizer) setting by setting.
///
/// Every combination of settings is legal, so [`NormalizerBuilder::build`] cannot fail.
///
/// ```
/// use onefold::Normalizer;
///
/// let normalizer = Normalizer::builder().region("GB".parse()?).plus_tags().build();
/// assert_eq!(normalizer.settings().region, Some("GB".parse()?));
/// # Ok::<(), onefold::normalize::UnknownRegion>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct NormalizerBuilder {
    settings: NormalizerSettings,
}

impl NormalizerBuilder {
    /// Reads numbers without country code as numbers of `region`.
    pub fn region(mut self, region: Region) -> Self {
        self.settings.region = Some(region);
        self
    }

    /// Reads a contact's numbers without country code as numbers of the country in its own country field (ISO 3166-1
    /// alpha-2, in any case). That country comes before the default region.
    pub fn region_from_country(mut self) -> Self {
        self.settings.region_from_country = true;
        self
    }

    /// Leaves out the variants of phones: Brazil's ninth digit, Mexico's 1 and Argentina's 9.
    pub fn without_variants(mut self) -> Self {
        self.settings.without_variants = true;
        self
    }

    /// Gives an address with a `+tag` also the key of the address without the tag, as a variant.
    pub fn plus_tags(mut self) -> Self {
        self.settings.plus_tags = true;
        self
    }

    /// Gives an address at `gmail.com` or `googlemail.com` also the key of the same mailbox at `gmail.com` without dots,
    /// as a variant.
    pub fn gmail_dots(mut self) -> Self {
        self.settings.gmail_dots = true;
        self
    }

    /// Gives no key to a value that equals one of `values`, as written (spaces around it and the case of ASCII letters
    /// do not count) or as a key. Adds to the values that were given before.
    pub fn ignore<T: AsRef<str>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.settings.ignored.extend(values.into_iter().map(|value| value.as_ref().into()));
        self
    }

    /// Reads the custom field `name` as an identifier of the host's own, such as a customer number: two contacts with the
    /// same text in it (spaces around it do not count) are the same person. Adds to the fields that were given before.
    pub fn identifier(mut self, name: impl Into<Box<str>>) -> Self {
        self.settings.identifiers.insert(name.into());
        self
    }

    /// Takes the values of phones and emails as keys exactly as they stand, for hosts that normalise themselves. There are
    /// no variants, weak keys or placeholders. Only the empty text and ignored values, which are compared exactly, give no
    /// key.
    pub fn as_written(mut self) -> Self {
        self.settings.as_written = true;
        self
    }

    /// Sets the portfolio of a channel account, in place of the one that was set before. Ids of WhatsApp users are keys
    /// within the portfolio of their account, and within the account where it has none. Cost: O(log n) for n accounts.
    ///
    /// ```
    /// use onefold::normalize::AccountPortfolio;
    /// use onefold::{Channel, ChannelKind, Normalizer};
    ///
    /// let acme = AccountPortfolio::new().portfolio("acme");
    /// let normalizer =
    ///     Normalizer::builder().account_portfolio("wa-1", acme.clone()).account_portfolio("wa-2", acme).build();
    /// let keys = |account: &str| {
    ///     normalizer.channel(&Channel::new(ChannelKind::WhatsApp, account, "US.13491208655302741918"), None)
    /// };
    /// assert_eq!(keys("wa-1"), keys("wa-2"));
    /// assert_ne!(keys("wa-1"), keys("wa-3"));
    /// ```
    pub fn account_portfolio(mut self, account: &str, portfolio: AccountPortfolio) -> Self {
        if portfolio.is_empty() {
            self.settings.portfolios.remove(account.trim());
        } else {
            self.settings.portfolios.insert(account.trim().into(), portfolio);
        }
        self
    }

    /// Returns the settings.
    pub(super) fn into_settings(self) -> NormalizerSettings {
        self.settings
    }
}

impl From<NormalizerSettings> for NormalizerBuilder {
    fn from(settings: NormalizerSettings) -> Self {
        Self { settings }
    }
}
