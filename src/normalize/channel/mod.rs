//! Channel identities to keys: the identity on its account, and the phone number or email address that it stands for.

mod number;

use crate::contact::{Channel, ChannelKind};
use crate::key::{Derivation, Key, KeyKind, Reason, ScopeKind};
use crate::normalize::channel::number::{check_hidden, phone_of, refuse_filler};
use crate::normalize::normalizer::Normalizer;
use crate::normalize::outcome::DerivedKey;
use crate::normalize::phone;
use crate::normalize::region::Region;
use crate::normalize::text_checks;
use crate::normalize::whatsapp::{self, UserId};

/// The greatest length of a channel identity or of a host identifier, in bytes.
pub const MAX_IDENTIFIER_BYTES: usize = 512;

/// The host part of WhatsApp ids of users with a phone number.
const USER_HOST: &str = "s.whatsapp.net";

impl Normalizer {
    /// Returns the keys of a channel: its identity on the account and, for WhatsApp, SMS and email, the phone number or
    /// email address that it stands for. Cost: O(n) in the length of the identity.
    ///
    /// # Errors
    /// - A [`Reason`] if the identity gives no key.
    pub fn channel(&self, channel: &Channel, region: Option<Region>) -> Result<Vec<DerivedKey>, Reason> {
        if self.settings().as_written {
            return Err(Reason::Ignored);
        }
        self.check_ignored(&channel.identity)?;
        self.without_ignored(keys(self, channel, region.or(self.settings().region)))
    }

    /// Returns the country of the phone number that a channel stands for, or `None` if it stands for none.
    #[doc(hidden)]
    pub fn channel_country(&self, channel: &Channel) -> Option<Region> {
        let keys = self.channel(channel, None).ok()?;
        let number = keys.iter().find(|derived| derived.key.kind() == KeyKind::Phone)?;
        phone::country(number.key.value())
    }
}

/// Returns the keys of a channel: first its identity, then the phone number or email address that it stands for.
fn keys(normalizer: &Normalizer, channel: &Channel, region: Option<Region>) -> Result<Vec<DerivedKey>, Reason> {
    let text = channel.identity.trim();
    text_checks::check(text, MAX_IDENTIFIER_BYTES)?;
    let carrier = channel.kind.carrier();
    let identity = match carrier {
        ChannelKind::WhatsApp => of_whatsapp(normalizer, text, region)?,
        ChannelKind::Sms => of_number(phone_of(normalizer, text, region)?, text, |text| text.to_owned()),
        ChannelKind::Email => of_address(normalizer, text)?,
        _ => ChannelIdentity::only(text),
    };
    identity.keys(normalizer, &carrier, channel.account.trim())
}

/// The accounts on which an identity is the same person.
#[derive(Clone, Copy)]
enum IdentityScope {
    Account,
    /// All accounts of the account's portfolio.
    Portfolio,
    /// All accounts of the account's group of portfolios.
    PortfolioGroup,
}

/// An interpreted identity.
struct ChannelIdentity {
    extent: IdentityScope,
    /// The canonical text of the identity.
    text: String,
    derivation: Derivation,
    /// The keys of the phone number or email address that the identity stands for, or the reason for which there are
    /// none.
    behind: Result<Vec<DerivedKey>, Reason>,
}

impl ChannelIdentity {
    fn only(text: &str) -> Self {
        let behind = Err(Reason::NoAccount);
        Self { extent: IdentityScope::Account, text: text.to_owned(), derivation: Derivation::Direct, behind }
    }

    /// Returns the keys of the identity. Its own key is valid in its scope: the account, the portfolio or the group.
    /// The keys of a phone number or email address have no scope. Without an account there is no own key.
    fn keys(self, normalizer: &Normalizer, carrier: &ChannelKind, account: &str) -> Result<Vec<DerivedKey>, Reason> {
        if account.is_empty() {
            return self.behind;
        }
        let known = normalizer.portfolio_of(account);
        let within = match self.extent {
            IdentityScope::Account => None,
            IdentityScope::Portfolio => known.and_then(|known| Some((ScopeKind::Portfolio, known.name()?))),
            IdentityScope::PortfolioGroup => {
                known.and_then(|known| Some((ScopeKind::PortfolioGroup, known.group_name()?)))
            }
        };
        let (kind, name) = within.unwrap_or((ScopeKind::Account, account));
        let scope = kind.of_channel(carrier.name(), name);
        let own = DerivedKey { key: Key::new(KeyKind::ChannelId, &scope, &self.text), derivation: self.derivation };
        Ok(std::iter::once(own).chain(self.behind.unwrap_or_default()).collect())
    }
}

/// Reads a WhatsApp id (`5511987654321:12@s.whatsapp.net`), or a form of it that gateways write.
fn of_whatsapp(normalizer: &Normalizer, text: &str, region: Option<Region>) -> Result<ChannelIdentity, Reason> {
    if let Some(UserId { text, is_parent }) = UserId::read(text) {
        let extent = if is_parent { IdentityScope::PortfolioGroup } else { IdentityScope::Portfolio };
        return Ok(ChannelIdentity { extent, ..ChannelIdentity::only(text) });
    }
    if whatsapp::is_user_name(text) {
        return Err(Reason::UserName);
    }
    let user_id = |key: &str| format!("{}@{USER_HOST}", key.trim_start_matches('+'));
    let Some((user, host)) = text.rsplit_once('@') else {
        let behind = phone_of(normalizer, text, region)?.and_then(|keys| check_hidden(text, keys));
        return Ok(of_number(behind, text, user_id));
    };
    let host = host.to_ascii_lowercase();
    let user = without_device(user.trim());
    let digits = user.strip_prefix('+').unwrap_or(user);
    let has_digits_only = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match host.as_str() {
        "broadcast" if user == "status" => Err(Reason::NotAPerson),
        "bot" | "call" => Err(Reason::NotAPerson),
        "g.us" | "broadcast" | "newsletter" if user.is_empty() => Err(Reason::Malformed),
        // A group or a list stands for no phone number, but equal identities are the same group or list.
        "g.us" | "broadcast" | "newsletter" => Ok(ChannelIdentity::only(&format!("{user}@{host}"))),
        "s.whatsapp.net" | "c.us" | "hosted" | "lid" | "hosted.lid" if !has_digits_only => Err(Reason::Malformed),
        // The id of WhatsApp itself.
        "s.whatsapp.net" | "c.us" | "hosted" if digits == "0" => Err(Reason::NotAPerson),
        "s.whatsapp.net" | "c.us" | "hosted" => {
            let behind = refuse_filler(phone::international_keys(digits, normalizer.spellings()))?;
            let host = if host == "c.us" { USER_HOST } else { host.as_str() };
            let text = format!("{digits}@{host}");
            Ok(ChannelIdentity { extent: IdentityScope::Account, text, derivation: Derivation::Direct, behind })
        }
        "lid" | "hosted.lid" => Ok(ChannelIdentity::only(&format!("{digits}@{host}"))),
        _ => Ok(ChannelIdentity::only(text)),
    }
}

/// Returns a user id without the device and the agent: `5511987654321` for `5511987654321.0:3`.
fn without_device(user: &str) -> &str {
    let user = user.split(':').next().unwrap_or_default();
    match user.rsplit_once(['.', '_']) {
        Some((name, agent)) if agent.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => user,
    }
}

fn of_number(
    behind: Result<Vec<DerivedKey>, Reason>,
    text: &str,
    canonical: impl Fn(&str) -> String,
) -> ChannelIdentity {
    // Mobile numbers have no extension, so such a number is no canonical identity.
    let key = behind.as_ref().ok().and_then(|keys| keys.first()).filter(|key| !key.key.value().contains(';'));
    let text = key.map_or_else(|| text.to_owned(), |key| canonical(key.key.value()));
    ChannelIdentity { extent: IdentityScope::Account, text, derivation: Derivation::Direct, behind }
}

/// Reads an email identity. Its own key is as weak as the key of its address, for example for a role mailbox.
fn of_address(normalizer: &Normalizer, text: &str) -> Result<ChannelIdentity, Reason> {
    let behind = refuse_filler(normalizer.email(text))?;
    let first = behind.as_ref().ok().and_then(|keys| keys.first());
    let derivation = first.map_or(Derivation::Direct, |key| key.derivation);
    let text = first.map_or(text, |key| key.key.value()).to_owned();
    Ok(ChannelIdentity { extent: IdentityScope::Account, text, derivation, behind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::portfolio::AccountPortfolio;

    fn values(kind: ChannelKind, account: &str, identity: &str, region: &str) -> Result<Vec<String>, Reason> {
        let region = (!region.is_empty()).then(|| region.parse().expect("a region"));
        let channel = Channel::new(kind, account, identity);
        let keys = keys(&Normalizer::new(), &channel, region)?;
        Ok(keys.into_iter().map(|key| format!("{} {}", key.key.scope(), key.key.value())).collect())
    }

    #[track_caller]
    fn assert_whatsapp(identity: &str, region: &str, expected: &[&str]) {
        let expected = expected.iter().map(|&text| text.to_owned()).collect();
        assert_eq!(values(ChannelKind::WhatsApp, "wa", identity, region), Ok(expected), "{identity:?}");
    }

    #[track_caller]
    fn assert_reason(kind: ChannelKind, account: &str, identity: &str, expected: Reason) {
        assert_eq!(values(kind, account, identity, ""), Err(expected), "{identity:?}");
    }

    #[test]
    fn every_spelling_of_a_user_is_the_same_user() {
        for identity in [
            "447700900123@s.whatsapp.net",
            "447700900123@c.us",
            " 447700900123:12@S.WhatsApp.net ",
            "447700900123.0:3@s.whatsapp.net",
            "447700900123",
            "+447700900123",
            "+44 7700 900123",
            "whatsapp:+447700900123",
            "https://wa.me/447700900123",
            "https://api.whatsapp.com/send?phone=447700900123&text=oi",
        ] {
            assert_whatsapp(identity, "", &["whatsapp/wa 447700900123@s.whatsapp.net", " +447700900123"]);
        }
        assert_whatsapp("447700900123@hosted", "", &["whatsapp/wa 447700900123@hosted", " +447700900123"]);
    }

    #[test]
    fn hidden_ids_have_no_number() {
        assert_whatsapp("187654321098765:5@lid", "", &["whatsapp/wa 187654321098765@lid"]);
        assert_whatsapp("187654321098765@hosted.lid", "", &["whatsapp/wa 187654321098765@hosted.lid"]);
    }

    #[test]
    fn ids_of_users_are_valid_in_the_portfolio_of_their_account() {
        let keys = |account: &str, identity: &str| {
            let acme = AccountPortfolio::new().portfolio("acme").portfolio_group("holding");
            let normalizer = Normalizer::builder()
                .account_portfolio("wa-1", acme.clone())
                .account_portfolio("wa-2", acme)
                .account_portfolio("wa-3", AccountPortfolio::new().portfolio("other").portfolio_group("holding"))
                .build();
            let channel = Channel::new(ChannelKind::from_name("WhatsApp Cloud"), account, identity);
            let keys = keys(&normalizer, &channel, None).expect("an id");
            assert_eq!(keys.len(), 1);
            (keys[0].key.scope_kind(), keys[0].key.scope().to_owned(), keys[0].key.value().to_owned())
        };
        let id = "US.13491208655302741918";
        let scoped = |kind, scope: &str, id: &str| (kind, scope.to_owned(), id.to_owned());
        for (account, written) in [("wa-1", id), (" wa-2 ", "whatsapp:US.13491208655302741918")] {
            assert_eq!(keys(account, written), scoped(ScopeKind::Portfolio, "whatsapp:portfolio/acme", id));
        }
        assert_eq!(keys("wa-3", id), scoped(ScopeKind::Portfolio, "whatsapp:portfolio/other", id));
        assert_eq!(keys("wa-4", id), scoped(ScopeKind::Account, "whatsapp/wa-4", id));
        let parent = "US.ENT.118157992";
        for account in ["wa-1", "wa-3"] {
            let scope = "whatsapp:portfolio_group/holding";
            assert_eq!(keys(account, parent), scoped(ScopeKind::PortfolioGroup, scope, parent));
        }
        assert_eq!(keys("wa-4", parent), scoped(ScopeKind::Account, "whatsapp/wa-4", parent));
        assert_reason(ChannelKind::WhatsApp, "", id, Reason::NoAccount);
        // An identity that is no user id is valid on its account only.
        assert_eq!(keys("wa-1", "187654321098765@lid").0, ScopeKind::Account);
    }

    #[test]
    fn user_names_may_change_hands() {
        for name in ["@maria.lopez", "maria.lopez", "some_body", "whatsapp:@maria", "cel.447700900123"] {
            assert_reason(ChannelKind::WhatsApp, "wa", name, Reason::UserName);
            assert_reason(ChannelKind::from_name("twilio_whatsapp"), "wa", name, Reason::UserName);
        }
        for kind in [ChannelKind::Telegram, ChannelKind::Instagram, ChannelKind::from_name("line")] {
            let scope = format!("{}/acc @maria.lopez", kind.name());
            assert_eq!(values(kind, "acc", "@maria.lopez", ""), Ok(vec![scope]));
        }
    }

    #[test]
    fn hidden_ids_without_their_suffix_are_no_phones() {
        assert_whatsapp("187654321098765", "", &["whatsapp/wa 187654321098765"]);
        // Mobile numbers of Indonesia and Austria have as many digits.
        assert_whatsapp("62812345678901", "", &["whatsapp/wa 62812345678901@s.whatsapp.net", " +62812345678901"]);
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 20
        };
        let mut phones = 0;
        for _ in 0..20_000 {
            let id = 10_000_000_000_000 + random() % 990_000_000_000_000;
            let keys = values(ChannelKind::WhatsApp, "wa", &id.to_string(), "").expect("an identity");
            phones += usize::from(keys.len() > 1);
        }
        assert!(phones < 20_000 / 200, "{phones} of 20000 hidden ids are taken for phones");
    }

    #[test]
    fn groups_and_lists_have_no_number() {
        for identity in [
            "447700900123-1612345678@g.us",
            "120363023456789012@g.us",
            "447700900123@broadcast",
            "120363145678901234@newsletter",
        ] {
            assert_whatsapp(identity, "", &[&format!("whatsapp/wa {identity}")]);
        }
        assert_reason(ChannelKind::WhatsApp, "wa", "@g.us", Reason::Malformed);
    }

    #[test]
    fn machines_are_nobody() {
        let nobody = ["status@broadcast", "13135550002@bot", "0@s.whatsapp.net", "0@c.us"];
        for identity in nobody {
            assert_reason(ChannelKind::WhatsApp, "wa", identity, Reason::NotAPerson);
        }
        for identity in ["@s.whatsapp.net", "somebody@s.whatsapp.net", "somebody@c.us", "somebody@lid"] {
            assert_reason(ChannelKind::WhatsApp, "wa", identity, Reason::Malformed);
        }
        assert_reason(ChannelKind::WhatsApp, "wa", "11111111111@s.whatsapp.net", Reason::Placeholder);
    }

    #[test]
    fn digits_of_an_identity_are_canonical() {
        assert_whatsapp("4407700900123", "GB", &["whatsapp/wa 4407700900123"]);
        assert_whatsapp("4407700900123@c.us", "", &["whatsapp/wa 4407700900123@s.whatsapp.net"]);
    }

    #[test]
    fn a_trunk_prefix_makes_a_national_number() {
        assert_whatsapp("081234567890", "ID", &["whatsapp/wa 6281234567890@s.whatsapp.net", " +6281234567890"]);
        assert_whatsapp("89161234567", "RU", &["whatsapp/wa 79161234567@s.whatsapp.net", " +79161234567"]);
        assert_whatsapp("044 33 1234 5678", "MX", &["whatsapp/wa 523312345678@s.whatsapp.net", " +523312345678"]);
        assert_whatsapp("0443312345678", "MX", &["whatsapp/wa 523312345678@s.whatsapp.net", " +523312345678"]);
        assert_whatsapp("081234567890", "", &["whatsapp/wa 081234567890"]);
    }

    #[test]
    fn variants_come_behind_the_number() {
        let expected = ["whatsapp/wa 553196123456@s.whatsapp.net", " +553196123456", " +5531996123456"];
        assert_whatsapp("553196123456@s.whatsapp.net", "", &expected);
    }

    #[test]
    fn sms_and_email_have_keys_behind_them_too() {
        let sms = values(ChannelKind::Sms, "1", "447700900123", "");
        assert_eq!(sms, Ok(vec!["sms/1 +447700900123".to_owned(), " +447700900123".to_owned()]));
        assert_eq!(values(ChannelKind::Sms, "1", "MyBank", ""), Ok(vec!["sms/1 MyBank".to_owned()]));
        let email = values(ChannelKind::Email, "in", "Ada@Example.com", "");
        assert_eq!(email, Ok(vec!["email/in ada@example.com".to_owned(), " ada@example.com".to_owned()]));
        assert_reason(ChannelKind::Email, "in", "noreply@acme.example", Reason::Placeholder);
    }

    #[test]
    fn a_role_mailbox_is_a_weak_identity() {
        let channel = Channel::new(ChannelKind::Email, "in", "info@acme.example");
        let keys = keys(&Normalizer::new(), &channel, None).expect("an address");
        assert!(keys.iter().all(|key| key.derivation == Derivation::RoleMailbox));
    }

    #[test]
    fn without_an_account_only_what_is_behind_the_identity_counts() {
        assert_eq!(values(ChannelKind::Sms, " ", "447700900123", ""), Ok(vec![" +447700900123".to_owned()]));
        assert_reason(ChannelKind::Facebook, "", "10223344", Reason::NoAccount);
        assert_reason(ChannelKind::WhatsApp, "", "187654321098765@lid", Reason::NoAccount);
    }

    #[test]
    fn texts_that_are_no_identity_have_their_reason() {
        assert_reason(ChannelKind::Web, "w", "  ", Reason::Empty);
        assert_reason(ChannelKind::Web, "w", "null", Reason::Placeholder);
        assert_reason(ChannelKind::Web, "w", "a\u{0}b", Reason::ControlCharacter);
        assert_reason(ChannelKind::Web, "w", &"a".repeat(513), Reason::TooLong);
    }
}
