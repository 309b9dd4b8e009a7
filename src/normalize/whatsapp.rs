//! The names of WhatsApp users: ids and, since 2026, user names.

/// The scheme that gateways write before an identity.
const SCHEME: &str = "whatsapp:";
/// The part after the country in the id of a user that is valid in a group of portfolios.
const PARENT: &str = "ENT.";
const MAX_ID_BYTES: usize = 128;
/// The legal lengths of user names.
const USER_NAME_BYTES: std::ops::RangeInclusive<usize> = 3..=35;

/// The id of a user as business accounts see it: `US.13491208655302741918`. It is the same on all accounts of one
/// portfolio. A parent id (`US.ENT.11815799212886844830`) is the same on all accounts of a group of portfolios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UserId<'a> {
    pub(crate) text: &'a str,
    pub(crate) is_parent: bool,
}

impl<'a> UserId<'a> {
    /// Reads an id, with or without the scheme `whatsapp:`. Returns `None` for any other text. Cost: O(n).
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let text = without_scheme(text);
        let [a, b, b'.', ..] = text.as_bytes() else { return None };
        let rest = text.get(3..).filter(|_| a.is_ascii_uppercase() && b.is_ascii_uppercase())?;
        let (id, is_parent) = rest.strip_prefix(PARENT).map_or((rest, false), |id| (id, true));
        let is_id = (1..=MAX_ID_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_id.then_some(Self { text, is_parent })
    }
}

/// The hosts of WhatsApp ids. A host without a user before it is no user name.
const HOSTS: [&str; 10] =
    ["s.whatsapp.net", "c.us", "hosted", "lid", "hosted.lid", "g.us", "broadcast", "newsletter", "bot", "call"];

/// Returns true if an identity is a user name: `@maria.lopez` or `maria.lopez`. A text that may be a user name is never
/// read as an id or a number, even if it contains digits. Cost: O(n).
pub(crate) fn is_user_name(text: &str) -> bool {
    let text = without_scheme(text);
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    text.strip_prefix('@').is_some_and(|name| !HOSTS.contains(&name.to_ascii_lowercase().as_str()))
        || (USER_NAME_BYTES.contains(&text.len())
            && text.bytes().all(is_of_name)
            && text.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

fn without_scheme(text: &str) -> &str {
    match text.split_at_checked(SCHEME.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SCHEME) => rest.trim_start(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_are_distinguished_from_everything_else() {
        let longest = format!("BR.{}", "a".repeat(128));
        for text in ["US.13491208655302741918", "whatsapp:US.1", "WhatsApp: BR.a1B2", longest.as_str()] {
            assert!(UserId::read(text).is_some_and(|id| !id.is_parent && !id.text.contains(':')), "{text}");
        }
        assert!(UserId::read("US.ENT.118157992").is_some_and(|id| id.is_parent));
        // Without text after it, `ENT` is itself the id.
        assert!(UserId::read("US.ENT").is_some_and(|id| !id.is_parent));
        for text in
            ["us.1349", "USA.1349", "US.", "US.13 49", "US.1-2", "US.ENT.", "US.a.b", "1US.5", &format!("{longest}a")]
        {
            assert_eq!(UserId::read(text), None, "{text}");
        }
    }

    #[test]
    fn user_names_have_a_letter() {
        for text in
            ["@maria.lopez", "maria.lopez", "Maria_Lopez1", "whatsapp:@maria", "tel.5511999998888", "@447700900123"]
        {
            assert!(is_user_name(text), "{text}");
        }
        for text in [
            "447700900123",
            "+447700900123",
            "447700900123@lid",
            "@g.us",
            "ab",
            "maria lopez",
            "whatsapp:+4477",
            "a-b-c",
        ] {
            assert!(!is_user_name(text), "{text}");
        }
    }
}
