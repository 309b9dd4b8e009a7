//! A line of the protocol as an operation with its arguments.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::workspace::protocol::arguments::Arguments;
use crate::workspace::protocol::further::{FURTHER, Further};
use crate::workspace::protocol::refusal::{BAD_REQUEST, Refusal};

/// Every operation of the core, with the arguments it must have and those it may.
const OPERATIONS: [(&str, &[&str], &[&str]); 12] = [
    ("add", &["id", "contact"], &[]),
    ("block", &["id"], &[]),
    ("check", &[], &[]),
    ("clear_distinct", &["a", "b"], &[]),
    ("config", &[], &["max_holders", "max_members", "ignore", "normalize"]),
    ("delete", &["id"], &[]),
    ("edit", &["id"], &["set", "unset"]),
    ("mark_distinct", &["a", "b"], &["forever"]),
    ("merge", &["merge", "into", "retire"], &["allow_apart", "allow_blocked"]),
    ("resolve", &["id"], &[]),
    ("unblock", &["id"], &[]),
    ("undo", &["merge"], &["edits", "later", "distinct"]),
];

/// A line, as far as it says which operation it asks for.
pub(super) struct Request<'a> {
    /// The value of `op` as it stands, if the line is an object that has one.
    pub(super) op: Option<&'a RawValue>,
    /// Whether it is `check`, with the right arguments or not.
    pub(super) is_check: bool,
    /// A known operation, and its arguments.
    pub(super) operation: Result<(Asked, Arguments<'a>), Refusal>,
}

/// An operation that is known.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    /// One of the core, by name.
    Core(&'static str),
    /// One of the workspace around it.
    Further(&'static Further),
}

impl<'a> Request<'a> {
    /// Reads a line. O(n).
    pub(super) fn read(line: &'a str) -> Self {
        let Ok(mut members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(line) else {
            return Self { op: None, is_check: false, operation: Err(BAD_REQUEST) };
        };
        let op = members.remove("op");
        let name = op.and_then(|op| serde_json::from_str::<String>(op.get()).ok());
        let core = OPERATIONS.iter().find(|(known, ..)| Some(*known) == name.as_deref());
        let core = core.map(|(name, required, optional)| (Asked::Core(name), *required, *optional, &[][..]));
        let further = FURTHER.iter().find(|further| Some(further.name) == name.as_deref());
        let further =
            further.map(|further| (Asked::Further(further), further.required, further.optional, &["now", "actor"][..]));
        let operation = match core.or(further) {
            Some((asked, required, optional, always)) => {
                let is_known =
                    |argument: &String| required.iter().chain(optional).chain(always).any(|name| name == argument);
                let is_complete = required.iter().all(|name| members.contains_key(*name));
                match is_complete && members.keys().all(is_known) {
                    true => Ok((asked, Arguments(members))),
                    false => Err(BAD_REQUEST),
                }
            }
            None => Err(BAD_REQUEST),
        };
        Self { op, is_check: name.as_deref() == Some("check"), operation }
    }
}
