//! Relay addresses: a service creates one for each sender or shop, and forwards its mail to a mailbox that the sender
//! does not learn.
//!
//! A relay address gives no variant, because its tag is part of it. Two different relay addresses are no evidence that
//! two contacts are different people.

/// The domains of relays with their operators. An address is a relay address if its domain is one of these or a
/// subdomain of one, because several operators give each user a subdomain.
#[rustfmt::skip]
const RELAYS: &[(&str, &str)] = &[
    // Operator: documentation.
    ("privaterelay.appleid.com", "Apple, Sign in with Apple: developer.apple.com/documentation/sign_in_with_apple"),
    ("private.icloud.com", "Apple, Hide My Email: support.apple.com/102219"),
    ("duck.com", "DuckDuckGo Email Protection: duckduckgo.com/email"),
    ("mozmail.com", "Firefox Relay: relay.firefox.com"),
    ("relay.firefox.com", "Firefox Relay: relay.firefox.com"),
    ("simplelogin.com", "SimpleLogin: simplelogin.io/docs"),
    ("simplelogin.co", "SimpleLogin: simplelogin.io/docs"),
    ("simplelogin.fr", "SimpleLogin: simplelogin.io/docs"),
    ("slmail.me", "SimpleLogin: simplelogin.io/docs"),
    ("slmails.com", "SimpleLogin: simplelogin.io/docs"),
    ("aleeas.com", "SimpleLogin: simplelogin.io/docs"),
    ("8alias.com", "SimpleLogin: simplelogin.io/docs"),
    ("8shield.net", "SimpleLogin: simplelogin.io/docs"),
    ("dralias.com", "SimpleLogin: simplelogin.io/docs"),
    ("silomails.com", "SimpleLogin: simplelogin.io/docs"),
    ("passmail.net", "Proton Pass: proton.me/support/pass-aliases"),
    ("passmail.com", "Proton Pass: proton.me/support/pass-aliases"),
    ("passinbox.com", "Proton Pass: proton.me/support/pass-aliases"),
    ("passfwd.com", "Proton Pass: proton.me/support/pass-aliases"),
    ("anonaddy.com", "addy.io: addy.io/faq"),
    ("anonaddy.me", "addy.io: addy.io/faq"),
    ("addymail.com", "addy.io: addy.io/faq"),
    ("addy.biz", "addy.io: addy.io/faq"),
    ("4wrd.cc", "addy.io: addy.io/faq"),
    ("mailer.me", "addy.io: addy.io/faq"),
    ("33mail.com", "33Mail: 33mail.com"),
    ("opayq.com", "IronVest (Blur): ironvest.com"),
    ("guest.booking.com", "Booking.com, guests to hotels: partner.booking.com"),
    ("guest.airbnb.com", "Airbnb, guests to hosts: airbnb.com/help"),
    ("members.ebay.com", "eBay, buyers to sellers: ebay.com/help"),
    ("reply.craigslist.org", "craigslist: craigslist.org/about/help/email-relay"),
    ("sale.craigslist.org", "craigslist: craigslist.org/about/help/email-relay"),
    ("marketplace.amazon.com", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.ca", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.com.mx", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.com.br", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.co.uk", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.de", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.fr", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.it", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.es", "Amazon, buyers to sellers: sellercentral.amazon.com"),
    ("marketplace.amazon.co.jp", "Amazon, buyers to sellers: sellercentral.amazon.com"),
];

/// Returns true if a canonical domain is the domain of a relay or a subdomain of one. Cost: O(1).
pub(crate) fn is_relay(domain: &str) -> bool {
    RELAYS
        .iter()
        .any(|(relay, _)| domain.strip_suffix(relay).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relays_are_known_by_their_domains_and_those_below() {
        for (relay, _) in RELAYS {
            assert!(is_relay(relay) && is_relay(&format!("b.{relay}")), "{relay}");
            assert!(!is_relay(&format!("not{relay}")) && !is_relay(&format!("{relay}.example")), "{relay}");
        }
        for domain in ["apple.com", "icloud.com", "duckduckgo.com", "firefox.com", ""] {
            assert!(!is_relay(domain), "{domain}");
        }
    }
}
