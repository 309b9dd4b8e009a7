//! Which fields users edit, what belongs into them, and which roles may do what.

use onefold::contact::{CustomType, Provenance, Source};
use onefold::{Contact, Field, MergeRequest, Reason, Time, Value};
use onefold_workspace::{
    Act, Existing, FieldType, Filter, Needs, Operation, RejectedRow, Role, Selection, Settings, UndoRequest, Workspace,
    WorkspaceError,
};

fn workspace() -> Workspace<u32> {
    let mut workspace = Workspace::new(Settings::new());
    for id in 1..=3 {
        let _ = workspace.add(Contact::new(id).with(Field::Avatar, "https://example.com/a.png"), &host()).expect("new");
    }
    workspace
}

fn host() -> Act {
    Act::new(Time::from_millis(100), "host")
}

fn agent() -> Act {
    Act::new(Time::from_millis(200), "bob").of_user(Role::Agent)
}

fn set(workspace: &mut Workspace<u32>, field: Field, value: impl Into<Value>) -> Result<(), WorkspaceError<u32>> {
    workspace.set_field(&1, &field, value.into(), &agent()).map(drop)
}

#[test]
fn what_comes_from_the_channel_is_not_edited_by_hand() {
    let mut workspace = workspace();
    for field in [
        Field::Avatar,
        Field::DisplayName,
        Field::ConversationStatus,
        Field::CreatedAt,
        Field::UpdatedAt,
        Field::Tags,
        Field::Channels,
        Field::from_name("nickname"),
    ] {
        assert_eq!(set(&mut workspace, field.clone(), "x"), Err(WorkspaceError::NotEditable { field }));
    }
    let field = Field::from_name("custom.plan");
    assert_eq!(set(&mut workspace, field.clone(), "x"), Err(WorkspaceError::UnknownField { field }));
}

#[test]
fn values_that_do_not_belong_are_refused_with_field_and_place() {
    let mut workspace = workspace();
    let no_key = |field, position, reason| Err(WorkspaceError::NoKey { field, position, reason });
    let no_fit = |field, expected| Err(WorkspaceError::DoesNotFit { field, position: 0, expected });
    let phones = vec!["+44 20 7946 0958", "020 7946 0958"];
    assert_eq!(set(&mut workspace, Field::Phone, phones), no_key(Field::Phone, 1, Reason::NoCountryCode));
    assert_eq!(set(&mut workspace, Field::Email, "ada@"), no_key(Field::Email, 0, Reason::Malformed));
    assert_eq!(set(&mut workspace, Field::Email, true), no_fit(Field::Email, "a list of texts"));
    assert_eq!(set(&mut workspace, Field::FirstName, 7), no_fit(Field::FirstName, "a text"));
    assert_eq!(set(&mut workspace, Field::FirstName, "x".repeat(65_537)), no_fit(Field::FirstName, "short enough"));
    assert_eq!(set(&mut workspace, Field::Country, "Brazil"), no_fit(Field::Country, "a country"));
    assert_eq!(set(&mut workspace, Field::Language, "pt_BR"), no_fit(Field::Language, "a language"));
    for (field, value) in [
        (Field::FirstName, "x".repeat(65_536)),
        (Field::Country, "br".into()),
        (Field::Language, "pt-BR".into()),
        (Field::Email, "ada@example.com".into()),
        (Field::Assignee, "bob".into()),
    ] {
        assert_eq!(set(&mut workspace, field.clone(), value), Ok(()), "{field}");
    }
    assert!(workspace.get(&1).expect("live").emails().eq(["ada@example.com"]), "one address is a list of one");
}

#[test]
fn a_default_region_does_not_stand_in_for_a_country_code() {
    let normalizer = onefold::Normalizer::builder().region("GB".parse().expect("a region")).build();
    let mut workspace = Workspace::new(Settings::new().with_normalizer(normalizer));
    let _ = workspace.add(Contact::new(1), &host()).expect("new");
    let refused = set(&mut workspace, Field::Phone, vec!["020 7946 0958"]);
    assert_eq!(refused, Err(WorkspaceError::NoKey { field: Field::Phone, position: 0, reason: Reason::NoCountryCode }));
}

#[test]
fn what_is_written_by_hand_says_so_and_the_country_follows_the_phone() {
    let mut workspace = workspace();
    set(&mut workspace, Field::Phone, vec!["+55 11 98765-4321"]).expect("a phone");
    let contact = workspace.get(&1).expect("live");
    let by_hand = Provenance { source: Source::Manual, changed_at: Some(Time::from_millis(200)), verified: false };
    assert_eq!(contact.provenance.get(&Field::Phone), Some(&by_hand));
    assert_eq!((contact.country(), contact.updated_at().map(Time::millis)), (Some("BR"), Some(200)));
    set(&mut workspace, Field::Phone, vec!["+44 20 7946 0958"]).expect("a phone");
    assert_eq!(workspace.get(&1).expect("live").country(), Some("GB"), "derived again");
    set(&mut workspace, Field::Phone, Value::Null).expect("cleared");
    assert_eq!(workspace.get(&1).expect("live").country(), None, "nothing to derive it from");
    set(&mut workspace, Field::Country, "PT").expect("a country");
    set(&mut workspace, Field::Phone, vec!["+55 11 98765-4321"]).expect("a phone");
    assert_eq!(workspace.get(&1).expect("live").country(), Some("PT"), "somebody gave it");
    let same = workspace
        .set_field(&1, &Field::Country, "PT".into(), &Act::new(Time::from_millis(900), "eve"))
        .expect("the same");
    assert!(same.changes.is_empty(), "nothing was edited");
}

#[test]
fn definitions_judge_new_values_and_say_whom_they_concern() {
    let mut workspace = workspace();
    let plan = || Field::Custom("plan".into());
    let old = workspace.get(&2).cloned().expect("live").with(plan(), "gold");
    let _ = workspace.edit(old, &host()).expect("live");
    let _ = workspace.save_segment("planned", Filter::IsSet(plan()), &host()).expect("small");
    let kind = CustomType::List(vec!["free".into(), "pro".into()]);
    let effect = workspace.define_field("plan", kind, &host()).expect("allowed").outcome;
    assert_eq!((effect.affected.contacts, effect.misfits), (1, vec![2]));
    assert_eq!(effect.affected.segments, ["planned".into()]);
    let misfit = WorkspaceError::DoesNotFit { field: plan(), position: 0, expected: "one of the choices" };
    assert_eq!(set(&mut workspace, plan(), "gold"), Err(misfit));
    assert_eq!(set(&mut workspace, plan(), "pro"), Ok(()));
    assert_eq!(workspace.get(&2).and_then(|contact| contact.get(&plan())).and_then(Value::as_text), Some("gold"));
    assert_eq!(workspace.effect_of_definition("plan", Some(&CustomType::Number)).misfits, [1, 2]);
    assert_eq!(workspace.remove_definition("plan", &host()).expect("defined").outcome.affected.contacts, 2);
    assert_eq!(set(&mut workspace, plan(), "pro"), Err(WorkspaceError::UnknownField { field: plan() }));
    assert_eq!(workspace.get(&1).and_then(|contact| contact.get(&plan())).and_then(Value::as_text), Some("pro"));
}

#[test]
fn a_page_shows_the_fields_in_the_workspaces_order() {
    let mut workspace = workspace();
    let _ = workspace.define_field("plan", CustomType::Text, &host()).expect("allowed");
    let unknown = Field::Custom("nope".into());
    let refused = workspace.order_fields(std::slice::from_ref(&unknown), &host()).map(drop);
    assert_eq!(refused, Err(WorkspaceError::UnknownField { field: unknown }));
    let first = [Field::Phone, Field::Custom("plan".into()), Field::Phone, Field::FirstName];
    let _ = workspace.order_fields(&first, &host()).expect("known");
    let odd = workspace.get(&1).cloned().expect("live").with(Field::from_name("nickname"), "A.");
    let _ = workspace.edit(odd, &host()).expect("live");
    let details = workspace.details(&1).expect("live");
    let shown: Vec<(String, bool)> =
        details.fields.iter().map(|detail| (detail.field.to_string(), detail.is_editable)).collect();
    let editable = |name: &str| (name.to_owned(), true);
    assert_eq!(shown[..3], [editable("phones"), editable("custom.plan"), editable("first_name")]);
    assert_eq!(details.id, 1);
    // What is editable is what `set_field` takes.
    for detail in &details.fields {
        let refused = set(&mut workspace, detail.field.clone(), Value::Null);
        assert_eq!(refused.is_ok(), detail.is_editable, "{}", detail.field);
    }
    let kind = |name: &str| {
        let detail = details.fields.iter().find(|detail| detail.field.to_string() == name).expect("shown");
        detail.kind.clone()
    };
    assert_eq!(kind("custom.plan"), Some(FieldType::Custom(CustomType::Text)));
    assert_eq!((kind("phones"), kind("updated_at")), (Some(FieldType::Phones), Some(FieldType::Timestamp)));
    assert_eq!((kind("first_name"), kind("nickname")), (Some(FieldType::Text), None));
    assert_eq!(shown.last(), Some(&("nickname".to_owned(), false)));
    assert_eq!(shown.len(), Field::WELL_KNOWN.len() + 2);
    assert_eq!(workspace.field_order()[..3], [Field::Phone, Field::Custom("plan".into()), Field::FirstName]);
    // What is defined no more has no place of its own.
    let _ = workspace.remove_definition("plan", &host()).expect("defined");
    assert_eq!(workspace.field_order()[..2], [Field::Phone, Field::FirstName]);
    assert_eq!(workspace.field_order().len(), Field::WELL_KNOWN.len());
}

/// What each operation says to a user who may not do it, or whatever else it says.
#[test]
fn each_operation_asks_for_the_role_that_the_table_says() {
    type Attempt = fn(&mut Workspace<u32>, &Act) -> Result<(), WorkspaceError<u32>>;
    let attempts: [(Operation, Attempt); 32] = [
        (Operation::EditContact, |workspace, act| workspace.add(Contact::new(9), act).map(drop)),
        (Operation::EditContact, |workspace, act| {
            workspace.set_field(&1, &Field::FirstName, "A".into(), act).map(drop)
        }),
        (Operation::EditContact, |workspace, act| workspace.send(&1, "wa", act).map(drop)),
        (Operation::WriteRaw, |workspace, act| workspace.edit(Contact::new(1), act).map(drop)),
        (Operation::Tag, |workspace, act| workspace.assign_tags(&[1], &["x"], act).map(drop)),
        (Operation::Tag, |workspace, act| workspace.remove_tags(&[1], &["x"], act).map(drop)),
        (Operation::Tag, |workspace, act| workspace.create_tag("y", act).map(drop)),
        (Operation::Tag, |workspace, act| workspace.rename_tag("x", "z", act).map(drop)),
        (Operation::Tag, |workspace, act| workspace.delete_tag("x", act).map(drop)),
        (Operation::Merge, |workspace, act| workspace.merge(&MergeRequest::new("m"), &1, &[2], act).map(drop)),
        (Operation::MarkDistinct, |workspace, act| workspace.mark_distinct(&1, &2, act).map(drop)),
        (Operation::MarkDistinct, |workspace, act| workspace.mark_distinct_forever(&1, &2, act).map(drop)),
        (Operation::MarkDistinct, |workspace, act| workspace.clear_distinct(&1, &2, act).map(drop)),
        (Operation::RemoveChannel, |workspace, act| workspace.remove_channel(&1, "wa", None, act).map(drop)),
        (Operation::Block, |workspace, act| workspace.block(&1, act).map(drop)),
        (Operation::Unblock, |workspace, act| workspace.unblock(&1, act).map(drop)),
        (Operation::ChangeSettings, |workspace, act| workspace.set_settings(Settings::new(), act).map(drop)),
        (Operation::ChangeSettings, |workspace, act| workspace.remove_account("wa", act).map(drop)),
        (Operation::ChangeSettings, |workspace, act| workspace.delete_segment("s", act).map(drop)),
        (Operation::ChangeSettings, |workspace, act| workspace.forget_activity(Time::MIN, act).map(drop)),
        (Operation::DefineFields, |workspace, act| workspace.define_field("f", CustomType::Text, act).map(drop)),
        (Operation::Import, |workspace, act| workspace.import([], onefold_workspace::Existing::Reject, act).map(drop)),
        (Operation::DefineFields, |workspace, act| workspace.remove_definition("f", act).map(drop)),
        (Operation::DefineFields, |workspace, act| workspace.order_fields(&[], act).map(drop)),
        (Operation::ChangeSettings, |workspace, act| {
            workspace.set_account("wa", onefold::ChannelKind::WhatsApp, "Sales", act).map(drop)
        }),
        (Operation::ChangeSettings, |workspace, act| workspace.save_segment("s", Filter::Blocked(true), act).map(drop)),
        (Operation::Export, |workspace, act| workspace.export_csv(&Selection::All, act).map(drop)),
        (Operation::Export, |workspace, act| workspace.export_json_lines(&Selection::All, act).map(drop)),
        (Operation::Delete, |workspace, act| workspace.continue_deletion(0, 1, act).map(drop)),
        (Operation::Delete, |workspace, act| workspace.stop_deletion(0, act).map(drop)),
        (Operation::Delete, |workspace, act| workspace.delete(&1, act).map(drop)),
        (Operation::Delete, |workspace, act| workspace.begin_deletion(&Selection::All, 9, act).map(drop)),
    ];
    let users = [Role::Agent, Role::Manager, Role::Owner].into_iter().flat_map(|role| {
        [
            Act::new(Time::from_millis(1), "x").of_user(role),
            Act::new(Time::from_millis(1), "x").of_restricted_user(role),
        ]
    });
    for act in users.chain([Act::new(Time::from_millis(1), "x")]) {
        for (operation, attempt) in attempts {
            let refused = attempt(&mut workspace(), &act) == Err(WorkspaceError::NotAllowed { operation });
            assert_eq!(refused, !act.may(operation), "{operation:?} by {act:?}");
        }
    }
    assert_eq!(Operation::Delete.needs(), Needs::UnrestrictedManager);
    let owner = || Act::new(Time::from_millis(1), "x");
    assert!(owner().of_user(Role::Owner).may(Operation::Delete));
    assert!(!owner().of_restricted_user(Role::Owner).may(Operation::Delete));
    assert!(owner().may(Operation::WriteRaw) && !owner().of_user(Role::Owner).may(Operation::WriteRaw));
}

/// Neither a merge nor a new contact is a way around what a user may write.
#[test]
fn there_is_no_detour() {
    let mut workspace = workspace();
    let merge = |workspace: &mut Workspace<u32>, request: MergeRequest<u32>| {
        workspace.merge(&request.allow_blocked(), &1, &[2], &agent()).map(drop)
    };
    let request = || MergeRequest::new("m");
    let not_editable = |field: Field| Err(WorkspaceError::NotEditable { field });
    for field in [Field::Avatar, Field::ConversationStatus, Field::Channels, Field::DisplayName] {
        assert_eq!(merge(&mut workspace, request().set(field.clone(), Value::Null)), not_editable(field));
    }
    assert_eq!(merge(&mut workspace, request().take(Field::Channels, 2)), not_editable(Field::Channels));
    let junk = merge(&mut workspace, request().set(Field::Phone, vec!["junk"]));
    assert!(matches!(junk, Err(WorkspaceError::NoKey { .. })), "{junk:?}");
    let _ = workspace.block(&2, &host()).expect("live");
    let refused = Err(WorkspaceError::NotAllowed { operation: Operation::Block });
    assert_eq!(merge(&mut workspace, request()), refused);
    assert_eq!(workspace.add(Contact::new(8).blocked(), &agent()).map(drop), refused);
    let odd = Contact::new(8).with(Field::ConversationStatus, "closed");
    assert_eq!(workspace.add(odd, &agent()).map(drop), not_editable(Field::ConversationStatus));
    let fine =
        Contact::new(8).with(Field::FirstName, "Ada").with(Field::Tags, vec!["new"]).with_email("ada@example.com");
    assert!(workspace.add(fine, &agent()).is_ok());
    let _ = workspace.unblock(&2, &host()).expect("live");
    assert_eq!(merge(&mut workspace, request().take(Field::Avatar, 2).set(Field::LastName, "Example")), Ok(()));
}

#[test]
fn at_once_means_that_no_other_merge_is_on_top() {
    let mut workspace = workspace();
    let _ = workspace.merge(&MergeRequest::new("a"), &1, &[2], &agent()).expect("live");
    // Nothing changes on the survivor, and yet it is not what the first merge left.
    let _ = workspace.merge(&MergeRequest::new("b"), &1, &[3], &host()).expect("live");
    assert!(!workspace.is_on_top("a") && workspace.is_on_top("b"));
    let undone =
        workspace.undo("a", &UndoRequest::new().with_later(onefold_workspace::Later::Undo), &agent()).map(drop);
    assert_eq!(undone, Err(WorkspaceError::NotAllowed { operation: Operation::UndoFromHistory }));
}

#[test]
fn what_a_field_holds_already_is_not_judged_again() {
    let mut workspace = workspace();
    let old = workspace.get(&1).cloned().expect("live").with_phone("020 7946 0958").with_phone("020 7946 0958");
    let _ = workspace.edit(old, &host()).expect("live");
    assert_eq!(set(&mut workspace, Field::Phone, vec!["020 7946 0958", "+44 20 7946 0999"]), Ok(()));
    let twice = set(&mut workspace, Field::Email, vec!["a@example.com", "a@example.com"]);
    let expected = "another value than those before";
    assert_eq!(twice, Err(WorkspaceError::DoesNotFit { field: Field::Email, position: 1, expected }));
    let many = |count: usize| (0..count).map(|number| format!("a{number}@example.com")).collect::<Vec<_>>();
    assert_eq!(set(&mut workspace, Field::Email, many(100)), Ok(()));
    let _ = set(&mut workspace, Field::Email, Value::Null);
    assert!(matches!(
        set(&mut workspace, Field::Email, many(101)),
        Err(WorkspaceError::DoesNotFit { position: 100, .. })
    ));
}

#[test]
fn an_agent_takes_back_at_once_and_a_manager_at_any_time() {
    let mut workspace = workspace();
    let merged = |workspace: &mut Workspace<u32>, name: &str| {
        let _ = workspace.merge(&MergeRequest::new(name), &1, &[2], &agent()).expect("live");
    };
    let refused = Err(WorkspaceError::NotAllowed { operation: Operation::UndoFromHistory });
    merged(&mut workspace, "a");
    let other = Act::new(Time::from_millis(300), "eve").of_user(Role::Agent);
    assert_eq!(workspace.undo("a", &UndoRequest::new(), &other).map(drop), refused, "somebody else's");
    let _ = workspace.undo("a", &UndoRequest::new(), &agent()).expect("at once");
    merged(&mut workspace, "b");
    set(&mut workspace, Field::FirstName, "Ada").expect("a name");
    assert_eq!(workspace.undo("b", &UndoRequest::new(), &agent()).map(drop), refused, "edited since");
    let manager = Act::new(Time::from_millis(400), "max").of_restricted_user(Role::Manager);
    let _ = workspace.undo("b", &UndoRequest::new(), &manager).expect("from the history");
    let record = workspace.merge_record("b").expect("a record");
    assert_eq!(record.undone().map(|undo| (undo.at, undo.by)), Some((Time::from_millis(400), "max")));
    assert_eq!(workspace.get(&1).and_then(Contact::updated_at).map(Time::millis), Some(200));
    assert!(
        workspace.get(&1).is_some_and(|contact| contact.get(&Field::UpdatedAt) == Some(&Time::from_millis(200).into()))
    );
}

#[test]
fn a_list_that_nobody_could_choose_from_is_not_defined() {
    let mut workspace = workspace();
    for (choices, fault) in [
        (vec![], "there is none"),
        (vec!["free", " "], "one is blank"),
        (vec!["free", "pro", "free "], "one is given twice"),
    ] {
        let kind = CustomType::List(choices.into_iter().map(str::to_owned).collect());
        let refused = WorkspaceError::BadChoices { field: Field::Custom("plan".into()), fault };
        assert_eq!(workspace.define_field("plan", kind, &host()).map(drop), Err(refused));
    }
}

/// What a user imports is judged row by row as what a user adds or writes.
#[test]
fn an_import_is_no_detour_either() {
    let mut workspace = workspace();
    let _ = workspace.define_field("age", CustomType::Number, &host()).expect("allowed");
    let manager = Act::new(Time::from_millis(300), "eve").of_user(Role::Manager);
    let age = || Field::Custom("age".into());
    let import = |workspace: &mut Workspace<u32>, rows: Vec<Contact<u32>>, existing| {
        workspace.import(rows, existing, &manager).expect("allowed").outcome
    };
    let rows = || {
        vec![
            Contact::new(10).with(Field::DisplayName, "A"),
            Contact::new(11).with_phone("not a number"),
            Contact::new(12).with(Field::Country, "Brazil"),
            Contact::new(13).with(Field::Custom("nope".into()), "x"),
            Contact::new(14).with(age(), "old"),
            Contact::new(15).with(Field::Other("nickname".into()), "x"),
            Contact::new(16).with(Field::FirstName, "Ada").with(age(), "36").with_phone("+55 11 98765-4321"),
        ]
    };
    let imported = import(&mut workspace, rows(), Existing::Reject);
    let refused = [
        WorkspaceError::NotEditable { field: Field::DisplayName },
        WorkspaceError::NoKey { field: Field::Phone, position: 0, reason: Reason::Malformed },
        WorkspaceError::DoesNotFit { field: Field::Country, position: 0, expected: "a country" },
        WorkspaceError::UnknownField { field: Field::Custom("nope".into()) },
        WorkspaceError::DoesNotFit { field: age(), position: 0, expected: "a number" },
        WorkspaceError::NotEditable { field: Field::Other("nickname".into()) },
    ];
    assert_eq!(imported.rejected.len(), refused.len());
    for (place, (RejectedRow { row, id, error, .. }, expected)) in imported.rejected.iter().zip(refused).enumerate() {
        let by_hand = workspace.add(rows().swap_remove(place), &manager).map(drop);
        assert_eq!((*row, *id, error), (place, 10 + u32::try_from(place).expect("small"), &expected));
        assert_eq!(by_hand, Err(expected), "as when it is added");
    }
    assert_eq!(workspace.get(&16).expect("added").country(), Some("BR"));
    // Over a live contact: what it holds already is not judged again, and the rest is.
    let avatar = workspace.get(&1).expect("live").get(&Field::Avatar).cloned().expect("a picture");
    let same = Contact::new(1).with(Field::Avatar, avatar).with(Field::LastName, "Example");
    let other = Contact::new(2).with(Field::Avatar, "https://example.com/other.png");
    let imported = import(&mut workspace, vec![same, other], Existing::Update);
    assert_eq!((imported.updated, imported.rejected.len()), (1, 1));
    // The host has the last word.
    let raw = workspace.import(rows(), Existing::Reject, &host()).expect("allowed").outcome;
    assert_eq!((raw.added, raw.rejected.len()), (5, 2), "one does not fit its type, one is there already");
}

#[test]
fn nothing_that_a_user_brings_was_verified() {
    let checked = Provenance { source: Source::Import, changed_at: Some(Time::from_millis(1)), verified: true };
    let contact = |id: u32| {
        let mut contact = Contact::new(id).with_email("ada@example.com");
        contact.provenance.insert(Field::Email, checked.clone());
        contact
    };
    let mut workspace = workspace();
    let manager = Act::new(Time::from_millis(300), "eve").of_user(Role::Manager);
    let _ = workspace.add(contact(10), &manager).expect("new");
    let _ = workspace.import([contact(11)], Existing::Reject, &manager).expect("allowed");
    let _ = workspace.add(contact(12), &host()).expect("new");
    let is_verified = |id: u32| workspace.get(&id).expect("live").provenance[&Field::Email].verified;
    assert_eq!([10, 11, 12].map(is_verified), [false, false, true]);
}

#[test]
fn a_country_is_derived_whoever_brings_the_phone_and_never_from_values_as_they_stand() {
    let phone = |id: u32| Contact::new(id).with_phone("+44 20 7946 0958");
    let mut workspace = workspace();
    let _ = workspace.add(phone(10), &host()).expect("new");
    let _ = workspace.import([phone(11), phone(1)], Existing::Update, &host()).expect("allowed");
    let given = phone(12).with(Field::Country, "IE");
    let _ = workspace.add(given, &host()).expect("new");
    let country = |id: u32| workspace.get(&id).and_then(Contact::country);
    assert_eq!([10, 11, 1, 12].map(country), [Some("GB"), Some("GB"), Some("GB"), Some("IE")]);
    let as_written = onefold::Normalizer::builder().as_written().build();
    let mut workspace = Workspace::new(Settings::new().with_normalizer(as_written));
    let _ = workspace.add(phone(1), &host()).expect("new");
    let _ = workspace.set_field(&1, &Field::Phone, vec!["+44 20 7946 0999"].into(), &host()).expect("a phone");
    assert_eq!(workspace.get(&1).and_then(Contact::country), None);
}
