//! Columns, members and properties that the user names as identifiers.

use onefold::Field;
use onefold::contact::fold_name;

/// The identifiers of the options, and the custom field that each one is read into.
#[derive(Clone, Default)]
pub(crate) struct Identifiers(Vec<Identifier>);

#[derive(Clone)]
struct Identifier {
    name: String,
    folded: String,
    field: Field,
}

impl Identifiers {
    pub(crate) fn new(names: &[String]) -> Self {
        let identifier = |name: &String| Identifier {
            name: name.clone(),
            folded: fold_name(name).into_owned(),
            field: Field::Custom(name.as_str().into()),
        };
        Self(names.iter().map(identifier).collect())
    }

    /// Returns the field of an identifier by its name, exactly or folded. O(1) if the options name no identifier.
    pub(crate) fn field_of(&self, name: &str) -> Option<&Field> {
        if self.0.is_empty() {
            return None;
        }
        let exact = self.0.iter().find(|identifier| identifier.name == name);
        let found = exact.or_else(|| {
            let folded = fold_name(name);
            self.0.iter().find(|identifier| !folded.is_empty() && identifier.folded == folded)
        });
        found.map(|identifier| &identifier.field)
    }

    /// Returns the names and their fields.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.0.iter().map(|identifier| (identifier.name.as_str(), &identifier.field))
    }
}
