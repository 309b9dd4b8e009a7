//! A source goes on exporting contacts that were merged here: what its rows say anew counts, and what others brought stays.

use onefold::{Channel, ChannelKind, Contact, Field, MergeError, MergeRequest, Time, Value};
use onefold_workspace::{Act, Existing, Settings, UndoRequest, Workspace, WorkspaceError};
use proptest::prelude::*;

fn act() -> Act {
    Act::new(Time::from_millis(100), "crm")
}

fn workspace(contacts: &[Contact<u32>]) -> Workspace<u32> {
    let mut workspace = Workspace::new(Settings::new());
    let _ = workspace.import(contacts.to_vec(), Existing::Reject, &act()).expect("allowed");
    workspace
}

fn merge(workspace: &mut Workspace<u32>, name: &str, into: u32, retire: &[u32]) {
    let _ = workspace.merge(&MergeRequest::new(name), &into, retire, &act()).expect("live");
}

fn update(workspace: &mut Workspace<u32>, row: Contact<u32>) {
    let imported = workspace.import([row], Existing::Update, &act()).expect("allowed").outcome;
    assert_eq!((imported.updated, imported.rejected.len()), (1, 0));
}

fn undo(workspace: &mut Workspace<u32>, name: &str) {
    let _ = workspace.undo(name, &UndoRequest::new(), &act()).expect("on top");
}

fn ada() -> Contact<u32> {
    Contact::new(1)
        .with(Field::FirstName, "Ada")
        .with_email("ada@example.com")
        .with_phone("+1 202 555 0101")
        .with(Field::Tags, vec!["old"])
}

fn other_ada() -> Contact<u32> {
    let channel = Channel::new(ChannelKind::Telegram, "tg", "42");
    Contact::new(2)
        .with(Field::LastName, "Lovelace")
        .with_email("ADA@example.com")
        .with_email("ada@example.org")
        .with_phone("+1 202 555 0102")
        .with(Field::Tags, vec!["vip"])
        .with_channel(channel)
}

#[test]
fn what_others_brought_stays() {
    let mut workspace = workspace(&[ada(), other_ada()]);
    merge(&mut workspace, "m", 1, &[2]);
    let merged = workspace.get(&1).cloned().expect("live");
    // The same row again says nothing new.
    update(&mut workspace, ada());
    assert_eq!(workspace.get(&1), Some(&merged));
    let row = Contact::new(1)
        .with(Field::FirstName, "Augusta")
        .with_email("ada@example.com")
        .with_phone("+1 202 555 0103")
        .with(Field::Tags, vec!["new"])
        .with(Field::Channels, Value::Channels(Vec::new()));
    update(&mut workspace, row.clone());
    let live = workspace.get(&1).expect("live");
    assert_eq!(live.emails().collect::<Vec<_>>(), ["ada@example.com", "ada@example.org"]);
    assert_eq!(live.phones().collect::<Vec<_>>(), ["+1 202 555 0103", "+1 202 555 0102"]);
    assert_eq!(live.tags().collect::<Vec<_>>(), ["new", "vip"]);
    assert_eq!(live.get(&Field::FirstName), Some(&Value::from("Augusta")));
    assert_eq!(live.get(&Field::LastName), Some(&Value::from("Lovelace")));
    assert_eq!(live.channels().len(), 1);
    undo(&mut workspace, "m");
    let mut alone = self::workspace(&[ada(), other_ada()]);
    update(&mut alone, row);
    assert!(workspace.contacts().eq(alone.contacts()), "as if the merge had never been");
}

#[test]
fn a_value_that_both_had_goes_with_the_last_of_them() {
    let mut workspace = workspace(&[ada(), other_ada()]);
    merge(&mut workspace, "m", 1, &[2]);
    update(&mut workspace, Contact::new(1).with_email("new@example.com"));
    let emails = |workspace: &Workspace<u32>| -> Vec<String> {
        workspace.get(&1).into_iter().flat_map(Contact::emails).map(str::to_owned).collect()
    };
    assert_eq!(emails(&workspace), ["new@example.com", "ada@example.com", "ada@example.org"]);
    update(&mut workspace, Contact::new(2).with_email("ada@example.net"));
    assert_eq!(emails(&workspace), ["new@example.com", "ada@example.net"]);
    undo(&mut workspace, "m");
    assert_eq!(emails(&workspace), ["new@example.com"]);
    assert_eq!(workspace.get(&2).map(|contact| contact.emails().count()), Some(1));
}

/// A consent or an objection in a row, and what the survivor says then.
#[test]
fn a_withdrawal_in_a_row_reaches_the_survivor_and_a_grant_overrides_nobody() {
    for (name, own, other, row, merged) in [
        ("unsubscribed", "no", "false", "true", "true"),
        ("unsubscribed", "no", "false", "2024-02-29", "2024-02-29"),
        ("opt_in", "yes", "true", "nee", "nee"),
        ("opt_in", "no", "no", "yes", "no"),
    ] {
        let field = || Field::Custom(name.into());
        let mut workspace = workspace(&[Contact::new(1).with(field(), own), Contact::new(2).with(field(), other)]);
        merge(&mut workspace, "m", 1, &[2]);
        update(&mut workspace, Contact::new(2).with(field(), row));
        let live = workspace.get(&1).and_then(|contact| contact.get(&field()));
        assert_eq!(live, Some(&Value::from(merged)), "{name} {row}");
    }
}

#[test]
fn a_row_of_a_contact_that_was_merged_away_updates_what_it_became() {
    let mut workspace = workspace(&[ada(), other_ada(), Contact::new(3).with(Field::Language, "en")]);
    merge(&mut workspace, "m", 1, &[2]);
    merge(&mut workspace, "n", 3, &[1]);
    let row = Contact::new(2)
        .with(Field::FirstName, "A.")
        .with(Field::LastName, "Byron")
        .with_email("ada@example.org")
        .with_phone("+1 202 555 0104");
    // As it is rejected by name unless it is asked for.
    let rejected = workspace.import([row.clone()], Existing::Reject, &act()).expect("allowed").outcome.rejected;
    assert_eq!(rejected[0].error, WorkspaceError::MergedAway { id: 2, into: 1 });
    update(&mut workspace, row.clone());
    let live = workspace.get(&3).expect("live");
    assert_eq!(live.get(&Field::FirstName), Some(&Value::from("Ada")), "the survivor's own source knows its name");
    assert_eq!(live.get(&Field::LastName), Some(&Value::from("Byron")));
    assert_eq!(live.phones().collect::<Vec<_>>(), ["+1 202 555 0101", "+1 202 555 0104"]);
    assert_eq!(live.emails().collect::<Vec<_>>(), ["ada@example.com", "ada@example.org"]);
    undo(&mut workspace, "n");
    undo(&mut workspace, "m");
    let mut alone = self::workspace(&[ada(), other_ada(), Contact::new(3).with(Field::Language, "en")]);
    update(&mut alone, row);
    assert!(workspace.contacts().eq(alone.contacts()));
}

#[test]
fn edits_since_stay_where_the_source_says_nothing_new() {
    let mut workspace = workspace(&[ada(), other_ada()]);
    merge(&mut workspace, "m", 1, &[2]);
    let edited =
        workspace.get(&1).cloned().expect("live").with(Field::FirstName, "Countess").with_phone("+1 202 555 0109");
    let _ = workspace.edit(edited, &act()).expect("live");
    update(&mut workspace, ada().with(Field::Country, "GB"));
    let live = workspace.get(&1).expect("live");
    assert_eq!(live.get(&Field::FirstName), Some(&Value::from("Countess")));
    assert_eq!(live.phones().count(), 3);
    update(&mut workspace, ada().with(Field::FirstName, "Augusta"));
    assert_eq!(workspace.get(&1).and_then(|live| live.get(&Field::FirstName)), Some(&Value::from("Augusta")));
    // The source goes back to what it said first: that is news again.
    update(&mut workspace, ada());
    assert_eq!(workspace.get(&1).and_then(|live| live.get(&Field::FirstName)), Some(&Value::from("Ada")));
}

#[test]
fn an_emptied_field_takes_nothing_from_others() {
    let mut workspace = workspace(&[ada(), other_ada()]);
    merge(&mut workspace, "m", 1, &[2]);
    update(&mut workspace, Contact::new(1).with(Field::LastName, Value::Null).with(Field::Phone, Value::Null));
    let live = workspace.get(&1).expect("live");
    assert_eq!(live.get(&Field::LastName), Some(&Value::from("Lovelace")));
    assert_eq!(live.phones().collect::<Vec<_>>(), ["+1 202 555 0102"]);
}

#[test]
fn what_a_merge_could_not_hold_is_rejected_and_changes_nothing() {
    let mut workspace = workspace(&[ada(), other_ada()]);
    merge(&mut workspace, "m", 1, &[2]);
    let before: Vec<Contact<u32>> = workspace.contacts().cloned().collect();
    let row = ada().with(Field::from_name("notes"), "x".repeat(onefold::patch::MAX_MERGE_BYTES));
    let imported = workspace.import([row], Existing::Update, &act()).expect("allowed").outcome;
    assert!(matches!(imported.rejected[0].error, WorkspaceError::Refused(MergeError::TooLarge { .. })));
    assert!(workspace.contacts().eq(&before));
}

/// What a row may say of contact `id`.
fn rows(id: u32) -> impl Strategy<Value = Contact<u32>> {
    let texts = |name: &'static str| prop::collection::vec((0..4_u8).prop_map(move |n| format!("{name}{n}")), 0..3);
    let scalar = prop::option::of(prop_oneof![Just(Value::Null), (0..3_u8).prop_map(|n| Value::from(format!("n{n}")))]);
    let emails =
        texts("p").prop_map(|names| -> Vec<String> { names.iter().map(|n| format!("{n}@example.com")).collect() });
    let phones = texts("+1 202 555 010");
    let channels = prop::collection::vec((0..3_u8, 0..2_i64), 0..3);
    (scalar, emails, phones, texts("tag"), channels, any::<[bool; 4]>()).prop_map(
        move |(name, emails, phones, tags, channels, has)| {
            let mut row = Contact::new(id);
            row.fields.extend(name.map(|name| (Field::FirstName, name)));
            let channel = |(identity, at): (u8, i64)| {
                let mut channel = Channel::new(ChannelKind::Web, "site", identity.to_string());
                channel.connected_at = (at > 0).then(|| Time::from_millis(at).into());
                channel
            };
            let mut seen = std::collections::BTreeSet::new();
            let channels = channels.into_iter().filter(|(identity, _)| seen.insert(*identity)).map(channel).collect();
            let lists = [
                (Field::Email, Value::from(emails)),
                (Field::Phone, Value::from(phones)),
                (Field::Tags, Value::from(tags)),
                (Field::Channels, Value::Channels(channels)),
            ];
            row.fields.extend(lists.into_iter().zip(has).filter(|(_, has)| *has).map(|(list, _)| list));
            row
        },
    )
}

/// All values of a list that a contact has.
fn all_values(contact: &Contact<u32>) -> Vec<String> {
    let channels = contact.channels().iter().map(|channel| channel.identity.as_str());
    let values = contact.emails().chain(contact.phones()).chain(contact.tags()).chain(channels);
    values.map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Rows of the three of them in any order, whichever was merged into which: no value that a row of now says is lost, and when
    /// the merges are taken back, each contact is what its own rows say.
    #[test]
    fn rows_and_merges_do_not_disturb_each_other(
        first in (rows(1), rows(2), rows(3)),
        later in prop::collection::vec(prop_oneof![rows(1), rows(2), rows(3)], 0..5),
        order in 0..4_u8,
    ) {
        let contacts = [first.0, first.1, first.2];
        let (mut merged, mut alone) = (workspace(&contacts), workspace(&contacts));
        match order {
            0 => merge(&mut merged, "m", 1, &[2, 3]),
            1 => merge(&mut merged, "m", 2, &[1]),
            2 => {
                merge(&mut merged, "m", 2, &[1]);
                merge(&mut merged, "n", 2, &[3]);
            }
            _ => {
                merge(&mut merged, "m", 2, &[1]);
                merge(&mut merged, "n", 3, &[2]);
            }
        }
        for row in later {
            update(&mut merged, row.clone());
            update(&mut alone, row);
        }
        let live: Vec<String> = merged.contacts().flat_map(all_values).collect();
        for value in alone.contacts().flat_map(all_values) {
            prop_assert!(live.contains(&value), "{value} is lost");
        }
        if order >= 2 {
            undo(&mut merged, "n");
        }
        undo(&mut merged, "m");
        prop_assert!(merged.contacts().eq(alone.contacts()));
    }
}

#[test]
fn what_was_known_of_a_value_goes_with_it() {
    let act = Act::new(Time::from_millis(99), "import");
    let mut workspace = Workspace::<u64>::new(Settings::new());
    let verified = r#"{"id":1,"emails":["old@example.com"],"first_name":"Ada","provenance":{"emails":{"source":"manual","changed_at":1,"verified":true},"first_name":{"source":"manual","changed_at":1,"verified":true}}}"#;
    let _ = workspace.add(Contact::from_json(verified).expect("a contact"), &act).expect("new");
    let row = r#"{"id":1,"emails":["new@example.com"],"first_name":"Ada"}"#;
    let row = Contact::from_json(row).expect("a contact");
    let _ = workspace.import([row], Existing::Update, &act).expect("allowed");
    let contact = workspace.get(&1).expect("live");
    assert!(!contact.provenance.contains_key(&Field::Email), "nobody has verified the new address");
    assert!(contact.provenance[&Field::FirstName].verified, "the name is the same");
}

#[test]
fn a_country_that_a_row_gives_is_no_derived_one() {
    let act = Act::new(Time::from_millis(99), "import");
    let mut workspace = Workspace::<u64>::new(Settings::new());
    let phone = r#"{"id":1,"phones":["+14155550123"]}"#;
    let _ = workspace.add(Contact::from_json(phone).expect("a contact"), &act).expect("new");
    assert_eq!(workspace.get(&1).and_then(Contact::country), Some("US"));
    for row in [r#"{"id":1,"country":"US"}"#, r#"{"id":1,"phones":[]}"#] {
        let row = Contact::from_json(row).expect("a contact");
        let _ = workspace.import([row], Existing::Update, &act).expect("allowed");
        assert_eq!(workspace.get(&1).and_then(Contact::country), Some("US"));
    }
}
