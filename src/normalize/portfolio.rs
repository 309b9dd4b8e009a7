//! The portfolios of channel accounts, within which the ids of WhatsApp users are valid.

/// The portfolio and the group of portfolios of a channel account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AccountPortfolio {
    /// The business portfolio. Ids of WhatsApp users (`US.13491208655302741918`) are the same on all of its accounts.
    pub portfolio: Option<Box<str>>,
    /// The group of portfolios. Parent ids of WhatsApp users (`US.ENT.11815799212886844830`) are the same on all of its
    /// accounts.
    pub portfolio_group: Option<Box<str>>,
}

impl AccountPortfolio {
    /// Returns a value without portfolio and group.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the portfolio. A blank name removes it.
    #[must_use]
    pub fn portfolio(self, portfolio: &str) -> Self {
        Self { portfolio: named(portfolio), ..self }
    }

    /// Sets the group of portfolios. A blank name removes it.
    #[must_use]
    pub fn portfolio_group(self, group: &str) -> Self {
        Self { portfolio_group: named(group), ..self }
    }

    /// Returns true if there is neither a portfolio nor a group.
    pub fn is_empty(&self) -> bool {
        self.name().is_none() && self.group_name().is_none()
    }

    /// Returns the trimmed name of the portfolio, or `None` if it is blank or absent.
    pub(crate) fn name(&self) -> Option<&str> {
        self.portfolio.as_deref().map(str::trim).filter(|name| !name.is_empty())
    }

    /// Returns the trimmed name of the group, or `None` if it is blank or absent.
    pub(crate) fn group_name(&self) -> Option<&str> {
        self.portfolio_group.as_deref().map(str::trim).filter(|name| !name.is_empty())
    }
}

fn named(name: &str) -> Option<Box<str>> {
    let name = name.trim();
    (!name.is_empty()).then(|| name.into())
}
