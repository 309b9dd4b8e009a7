//! Inside what a key means something: everywhere, or in an account or what that belongs to.

/// Inside what a key means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ScopeKind {
    /// Everywhere: phones and emails.
    Everywhere,
    /// One channel account.
    Account,
    /// The portfolio of channel accounts that the account belongs to.
    Portfolio,
    /// The group of portfolios that the account belongs to.
    PortfolioGroup,
    /// One field of the host's own.
    Field,
}

impl ScopeKind {
    /// The kind's name in JSON, in snake case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Account => "account",
            Self::Portfolio => "portfolio",
            Self::PortfolioGroup => "portfolio_group",
            Self::Field => "field",
        }
    }

    /// The scope of a channel identity. `carrier` is the name of a kind as `ChannelKind::carrier` gives it: that of WhatsApp is
    /// `whatsapp` alone, so that no scope of an account looks like one of a portfolio.
    pub(crate) fn of_channel(self, carrier: &str, name: &str) -> String {
        match self {
            Self::Portfolio => format!("{carrier}{PORTFOLIO}{name}"),
            Self::PortfolioGroup => format!("{carrier}{PORTFOLIO_GROUP}{name}"),
            _ => format!("{carrier}/{name}"),
        }
    }

    pub(super) fn of_scope(scope: &str) -> Self {
        let rest = scope.strip_prefix("whatsapp").unwrap_or_default();
        if rest.starts_with(PORTFOLIO) {
            Self::Portfolio
        } else if rest.starts_with(PORTFOLIO_GROUP) {
            Self::PortfolioGroup
        } else {
            Self::Account
        }
    }
}

/// What stands between the kind of a channel and a portfolio in a scope. Only WhatsApp has portfolios, and every kind whose
/// name begins so is WhatsApp.
const PORTFOLIO: &str = ":portfolio/";
const PORTFOLIO_GROUP: &str = ":portfolio_group/";
