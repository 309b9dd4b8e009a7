//! The provenance of values.

use crate::contact::channel::ChannelKind;
use crate::contact::time::Time;

/// The source of a field's value, the time at which it was set, and its verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The system that the value came from.
    pub source: Source,
    /// The time at which the value was set.
    pub changed_at: Option<Time>,
    /// True if the contact was shown to control the value, by a code or by a message from it. For a field with several
    /// values, this must hold for all of them.
    pub verified: bool,
}

/// The system that a value came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// `manual`: a user typed the value.
    Manual,
    /// `channel:KIND`: a channel supplied the value.
    Channel(ChannelKind),
    /// `browser`: the contact's browser supplied the value.
    Browser,
    /// `derived`: the value was computed from another field, as a country is from a phone.
    Derived,
    /// `import`: the value came from a file.
    Import,
}

impl Source {
    /// Returns the source with the given name, or `None` if there is no such source.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "manual" => Some(Self::Manual),
            "browser" => Some(Self::Browser),
            "derived" => Some(Self::Derived),
            "import" => Some(Self::Import),
            other => other.strip_prefix("channel:").map(|kind| Self::Channel(ChannelKind::from_name(kind))),
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Manual => f.write_str("manual"),
            Self::Browser => f.write_str("browser"),
            Self::Derived => f.write_str("derived"),
            Self::Import => f.write_str("import"),
            Self::Channel(kind) => write!(f, "channel:{}", kind.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_gives_its_source_back() {
        for source in
            [Source::Manual, Source::Browser, Source::Derived, Source::Import, Source::Channel(ChannelKind::Sms)]
        {
            assert_eq!(Source::from_name(&source.to_string()), Some(source));
        }
        assert_eq!(Source::from_name("somewhere"), None);
    }
}
