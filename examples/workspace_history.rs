//! Keeps contacts in a workspace: merges them, looks at the history, and undoes the older of two merges.

#![allow(clippy::print_stdout, reason = "an example prints what happened")]

use std::error::Error;

use onefold::{Contact, MergeRequest, Time};
use onefold_workspace::{Act, Later, Resolved, Settings, UndoRequest, Workspace};

fn main() -> Result<(), Box<dyn Error>> {
    let mut workspace = Workspace::new(Settings::new());
    // A workspace reads no clock: who does something, and when, comes with each operation.
    let import = Act::new(Time::from_millis(1_700_000_000_000), "import");
    for id in 1..=3 {
        workspace.add(Contact::new(id).with_email("ada@example.com"), &import)?;
    }
    assert_eq!(workspace.index().suggestions()[0].members, [1, 2, 3]);

    let ada = Act::new(Time::from_millis(1_700_000_060_000), "ada");
    workspace.merge(&MergeRequest::new("m1"), &1, &[2], &ada)?;
    workspace.merge(&MergeRequest::new("m2"), &3, &[1], &ada)?;
    assert_eq!(workspace.resolve(&2), Resolved::Live(3));

    // The first merge was wrong. The second is undone, and made again without contact 2.
    workspace.undo("m1", &UndoRequest::new().with_later(Later::Replay), &ada)?;
    assert_eq!(workspace.resolve(&1), Resolved::Live(3));
    assert_eq!(workspace.resolve(&2), Resolved::Live(2));

    for record in workspace.history() {
        let end = record.undone().map_or("in force".to_owned(), |undone| format!("undone by {}", undone.by));
        println!("{}: {:?} into {} by {}, {end}", record.merge, record.retired, record.survivor, record.by);
    }

    // The state is text, and the workspace that is read from it is the same.
    let state = workspace.to_state();
    assert_eq!(Workspace::<u64>::from_state(&state)?.to_state(), state);
    println!("{} contacts, {} bytes of state", workspace.len(), state.len());
    Ok(())
}
