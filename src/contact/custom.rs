//! The types that a host can give to its custom fields.

use crate::contact::decimal_number::Number;
use crate::contact::value::Value;

/// The type of a custom field, as the host defines it.
///
/// A type checks values and never changes them: a contact from a file may hold a value that does not fit the type, and
/// keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CustomType {
    /// Any text.
    Text,
    /// One of the given texts.
    List(Vec<String>),
    /// `true` or `false`.
    Checkbox,
    /// An email address.
    Email,
    /// A number.
    Number,
    /// An absolute `http` or `https` address.
    Url,
    /// A calendar date, `YYYY-MM-DD` (RFC 3339, `full-date`).
    Date,
    /// A time of day, `hh:mm` or `hh:mm:ss` (RFC 3339, `partial-time`, seconds optional).
    Time,
}

impl CustomType {
    /// Returns a description in words of the values that the type accepts.
    pub fn expected(&self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::List(_) => "one of the choices",
            Self::Checkbox => "true or false",
            Self::Email => "an email address",
            Self::Number => "a number",
            Self::Url => "a web address",
            Self::Date => "a date as 2024-02-29",
            Self::Time => "a time of day as 09:30",
        }
    }

    /// Returns the fault of the definition, or `None` if it is sound.
    ///
    /// A list has a fault if it has no choices, a blank choice or the same choice twice. Cost: O(n log n) in the number
    /// of choices.
    #[doc(hidden)]
    pub fn fault(&self) -> Option<&'static str> {
        let Self::List(choices) = self else { return None };
        let mut known = std::collections::BTreeSet::new();
        match choices {
            choices if choices.is_empty() => Some("there is none"),
            choices if choices.iter().any(|choice| choice.trim().is_empty()) => Some("one is blank"),
            choices if !choices.iter().all(|choice| known.insert(choice.trim())) => Some("one is given twice"),
            _ => None,
        }
    }

    /// Returns true if `value` fits the type. A cleared value fits every type.
    ///
    /// Cost: O(n) in the length of the value and in the number of choices of a list.
    ///
    /// ```
    /// use onefold::contact::CustomType;
    /// use onefold::Value;
    ///
    /// assert!(CustomType::Date.fits(&Value::from("2024-02-29")));
    /// assert!(!CustomType::Date.fits(&Value::from("2023-02-29")));
    /// ```
    pub fn fits(&self, value: &Value) -> bool {
        let text = match (self, value) {
            (_, Value::Null) => return true,
            (Self::Checkbox, value) => return matches!(value, Value::Bool(_)),
            (Self::Number, Value::Number(_)) => return true,
            (_, Value::Text(text)) => text.as_str(),
            _ => return false,
        };
        match self {
            Self::Text => true,
            Self::List(choices) => choices.iter().any(|choice| choice == text),
            Self::Checkbox => false,
            Self::Email => email_address::EmailAddress::is_valid(text) && !text.contains('<'),
            Self::Number => Number::parse(text).is_some(),
            Self::Url => is_web_address(text),
            Self::Date => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
            Self::Time => {
                text.is_char_boundary(2) && text.get(2..3) == Some(":") && text.parse::<jiff::civil::Time>().is_ok()
            }
        }
    }
}

fn is_web_address(text: &str) -> bool {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        text.get(..scheme.len()).filter(|head| head.eq_ignore_ascii_case(scheme)).map(|_| &text[scheme.len()..])
    });
    let Some(rest) = rest else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_accepts_its_own_and_refuses_others() {
        let list = CustomType::List(vec!["free".into(), "pro".into()]);
        let cases: [(&CustomType, &[&str], &[&str]); 7] = [
            (&CustomType::Text, &["", "anything"], &[]),
            (&list, &["free", "pro"], &["", "Pro"]),
            (&CustomType::Email, &["ada@example.com"], &["ada", "Ada <ada@example.com>"]),
            (&CustomType::Number, &["1", "-2.5e3"], &["", "1,5", "one"]),
            (
                &CustomType::Url,
                &["https://example.com/a?b#c", "HTTP://example.com"],
                &["example.com", "https://", "http://a b", "ftp://example.com"],
            ),
            (&CustomType::Date, &["2024-02-29"], &["29/02/2024", "2023-02-29", "2024-02-29T10:00:00"]),
            (&CustomType::Time, &["09:30", "23:59:59"], &["9:30", "24:01", "noon"]),
        ];
        for (kind, good, bad) in cases {
            for text in good {
                assert!(kind.fits(&Value::from(*text)), "{kind:?} {text}");
            }
            for text in bad {
                assert!(!kind.fits(&Value::from(*text)), "{kind:?} {text}");
            }
            assert!(kind.fits(&Value::Null));
        }
        assert!(CustomType::Checkbox.fits(&Value::Bool(true)) && !CustomType::Checkbox.fits(&Value::from("true")));
        assert!(CustomType::Number.fits(&Value::from(7)) && !CustomType::Text.fits(&Value::from(7)));
    }
}
