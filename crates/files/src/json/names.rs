//! The meaning of the names of JSON members.

use std::collections::HashMap;
use std::sync::Arc;

use onefold::Field;
use serde_json::value::RawValue;

use crate::json::fields;
use crate::mapping::header;
use crate::mapping::identifier::Identifiers;
use crate::mapping::late_mapping::Mapped;
use crate::mapping::target::MappingTarget;
use crate::options::Options;
use crate::problem::InputError;
use crate::row_builder::custom_field;
use crate::values::object_value::label_texts;

/// The number of names whose meaning is cached. Inputs with more have generated names.
const MAX_NAMES: usize = 10_000;

/// The names of an input and their meanings.
#[derive(Default)]
pub(crate) struct JsonNames {
    known: HashMap<String, Meaning>,
    // For members of containers such as `properties`: whether their own names have a meaning.
    own_names: HashMap<String, bool>,
    /// The mappings of the options.
    pub(crate) mapped: Mapped,
    /// The identifiers of the options.
    pub(crate) identifiers: Identifiers,
}

/// The meaning of a name, and its certainty: more certain names are read first, whatever their position.
#[derive(Clone)]
pub(crate) struct Meaning {
    pub(crate) target: Option<MappingTarget>,
    pub(crate) sureness: Sureness,
    /// The identifier that the name is read as, if it is also the row's id.
    pub(crate) identifier: Option<Field>,
    /// The text that the name of a label begins or ends with: `phone` for `phone_number`.
    pub(crate) label_base: Option<Arc<str>>,
    /// True if the name may be that of a label.
    pub(crate) may_be_label: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sureness {
    /// The name is mapped, or one of our own.
    Given,
    /// The name is one that other programs use.
    Guessed,
}

impl JsonNames {
    /// Returns an empty cache.
    pub(crate) fn new(options: &Options) -> Result<Self, InputError> {
        let (mapped, identifiers) = (Mapped::new(&options.map)?, Identifiers::new(&options.identifiers));
        Ok(Self { mapped, identifiers, ..Self::default() })
    }

    /// Returns the meaning of a name.
    pub(crate) fn meaning(&mut self, name: &str) -> Meaning {
        if let Some(meaning) = self.known.get(name) {
            return meaning.clone();
        }
        let meaning = self.find_meaning(name);
        if self.known.len() < MAX_NAMES {
            self.known.insert(name.to_owned(), meaning.clone());
        }
        meaning
    }

    /// Returns true if the name of a container's member has a meaning of its own: company phones, consents.
    pub(crate) fn has_own_name(&mut self, inner: &str) -> bool {
        if let Some(known) = self.own_names.get(inner) {
            return *known;
        }
        let has_own_name = fields::means_by_name(&custom_field(inner));
        if self.own_names.len() < MAX_NAMES {
            self.own_names.insert(inner.to_owned(), has_own_name);
        }
        has_own_name
    }

    fn find_meaning(&mut self, name: &str) -> Meaning {
        if let Some(target) = self.mapped.find(name) {
            return Meaning { sureness: Sureness::Given, ..self.meaning_of(name, Some(target)) };
        }
        // A field that is mapped is not guessed.
        let target = header::guess_one(name).filter(|guess| !self.mapped.has(guess));
        let is_own = matches!(name, "id" | "blocked" | "custom") || !matches!(Field::from_name(name), Field::Other(_));
        // `custom.plan` at the top level is another field than `plan` in `custom`.
        let target = target.filter(|target| !matches!(target, MappingTarget::Field(Field::Custom(_))));
        let sureness = if is_own { Sureness::Given } else { Sureness::Guessed };
        match self.identifiers.field_of(name) {
            Some(field) if target == Some(MappingTarget::Id) => {
                Meaning { sureness, identifier: Some(field.clone()), ..self.meaning_of(name, target) }
            }
            Some(field) => {
                let target = Some(MappingTarget::Field(field.clone()));
                Meaning { sureness: Sureness::Given, ..self.meaning_of(name, target) }
            }
            None => Meaning { sureness, ..self.meaning_of(name, target) },
        }
    }

    /// Returns a name whose guessed meaning is `target`.
    fn meaning_of(&self, name: &str, target: Option<MappingTarget>) -> Meaning {
        let has_label = matches!(target, Some(MappingTarget::Field(Field::Email | Field::Phone)));
        Meaning {
            target,
            sureness: Sureness::Guessed,
            identifier: None,
            label_base: has_label.then(|| header::label_base(name).into()),
            may_be_label: header::may_be_label(name),
        }
    }
}

/// Returns the text of the label of values with this base, among the members at `places`.
pub(crate) fn label_in(fields: &[(String, &RawValue)], places: &[usize], base: &str) -> Option<String> {
    let members = places.iter().filter_map(|place| fields.get(*place));
    let (_, json) = members.into_iter().find(|(name, _)| header::is_label_of(name, base))?;
    let texts = label_texts(&serde_json::from_str(json.get()).ok()?).join(" ");
    Some(texts).filter(|texts| !texts.is_empty())
}
