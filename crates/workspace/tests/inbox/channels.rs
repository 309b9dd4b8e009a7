//! Channel accounts and messages, as the users of an inbox know them: one rule a test.

use onefold::contact::Source;
use onefold::{Channel, ChannelKind, Contact, Field, MergeRequest};
use onefold_workspace::{EventKind, Role, Sender, Visibility, WorkspaceError};

use crate::filled_inbox::{act, happened, inbox, states, with};

#[test]
fn an_account_is_active_inactive_or_unavailable_to_a_contact() {
    let workspace = inbox();
    let of = |id| {
        states(&workspace, id).into_iter().map(|(account, state)| format!("{account}: {state}")).collect::<Vec<_>>()
    };
    assert_eq!(
        of(1),
        [
            "mail: unavailable",
            "page: active psid-a psid-b",
            "sms: inactive +442079460958",
            "wa: inactive +442079460958",
            "web: unavailable"
        ]
    );
    assert_eq!(
        of(2),
        [
            "mail: inactive info@example.com",
            "page: unavailable",
            "sms: unavailable",
            "wa: unavailable",
            "web: unavailable"
        ]
    );
    assert!(of(3).iter().all(|state| state.ends_with("unavailable")), "{:?}", of(3));
}

#[test]
fn a_first_message_connects_what_was_inactive() {
    let mut workspace = inbox();
    let _ = workspace.drain_events();
    let _ = workspace.send(&1, "wa", &act(7)).expect("inactive");
    assert!(states(&workspace, 1).contains(&("wa".to_owned(), "active +442079460958".to_owned())));
    let events = happened(workspace.drain_events().outcome);
    assert!(events.contains(&EventKind::ChannelConnected { contact: 1, account: "wa".into() }), "{events:?}");
    let _ = workspace.send(&1, "wa", &act(8)).expect("active");
    assert_eq!(happened(workspace.drain_events().outcome), [], "it was connected");
    let unavailable = WorkspaceError::ChannelUnavailable { id: 1, account: "web".into() };
    assert_eq!(workspace.send(&1, "web", &act(8)).map(drop), Err(unavailable));
    let unknown = WorkspaceError::UnknownAccount { account: "fax".into() };
    assert_eq!(workspace.send(&1, "fax", &act(8)).map(drop), Err(unknown));
}

#[test]
fn who_writes_first_connects_what_was_unavailable() {
    let mut workspace = inbox();
    let received = workspace.receive(&3, Some(&Sender::new("web", "visitor-1")), &act(7)).expect("live").outcome;
    assert_eq!((received.contact, received.visibility), (3, Visibility::Shown));
    assert!(states(&workspace, 3).contains(&("web".to_owned(), "active visitor-1".to_owned())));
    // Under an id that was merged away since.
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[3], &act(8)).expect("live");
    let received = workspace.receive(&3, Some(&Sender::new("web", "visitor-1")), &act(9)).expect("live").outcome;
    assert_eq!(received.contact, 1);
    let _ = workspace.delete(&1, &act(10)).expect("live");
    assert_eq!(workspace.receive(&3, None, &act(11)).map(drop), Err(WorkspaceError::Deleted { id: 3 }));
}

#[test]
fn a_removed_channel_takes_its_key_out_of_the_index() {
    let channel = Channel::new(ChannelKind::WhatsApp, "wa", "12025550101@s.whatsapp.net");
    let mut workspace = with([Contact::new(1).with_channel(channel), Contact::new(2).with_phone("+1 202 555 0101")]);
    assert_eq!(workspace.index().suggestions().len(), 1);
    let agent = act(1).of_user(Role::Agent);
    assert!(matches!(
        workspace.remove_channel(&1, "wa", None, &agent).map(drop),
        Err(WorkspaceError::NotAllowed { .. })
    ));
    let _ = workspace.remove_channel(&1, "wa", None, &act(1).of_user(Role::Manager)).expect("it has one");
    assert_eq!(workspace.index().suggestions().len(), 0);
    let gone = WorkspaceError::UnknownChannel { id: 1, account: "wa".into() };
    assert_eq!(workspace.remove_channel(&1, "wa", None, &act(1)).map(drop), Err(gone));
}

#[test]
fn one_identity_of_an_account_can_be_removed() {
    let channel = |identity: &str| Channel::new(ChannelKind::Web, "web", identity);
    let mut workspace = with([Contact::new(1).with_channel(channel("a")).with_channel(channel("b"))]);
    let gone = WorkspaceError::UnknownChannel { id: 1, account: "web".into() };
    assert_eq!(workspace.remove_channel(&1, "web", Some("c"), &act(1)).map(drop), Err(gone));
    let _ = workspace.remove_channel(&1, "web", Some("a"), &act(1)).expect("it has it");
    assert_eq!(workspace.get(&1).expect("live").channels(), [channel("b")]);
}

#[test]
fn an_account_keeps_its_kind() {
    let mut workspace = inbox();
    let other = WorkspaceError::OtherKind { account: "wa".into() };
    assert_eq!(workspace.set_account("wa", ChannelKind::Sms, "x", &act(1)).map(drop), Err(other));
    assert!(workspace.set_account("wa", ChannelKind::WhatsApp, "Support", &act(1)).is_ok());
    assert!(matches!(
        workspace.receive(&1, Some(&Sender::new("wa", " ")), &act(1)).map(drop),
        Err(WorkspaceError::BadName { .. })
    ));
}

#[test]
fn a_channel_brings_a_name_a_picture_a_link_and_a_country() {
    let mut workspace = inbox();
    let sender = Sender::new("wa", "5511987654321@s.whatsapp.net");
    let sender = sender
        .with_display_name("Bia")
        .with_avatar("https://example.com/bia.png")
        .with_url("https://example.com/chat/1");
    assert_eq!((sender.account(), sender.display_name()), ("wa", Some("Bia")));
    assert_eq!(sender.avatar().zip(sender.url()), Some(("https://example.com/bia.png", "https://example.com/chat/1")));
    let _ = workspace.receive(&3, Some(&sender), &act(7)).expect("live");
    let contact = workspace.get(&3).expect("live");
    assert_eq!(contact.get(&Field::DisplayName), Some(&"Bia".into()));
    assert_eq!(contact.get(&Field::Avatar), Some(&"https://example.com/bia.png".into()));
    assert_eq!(contact.channels()[0].url.as_deref(), Some("https://example.com/chat/1"));
    assert_eq!(contact.country(), Some("BR"));
    assert_eq!(contact.provenance[&Field::DisplayName].source, Source::Channel(ChannelKind::WhatsApp));
    assert_eq!(contact.provenance[&Field::Country].source, Source::Derived);
    // The same again changes nothing; what is new is taken, and what is not said stays.
    let before = contact.clone();
    let _ = workspace.receive(&3, Some(&sender), &act(8)).expect("live");
    assert_eq!(workspace.get(&3), Some(&before));
    let later =
        Sender::new("wa", sender.identity()).with_display_name("Beatriz").with_url("https://example.com/chat/2");
    let _ = workspace.receive(&3, Some(&later), &act(9)).expect("live");
    let contact = workspace.get(&3).expect("live");
    assert_eq!(contact.get(&Field::DisplayName), Some(&"Beatriz".into()));
    assert_eq!(contact.get(&Field::Avatar), before.get(&Field::Avatar));
    assert_eq!(contact.channels()[0].url.as_deref(), Some("https://example.com/chat/2"));
    assert_eq!(contact.channels()[0].connected_at, before.channels()[0].connected_at);
    let long = "x".repeat(onefold_workspace::MAX_TEXT_BYTES + 1);
    let refused = workspace.receive(&3, Some(&Sender::new("wa", "1").with_display_name(&long)), &act(9)).map(drop);
    assert!(matches!(refused, Err(WorkspaceError::DoesNotFit { field: Field::DisplayName, .. })));
}
