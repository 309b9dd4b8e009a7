//! Where a value came from.

use crate::contact::channel::ChannelKind;
use crate::contact::time::Time;

/// Where a field's value came from, when it was set, and whether somebody checked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The system that the value came from.
    pub source: Source,
    /// The time at which the value was set.
    pub changed_at: Option<Time>,
    /// Whether the contact was shown to hold the value, by a code or by writing from it. Of a field with several values
    /// it must have been all of them.
    pub verified: bool,
}

/// The system that a value came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// `manual`: a user typed it.
    Manual,
    /// `channel:KIND`: a channel supplied it.
    Channel(ChannelKind),
    /// `browser`: the contact's browser supplied it.
    Browser,
    /// `derived`: computed from another field, as a country is from a phone.
    Derived,
    /// `import`: it came from a file.
    Import,
}

impl Source {
    /// The source that a name stands for, or `None`.
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
