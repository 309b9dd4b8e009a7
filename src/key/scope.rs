//! The scopes of keys: everywhere, one channel account, or a group of accounts.

/// The kind of scope in which a key has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ScopeKind {
    /// No restriction, as for phones and emails.
    Everywhere,
    /// One channel account.
    Account,
    /// The portfolio of channel accounts that the account belongs to.
    Portfolio,
    /// The group of portfolios that the account belongs to.
    PortfolioGroup,
    /// One custom field of the host.
    Field,
}

impl ScopeKind {
    /// Returns the kind's name in JSON, in snake case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Account => "account",
            Self::Portfolio => "portfolio",
            Self::PortfolioGroup => "portfolio_group",
            Self::Field => "field",
        }
    }

    /// Returns the scope of a channel identity.
    ///
    /// `carrier` is the name of a kind returned by `ChannelKind::carrier`. For WhatsApp that name is exactly
    /// `whatsapp`, so the scope of an account never looks like that of a portfolio.
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

/// The separators between the kind of a channel and the name of a portfolio or a portfolio group. Only WhatsApp has
/// portfolios, and every kind whose name starts with `whatsapp` has WhatsApp as its carrier.
const PORTFOLIO: &str = ":portfolio/";
const PORTFOLIO_GROUP: &str = ":portfolio_group/";
