//! Filters, which select the contacts of a segment.

pub(crate) mod values;

use crate::filter::values::{numbers_of, values_of};
use onefold::contact::{Contact, Field, Number, Time, Value};

/// The limit of parts in a filter.
pub const MAX_FILTER_PARTS: usize = 1_000;
/// The limit of nested parts in a filter, in levels.
pub const MAX_FILTER_DEPTH: usize = 32;

/// An expression that selects contacts.
///
/// ```
/// use onefold::Field;
/// use onefold_workspace::Filter;
///
/// let filter = Filter::All(vec![
///     Filter::Tag("vip".into()),
///     Filter::Not(Box::new(Filter::Equals { field: Field::Country, value: "BR".into() })),
/// ]);
/// assert_eq!(
///     serde_json::to_string(&filter)?,
///     r#"{"all":[{"tag":"vip"},{"not":{"equals":{"field":"country","value":"BR"}}}]}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `Debug` shows the structure of a filter and none of its values.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// Selects the contacts that match all parts; every contact if there are no parts.
    All(Vec<Filter>),
    /// Selects the contacts that match at least one part; none if there are no parts.
    Any(Vec<Filter>),
    /// Selects the contacts that do not match the part.
    Not(Box<Filter>),
    /// Selects the contacts with a tag.
    Tag(Box<str>),
    /// Selects the contacts with exactly this value in a field, as written; `true` or `false` for a checkbox. Numbers
    /// are compared by value, so 10 equals 10.0; so are texts in a custom field that is defined to hold numbers.
    Equals {
        /// The compared field.
        field: Field,
        /// The value. In JSON, the only serialised form, it can also be a number, which keeps its digits, or a
        /// checkbox.
        #[serde(deserialize_with = "scalar")]
        value: Box<str>,
    },
    /// Selects the contacts with a value in a field that contains this text, in any case.
    Contains {
        /// The searched field.
        field: Field,
        /// The text.
        text: Box<str>,
    },
    /// Selects the contacts with a value in a field that is neither absent, cleared nor empty.
    IsSet(Field),
    /// Selects the contacts that are blocked, or those that are not.
    Blocked(bool),
    /// Selects the contacts for which a channel account of the workspace is in a state: `active`, `inactive` or
    /// `unavailable`.
    Channel {
        /// The name of the account.
        account: Box<str>,
        /// The state.
        state: ChannelStateName,
    },
    /// Selects the contacts created in a span of time. Contacts without a creation time do not match.
    Created(TimeSpan),
    /// Selects the contacts last updated in a span of time. Contacts without an update time do not match.
    Updated(TimeSpan),
}

/// The name of a channel account's state for a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelStateName {
    /// The account is connected.
    Active,
    /// The workspace can connect the account.
    Inactive,
    /// Only the contact can connect the account.
    Unavailable,
}

/// A span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeSpan {
    /// The first moment of the span, or `None` for no lower bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// The first moment after the span, or `None` for no upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
}

impl TimeSpan {
    /// Returns true if a moment is in the span.
    pub fn contains(&self, at: Time) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

/// The facts about the workspace that a filter needs.
pub(crate) trait Surroundings<Id> {
    /// Returns true if a channel account is in a state for a contact.
    fn is_in_state(&self, contact: &Contact<Id>, account: &str, state: ChannelStateName) -> bool;

    /// Returns true if a field is defined to hold numbers.
    fn holds_numbers(&self, field: &Field) -> bool;
}

impl Filter {
    /// Returns true if the filter is within [`MAX_FILTER_PARTS`] and [`MAX_FILTER_DEPTH`]. Cost: O(n) for n parts.
    pub fn is_within_limits(&self) -> bool {
        let (mut parts, mut left) = (0, vec![(self, 1)]);
        while let Some((part, depth)) = left.pop() {
            parts += 1;
            if parts > MAX_FILTER_PARTS || depth > MAX_FILTER_DEPTH {
                return false;
            }
            left.extend(part.parts().iter().map(|inner| (inner, depth + 1)));
        }
        true
    }

    /// Returns true if a contact matches. `known` gives the states of channel accounts and the fields of numbers. The
    /// filter must be within the limits, because the recursion is as deep as the filter. Cost: O(n k) for n parts and
    /// the k values of the contact.
    pub(crate) fn matches<Id>(&self, contact: &Contact<Id>, known: &impl Surroundings<Id>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(contact, known)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(contact, known)),
            Self::Not(part) => !part.matches(contact, known),
            Self::Tag(tag) => contact.tags().any(|held| *held == **tag),
            Self::Equals { field, value } => {
                values_of(contact, field).any(|held| *held == **value) || {
                    let number = || Number::parse(value.trim());
                    let numbers = numbers_of(contact, field, known.holds_numbers(field));
                    number().is_some_and(|number| numbers.into_iter().any(|held| held.is_equal_to(&number)))
                }
            }
            Self::Contains { field, text } => {
                let text = text.to_lowercase();
                values_of(contact, field).any(|held| held.to_lowercase().contains(&text))
            }
            Self::IsSet(field) => contact.get(field).is_some_and(|value| !value.is_empty()),
            Self::Blocked(blocked) => contact.blocked == *blocked,
            Self::Channel { account, state } => known.is_in_state(contact, account, *state),
            Self::Created(span) => contact.created_at().is_some_and(|at| span.contains(at)),
            Self::Updated(span) => contact.updated_at().is_some_and(|at| span.contains(at)),
        }
    }

    /// Returns true if a part refers to a tag.
    pub(crate) fn asks_for_tag(&self, tag: &str) -> bool {
        self.has_part(|part| matches!(part, Self::Tag(asked) if **asked == *tag))
    }

    /// Returns true if a part refers to a field.
    pub(crate) fn asks_for_field(&self, field: &Field) -> bool {
        self.has_part(|part| match part {
            Self::Equals { field: asked, .. } | Self::Contains { field: asked, .. } | Self::IsSet(asked) => {
                asked == field
            }
            _ => false,
        })
    }

    /// Returns the filter with a tag replaced by its new name.
    pub(crate) fn with_tag_renamed(mut self, tag: &str, to: &str) -> Self {
        let mut left = vec![&mut self];
        while let Some(part) = left.pop() {
            match part {
                Self::All(parts) | Self::Any(parts) => left.extend(parts),
                Self::Not(part) => left.push(part),
                Self::Tag(asked) if **asked == *tag => *asked = to.into(),
                _ => {}
            }
        }
        self
    }

    /// Returns the filter with other fields.
    pub(crate) fn map_fields(mut self, other: impl Fn(Field) -> Field) -> Self {
        let mut left = vec![&mut self];
        while let Some(part) = left.pop() {
            match part {
                Self::All(parts) | Self::Any(parts) => left.extend(parts),
                Self::Not(part) => left.push(part),
                Self::Equals { field, .. } | Self::Contains { field, .. } | Self::IsSet(field) => {
                    *field = other(field.clone());
                }
                _ => {}
            }
        }
        self
    }

    fn has_part(&self, is_it: impl Fn(&Self) -> bool) -> bool {
        let mut left = vec![self];
        while let Some(part) = left.pop() {
            if is_it(part) {
                return true;
            }
            left.extend(part.parts());
        }
        false
    }

    fn parts(&self) -> &[Self] {
        match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Not(part) => std::slice::from_ref(part),
            _ => &[],
        }
    }
}

/// Reads a text, a number with all its digits, or a checkbox as a text.
fn scalar<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Box<str>, D::Error> {
    use serde::{Deserialize, de::Error};

    let json = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
    match Value::from_json(json.get()) {
        Ok(Value::Text(text)) => Ok(text.into()),
        Ok(Value::Number(number)) => Ok(number.as_str().into()),
        Ok(Value::Bool(_)) => Ok(json.get().into()),
        _ => Err(D::Error::custom("a text, a number, true or false")),
    }
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All(parts) => f.debug_tuple("All").field(parts).finish(),
            Self::Any(parts) => f.debug_tuple("Any").field(parts).finish(),
            Self::Not(part) => f.debug_tuple("Not").field(part).finish(),
            Self::Tag(_) => f.write_str("Tag(..)"),
            Self::Equals { field, .. } => write!(f, "Equals({field}, ..)"),
            Self::Contains { field, .. } => write!(f, "Contains({field}, ..)"),
            Self::IsSet(field) => write!(f, "IsSet({field})"),
            Self::Blocked(blocked) => write!(f, "Blocked({blocked})"),
            Self::Channel { state, .. } => write!(f, "Channel(.., {state:?})"),
            Self::Created(span) => write!(f, "Created({span:?})"),
            Self::Updated(span) => write!(f, "Updated({span:?})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deep(depth: usize) -> Filter {
        (1..depth).fold(Filter::Blocked(true), |inner, _| Filter::Not(Box::new(inner)))
    }

    #[test]
    fn limits_hold_at_the_limit_and_not_one_over() {
        assert!(deep(MAX_FILTER_DEPTH).is_within_limits());
        assert!(!deep(MAX_FILTER_DEPTH + 1).is_within_limits());
        let wide = |parts: usize| Filter::Any(vec![Filter::Blocked(true); parts - 1]);
        assert!(wide(MAX_FILTER_PARTS).is_within_limits());
        assert!(!wide(MAX_FILTER_PARTS + 1).is_within_limits());
    }

    #[test]
    fn each_part_means_whom_it_says() {
        let contact = Contact::new(1)
            .with(Field::FirstName, "Ada")
            .with(Field::Tags, vec!["vip", "new"])
            .with(Field::Custom("opt".into()), true)
            .with(Field::LastName, Value::Null)
            .with_email("Ada@example.com")
            .with(Field::CreatedAt, Time::from_millis(5));
        let field = |name: &str| Field::from_name(name);
        let equals = |name: &str, value: &str| Filter::Equals { field: field(name), value: value.into() };
        let contains = |name: &str, text: &str| Filter::Contains { field: field(name), text: text.into() };
        let created = |from: Option<i64>, to: Option<i64>| {
            Filter::Created(TimeSpan { from: from.map(Time::from_millis), to: to.map(Time::from_millis) })
        };
        let cases = [
            (Filter::All(vec![]), true),
            (Filter::Any(vec![]), false),
            (Filter::Tag("vip".into()), true),
            (Filter::Tag("VIP".into()), false),
            (Filter::Not(Box::new(Filter::Tag("vip".into()))), false),
            (equals("first_name", "Ada"), true),
            (equals("first_name", "ada"), false),
            (equals("custom.opt", "true"), true),
            (equals("emails", "Ada@example.com"), true),
            (contains("emails", "ADA@"), true),
            (contains("emails", "bob"), false),
            (Filter::IsSet(field("first_name")), true),
            (Filter::IsSet(field("last_name")), false),
            (Filter::IsSet(field("phones")), false),
            (Filter::Blocked(false), true),
            (created(Some(5), Some(6)), true),
            (created(None, Some(5)), false),
            (created(Some(6), None), false),
            (Filter::Updated(TimeSpan::default()), false),
            (Filter::Channel { account: "a".into(), state: ChannelStateName::Active }, true),
            (Filter::Any(vec![Filter::Blocked(true), Filter::Tag("new".into())]), true),
            (Filter::All(vec![Filter::Blocked(true), Filter::Tag("new".into())]), false),
        ];
        for (filter, means) in cases {
            assert_eq!(filter.matches(&contact, &Known), means, "{filter:?}");
        }
    }

    struct Known;

    impl Surroundings<i32> for Known {
        fn is_in_state(&self, _: &Contact<i32>, account: &str, state: ChannelStateName) -> bool {
            account == "a" && state == ChannelStateName::Active
        }

        fn holds_numbers(&self, field: &Field) -> bool {
            *field == Field::Custom("visits".into())
        }
    }

    #[test]
    fn numbers_are_compared_by_what_they_are_worth() {
        let number = |text: &str| Value::Number(Number::parse(text).expect("a number"));
        let contact = Contact::new(1)
            .with(Field::Custom("score".into()), number("10.0"))
            .with(Field::Custom("visits".into()), "10")
            .with(Field::Custom("zip".into()), "10");
        let equals = |name: &str, value: &str| Filter::Equals { field: Field::from_name(name), value: value.into() };
        for (name, value, means) in [
            ("custom.score", "10", true),
            ("custom.score", "1e1", true),
            ("custom.score", "10.1", false),
            ("custom.visits", "10.0", true),
            ("custom.zip", "10.0", false),
            ("custom.zip", "10", true),
        ] {
            assert_eq!(equals(name, value).matches(&contact, &Known), means, "{name} {value}");
        }
    }

    #[test]
    fn a_number_or_a_checkbox_may_stand_as_itself() {
        for (json, value) in [
            ("10", "10"),
            ("10.5", "10.5"),
            ("-3", "-3"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("0.12345678901234567890123", "0.12345678901234567890123"),
            ("1e400", "1e400"),
            ("true", "true"),
            ("\"a\"", "a"),
        ] {
            let json = format!(r#"{{"equals":{{"field":"custom.score","value":{json}}}}}"#);
            let filter: Filter = serde_json::from_str(&json).expect("a filter");
            let expected = Filter::Equals { field: Field::from_name("custom.score"), value: value.into() };
            assert!(filter == expected, "{json}");
        }
        let refused = r#"{"equals":{"field":"custom.score","value":[1]}}"#;
        assert!(serde_json::from_str::<Filter>(refused).is_err());
    }

    #[test]
    fn renaming_a_tag_reaches_every_part() {
        let filter =
            |tag: &str| Filter::All(vec![Filter::Not(Box::new(Filter::Tag(tag.into()))), Filter::Tag("other".into())]);
        assert!(filter("vip").with_tag_renamed("vip", "best") == filter("best"));
        assert!(filter("vip").asks_for_tag("vip") && !filter("vip").asks_for_tag("best"));
    }
}
