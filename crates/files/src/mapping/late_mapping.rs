//! The mappings of formats without a header, whose names are known only after reading everything.

use onefold::contact::fold_name;

use crate::mapping::target::{Mapping, MappingTarget};
use crate::problem::{InputError, Problem};

/// The mappings of JSON fields and vCard properties.
#[derive(Default)]
pub(crate) struct Mapped(Vec<LateEntry>);

struct LateEntry {
    mapping: Mapping,
    folded: String,
    target: MappingTarget,
    was_seen: bool,
}

impl Mapped {
    pub(crate) fn new(mappings: &[Mapping]) -> Result<Self, InputError> {
        let entry = |mapping: &Mapping| {
            let folded = fold_name(&mapping.header).into_owned();
            Ok(LateEntry { mapping: mapping.clone(), folded, target: mapping.target()?, was_seen: false })
        };
        mappings.iter().map(entry).collect::<Result<_, InputError>>().map(Self)
    }

    /// Returns the target of `name`, and marks the name as seen.
    pub(crate) fn find(&mut self, name: &str) -> Option<MappingTarget> {
        if self.0.is_empty() {
            return None;
        }
        let folded = fold_name(name);
        let entry = self.0.iter_mut().find(|entry| entry.mapping.header == name || entry.folded == folded)?;
        entry.was_seen = true;
        Some(entry.target.clone())
    }

    /// Returns the target of `name`.
    pub(crate) fn peek(&self, name: &str) -> Option<MappingTarget> {
        if self.0.is_empty() {
            return None;
        }
        let folded = fold_name(name);
        let entry = self.0.iter().find(|entry| entry.mapping.header == name || entry.folded == folded)?;
        Some(entry.target.clone())
    }

    /// Returns true if a member of the object that is called `name` is mapped: `owner.email` of `owner`.
    pub(crate) fn reaches_into(&self, name: &str) -> bool {
        let is_inside =
            |entry: &LateEntry| entry.mapping.header.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        self.0.iter().any(is_inside)
    }

    /// Returns true if a name is mapped to `target`, which is then not guessed.
    pub(crate) fn has(&self, target: &MappingTarget) -> bool {
        self.0.iter().any(|entry| entry.target == *target)
    }

    /// Returns the first name that is mapped to `target`.
    pub(crate) fn name_of(&self, target: &MappingTarget) -> Option<&str> {
        self.0.iter().find(|entry| entry.target == *target).map(|entry| entry.mapping.header.as_str())
    }

    /// Returns a problem for the next mapping whose name was not seen.
    pub(crate) fn take_unseen(&mut self) -> Option<Problem> {
        let place = self.0.iter().position(|entry| !entry.was_seen)?;
        let Mapping { field, header } = self.0.remove(place).mapping;
        Some(Problem::MappedNameNotSeen { field, header })
    }
}
