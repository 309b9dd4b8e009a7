//! The mappings of an input whose names are known only once all of it is read.

use onefold::contact::fold_name;

use crate::mapping::target::{Mapping, MappingTarget};
use crate::problem::{InputError, Problem};

/// What the options say about the names of JSON fields and vCard properties.
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

    /// What `name` is mapped to.
    pub(crate) fn find(&mut self, name: &str) -> Option<MappingTarget> {
        if self.0.is_empty() {
            return None;
        }
        let folded = fold_name(name);
        let entry = self.0.iter_mut().find(|entry| entry.mapping.header == name || entry.folded == folded)?;
        entry.was_seen = true;
        Some(entry.target.clone())
    }

    /// The same without taking note that the name came up.
    pub(crate) fn peek(&self, name: &str) -> Option<MappingTarget> {
        if self.0.is_empty() {
            return None;
        }
        let folded = fold_name(name);
        let entry = self.0.iter().find(|entry| entry.mapping.header == name || entry.folded == folded)?;
        Some(entry.target.clone())
    }

    /// Whether a member of the object that is called `name` is mapped: `owner.email` of `owner`.
    pub(crate) fn reaches_into(&self, name: &str) -> bool {
        let is_inside =
            |entry: &LateEntry| entry.mapping.header.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        self.0.iter().any(is_inside)
    }

    /// Whether a name is mapped to `target`, which is not guessed then.
    pub(crate) fn has(&self, target: &MappingTarget) -> bool {
        self.0.iter().any(|entry| entry.target == *target)
    }

    /// The first name that is mapped to `target`.
    pub(crate) fn name_of(&self, target: &MappingTarget) -> Option<&str> {
        self.0.iter().find(|entry| entry.target == *target).map(|entry| entry.mapping.header.as_str())
    }

    /// The next mapping whose name did not come up, to be told at the end.
    pub(crate) fn take_unseen(&mut self) -> Option<Problem> {
        let place = self.0.iter().position(|entry| !entry.was_seen)?;
        let Mapping { field, header } = self.0.remove(place).mapping;
        Some(Problem::MappedNameNotSeen { field, header })
    }
}
