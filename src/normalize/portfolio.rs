//! Which channel accounts belong together: the portfolios inside which the ids of WhatsApp's users are valid.

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

    /// Returns true if it belongs to nothing.
    pub fn is_empty(&self) -> bool {
        self.name().is_none() && self.group_name().is_none()
    }

    /// The portfolio without white space around its name; none if it is blank.
    pub(crate) fn name(&self) -> Option<&str> {
        self.portfolio.as_deref().map(str::trim).filter(|name| !name.is_empty())
    }

    /// The same for the group.
    pub(crate) fn group_name(&self) -> Option<&str> {
        self.portfolio_group.as_deref().map(str::trim).filter(|name| !name.is_empty())
    }
}

fn named(name: &str) -> Option<Box<str>> {
    let name = name.trim();
    (!name.is_empty()).then(|| name.into())
}
