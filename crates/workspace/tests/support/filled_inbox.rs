//! A workspace as the users of an inbox know it, and what is asked of it.

use onefold::{Channel, ChannelKind, Contact, Normalizer, Time};
use onefold_workspace::{Act, ChannelState, Event, EventKind, Settings, Workspace};

pub fn act(millis: i64) -> Act {
    Act::new(Time::from_millis(millis), "ada")
}

pub fn with(contacts: impl IntoIterator<Item = Contact<u32>>) -> Workspace<u32> {
    let mut workspace = Workspace::new(Settings::new().with_normalizer(Normalizer::new()));
    for contact in contacts {
        let _ = workspace.add(contact, &act(0)).expect("new");
    }
    let _ = workspace.drain_events();
    workspace
}

pub fn tags_of(workspace: &Workspace<u32>, id: u32) -> Vec<&str> {
    workspace.get(&id).expect("live").tags().collect()
}

pub fn happened(events: Vec<Event<u32>>) -> Vec<EventKind<u32>> {
    events.into_iter().map(|event| event.kind).collect()
}

pub fn inbox() -> Workspace<u32> {
    let connected = |identity: &str, at| {
        let mut channel = Channel::new(ChannelKind::Facebook, "page", identity);
        channel.connected_at = Some(Time::from_millis(at).into());
        channel
    };
    let mut workspace = with([
        Contact::new(1)
            .with_phone("+44 20 7946 0958")
            .with_channel(connected("psid-b", 9))
            .with_channel(connected("psid-a", 3)),
        Contact::new(2).with_email("info@example.com"),
        Contact::new(3).with_phone("not a phone"),
    ]);
    for (account, kind) in [
        ("wa", ChannelKind::WhatsApp),
        ("sms", ChannelKind::Sms),
        ("mail", ChannelKind::Email),
        ("page", ChannelKind::Facebook),
        ("web", ChannelKind::Web),
    ] {
        let _ = workspace.set_account(account, kind, account, &act(0)).expect("allowed");
    }
    workspace
}

pub fn states(workspace: &Workspace<u32>, id: u32) -> Vec<(String, String)> {
    let name = |state: &ChannelState| match state {
        ChannelState::Active { channels } => {
            let identities: Vec<&str> = channels.iter().map(|channel| channel.identity.as_str()).collect();
            format!("active {}", identities.join(" "))
        }
        ChannelState::Inactive { identity } => format!("inactive {identity}"),
        _ => "unavailable".to_owned(),
    };
    let channels = workspace.channels_of(&id).expect("live");
    channels.iter().map(|channel| (channel.account.to_string(), name(&channel.state))).collect()
}
