//! The members of a JSON object, each of which must be asked for once.

use serde_json::value::RawValue;

use crate::protocol::argument::{Argument, ArgumentKind, Fault, Strictness};
use crate::protocol::refusal::Refusal;
use onefold::contact::Members;

/// The members of an object, as they stand.
pub(crate) struct Object<'a> {
    members: Members<'a>,
}

impl<'a> Object<'a> {
    /// The members of a JSON text; `None` if it is no object. O(n log n).
    pub(crate) fn read(json: &'a str) -> Option<Self> {
        Members::read(json).map(|members| Self { members })
    }

    /// Takes a member out as it stands.
    pub(crate) fn take_raw(&mut self, name: &str) -> Option<&'a RawValue> {
        self.members.by_name.remove(name)
    }

    /// Takes out a member that must be there.
    pub(crate) fn take<T: Argument<'a>>(&mut self, name: &str, strictness: Strictness) -> Result<T, Refusal> {
        let missing = || Refusal::bad_request(format!("argument {name} is missing"));
        self.take_optional(name, strictness)?.ok_or_else(missing)
    }

    /// Takes out a member that may be there; `null` is not nothing.
    pub(crate) fn take_optional<T: Argument<'a>>(
        &mut self,
        name: &str,
        strictness: Strictness,
    ) -> Result<Option<T>, Refusal> {
        let Some(json) = self.take_raw(name) else { return Ok(None) };
        T::read(json, strictness).map(Some).map_err(|fault| unreadable(name, T::KIND, fault))
    }

    /// Whether nothing is left, and nothing was there twice.
    ///
    /// # Errors
    /// Something was: `what` says what has such members.
    pub(crate) fn finish(self, what: &str) -> Result<(), Refusal> {
        if self.members.duplicate.is_some() {
            return Err(Refusal::bad_request(format!("a member of {what} is there twice")));
        }
        if self.members.by_name.is_empty() {
            Ok(())
        } else {
            // Its name may be anything, and is not repeated.
            Err(Refusal::bad_request(format!("{what} has an argument that it does not take")))
        }
    }
}

fn unreadable(name: &str, kind: ArgumentKind, fault: Fault) -> Refusal {
    match fault {
        Fault::Within { what, field } => {
            let refusal = Refusal::bad_request(format!("argument {name}: {what}"));
            Refusal { field, ..refusal }
        }
        Fault::Kind => match kind {
            ArgumentKind::Words(words) => {
                Refusal::bad_request(format!("argument {name} is none of the words {}", words.join(", ")))
            }
            kind => Refusal::bad_request(format!("argument {name} is not of the kind: {kind}")),
        },
    }
}
