//! The rules that choose the survivor and the value of each field.

use std::fmt;

use crate::contact::{ChannelKind, Source};

/// The rule that chooses the contact that keeps its id. On a tie the smallest id survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum SurvivorRule {
    /// `first_given`: the first contact in the list given to the merge.
    #[default]
    FirstGiven,
    /// `oldest`: the contact with the earliest `created_at`. Contacts without one come last.
    Oldest,
    /// `newest`: the contact with the latest `created_at`. Contacts without one come last.
    Newest,
    /// `most_complete`: the contact with the most filled fields.
    MostComplete,
}

/// The rule that chooses the value of a field.
///
/// If a rule leaves several values or can rank none, *precedence* decides: the survivor, then the contact with the
/// newest `updated_at`, then the one with the smallest id. An empty value (cleared, an empty text, an empty list) never
/// wins against another one.
///
/// In JSON and TOML a rule is its name, such as `"newest"`, or its name with its argument, such as `{"join": "; "}`.
/// `docs/policy.md` has an example of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum FieldRule {
    /// `survivor_first`: the survivor's value, or the next one in precedence if that is empty. The default.
    SurvivorFirst,
    /// `survivor`: the survivor's value, even if it is empty.
    Survivor,
    /// `newest`: the value that was set last, by its own `changed_at`, else by the contact's `updated_at`, else by its
    /// `created_at`.
    Newest,
    /// `oldest`: the value that was set first, by the same times.
    Oldest,
    /// `longest`: the text with the most characters.
    Longest,
    /// `most_complete`: the value of the contact with the most filled fields.
    MostComplete,
    /// `most_common`: the value that the most contacts hold in the same spelling.
    MostCommon,
    /// `sources`: the value whose source comes first in the list. Values from other sources or without a source come
    /// last.
    Sources(Vec<SourcePattern>),
    /// `verified`: a verified value before others.
    Verified,
    /// `min`: the smallest number, or the earliest time or date. Values of another kind than the first in precedence
    /// are left out.
    Min,
    /// `max`: the greatest number, or the latest time or date.
    Max,
    /// `sum`: the exact sum of all numbers. Values that are no decimal number of at most 28 digits are left out.
    Sum,
    /// `join`: all texts in precedence, each once, separated by this text.
    Join(String),
    /// `must_agree`: the one value that all contacts with a value hold. If two values differ, the merge is refused.
    MustAgree,
    /// `union`: all values of all lists, in precedence, each once, in the first spelling. Phones and emails are equal
    /// if their keys are, channels if kind, account and identity are.
    Union,
    /// `all_checked`: checked only if every contact with a value has it checked, as for a consent.
    AllChecked,
    /// `any_checked`: checked if at least one contact has it checked, as for an objection.
    AnyChecked,
}

impl FieldRule {
    /// Returns the rule's name in JSON and TOML.
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

/// A pattern that matches one or several sources of values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourcePattern {
    /// One source, such as `manual` or `channel:whatsapp`.
    Is(Source),
    /// `channel`: a channel of any kind.
    AnyChannel,
}

impl SourcePattern {
    /// Returns true if the pattern matches `source`.
    pub fn matches(&self, source: &Source) -> bool {
        match self {
            Self::Is(one) => one == source,
            Self::AnyChannel => matches!(source, Source::Channel(_)),
        }
    }

    /// Returns the pattern with a name, or `None` if no pattern has it.
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
