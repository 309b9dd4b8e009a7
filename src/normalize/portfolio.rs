//! Which channel accounts belong together: the portfolios inside which the ids of WhatsApp's users are valid.

use crate::normalize::Normalizer;

/// What a channel account belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AccountPortfolio {
    /// The business portfolio: the ids of WhatsApp users (`US.13491208655302741918`) are the same on all its accounts.
    pub portfolio: Option<Box<str>>,
    /// The group of portfolios: the parent ids of WhatsApp users (`US.ENT.11815799212886844830`) are the same on all its
    /// accounts.
    pub portfolio_group: Option<Box<str>>,
}

impl AccountPortfolio {
    /// Of an account that belongs to nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// It belongs to `portfolio`; a blank name is none.
    #[must_use]
    pub fn portfolio(self, portfolio: &str) -> Self {
        Self { portfolio: named(portfolio), ..self }
    }

    /// It belongs to `group`; a blank name is none.
    #[must_use]
    pub fn portfolio_group(self, group: &str) -> Self {
        Self { portfolio_group: named(group), ..self }
    }

    /// Whether it belongs to nothing.
    pub fn is_empty(&self) -> bool {
        self.portfolio.is_none() && self.portfolio_group.is_none()
    }
}

fn named(name: &str) -> Option<Box<str>> {
    let name = name.trim();
    (!name.is_empty()).then(|| name.into())
}

impl Normalizer {
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
        let AccountPortfolio { portfolio, portfolio_group } = portfolio;
        let name = |text: Option<Box<str>>| text.and_then(|text| named(&text));
        let trimmed = AccountPortfolio { portfolio: name(portfolio), portfolio_group: name(portfolio_group) };
        match trimmed.is_empty() {
            true => drop(self.portfolios.remove(account.trim())),
            false => drop(self.portfolios.insert(account.trim().into(), trimmed)),
        }
        self
    }

    /// What a channel account belongs to, if it is known to belong to anything. O(log n).
    pub fn portfolio_of(&self, account: &str) -> Option<&AccountPortfolio> {
        self.portfolios.get(account.trim())
    }

    /// The channel accounts that belong to something, by name, with what they belong to.
    pub fn account_portfolios(&self) -> impl Iterator<Item = (&str, &AccountPortfolio)> {
        self.portfolios.iter().map(|(account, portfolio)| (&**account, portfolio))
    }
}

/// As its fields, the portfolios left out in JSON where there are none: what was written before there were any stays the
/// same. Forms without names have all fields always.
#[cfg(feature = "serde")]
impl serde::Serialize for Normalizer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let with_portfolios = !serializer.is_human_readable() || !self.portfolios.is_empty();
        let mut fields = serializer.serialize_struct("Normalizer", 8 + usize::from(with_portfolios))?;
        fields.serialize_field("region", &self.region)?;
        fields.serialize_field("reads_country", &self.reads_country)?;
        fields.serialize_field("as_written", &self.as_written)?;
        fields.serialize_field("no_variants", &self.no_variants)?;
        fields.serialize_field("plus_tags", &self.plus_tags)?;
        fields.serialize_field("gmail_dots", &self.gmail_dots)?;
        fields.serialize_field("ignored", &self.ignored)?;
        fields.serialize_field("identifiers", &self.identifiers)?;
        if with_portfolios {
            fields.serialize_field("portfolios", &self.portfolios)?;
        }
        fields.end()
    }
}
