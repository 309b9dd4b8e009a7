//! Segments, selections, export and import.

use onefold::contact::CustomType;
use onefold::{Channel, ChannelKind, Contact, Field, Time, Value};
use onefold_workspace::{
    Act, ChannelStateName, Existing, Filter, MAX_FILTER_DEPTH, Operation, Role, Selection, Settings, TimeSpan,
    Workspace, WorkspaceError,
};

fn act() -> Act {
    Act::new(Time::from_millis(50), "ada")
}

fn workspace() -> Workspace<u32> {
    let mut workspace = Workspace::new(Settings::new());
    let mut connected = Channel::new(ChannelKind::Web, "web", "visitor");
    connected.connected_at = Some(Time::from_millis(1).into());
    for contact in [
        Contact::new(1).with(Field::Tags, vec!["vip"]).with(Field::CreatedAt, Time::from_millis(10)),
        Contact::new(2).with(Field::Tags, vec!["vip", "new"]).blocked(),
        Contact::new(3).with(Field::FirstName, "Ada").with_channel(connected),
        Contact::new(4)
            .with(Field::FirstName, "ÀDA, \"the\nfirst\"")
            .with_email("a@example.com")
            .with_email("b@example.com"),
    ] {
        let _ = workspace.add(contact, &act()).expect("new");
    }
    let _ = workspace.set_account("web", ChannelKind::Web, "Site", &act()).expect("allowed");
    let _ = workspace.set_account("mail", ChannelKind::Email, "Mail", &act()).expect("allowed");
    workspace
}

fn ids(workspace: &Workspace<u32>, filter: &Filter) -> Vec<u32> {
    workspace.select(filter).expect("small").map(|contact| contact.id).collect()
}

#[test]
fn filters_are_evaluated_exactly_and_anew() {
    let mut workspace = workspace();
    let tag = |tag: &str| Filter::Tag(tag.into());
    let contains = |text: &str| Filter::Contains { field: Field::FirstName, text: text.into() };
    let channel = |account: &str, state| Filter::Channel { account: account.into(), state };
    for (filter, wanted) in [
        (tag("vip"), vec![1, 2]),
        (Filter::All(vec![Filter::Blocked(false), tag("vip")]), vec![1]),
        (Filter::All(vec![]), vec![1, 2, 3, 4]),
        (Filter::Any(vec![tag("new"), contains("ada")]), vec![2, 3]),
        (contains("àda"), vec![4]),
        (Filter::Not(Box::new(tag("vip"))), vec![3, 4]),
        (channel("web", ChannelStateName::Active), vec![3]),
        (channel("mail", ChannelStateName::Inactive), vec![4]),
        (channel("fax", ChannelStateName::Unavailable), vec![]),
        (Filter::Created(TimeSpan { from: Some(Time::from_millis(0)), to: Some(Time::from_millis(11)) }), vec![1]),
        (Filter::IsSet(Field::Email), vec![4]),
        (Filter::Contains { field: Field::Channels, text: "VISITOR".into() }, vec![3]),
    ] {
        assert_eq!(ids(&workspace, &filter), wanted, "{filter:?}");
        // However a filter is looked up, it means the same contacts.
        assert_eq!(ids(&workspace, &Filter::Any(vec![filter.clone()])), wanted, "{filter:?}");
        let json = serde_json::to_string(&filter).expect("JSON");
        assert!(serde_json::from_str::<Filter>(&json).expect("a filter") == filter, "{json}");
    }
    let _ = workspace.save_segment("vips", tag("vip"), &act()).expect("small");
    assert_eq!(workspace.selected(&Selection::Segment("vips".into())).expect("saved"), [1, 2]);
    let _ = workspace.assign_tags(&[4], &["vip"], &act()).expect("live");
    assert_eq!(workspace.selected(&Selection::Segment("vips".into())).expect("saved"), [1, 2, 4]);
    let deep = (0..MAX_FILTER_DEPTH).fold(tag("vip"), |inner, _| Filter::Not(Box::new(inner)));
    assert!(matches!(workspace.select(&deep).map(|_| ()), Err(WorkspaceError::FilterTooLarge { .. })));
    assert!(matches!(
        workspace.save_segment("deep", deep, &act()).map(drop),
        Err(WorkspaceError::FilterTooLarge { .. })
    ));
    let gone = WorkspaceError::UnknownSegment { segment: "none".into() };
    assert_eq!(workspace.selected(&Selection::Segment("none".into())), Err(gone));
    assert_eq!(workspace.selected(&Selection::Contacts(vec![4, 1, 4])).expect("live"), [1, 4]);
    assert_eq!(workspace.selected(&Selection::Contacts(vec![9])), Err(WorkspaceError::UnknownContact { id: 9 }));
}

#[test]
fn over_a_hundred_selected_no_tags_and_no_export() {
    let mut workspace = Workspace::new(Settings::new());
    let _ = workspace.import((0..101).map(Contact::new), Existing::Reject, &act()).expect("allowed");
    let all: Vec<u32> = (0..101).collect();
    let refused = WorkspaceError::TooManySelected { selected: 101, limit: 100 };
    assert_eq!(workspace.assign_tags(&all, &["x"], &act()).map(drop), Err(refused.clone()));
    assert_eq!(workspace.export_csv(&Selection::Contacts(all.clone()), &act()), Err(refused));
    assert!(workspace.assign_tags(&all[1..], &["x"], &act()).is_ok());
    assert!(workspace.export_csv(&Selection::Contacts(all[1..].to_vec()), &act()).is_ok());
    assert!(workspace.export_csv(&Selection::All, &act()).is_ok());
    let manager = act().of_user(Role::Manager);
    assert!(workspace.offered(100, &manager).contains(&Operation::Export));
    let offered = workspace.offered(101, &manager);
    assert_eq!(offered, [Operation::Delete]);
    assert_eq!(workspace.offered(2, &act().of_user(Role::Agent)), [Operation::Tag, Operation::Merge]);
    assert_eq!(workspace.offered(0, &act()), []);
}

#[test]
fn json_lines_give_every_contact_back() {
    let workspace = workspace();
    let exported = workspace.export_json_lines(&Selection::All, &act()).expect("allowed");
    let contacts = exported.lines().map(|line| Contact::<u32>::from_json(line).expect("a contact"));
    let mut again = Workspace::new(Settings::new());
    let imported = again.import(contacts, Existing::Reject, &act()).expect("allowed").outcome;
    assert_eq!((imported.added, imported.rejected.len()), (4, 0));
    assert!(again.contacts().eq(workspace.contacts()));
}

#[test]
fn a_table_has_a_column_for_each_field_and_quotes_what_needs_it() {
    let mut workspace = workspace();
    let _ = workspace.define_field("plan", CustomType::Text, &act()).expect("allowed");
    let odd = workspace.get(&3).cloned().expect("live").with(Field::Custom("opt".into()), true);
    let _ = workspace.edit(odd.with(Field::from_name("nickname"), Value::Null), &act()).expect("live");
    let selection = Selection::Contacts(vec![3, 4]);
    let table = workspace.export_csv(&selection, &act()).expect("allowed");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(header, ["id", "blocked", "channels", "emails", "first_name", "custom.plan", "custom.opt", "nickname"]);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows[1].get(4), Some("ÀDA, \"the\nfirst\""));
    assert_eq!(rows[1].get(3), Some("a@example.com ::: b@example.com"));
    assert_eq!(rows[0].get(6), Some("true"));
    assert!(rows[0].get(2).is_some_and(|channels| channels.contains("\"visitor\"")));
}

/// Cells hold the texts of a list one behind the other; of any other list it is the JSON that loses nothing.
#[test]
fn a_list_in_a_table_is_its_texts_or_json() {
    let mut workspace = Workspace::new(Settings::new());
    for json in [r#"{"id":1,"odd":["a","b"]}"#, r#"{"id":2,"odd":["a",1]}"#, r#"{"id":3,"odd":[]}"#] {
        let _ = workspace.add(Contact::<u32>::from_json(json).expect("a contact"), &act()).expect("new");
    }
    let table = workspace.export_csv(&Selection::All, &act()).expect("allowed");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let place = reader.headers().expect("a header").iter().position(|name| name == "odd").expect("a column");
    let cells: Vec<String> = reader.records().map(|row| row.expect("a row")[place].to_owned()).collect();
    assert_eq!(cells, ["a ::: b", r#"["a",1]"#, ""]);
}

#[test]
fn a_bad_row_is_reported_and_stops_nothing() {
    let mut workspace = workspace();
    let _ = workspace.define_field("age", CustomType::Number, &act()).expect("allowed");
    let age = |id, age: &str| Contact::new(id).with(Field::Custom("age".into()), age);
    let rows = || [age(1, "7"), age(5, "old"), age(6, "8"), age(6, "9"), age(7, "")];
    let imported = workspace.import(rows(), Existing::Reject, &act()).expect("allowed").outcome;
    let rejected: Vec<(usize, u32, &str)> =
        imported.rejected.iter().map(|row| (row.row, row.id, row.error.code())).collect();
    assert_eq!(rejected, [(0, 1, "DuplicateId"), (1, 5, "DoesNotFit"), (3, 6, "DuplicateId")]);
    assert_eq!(imported.added, 2);
    let imported = workspace.import(rows(), Existing::Update, &act()).expect("allowed").outcome;
    assert_eq!((imported.added, imported.updated, imported.rejected.len()), (0, 4, 1));
    let first = workspace.get(&1).expect("live");
    assert!(first.tags().eq(["vip"]) && first.get(&Field::Custom("age".into())) == Some(&Value::from("7")));
}
