//! The channel accounts through which a contact sends and receives messages.

use std::collections::BTreeMap;
use std::fmt;

use crate::contact::time::WrittenTime;

/// One channel account and the contact's identity on it.
///
/// `Debug` shows the kind only: the identity is a personal value.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Channel {
    /// The service that carries the messages.
    pub kind: ChannelKind,
    /// The workspace's account on the channel. An identity has a meaning only within its account.
    pub account: String,
    /// The contact's identity on that account: a WhatsApp id, a page-scoped id, an address.
    pub identity: String,
    /// The time at which the channel was connected, or `None` if it is not connected.
    pub connected_at: Option<WrittenTime>,
    /// The URL of the conversation, if the channel has one.
    pub url: Option<String>,
    /// The other members of the record's channel, each as the JSON text it was written in. A member with an empty name
    /// holds a list element that is not a channel at all.
    pub other: BTreeMap<Box<str>, Box<str>>,
}

impl Channel {
    /// Returns a channel that is not connected and has no URL.
    pub fn new(kind: ChannelKind, account: impl Into<String>, identity: impl Into<String>) -> Self {
        Self {
            kind,
            account: account.into(),
            identity: identity.into(),
            connected_at: None,
            url: None,
            other: BTreeMap::new(),
        }
    }
}

impl Channel {
    /// Returns true if both channels have the same kind, account and identity.
    #[doc(hidden)]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.kind == other.kind && self.account == other.account && self.identity == other.identity
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The service that carries the messages of a channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChannelKind {
    /// `whatsapp`.
    WhatsApp,
    /// `sms`.
    Sms,
    /// `email`.
    Email,
    /// `facebook`, which is Messenger.
    Facebook,
    /// `instagram`.
    Instagram,
    /// `telegram`.
    Telegram,
    /// `web`, a chat window on a web page.
    Web,
    /// Any other kind, by its name in lower case. Kinds are read in any case and written in lower case.
    Other(Box<str>),
}

impl ChannelKind {
    const KNOWN: [Self; 7] =
        [Self::WhatsApp, Self::Sms, Self::Email, Self::Facebook, Self::Instagram, Self::Telegram, Self::Web];

    /// Returns the kind's name in the JSON form.
    pub fn name(&self) -> &str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Facebook => "facebook",
            Self::Instagram => "instagram",
            Self::Telegram => "telegram",
            Self::Web => "web",
            Self::Other(name) => name,
        }
    }

    /// Returns the kind with the given name, ignoring case.
    pub fn from_name(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        Self::KNOWN.into_iter().find(|kind| kind.name() == name).unwrap_or_else(|| Self::Other(name.into()))
    }

    /// Returns the kind of the service that carries the messages, judged by the words of the kind's name.
    ///
    /// `whatsapp_cloud`, `Channel::Whatsapp` and `360dialog` are WhatsApp. [`ChannelKind::name`] still returns the name
    /// as the record has it. Cost: O(n).
    ///
    /// ```
    /// use onefold::ChannelKind;
    ///
    /// assert_eq!(ChannelKind::from_name("twilio_whatsapp").carrier(), ChannelKind::WhatsApp);
    /// assert_eq!(ChannelKind::from_name("line").carrier(), ChannelKind::from_name("line"));
    /// ```
    #[must_use]
    pub fn carrier(&self) -> Self {
        let Self::Other(name) = self else { return self.clone() };
        let name = name.to_lowercase();
        let has_word = |is_one: &dyn Fn(&str) -> bool| name.split(|c: char| !c.is_alphanumeric()).any(is_one);
        if name.contains("whatsapp")
            || name.contains("360dialog")
            || has_word(&|word| matches!(word, "wa" | "wab" | "waba" | "wapp"))
        {
            Self::WhatsApp
        } else if name.contains("instagram") || has_word(&|word| word == "ig") {
            Self::Instagram
        } else if name.contains("facebook") || has_word(&|word| word == "fb") || name.trim() == "messenger" {
            Self::Facebook
        } else if name.contains("telegram") {
            Self::Telegram
        } else if has_word(&|word| word.starts_with("sms") || word.ends_with("sms")) {
            Self::Sms
        } else if name.contains("email") || has_word(&|word| word == "mail") {
            Self::Email
        } else {
            self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_gives_its_kind_back() {
        for kind in ChannelKind::KNOWN.into_iter().chain([ChannelKind::Other("line".into())]) {
            assert_eq!(ChannelKind::from_name(&kind.name().to_uppercase()), kind);
        }
    }

    #[test]
    fn kinds_are_known_by_their_words() {
        let all = [
            (
                ChannelKind::WhatsApp,
                &["WhatsApp Business", "whatsapp_cloud", "Channel::Whatsapp", "twilio_whatsapp"][..],
            ),
            (
                ChannelKind::WhatsApp,
                &["360dialog", "whatsapp_360dialog", "WhatsApp Cloud API", "WABA", "wa", "whatsapp:portfolio"],
            ),
            (ChannelKind::Sms, &["SMS", "twilio_sms", "Channel::TwilioSms", "SMS (Vonage)"]),
            (ChannelKind::Email, &["Channel::Email", "E-Mail", "email_imap"]),
            (
                ChannelKind::Facebook,
                &["Channel::FacebookPage", "Facebook Messenger", "messenger", "Messenger", "fb_messenger"],
            ),
            (ChannelKind::Instagram, &["instagram_dm", "Facebook Instagram", "IG"]),
            (ChannelKind::Telegram, &["Channel::Telegram", "telegram_messenger"]),
        ];
        for (kind, names) in all {
            assert!(names.iter().all(|name| ChannelKind::from_name(name).carrier() == kind), "{kind:?} {names:?}");
        }
        for name in [
            "line",
            "apple_messenger",
            "viber messenger",
            "webchat",
            "warehouse",
            "twilio",
            "viber",
            "mailchimp",
            "blog",
            "",
        ] {
            assert_eq!(ChannelKind::from_name(name).carrier(), ChannelKind::from_name(name));
        }
        assert_eq!(ChannelKind::from_name("WhatsApp Business").name(), "whatsapp business", "as the record has it");
    }

    #[test]
    fn debug_shows_no_identity() {
        let channel = Channel::new(ChannelKind::WhatsApp, "canary", "canary");
        assert_eq!(format!("{channel:?}"), "Channel { kind: WhatsApp, .. }");
    }
}
