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
        self.name().is_none() && self.group_name().is_none()
    }

    /// The portfolio without white space around its name; none if it is blank.
    pub(super) fn name(&self) -> Option<&str> {
        self.portfolio.as_deref().map(str::trim).filter(|name| !name.is_empty())
    }

    /// The same for the group.
    pub(super) fn group_name(&self) -> Option<&str> {
        self.portfolio_group.as_deref().map(str::trim).filter(|name| !name.is_empty())
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
        match portfolio.is_empty() {
            true => drop(self.settings.portfolios.remove(account.trim())),
            false => drop(self.settings.portfolios.insert(account.trim().into(), portfolio)),
        }
        self
    }

    /// What a channel account belongs to, if it is known to belong to anything. O(log n).
    pub fn portfolio_of(&self, account: &str) -> Option<&AccountPortfolio> {
        self.settings.portfolios.get(account.trim()).filter(|portfolio| !portfolio.is_empty())
    }
}
