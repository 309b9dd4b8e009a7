//! The accounts through which a contact writes.

use std::collections::BTreeMap;
use std::fmt;

use crate::contact::time::Time;

/// One channel account through which a contact writes, and who the contact is there.
///
/// `Debug` shows the kind only: the identity is a personal value.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Channel {
    /// What carries the messages.
    pub kind: ChannelKind,
    /// The workspace's account on that channel; an identity means something only inside it.
    pub account: String,
    /// Who the contact is on that account: a WhatsApp id, a page-scoped id, an address.
    pub identity: String,
    /// When the channel was connected; `None` while it is not.
    pub connected_at: Option<Time>,
    /// The address of the conversation, where the channel has one.
    pub url: Option<String>,
    /// What else the record says of the channel, each member as the JSON text it was written in. The member
    /// without a name is an element of the list that is no channel at all.
    pub other: BTreeMap<Box<str>, Box<str>>,
}

impl Channel {
    /// A channel that is not connected yet and has no address.
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
    /// Whether it stands for the same contact on the same account.
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

/// What carries the messages of a channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChannelKind {
    /// `whatsapp`.
    WhatsApp,
    /// `sms`.
    Sms,
    /// `email`.
    Email,
    /// `facebook`: Messenger.
    Facebook,
    /// `instagram`.
    Instagram,
    /// `telegram`.
    Telegram,
    /// `web`: a chat window on a web page.
    Web,
    /// Any other, by its name in lower case. (Kinds are read in any case and written in lower case.)
    Other(Box<str>),
}

impl ChannelKind {
    const KNOWN: [Self; 7] =
        [Self::WhatsApp, Self::Sms, Self::Email, Self::Facebook, Self::Instagram, Self::Telegram, Self::Web];

    /// The kind's name in the JSON form.
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

    /// The kind that a name stands for, whatever its case.
    pub fn from_name(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        Self::KNOWN.into_iter().find(|kind| kind.name() == name).unwrap_or_else(|| Self::Other(name.into()))
    }

    /// The kind that carries the messages, as the words of its name say: `whatsapp_cloud`, `Channel::Whatsapp` and
    /// `360dialog` are WhatsApp. The name itself stays as the record has it. O(n).
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
