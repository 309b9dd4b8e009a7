//! Field values to keys: each value gives its keys or the reason for which it gives none.
//!
//! A wrong key joins two strangers, so a doubtful value gives no key. Each file imports only from the files before it:
//! `placeholder`, `text_checks`, `numbering_plan`, `region`, `outcome`, `country`, `whatsapp`, `label`, `phone`, `email`, `portfolio`,
//! `settings`, `normalizer` with the keys of phones and emails, `channel`, `contact_values`.

mod builder;
mod channel;
mod contact_values;
mod country;
mod email;
mod label;
mod normalizer;
mod outcome;
mod phone;
mod placeholder;
mod portfolio;
mod region;
mod settings;
mod text_checks;
mod whatsapp;

pub use builder::NormalizerBuilder;
pub use channel::MAX_IDENTIFIER_BYTES;
#[doc(hidden)]
pub use country::code_of as country_code;
pub use email::MAX_EMAIL_BYTES;
pub use normalizer::Normalizer;
pub use outcome::{ContactKey, ContactKeys, DerivedKey, MAX_VALUES_PER_FIELD, Place, Rejection};
pub use phone::text::MAX_PHONE_BYTES;
pub use portfolio::AccountPortfolio;
pub use region::{Region, UnknownRegion};
pub use settings::NormalizerSettings;

/// Returns true if this process has used the phone library. For tests.
#[doc(hidden)]
pub fn is_phone_library_loaded() -> bool {
    phone::is_library_loaded()
}

pub(crate) use outcome::LentKey;
pub(crate) use phone::is_in_use_anywhere;

/// Returns true if an email address as written is a relay address. Returns false for a text that is no address. Cost:
/// O(n).
///
/// A service creates a relay address for one sender, and forwards its mail to a mailbox that the sender does not learn.
/// Two different relay addresses may belong to one person, so they are no evidence that two contacts are different
/// people. In a merge, the address of a mailbox takes precedence over a relay address.
///
/// ```
/// use onefold::normalize::is_relay_address;
///
/// assert!(is_relay_address("dpdcnf87nu@PrivateRelay.appleid.com"));
/// assert!(is_relay_address("shop@ada.anonaddy.com"));
/// assert!(!is_relay_address("ada@icloud.com"));
/// ```
pub fn is_relay_address(raw: &str) -> bool {
    email::domain(raw).is_some_and(|domain| email::relay::is_relay(&domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Derivation, Reason};

    fn keys(raw: &str, region: &str) -> Result<Vec<DerivedKey>, Reason> {
        let region = (!region.is_empty()).then(|| region.parse().expect("a region"));
        let (by_tables, by_library) =
            (Normalizer::new().phone(raw, region), Normalizer::new().phone_by_library(raw, region));
        assert_eq!(by_tables, by_library, "{raw}");
        by_tables
    }

    #[track_caller]
    fn assert_keys(raw: &str, region: &str, expected: &[&str]) {
        let keys = keys(raw, region).expect("a number");
        assert_eq!(keys.iter().map(|key| key.key.value()).collect::<Vec<_>>(), expected, "{raw:?} {region}");
    }

    #[track_caller]
    fn assert_reason(raw: &str, region: &str, expected: Reason) {
        assert_eq!(keys(raw, region), Err(expected), "{raw:?} {region}");
    }

    #[test]
    fn a_label_may_name_the_country() {
        for raw in [
            "(US) 4155550132",
            "US: 4155550132",
            "[US] 4155550132",
            "USA 4155550132",
            "4155550132 (US)",
            "4155550132 US",
        ] {
            assert_reason(raw, "BR", Reason::OtherCountry);
            assert_keys(raw, "US", &["+14155550132"]);
            assert_keys(raw, "CA", &["+14155550132"]);
            assert_reason(raw, "", Reason::NoCountryCode);
        }
        for raw in [
            "(home) 4155550132",
            "4155550132 (WhatsApp)",
            "cel 4155550132",
            "\u{1f1fa}\u{1f1f8} 4155550132",
            "(U.S.A.) 4155550132",
        ] {
            assert_keys(raw, "US", &["+14155550132"]);
        }
        assert_reason("\u{1f1fa}\u{1f1f8} 11 98765-4321", "BR", Reason::OtherCountry);
        assert_reason("11 98765-4321 (Portugal)", "BR", Reason::OtherCountry);
        assert_keys("11 98765-4321 (Brasil)", "BR", &["+5511987654321"]);
        assert_keys("(WhatsApp) 11 98765-4321", "BR", &["+5511987654321"]);
        // A number with a plus has a country code, so the label does not count.
        assert_keys("(US) +55 11 98765-4321", "BR", &["+5511987654321"]);
    }

    #[test]
    fn states_and_words_of_labels_are_no_countries() {
        for state in ["GA", "IN", "AL", "CO", "PA", "ME"] {
            assert_keys(&format!("404-555-0123 ({state})"), "US", &["+14045550123"]);
        }
        assert_keys("604-555-0123 (PE)", "CA", &["+16045550123"]);
        assert_keys("(PE) 11 98765-4321", "BR", &["+5511987654321"]);
        assert_keys("TEL DE CASA 11 98765-4321", "BR", &["+5511987654321"]);
        // In other regions the same codes name countries.
        assert_reason("11 98765-4321 (GA)", "BR", Reason::OtherCountry);
        assert_reason("(DE) 11 98765-4321", "BR", Reason::OtherCountry);
        assert_reason("DE: 11 98765-4321", "BR", Reason::OtherCountry);
    }

    #[test]
    fn a_label_may_say_whose_number_it_is() {
        for raw in [
            "Fax: +44 20 7946 0958",
            "+44 20 7946 0958 (fax)",
            "+44 20 7946 0958 pager",
            "T\u{e9}l\u{e9}copie +44 20 7946 0958",
        ] {
            assert_reason(raw, "", Reason::FaxOrPager);
        }
        for raw in [
            "Main: +44 20 7946 0958",
            "+44 20 7946 0958 (switchboard)",
            "+44 20 7946 0958 - assistant",
            "Empresa +44 20 7946 0958",
        ] {
            let keys = keys(raw, "").expect("a number");
            assert!(keys.iter().all(|key| key.derivation == Derivation::SharedValue), "{raw}");
        }
        let keys = keys("Main +44 20 7946 0958 x7", "").expect("a number");
        let derivations: Vec<Derivation> = keys.iter().map(|key| key.derivation).collect();
        assert_eq!(derivations, [Derivation::SharedValue, Derivation::WithoutExtension]);
    }

    #[test]
    fn the_ids_of_whatsapp_users_are_no_phones() {
        for raw in ["US.4155550132", "whatsapp:US.4155550132", "BR.ENT.5511987654321", "US.13491208655302741918"] {
            assert_reason(raw, "US", Reason::NotAPhone);
        }
    }

    #[test]
    fn relay_addresses_are_keys_as_they_stand_and_nothing_else() {
        for address in
            ["shop+ada@duck.com", "info@ada.anonaddy.com", "x1y2+z@privaterelay.appleid.com", "sales@mozmail.com"]
        {
            let keys = Normalizer::builder().plus_tags().gmail_dots().build().email(address).expect("an address");
            assert_eq!(
                keys.iter().map(|key| (key.key.value(), key.derivation)).collect::<Vec<_>>(),
                [(address, Derivation::Direct)]
            );
        }
    }

    #[test]
    fn relay_addresses_are_distinguished_from_others() {
        for address in ["ada@duck.com", "Ada+x@DUCK.COM", "a@b.duck.com", "shop@ada.anonaddy.com"] {
            assert!(is_relay_address(address), "{address}");
        }
        for address in
            ["ada@notduck.com", "ada@duck.com.example", "ada@duckduckgo.com", "ada@icloud.com", "", "@duck.com"]
        {
            assert!(!is_relay_address(address), "{address}");
        }
    }
}
