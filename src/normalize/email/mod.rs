//! Email addresses to keys.
//!
//! A key is a dot-atom with ASCII letters in lower case, an `@` and a host name in the ASCII form of IDNA. White space
//! other than line ends, zero-width characters and `mailto:` may surround an address. A display name may not: `Ada
//! <ada@example.com>` is a mail header, which validators refuse as an address.

mod byte_classes;
mod plain_spelling;
pub(crate) mod relay;

use std::borrow::Cow;

use email_address::EmailAddress;
use email_address::Options as Syntax;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::key::{Derivation, Reason};
use crate::normalize::email::plain_spelling::PlainEmail;
use crate::normalize::outcome::{LentKey, Take};
use crate::normalize::placeholder;
use crate::normalize::text_checks;

/// The greatest length of a local part. Source: RFC 5321, section 4.5.3.1.1.
const MAX_LOCAL_BYTES: usize = 64;
/// The greatest length of an address. Source: RFC 5321, section 4.5.3.1.3, without the two brackets of the path.
const MAX_ADDRESS_BYTES: usize = 254;
/// The greatest length of a text that is read as an email address, in bytes. A key has at most 254 bytes. The same
/// address in Unicode can be longer, but stays below this limit.
pub const MAX_EMAIL_BYTES: usize = 1024;

/// Mailboxes that stand for a role, so that several people may read them. Sorted, for binary search.
#[rustfmt::skip]
const ROLES: [&str; 62] = [
    "abuse", "accounting", "accounts", "adm", "admin", "administracao", "administrador", "administrator",
    "atendimento", "billing", "booking", "bookings", "careers", "comercial", "compras", "contabilidade", "contact",
    "contacto", "contato", "customerservice", "enquiries", "enquiry", "facturacion", "feedback", "finance",
    "financeiro", "frontdesk", "hello", "help", "helpdesk", "hostmaster", "hr", "info", "informacion", "inquiries",
    "invoices", "it", "jobs", "kontakt", "mail", "marketing", "media", "newsletter", "office", "oficina", "orders",
    "postmaster", "press", "privacy", "reception", "rh", "root", "sac", "sales", "security", "service", "soporte",
    "suporte", "support", "vendas", "ventas", "webmaster",
];

const ROLE_LENGTHS: placeholder::Lengths = placeholder::lengths_by_start(&ROLES);

/// The second letters of the roles, indexed by the last five bits of the first letter: a bit for the last five bits of
/// each.
const ROLE_STARTS: [u32; 32] = {
    let mut starts = [0; 32];
    let mut place = 0;
    while place < ROLES.len() {
        let role = ROLES[place].as_bytes();
        starts[(role[0] % 32) as usize] |= 1 << (role[1] % 32);
        place += 1;
    }
    starts
};

/// Providers whose mailbox names may contain a `+`, so that it does not start a tag.
const PLUS_IS_PART: [&str; 3] = ["yahoo", "ymail", "rocketmail"];

/// The optional variants of an email key.
#[derive(Clone, Copy)]
pub(super) struct EmailOptions {
    pub(super) plus_tags: bool,
    pub(super) gmail_dots: bool,
}

/// Passes the keys of an address to `take`, the most direct one first, or returns the reason for which it gives no key.
pub(super) fn each_key(raw: &str, options: EmailOptions, take: Take<'_>) -> Result<(), Reason> {
    let plain = PlainEmail::read(raw);
    match plain.as_ref().and_then(|plain| Some((plain.text()?, plain.at))) {
        Some((text, at)) => each_key_of(text, at, options, take),
        None => each_key_in_full(raw, options, take),
    }
}

/// Passes the keys of an address to `take` as [`each_key`] does, without the fast path for plain spellings.
pub(super) fn each_key_in_full(raw: &str, options: EmailOptions, take: Take<'_>) -> Result<(), Reason> {
    let (local, domain) = parse(raw)?;
    each_key_of(&format!("{local}@{domain}"), local.len(), options, take)
}

/// Passes the keys of a canonical address to `take`, unless it is a filler. `at` is the position of its `@`.
#[inline]
fn each_key_of(text: &str, at: usize, options: EmailOptions, take: Take<'_>) -> Result<(), Reason> {
    let (local, domain) = text.split_at_checked(at).unwrap_or((text, ""));
    let domain = domain.strip_prefix('@').unwrap_or(domain);
    if placeholder::is_filler_address(local, domain) {
        return Err(Reason::Placeholder);
    }
    take(derived(text, local, domain, Derivation::Direct));
    let untagged = if options.plus_tags { untagged(local, domain) } else { None };
    // A variant may be a filler even if the address itself is not.
    let derive = |local: &str, domain: &str| {
        (!placeholder::is_filler_address(local, domain)).then(|| format!("{local}@{domain}"))
    };
    let of_tag = untagged.and_then(|untagged| derive(untagged, domain));
    if let Some(address) = &of_tag {
        take(derived(address, untagged.unwrap_or_default(), domain, Derivation::PlusTag));
    }
    if options.gmail_dots && matches!(domain, "gmail.com" | "googlemail.com") {
        let folded = untagged.unwrap_or(local).replace('.', "");
        let is_new = |address: &String| address != text && Some(address) != of_tag.as_ref();
        if let Some(address) = derive(&folded, "gmail.com").filter(is_new) {
            take(derived(&address, &folded, domain, Derivation::GmailDots));
        }
    }
    Ok(())
}

/// Returns the key of an address. A role mailbox is weak under every derivation. A relay address belongs to one sender,
/// so it is no role mailbox.
#[inline]
fn derived<'a>(text: &'a str, local: &str, domain: &str, derivation: Derivation) -> LentKey<'a> {
    let is_shared = is_role(local) && !relay::is_relay(domain);
    LentKey::email(text, if is_shared { Derivation::RoleMailbox } else { derivation })
}

/// Returns true if the mailbox without its tag stands for a role.
#[inline]
fn is_role(local: &str) -> bool {
    // The first two letters exclude most mailboxes before the search for a tag.
    let [first, second, ..] = local.as_bytes() else { return false };
    if ROLE_STARTS[usize::from(first % 32)] >> (second % 32) & 1 == 0 {
        return false;
    }
    let name = local.as_bytes().iter().position(|byte| *byte == b'+').and_then(|at| local.get(..at)).unwrap_or(local);
    placeholder::may_be_one_of(&ROLE_LENGTHS, name) && ROLES.binary_search(&name).is_ok()
}

fn untagged<'a>(local: &'a str, domain: &str) -> Option<&'a str> {
    let (name, _) = local.split_once('+')?;
    let provider = domain.split('.').next().unwrap_or_default();
    let is_tagged = is_dot_atom(name) && !PLUS_IS_PART.contains(&provider) && !relay::is_relay(domain);
    is_tagged.then_some(name)
}

/// Returns the canonical domain of an address, or `None` if the text is no address.
pub(super) fn domain(raw: &str) -> Option<String> {
    parse(raw).ok().map(|(_, domain)| domain)
}

/// Returns the canonical local part and domain of an address, or the reason for which the text is no address.
fn parse(raw: &str) -> Result<(String, String), Reason> {
    let text = without_scheme(trim(raw));
    text_checks::check(text, MAX_EMAIL_BYTES)?;
    let (local, domain) = text.rsplit_once('@').ok_or(Reason::Malformed)?;
    check_shape(local, domain)?;
    let local = canonical_local(local)?;
    let domain = canonical_domain(domain)?;
    if local.len() > MAX_LOCAL_BYTES || local.len() + 1 + domain.len() > MAX_ADDRESS_BYTES {
        Err(Reason::TooLong)
    } else {
        Ok((local, domain))
    }
}

/// Returns the text without surrounding white space and zero-width characters. Line ends stay, because an address
/// cannot span lines.
fn trim(raw: &str) -> &str {
    let is_around = |c: char| (c.is_whitespace() && !matches!(c, '\n' | '\r')) || text_checks::is_without_width(c);
    if raw.trim().is_empty() { "" } else { raw.trim_matches(is_around) }
}

fn without_scheme(text: &str) -> &str {
    match text.split_at_checked("mailto:".len()) {
        // With an escape or a parameter, the rest is not an address as written. `%` and `?` are legal in a local part,
        // so they are not removed.
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") && !rest.contains(['%', '?']) => rest,
        _ => text,
    }
}

/// Checks that a text does not have a form that some standards accept as an address but that gives no key.
///
/// # Errors
/// - [`Reason::QuotedOrComment`] if the text has a quoted local part or a comment.
/// - [`Reason::SeveralValues`] if the text has several addresses.
/// - [`Reason::Malformed`] if the local part or the domain is empty.
fn check_shape(local: &str, domain: &str) -> Result<(), Reason> {
    let is_joint = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '<');
    if local.starts_with('"') || local.contains(['(', ')']) || domain.contains(['(', ')']) {
        return Err(Reason::QuotedOrComment);
    }
    if local.contains('@') && local.contains(is_joint) {
        return Err(Reason::SeveralValues);
    }
    if local.is_empty() || domain.is_empty() { Err(Reason::Malformed) } else { Ok(()) }
}

/// Returns the local part with ASCII in lower case and other characters composed (NFC). Some characters compose to
/// ASCII: the Kelvin sign to `K`, the Greek question mark to `;`. An address with one of them looks like another
/// address, so it is refused.
fn canonical_local(local: &str) -> Result<String, Reason> {
    if !is_dot_atom(local) {
        return Err(Reason::Malformed);
    }
    if local.is_ascii() {
        return Ok(local.to_ascii_lowercase());
    }
    let turns_ascii = |c: char| !c.is_ascii() && c.nfc().any(|composed| composed.is_ascii());
    if local.chars().any(turns_ascii) {
        return Err(Reason::Malformed);
    }
    let composed: String = local.to_ascii_lowercase().nfc().collect();
    if is_dot_atom(&composed) { Ok(composed) } else { Err(Reason::Malformed) }
}

/// Returns true if a local part is a dot-atom. `email_address` decides this for ASCII. Because it refuses many letters
/// outside ASCII, it sees an ASCII letter in place of each such letter and of each combining mark after a letter.
fn is_dot_atom(local: &str) -> bool {
    let mut follows_letter = false;
    let mut plain = String::with_capacity(local.len());
    for c in local.chars() {
        let is_letter = c.is_alphanumeric() || (follows_letter && is_combining_mark(c));
        follows_letter = is_letter;
        match (c.is_ascii(), is_letter) {
            (true, _) => plain.push(c),
            (false, true) => plain.push('a'),
            (false, false) => return false,
        }
    }
    // The length is checked in bytes of the key. A quoted string is no dot-atom.
    !plain.starts_with('"') && plain.len() <= MAX_LOCAL_BYTES && EmailAddress::is_valid_local_part(&plain)
}

/// Returns the canonical form of a host name with a dot. A last label of digits belongs to an IP address and is
/// refused.
fn canonical_domain(domain: &str) -> Result<String, Reason> {
    let ascii = Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Check, DnsLength::Verify)
        .map_err(|_| Reason::BadDomain)?;
    let syntax = Syntax::default().with_required_tld().without_domain_literal().without_display_text();
    let is_host = EmailAddress::parse_with_options(&format!("a@{ascii}"), syntax).is_ok();
    let has_name = ascii.rsplit_once('.').is_some_and(|(_, last)| last.bytes().any(|byte| !byte.is_ascii_digit()));
    if is_host && has_name && has_letters_only(&ascii) { Ok(ascii.into_owned()) } else { Err(Reason::BadDomain) }
}

/// Returns true if each label consists of characters that IDNA 2008 allows: letters, marks and digits, with joiners and
/// a few marks between letters. UTS 46 also accepts symbols, but no host name with a symbol can be registered.
fn has_letters_only(ascii: &str) -> bool {
    if !ascii.split('.').any(|label| label.starts_with("xn--")) {
        return true;
    }
    let (name, outcome): (Cow<'_, str>, _) =
        Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::Check);
    let is_joint = |c: char| {
        matches!(c, '-' | '.' | '\u{b7}' | '\u{375}' | '\u{5f3}' | '\u{5f4}' | '\u{200c}' | '\u{200d}' | '\u{30fb}')
    };
    outcome.is_ok() && name.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c) || is_joint(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::outcome::kept;

    const NONE: EmailOptions = EmailOptions { plus_tags: false, gmail_dots: false };
    const ALL: EmailOptions = EmailOptions { plus_tags: true, gmail_dots: true };

    fn derived(raw: &str, options: EmailOptions) -> Result<Vec<(String, Derivation)>, Reason> {
        let keys = kept(|take| each_key(raw, options, take))?;
        Ok(keys.into_iter().map(|key| (key.key.value().to_owned(), key.derivation)).collect())
    }

    #[track_caller]
    fn assert_key(raw: &str, expected: &str) {
        assert_eq!(derived(raw, NONE), Ok(vec![(expected.to_owned(), Derivation::Direct)]), "{raw:?}");
    }

    #[track_caller]
    fn assert_reason(raw: &str, expected: Reason) {
        assert_eq!(derived(raw, ALL), Err(expected), "{raw:?}");
    }

    #[track_caller]
    fn assert_all(raw: &str, expected: &[(&str, Derivation)]) {
        let expected = expected.iter().map(|&(text, derivation)| (text.to_owned(), derivation)).collect();
        assert_eq!(derived(raw, ALL), Ok(expected), "{raw:?}");
    }

    #[test]
    fn what_stands_around_an_address_is_left_out() {
        for raw in [
            "Ada@Example.COM",
            "  ada@example.com\t",
            "mailto:ada@example.com",
            "MAILTO:ada@example.com",
            "\u{feff}ada@example.com\u{200b}",
            "\u{a0}ada@example.com\u{a0}",
        ] {
            assert_key(raw, "ada@example.com");
        }
    }

    #[test]
    fn the_domain_is_a_host_name_in_ascii() {
        assert_key("ada@b\u{fc}cher.example", "ada@xn--bcher-kva.example");
        assert_key("ada@cafe\u{301}.example", "ada@xn--caf-dma.example");
        assert_key("ada@stra\u{df}e.example", "ada@xn--strae-oqa.example");
        assert_key("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example");
        for domain in ["localhost", "example.com.", ".example.com", "a..b", "ex_ample.com", "[127.0.0.1]", "127.0.0.1"]
        {
            assert_reason(&format!("ada@{domain}"), Reason::BadDomain);
        }
        for domain in ["-a.com", "a-.com", "ab--c.com", "a.com\u{a9}", "xn--example-com-x3a.com", "a b.com", "ex!.com"]
        {
            assert_reason(&format!("ada@{domain}"), Reason::BadDomain);
        }
    }

    #[test]
    fn unicode_makes_no_ascii() {
        assert_reason("\u{212a}ate@example.com", Reason::Malformed);
        assert_reason("me\u{37e}@example.com", Reason::Malformed);
        assert_reason("ada\u{ff20}example.com", Reason::Malformed);
        assert_key("\u{130}pek@example.com", "\u{130}pek@example.com");
        assert_key("stra\u{df}e@example.com", "stra\u{df}e@example.com");
        assert_key("jose\u{301}@example.com", "jos\u{e9}@example.com");
        assert_key("\u{c9}VA@example.com", "\u{c9}va@example.com");
    }

    #[test]
    fn other_shapes_have_their_reason() {
        assert_reason("", Reason::Empty);
        assert_reason(" \u{a0}", Reason::Empty);
        assert_reason("n/a", Reason::Placeholder);
        assert_reason("ada", Reason::Malformed);
        assert_reason("@example.com", Reason::Malformed);
        assert_reason("a..b@example.com", Reason::Malformed);
        assert_reason(".a@example.com", Reason::Malformed);
        assert_reason("Ada <ada@example.com>", Reason::Malformed);
        assert_reason("ada lovelace@example.com", Reason::Malformed);
        assert_reason("\"ada\"@example.com", Reason::QuotedOrComment);
        assert_reason("ada(work)@example.com", Reason::QuotedOrComment);
        assert_reason("ada@example.com, bob@example.com", Reason::SeveralValues);
        assert_reason("ada@example.com;bob@example.com", Reason::SeveralValues);
        assert_reason("ada@example.com\n", Reason::ControlCharacter);
        assert_reason("a\u{0}da@example.com", Reason::ControlCharacter);
        assert_reason(&format!("{}@example.com", "a".repeat(1024)), Reason::TooLong);
        assert_reason(&format!("a@{}com", "abcdefghi.".repeat(25)), Reason::TooLong);
        assert_reason("mailto:ada%2Bnews@example.com", Reason::Malformed);
    }

    #[test]
    fn the_local_part_has_at_most_64_bytes() {
        assert!(derived(&format!("{}@example.com", "a".repeat(64)), NONE).is_ok());
        assert!(derived(&format!("{}@example.com", "a".repeat(65)), NONE).is_err());
        assert_reason(&format!("{}@example.com", "\u{e9}".repeat(33)), Reason::TooLong);
    }

    #[test]
    fn fillers_are_no_addresses() {
        for raw in ["None@none.com", "noreply@acme.example", "No-Reply@acme.example", "test@test.com"] {
            assert_reason(raw, Reason::Placeholder);
        }
        assert_all("noreply+ada@acme.example", &[("noreply+ada@acme.example", Derivation::Direct)]);
        assert_key("user@example.com", "user@example.com");
    }

    #[test]
    fn options_give_further_keys() {
        assert_all(
            "Zelia.Lima+promo@googlemail.com",
            &[
                ("zelia.lima+promo@googlemail.com", Derivation::Direct),
                ("zelia.lima@googlemail.com", Derivation::PlusTag),
                ("zelialima@gmail.com", Derivation::GmailDots),
            ],
        );
        assert_all("zelialima@gmail.com", &[("zelialima@gmail.com", Derivation::Direct)]);
        assert_all("z.lima@acme.example", &[("z.lima@acme.example", Derivation::Direct)]);
        assert_all("zelia+x@yahoo.com", &[("zelia+x@yahoo.com", Derivation::Direct)]);
        assert_all("+x@acme.example", &[("+x@acme.example", Derivation::Direct)]);
        let dots = EmailOptions { plus_tags: false, gmail_dots: true };
        let folded = derived("z.lima+a@gmail.com", dots).expect("an address");
        assert_eq!(folded[1], ("zlima+a@gmail.com".to_owned(), Derivation::GmailDots));
    }

    #[test]
    fn role_mailboxes_are_weak() {
        assert_all("Info@acme.example", &[("info@acme.example", Derivation::RoleMailbox)]);
        assert_all(
            "sales+br@acme.example",
            &[("sales+br@acme.example", Derivation::RoleMailbox), ("sales@acme.example", Derivation::RoleMailbox)],
        );
        assert_key("informatics@acme.example", "informatics@acme.example");
    }

    #[test]
    fn roles_are_sorted() {
        assert!(ROLES.is_sorted());
        assert!(ROLES.iter().all(|role| is_dot_atom(role) && !role.contains(['.', '+'])));
        assert!(ROLES.iter().all(|role| is_role(role) && is_role(&format!("{role}+news")) && !is_role(&role[1..])));
    }
}
