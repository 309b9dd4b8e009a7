//! Whatever is done to a workspace, its store holds the same, and gives it back.

use onefold_sqlite::Store;
use onefold_workspace::{Settings, Workspace};
use proptest::prelude::*;

use crate::operations::{Id, Op, carry_out, sequences};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_store_gives_back_what_was_done(ops in sequences()) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("contacts.db");
        let (mut store, mut workspace) = Store::open::<Id>(&path).expect("new");
        prop_assert_eq!(workspace.to_state(), Workspace::<Id>::new(Settings::new()).to_state());
        for (number, op) in ops.iter().enumerate() {
            if let Ok(changes) = carry_out(&mut workspace, op, number) {
                store.apply(&changes).expect("written");
            }
            if number % 16 == 0 || matches!(op, Op::Settings(_)) {
                drop(store);
                let (again, read) = Store::open::<Id>(&path).expect("what was written");
                prop_assert_eq!(read.to_state(), workspace.to_state(), "{:?}", op);
                (store, workspace) = (again, read);
            }
        }
        drop(store);
        let (_, read) = Store::open::<Id>(&path).expect("what was written");
        prop_assert_eq!(read.to_state(), workspace.to_state());
    }
}
