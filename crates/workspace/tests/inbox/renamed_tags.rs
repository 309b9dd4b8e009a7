//! Tags that were renamed or deleted between a merge and its undo.

use std::collections::BTreeMap;

use onefold::patch::Deviation;
use onefold::{Contact, Edits, Field, MergeRequest};
use onefold_workspace::{Act, Later, Settings, UndoRequest, UndoneMerge, Workspace};
use proptest::prelude::*;

fn workspace(tags: &[(u64, &[&str])]) -> Workspace<u64> {
    let mut workspace = Workspace::new(Settings::new());
    for (id, tags) in tags {
        let contact = Contact::new(*id).with_email("desk@example.com");
        workspace.add(contact, &Act::default()).expect("a new contact");
        if !tags.is_empty() {
            workspace.assign_tags(&[*id], tags, &Act::default()).expect("tags");
        }
    }
    workspace
}

fn merge(workspace: &mut Workspace<u64>, name: &str, into: u64, retire: &[u64]) {
    workspace.merge(&MergeRequest::new(name), &into, retire, &Act::default()).expect("a merge");
}

fn undo(workspace: &mut Workspace<u64>, name: &str, later: Later) -> Vec<UndoneMerge<u64>> {
    let request = UndoRequest::new().with_later(later);
    workspace.undo(name, &request, &Act::default()).expect("an undo").outcome.merges
}

fn tags(workspace: &Workspace<u64>, id: u64) -> Vec<&str> {
    workspace.get(&id).expect("live").tags().collect()
}

#[test]
fn a_renamed_tag_comes_back_under_its_new_name_and_a_deleted_one_stays_away() {
    let mut workspace = workspace(&[(1, &["new"]), (2, &["vip", "old", "plain"])]);
    merge(&mut workspace, "m", 1, &[2]);
    let act = Act::default();
    workspace.rename_tag("vip", "gold", &act).expect("renamed");
    workspace.rename_tag("gold", "platinum", &act).expect("renamed again");
    workspace.rename_tag("new", "fresh", &act).expect("renamed");
    workspace.delete_tag("old", &act).expect("deleted");
    // Another tag takes the name that the first one had.
    workspace.assign_tags(&[1], &["vip"], &act).expect("a new tag");
    let merges = undo(&mut workspace, "m", Later::Refuse);
    assert_eq!(tags(&workspace, 1), ["fresh", "vip"]);
    assert_eq!(tags(&workspace, 2), ["platinum", "plain"]);
    let renamed = |contact, tag: &str, to: &str| Deviation::TagRenamed { contact, tag: tag.into(), to: to.into() };
    assert_eq!(
        merges[0].deviations,
        [
            renamed(1, "new", "fresh"),
            renamed(2, "vip", "platinum"),
            Deviation::TagDeleted { contact: 2, tag: "old".into() }
        ]
    );
    assert!(merges[0].conflicts.is_empty());
}

#[test]
fn a_name_that_only_a_retired_contact_knows_can_be_taken() {
    let mut workspace = workspace(&[(1, &[]), (2, &["vip", "gold"])]);
    merge(&mut workspace, "m", 1, &[2]);
    let act = Act::default();
    workspace.remove_tags(&[1], &["gold"], &act).expect("removed");
    workspace.delete_tag("gold", &act).expect("deleted");
    workspace.rename_tag("vip", "gold", &act).expect("the name is free");
    undo(&mut workspace, "m", Later::Refuse);
    assert_eq!((tags(&workspace, 1), tags(&workspace, 2)), (vec![], vec!["gold"]));
}

#[test]
fn whoever_merged_can_undo_at_once_after_somebody_renamed_a_tag() {
    let mut workspace = workspace(&[(1, &["vip"]), (2, &[])]);
    let act = Act::default().of_user(onefold_workspace::Role::Agent);
    workspace.merge(&MergeRequest::new("m"), &1, &[2], &act).expect("a merge");
    workspace.rename_tag("vip", "gold", &Act::default()).expect("renamed");
    workspace.undo("m", &UndoRequest::new(), &act).expect("nobody has touched the survivor");
    assert_eq!(tags(&workspace, 1), ["gold"]);
}

#[test]
fn merges_that_are_made_again_know_the_new_names() {
    let mut workspace = workspace(&[(1, &["a"]), (2, &["b"]), (3, &["c"])]);
    merge(&mut workspace, "m1", 1, &[2]);
    let request = MergeRequest::new("m2").set(Field::Tags, vec!["a", "b", "c"]);
    workspace.merge(&request, &1, &[3], &Act::default()).expect("a merge");
    let act = Act::default();
    for tag in ["a", "b", "c"] {
        workspace.rename_tag(tag, &format!("{tag}-now"), &act).expect("renamed");
    }
    undo(&mut workspace, "m1", Later::Replay);
    assert_eq!(tags(&workspace, 1), ["a-now", "b-now", "c-now"], "the request of the second merge gives all three");
    assert_eq!(tags(&workspace, 2), ["b-now"]);
    undo(&mut workspace, "m2", Later::Refuse);
    assert_eq!((tags(&workspace, 1), tags(&workspace, 3)), (vec!["a-now"], vec!["c-now"]));
}

#[test]
fn what_became_of_tags_outlives_a_restart_and_goes_with_a_deleted_person() {
    let mut workspace = workspace(&[(1, &[]), (2, &["secret-name"])]);
    merge(&mut workspace, "m", 1, &[2]);
    workspace.rename_tag("secret-name", "gold", &Act::default()).expect("renamed");
    let state = workspace.to_state();
    let mut read = Workspace::<u64>::from_state(&state).expect("what was written");
    assert_eq!(read.to_state(), state);
    undo(&mut read, "m", Later::Refuse);
    assert_eq!(tags(&read, 2), ["gold"]);
    workspace.drain_events();
    workspace.delete(&1, &Act::default()).expect("deleted");
    assert!(!workspace.to_state().contains("secret-name"));
}

#[derive(Clone, Debug)]
enum Op {
    Assign(u64, u8),
    Rename(u8, u8),
    Delete(u8),
    Merge(u64, u64),
    Undo(usize, Edits, Later),
}

fn operations() -> impl Strategy<Value = Vec<Op>> {
    let edits = prop::sample::select(vec![Edits::Keep, Edits::Refuse, Edits::Overwrite]);
    let later = prop::sample::select(vec![Later::Refuse, Later::Undo, Later::Replay]);
    let op = prop_oneof![
        4 => (0..5_u64, 0..6_u8).prop_map(|(id, tag)| Op::Assign(id, tag)),
        3 => (0..6_u8, 0..6_u8).prop_map(|(tag, to)| Op::Rename(tag, to)),
        1 => (0..6_u8).prop_map(Op::Delete),
        3 => (0..5_u64, 0..5_u64).prop_map(|(into, retire)| Op::Merge(into, retire)),
        3 => (0..9_usize, edits, later).prop_map(|(merge, edits, later)| Op::Undo(merge, edits, later)),
    ];
    prop::collection::vec(op, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same operations on tags that are never renamed, with names that say which tag was meant: the two agree in the
    /// end, by the names that the tags have then.
    #[test]
    fn names_never_matter(ops in operations()) {
        let act = Act::default();
        let (mut renamed, mut plain) = (workspace(&[]), workspace(&[]));
        for id in 0..5 {
            for workspace in [&mut renamed, &mut plain] {
                workspace.add(Contact::new(id), &act).expect("a new contact");
            }
        }
        // What each tag is called in the one workspace, by its name in the other.
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for (number, op) in ops.iter().enumerate() {
            let named = |tag: &u8| names.iter().find(|(_, name)| **name == format!("t{tag}")).map(|(own, _)| own.clone());
            match op {
                Op::Assign(id, tag) => {
                    let own = named(tag).unwrap_or_else(|| format!("tag {number}"));
                    let done = renamed.assign_tags(&[*id], &[&format!("t{tag}")], &act).is_ok();
                    prop_assert_eq!(done, plain.assign_tags(&[*id], &[&own], &act).is_ok());
                    if done {
                        names.insert(own, format!("t{tag}"));
                    }
                }
                Op::Rename(tag, to) => {
                    let own = named(tag);
                    if renamed.rename_tag(&format!("t{tag}"), &format!("t{to}"), &act).is_ok() {
                        names.insert(own.expect("a tag that there is"), format!("t{to}"));
                    }
                }
                Op::Delete(tag) => {
                    let own = named(tag);
                    if renamed.delete_tag(&format!("t{tag}"), &act).is_ok() {
                        let own = own.expect("a tag that there is");
                        plain.delete_tag(&own, &act).expect("the same tag");
                        names.remove(&own);
                    }
                }
                Op::Merge(into, retire) => {
                    let request = MergeRequest::new(format!("m{number}"));
                    let done = renamed.merge(&request, into, &[*retire], &act).is_ok();
                    prop_assert_eq!(done, plain.merge(&request, into, &[*retire], &act).is_ok());
                }
                Op::Undo(merge, edits, later) => {
                    let name = renamed.history().nth(*merge).map_or_else(String::new, |record| record.merge.to_string());
                    let request = UndoRequest::new().with_edits(*edits).with_later(*later);
                    let done = renamed.undo(&name, &request, &act).is_ok();
                    prop_assert_eq!(done, plain.undo(&name, &request, &act).is_ok());
                }
            }
            for (own, theirs) in renamed.contacts().zip(plain.contacts()) {
                prop_assert_eq!(own.id, theirs.id);
                let theirs: Vec<&str> = theirs.tags().map(|tag| names.get(tag).map_or("none", String::as_str)).collect();
                prop_assert_eq!(own.tags().collect::<Vec<_>>(), theirs, "contact {} after {:?}", own.id, op);
            }
        }
    }
}
