//! From the words of a field name to the consent or the objection that the field holds.

use crate::contact::field_words;
use crate::field_names::consent::permission::Permission;
use crate::field_names::consent::spelling::{in_one_spelling, is_known, joined_words, lists};
use crate::field_names::consent::words::{
    ACTIONS, BESIDE, CONSENT_VERBS, CONSENTS, CONSENTS_ALONE, CONTACTING, DENIALS, FACTS, GRANTS, OBJECTIONS,
    OBJECTIONS_ALONE, REFUSALS, SUBJECTS, TIMES,
};

/// The greatest number of words in the name of a consent or an objection.
const MAX_WORDS: usize = 24;

/// The meaning of a value in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stance {
    /// The value gives a consent.
    Grant,
    /// The value refuses a consent or objects.
    Refusal,
}

/// Returns the consent or the objection that a field with this name holds. Cost: at most O(n) in the length of the
/// name.
pub(crate) fn permission(name: &str) -> Option<Permission> {
    // Most names contain no such word, and this runs for every field of every merge.
    if name.is_ascii() && !may_be_permission(name) {
        return None;
    }
    let words = Words::of(name)?;
    let said = words.said()?;
    if words.says_a_fact(name) {
        return None;
    }
    let about = words.about(&said);
    if !said.is_consent {
        return Some(Permission::Objection(about));
    }
    let has_time = words.0.iter().any(|word| lists(TIMES, word));
    (!has_time).then_some(Permission::Consent(about))
}

/// Returns the meaning of the text of a value, or `None` if it has neither meaning.
pub(crate) fn stance(text: &str) -> Option<Stance> {
    let words = Words::of(text)?;
    let of = |is_grant: bool| Some(if is_grant { Stance::Grant } else { Stance::Refusal });
    if let Some(said) = words.said() {
        return of(said.is_consent);
    }
    let refuses = words.0.iter().any(|word| lists(REFUSALS, word));
    let grants = words.0.iter().any(|word| lists(GRANTS, word));
    let denies = words.0.iter().any(|word| word == "not" || word == "no");
    match words.0.len() {
        1 if refuses => of(false),
        1..=4 if grants => of(!denies),
        _ => None,
    }
}

/// The folded words of a name, each in its main spelling.
struct Words(Vec<String>);

/// The meaning of the words, with the positions of the words that give it.
struct NameReading {
    is_consent: bool,
    core: Vec<usize>,
}

impl Words {
    fn of(name: &str) -> Option<Self> {
        let mut words = Vec::new();
        for word in field_words(name) {
            if words.len() > MAX_WORDS {
                return None;
            }
            let parts = if is_known(&word) { None } else { joined_words(&word) };
            match parts {
                Some(parts) => words.extend(parts.into_iter().map(|part| in_one_spelling(part).to_owned())),
                None => words.push(in_one_spelling(&word).to_owned()),
            }
        }
        let mut joined: Vec<String> = Vec::with_capacity(words.len());
        for word in words {
            match (joined.last_mut(), word.as_str()) {
                (Some(last), "mail") if last == "e" => *last = "email".to_owned(),
                (Some(last), "t") if last == "don" => {
                    *last = "do".to_owned();
                    joined.push("not".to_owned());
                }
                (_, "dont") => joined.extend(["do".to_owned(), "not".to_owned()]),
                _ => joined.push(word),
            }
        }
        Some(Self(joined))
    }

    /// Returns the positions of the words of a phrase.
    fn find(&self, phrase: &str) -> Option<Vec<usize>> {
        let count = phrase.split(' ').count();
        let at = self.0.windows(count).position(|window| window.iter().map(String::as_str).eq(phrase.split(' ')))?;
        Some((at..at + count).collect())
    }

    fn find_one(&self, phrases: &[&str]) -> Option<Vec<usize>> {
        phrases.iter().find_map(|phrase| self.find(phrase))
    }

    /// Returns true if every word outside `core` may accompany an ambiguous word in the name of a consent or an
    /// objection.
    fn stands_alone(&self, core: &[usize]) -> bool {
        let is_beside = |word: &str| {
            [SUBJECTS, BESIDE, TIMES, DENIALS, "not no"].iter().any(|list| lists(list, word))
                || CONSENT_VERBS.contains(&word)
                || OBJECTIONS_ALONE.contains(&word)
                || OBJECTIONS.contains(&word)
        };
        self.0.iter().enumerate().all(|(at, word)| core.contains(&at) || is_beside(word))
    }

    fn said(&self) -> Option<NameReading> {
        let objection = self.objection();
        let consent = self.consent();
        let (mut is_consent, core) = match (objection, consent) {
            (None, None) => return None,
            (Some(core), None) => (false, core),
            (None, Some(core)) => (true, core),
            // `Opt in / opt out` is one question with an answer in words.
            (Some(objected), Some(agreed)) => {
                let word = |core: &[usize]| core.first().and_then(|at| self.0.get(*at)).map(String::as_str);
                let are_one = matches!(
                    (word(&objected), word(&agreed)),
                    (Some("opt"), Some("opt")) | (Some("unsubscribed"), Some("subscribed"))
                );
                if are_one { (true, agreed) } else { (false, objected) }
            }
        };
        let (first, last) = (core.first().copied().unwrap_or_default(), core.last().copied().unwrap_or_default());
        // As in `No consent` and `accepts no marketing`.
        let is_beside = |at: usize| at + 1 == first || (is_consent && at == last + 1);
        let denies = |(at, word): (usize, &String)| {
            !core.contains(&at)
                && (word == "not" || (word == "no" && is_beside(at)) || (is_consent && lists(DENIALS, word)))
        };
        if self.0.iter().enumerate().any(denies) {
            is_consent = !is_consent;
        }
        Some(NameReading { is_consent, core })
    }

    /// Returns the positions of the words that make an objection.
    fn objection(&self) -> Option<Vec<usize>> {
        let asks_not_to = || {
            let core = self.find("do not")?;
            self.0.iter().any(|word| lists(ACTIONS, word)).then_some(core)
        };
        self.find_one(&OBJECTIONS).or_else(asks_not_to).or_else(|| {
            let core = self.find_one(&OBJECTIONS_ALONE)?;
            self.stands_alone(&core).then_some(core)
        })
    }

    /// Returns the positions of the words that make a consent.
    fn consent(&self) -> Option<Vec<usize>> {
        let alone = || {
            let core = self.find_one(&CONSENTS_ALONE)?;
            self.stands_alone(&core).then_some(core)
        };
        self.find_one(&CONSENTS).or_else(alone).or_else(|| {
            let core = self.find_one(&CONSENT_VERBS)?;
            (self.0.iter().any(|word| lists(CONTACTING, word)) && self.stands_alone(&core)).then_some(core)
        })
    }

    /// Returns true if the name is that of a fact about a consent, such as `Unsubscribe reason`.
    ///
    /// Two or more words after a colon are a title and do not count, as in `Opted out of email: Version notes`.
    fn says_a_fact(&self, name: &str) -> bool {
        let is_fact = |word: &String| lists(FACTS, word);
        let behind = name.split_once(':').map(|(_, behind)| field_words(behind).len()).filter(|count| *count > 1);
        let before = self.0.len().saturating_sub(behind.unwrap_or_default());
        self.0.iter().take(before).any(is_fact)
    }

    /// Returns the normalised name: the words that give the meaning, then the words for its subject, sorted.
    fn about(&self, said: &NameReading) -> Box<str> {
        let is_subject = |(at, word): &(usize, &String)| !said.core.contains(at) && !lists(BESIDE, word);
        let mut about: Vec<&str> =
            self.0.iter().enumerate().filter(is_subject).map(|(_, word)| word.as_str()).collect();
        about.sort_unstable();
        about.dedup();
        let core = said.core.iter().filter_map(|at| self.0.get(*at)).map(String::as_str);
        core.chain(about).collect::<Vec<_>>().join(" ").into()
    }
}

/// Returns true if an ASCII name may contain a phrase of a consent or an objection. The name is not folded for this.
fn may_be_permission(name: &str) -> bool {
    let may = |three: &[u8]| {
        let lower = [three[0] | 0x20, three[1] | 0x20, three[2] | 0x20];
        matches!(
            &lower,
            b"opt"
                | b"sub"
                | b"not"
                | b"ont"
                | b"ons"
                | b"ept"
                | b"eit"
                | b"cet"
                | b"gre"
                | b"llo"
                | b"erm"
                | b"wan"
                | b"can"
                | b"dnc"
                | b"dnd"
                | b"spa"
                | b"sup"
                | b"lis"
                | b"gdp"
                | b"dsg"
                | b"gpd"
                | b"wsl"
                | b"rke"
                | b"inw"
                | b"wil"
                | b"zgo"
                | b"toe"
                | b"abg"
                | b"abb"
                | b"des"
                | b"dis"
                | b"uit"
                | b"afg"
                | b"abo"
                | b"sus"
                | b"wer"
                | b"kei"
                | b"app"
                | b"dem"
                | b"lla"
                | b"mol"
                | b"lig"
                | b"nao"
                | b"nic"
                | b"non"
                | b"nie"
                | b"ne "
                | b"no "
                | b"no-"
                | b"no\x7f"
                | b"noe"
                | b"nop"
                | b"noc"
                | b"now"
        ) || lower == *b"don"
    };
    name.as_bytes().windows(3).any(may)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field_names::consent::words::SPELLINGS;

    fn about(name: &str) -> Option<(bool, String)> {
        permission(name).map(|permission| match permission {
            Permission::Consent(about) => (true, about.into()),
            Permission::Objection(about) => (false, about.into()),
        })
    }

    #[track_caller]
    fn assert_all(is_consent: bool, names: &[&str]) {
        for name in names {
            assert_eq!(about(name).map(|(consent, _)| consent), Some(is_consent), "{name}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn objections_are_known_by_their_words() {
        assert_all(
            false,
            &[
                "HasOptedOutOfEmail", "HasOptedOutOfFax", "DoNotCall", "Do Not Call", "donotcall", "do_not_contact",
                "Unsubscribed from all email", "Opted out of email: Marketing Information", "hs_email_optout",
                "hs_email_optout_10432", "Opted out of email: Product version notes", "Email Opt Out", "emailOptOut",
                "EMAIL_BLACKLISTED", "emailBlacklisted", "SMS_BLACKLISTED", "is_blacklisted", "unsubscribed",
                "unsubscribed_at", "Unsubscribed from Emails", "opt_out", "opted_out", "OptedOut", "is_opt_out",
                "SMS Opt-Out", "sms_opt_out", "whatsapp_opt_out", "dnc", "DND", "dnd_sms", "do_not_disturb",
                "do_not_email", "Do not allow bulk e-mails", "donotbulkemail", "donotphone", "Don't email",
                "dont_call", "do_not_mail", "do_not_sms", "do_not_trade", "spam", "Marked email as spam",
                "suppressed", "marketing_opt_out", "unsubscribe", "Consent withdrawn", "consent_revoked",
                "No consent", "not_subscribed", "Newsletter abgemeldet", "Werbesperre", "Nicht anrufen",
                "D\u{e9}sabonn\u{e9}", "Ne pas appeler", "No llamar", "N\u{e3}o perturbe", "Descadastrado",
                "Non contattare", "GDPR opt out", "fax opt out", "CCPA do not sell",
                "\u{41e}\u{442}\u{43f}\u{438}\u{441}\u{430}\u{43d}",
            ],
        );
    }

    #[test]
    #[rustfmt::skip]
    fn consents_are_known_by_their_words() {
        assert_all(
            true,
            &[
                "GDPR", "gdpr_consent", "GDPR accepted", "Accepts Marketing", "accepts_marketing", "acceptsmarketing",
                "Accepts Email Marketing", "Accepts SMS Marketing", "Email Marketing Consent", "consent",
                "email_consent", "email_opt_in", "marketing_consent", "marketing_opt_in", "newsletter",
                "Newsletter Subscription", "opt_in", "opted_in", "Opt-In", "optIn", "OptIn", "OPT IN", "optin",
                "OPT_IN", "DOUBLE_OPT-IN", "sms_consent", "sms_opt_in", "subscribed", "is_subscribed",
                "whatsapp_consent", "whatsapp_opt_in", "Email permission", "Allow email", "can_email",
                "Email subscriber status", "Marketing status", "Opt in / opt out", "Subscribed or unsubscribed",
                "Einwilligung Newsletter", "DSGVO", "LGPD", "Aceita receber emails", "Acepta marketing",
                "Consentement", "not unsubscribed", "Agrees to be contacted by phone",
            ],
        );
    }

    #[test]
    #[rustfmt::skip]
    fn other_names_are_neither() {
        for name in [
            "", "plan", "Options", "adoption", "subscription", "Subscription plan", "subscribed_plan",
            "subscribed_at", "contact_id", "notes", "Note", "unsubscribe_link", "Unsubscribe reason",
            "opt_out_reason", "OPTIN_IP", "OPTIN_TIME", "consent_date", "accepts_marketing_updated_at",
            "accepts_credit_cards", "Spam score", "blacklist_reason", "Do not delete", "newsletter_language",
            "No. of calls", "Permissions", "Cancelled", "May calls", "list", "Email", "Contact owner",
            "Marketing contact", "Dungeon", "dnd_settings", "unsubscribe url", "gdpr_region", "Donation", "notified",
            "want_list", "canal", "Allowance",
        ] {
            assert_eq!(about(name), None, "{name}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn denials_turn_a_consent_round_and_facts_are_neither() {
        assert_all(
            false,
            &[
                "Consent withdrawal", "Consent removed", "Consent cancelled", "Consent revocation", "Refuses consent",
                "Declines consent", "Keine Einwilligung", "Ohne Einwilligung", "Widerruf Einwilligung",
                "Einwilligung entzogen", "Consentimiento retirado", "Sin consentimiento", "Sans consentement",
                "Retrait du consentement", "Geen toestemming", "Toestemming ingetrokken", "Zgoda wycofana",
                "Opt-in removed", "Accepts no marketing", "Wants no email", "NO_EMAIL", "No Email", "noEmail", "no_phone",
                "no_whatsapp", "No calls",
            ],
        );
        for name in ["Consent country", "Opt In Country", "Opt-in keyword", "Consent required", "Consent ID", "Consent expired"] {
            assert_eq!(about(name), None, "{name}");
        }
    }

    #[test]
    fn spellings_of_one_are_one_and_others_stay_apart() {
        let one = about("email_opt_out");
        for name in ["HasOptedOutOfEmail", "Email Opt Out", "Opted out of e-mail", "emailoptout", "EMAIL_OPTOUT"] {
            assert_eq!(about(name), one, "{name}");
        }
        assert_eq!(about("Opt-In"), about("opted_in"));
        for name in ["sms_opt_out", "opt_out", "email_opt_in", "do_not_email", "Opted out of email: Events"] {
            assert_ne!(about(name), one, "{name}");
        }
    }

    #[test]
    fn every_phrase_is_found_before_folding() {
        let phrases = [&OBJECTIONS[..], &OBJECTIONS_ALONE, &CONSENTS, &CONSENTS_ALONE, &CONSENT_VERBS];
        for phrase in phrases.into_iter().flatten() {
            assert!(may_be_permission(phrase), "{phrase}");
            let first = phrase.split(' ').next().unwrap_or_default();
            for (_, others) in SPELLINGS.iter().filter(|(one, _)| *one == first && !phrase.contains(' ')) {
                for word in others.split(' ').filter(|word| word.is_ascii()) {
                    assert!(may_be_permission(word), "{word}");
                }
            }
        }
    }

    #[test]
    fn a_long_name_costs_little() {
        assert_eq!(about(&"opt".repeat(10_000)), None);
        assert_eq!(about(&"opt in ".repeat(100)), None);
    }
}
