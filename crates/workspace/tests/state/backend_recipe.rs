//! The code of docs/backends.md, driven at random beside a workspace: the same suggestions, and the same distinct pairs.

use onefold::{Contact, Field, Index, Normalizer};
use onefold_workspace::{Act, Settings, UndoRequest, Workspace, WorkspaceError};
use proptest::prelude::*;

#[path = "../../../../examples/backend.rs"]
#[allow(dead_code)]
mod recipe;

use recipe::Database;

const IDS: u64 = 7;

#[test]
fn the_document_has_the_code_of_the_example() {
    let (document, example) =
        (include_str!("../../../../docs/backends.md"), include_str!("../../../../examples/backend.rs"));
    assert!(document.contains(example));
    recipe::main().expect("the example holds");
}

#[derive(Clone, Debug)]
enum Op {
    Add(u64, Vec<u8>),
    Edit(usize, Vec<u8>),
    Mark(usize, usize, bool),
    Clear(usize, usize),
    Merge(Vec<usize>),
    Undo(usize),
    Restart,
}

fn operations() -> impl Strategy<Value = Vec<Op>> {
    let values = || prop::collection::vec(0..5_u8, 0..3);
    let (one, another) = (0..IDS as usize, 0..IDS as usize);
    let op = prop_oneof![
        5 => (0..IDS, values()).prop_map(|(id, values)| Op::Add(id, values)),
        4 => (one.clone(), values()).prop_map(|(id, values)| Op::Edit(id, values)),
        5 => (one.clone(), another.clone(), any::<bool>()).prop_map(|(a, b, forever)| Op::Mark(a, b, forever)),
        1 => (one.clone(), another).prop_map(|(a, b)| Op::Clear(a, b)),
        5 => prop::collection::vec(one, 2..4).prop_map(Op::Merge),
        5 => (0..20_usize).prop_map(Op::Undo),
        1 => Just(Op::Restart),
    ];
    prop::collection::vec(op, 1..40)
}

fn contact(id: u64, values: &[u8]) -> Contact<u64> {
    let emails = values.iter().map(|value| format!("shared-{value}@example.com"));
    emails.fold(Contact::new(id).with(Field::FirstName, format!("name {id}")), Contact::with_email)
}

struct Both {
    database: Database,
    index: Index<u64>,
    workspace: Workspace<u64>,
    merges: usize,
}

impl Both {
    fn live(&self, place: usize) -> Option<u64> {
        let ids: Vec<u64> = self.workspace.contacts().map(|contact| contact.id).collect();
        (!ids.is_empty()).then(|| ids[place % ids.len()])
    }

    /// Whether both have done it, or both refused to.
    fn carry_out(&mut self, op: &Op) -> (bool, bool) {
        let act = Act::default();
        let Self { database, index, .. } = self;
        let done = |done: Result<(), WorkspaceError<u64>>| done.is_ok();
        match op {
            Op::Add(id, values) => {
                let contact = contact(*id, values);
                let own = recipe::add(database, index, &contact).is_ok();
                (own, done(self.workspace.add(contact, &act).map(drop)))
            }
            Op::Edit(place, values) => {
                let Some(id) = self.live(*place) else { return (false, false) };
                let contact = contact(id, values);
                let own = recipe::edit(&mut self.database, &mut self.index, &contact).is_ok();
                (own, done(self.workspace.edit(contact, &act).map(drop)))
            }
            Op::Mark(a, b, forever) => {
                let (Some(a), Some(b)) = (self.live(*a), self.live(*b)) else { return (false, false) };
                if *forever {
                    (
                        self.index.mark_distinct_forever(&a, &b).is_ok(),
                        done(self.workspace.mark_distinct_forever(&a, &b, &act).map(drop)),
                    )
                } else {
                    (
                        self.index.mark_distinct(&a, &b).is_ok(),
                        done(self.workspace.mark_distinct(&a, &b, &act).map(drop)),
                    )
                }
            }
            Op::Clear(a, b) => {
                let (Some(a), Some(b)) = (self.live(*a), self.live(*b)) else { return (false, false) };
                (self.index.clear_distinct(&a, &b).is_ok(), done(self.workspace.clear_distinct(&a, &b, &act).map(drop)))
            }
            Op::Merge(places) => {
                let ids: Vec<u64> = places.iter().filter_map(|place| self.live(*place)).collect();
                let name = format!("m{}", self.merges);
                let own = recipe::merge(&mut self.database, &mut self.index, &name, &ids);
                let Some((into, retire)) = ids.split_first() else { return (own.is_ok(), false) };
                let request = onefold::MergeRequest::new(name);
                let theirs = self.workspace.merge(&request, into, retire, &act);
                self.merges += usize::from(theirs.is_ok());
                (own.is_ok(), done(theirs.map(drop)))
            }
            Op::Undo(number) => {
                let name = format!("m{}", number % (self.merges + 1));
                let own = recipe::undo(&mut self.database, &mut self.index, &name).is_ok();
                (own, done(self.workspace.undo(&name, &UndoRequest::new().mark_distinct(), &act).map(drop)))
            }
            Op::Restart => {
                let stored = serde_json::to_string(&self.index).expect("an index is JSON");
                self.index = serde_json::from_str(&stored).expect("what was written");
                let bytes = postcard::to_stdvec(&self.index).expect("bytes");
                self.index = postcard::from_bytes(&bytes).expect("what was written");
                (true, true)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_recipe_answers_as_a_workspace(ops in operations()) {
        let mut both = Both {
            database: Database::default(),
            index: Index::new(Normalizer::new()),
            workspace: Workspace::new(Settings::new()),
            merges: 0,
        };
        for op in &ops {
            let (own, theirs) = both.carry_out(op);
            prop_assert_eq!(own, theirs, "{:?}", op);
            let (own, theirs) = (&both.index, both.workspace.index());
            prop_assert_eq!(own.suggestions(), theirs.suggestions(), "{:?}", op);
            prop_assert!(own.ids().eq(theirs.ids()));
            for a in 0..IDS {
                prop_assert_eq!(own.distinct_from(&a), theirs.distinct_from(&a), "{:?}", op);
                for b in 0..IDS {
                    prop_assert_eq!(own.is_distinct(&a, &b), theirs.is_distinct(&a, &b), "{:?}: {} and {}", op, a, b);
                }
            }
            for contact in both.workspace.contacts() {
                prop_assert_eq!(&both.database.contact(contact.id).expect("there"), contact);
            }
        }
    }
}
