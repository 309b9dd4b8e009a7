//! The rules: who survives, and who wins a field.

use std::fmt;

use crate::contact::{ChannelKind, Source};

/// Which of the contacts keeps its id. Ties go to the smallest id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum SurvivorRule {
    /// `first_given`: the first of the contacts that the merge is called with.
    #[default]
    FirstGiven,
    /// `oldest`: the one that was made first, by `created_at`; those that do not say come last.
    Oldest,
    /// `newest`: the one that was made last, by `created_at`; those that do not say come last.
    Newest,
    /// `most_complete`: the one with the most fields that hold something.
    MostComplete,
}

/// Who wins a field.
///
/// Where a rule leaves several values, and where it can say nothing of any, *precedence* decides: the
/// survivor, then the contact with the newest `updated_at`, then the one with the smallest id. An empty
/// value (cleared, an empty text, an empty list) never wins against one that is not.
///
/// In JSON and TOML a rule is its name, as `"newest"`, or its name with what it needs, as
/// `{"join": "; "}`; `docs/policy.md` has an example of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum FieldRule {
    /// `survivor_first`: the survivor's value, or the next one in precedence. The default.
    SurvivorFirst,
    /// `survivor`: the survivor's, even if that is nothing.
    Survivor,
    /// `newest`: the value that was set last, by its own `changed_at`, else by the contact's `updated_at`,
    /// else by its `created_at`.
    Newest,
    /// `oldest`: the value that was set first, by the same times.
    Oldest,
    /// `longest`: the text with the most characters.
    Longest,
    /// `most_complete`: the value of the contact with the most fields that hold something.
    MostComplete,
    /// `most_common`: the value that the most contacts hold, written alike.
    MostCommon,
    /// `sources`: the value whose source comes first in the list; other sources, and values that do not
    /// say theirs, come last.
    Sources(Vec<SourcePattern>),
    /// `verified`: a value that was verified before one that was not.
    Verified,
    /// `min`: the smallest number, or the earliest time or date. Values of another kind than the first in
    /// precedence do not take part.
    Min,
    /// `max`: the greatest number, or the latest time or date.
    Max,
    /// `sum`: all numbers, added exactly. Values that are no decimal number of at most 28 digits do not
    /// take part.
    Sum,
    /// `join`: all texts in precedence, each once, with this between them.
    Join(String),
    /// `must_agree`: the value that all hold who hold any; if two differ, the merge is refused.
    MustAgree,
    /// `union`: all values of all lists, in precedence, each once. Phones and emails are equal when their
    /// keys are, channels when kind, account and identity are; the first spelling stays.
    Union,
    /// `all_checked`: checked only if it is on every contact that says anything, as a consent should be.
    AllChecked,
    /// `any_checked`: checked if it is on one of the contacts, as an objection should be.
    AnyChecked,
}

impl FieldRule {
    /// The rule's name in JSON and TOML.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SurvivorFirst => "survivor_first",
            Self::Survivor => "survivor",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Longest => "longest",
            Self::MostComplete => "most_complete",
            Self::MostCommon => "most_common",
            Self::Sources(_) => "sources",
            Self::Verified => "verified",
            Self::Min => "min",
            Self::Max => "max",
            Self::Sum => "sum",
            Self::Join(_) => "join",
            Self::MustAgree => "must_agree",
            Self::Union => "union",
            Self::AllChecked => "all_checked",
            Self::AnyChecked => "any_checked",
        }
    }
}

/// One or several of the systems that values come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourcePattern {
    /// This source: `manual`, `channel:whatsapp`.
    Is(Source),
    /// `channel`: a channel of any kind.
    AnyChannel,
}

impl SourcePattern {
    /// Whether a value from `source` is meant.
    pub fn matches(&self, source: &Source) -> bool {
        match self {
            Self::Is(one) => one == source,
            Self::AnyChannel => matches!(source, Source::Channel(_)),
        }
    }

    /// The pattern that a name stands for, or `None`.
    pub fn from_name(name: &str) -> Option<Self> {
        match Source::from_name(name) {
            Some(Source::Channel(ChannelKind::Other(kind))) if kind.is_empty() => None,
            Some(source) => Some(Self::Is(source)),
            None => (name == "channel").then_some(Self::AnyChannel),
        }
    }
}

impl fmt::Display for SourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(source) => source.fmt(f),
            Self::AnyChannel => f.write_str("channel"),
        }
    }
}

impl From<Source> for SourcePattern {
    fn from(source: Source) -> Self {
        Self::Is(source)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SourcePattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for SourcePattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| {
            serde::de::Error::custom(
                "a source is manual, browser, derived, import, channel, or channel: and its kind, as in channel:sms",
            )
        })
    }
}
