//! What the names of fields say of whose their values are, worked out once for each name.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};

use crate::contact::Field;
use crate::field_names::role::value_role::{NamedRole, ValueRole};

/// How many names are remembered; a name that finds its place taken is worked out anew.
const PLACES: usize = 128;

/// Longer names are not remembered.
const MAX_NAME_BYTES: usize = 128;

/// Remembers [`ValueRole::of_field`] by field. Threads wait for nothing here, and copies share what is known: it depends on the name
/// alone.
#[derive(Clone, Default)]
pub(crate) struct RoleMemo(OnceLock<Arc<[Remembered; PLACES]>>);

/// A field with its role, once somebody asked for it.
type Remembered = OnceLock<(Field, Option<NamedRole>)>;

impl RoleMemo {
    /// What the values of a field are, if its name says so. O(n) for the length of the name.
    pub(crate) fn of_field(&self, field: &Field) -> Option<NamedRole> {
        if field.name().len() > MAX_NAME_BYTES {
            return ValueRole::of_field(field);
        }
        let mut hasher = DefaultHasher::new();
        field.hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % PLACES as u64).unwrap_or_default();
        let places = self.0.get_or_init(|| Arc::new([const { OnceLock::new() }; PLACES]));
        let Some(place) = places.get(at) else { return ValueRole::of_field(field) };
        let (known, role) = place.get_or_init(|| (field.clone(), ValueRole::of_field(field)));
        if known == field { *role } else { ValueRole::of_field(field) }
    }
}

/// What is remembered makes no difference.
impl PartialEq for RoleMemo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for RoleMemo {}

impl fmt::Debug for RoleMemo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoleMemo")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_the_name_says() {
        let memo = RoleMemo::default();
        // More names than places.
        let names = (0..300).map(|number| format!("company_phone_{number}"));
        let names: Vec<String> = names.chain(["fax", "plan", "billing_email"].map(str::to_owned)).collect();
        for _ in 0..2 {
            for name in &names {
                for field in [Field::Custom(name.as_str().into()), Field::Other(name.as_str().into())] {
                    assert_eq!(memo.of_field(&field), ValueRole::of_field(&field), "{name}");
                }
            }
        }
        let long = Field::Other("fax ".repeat(100).into());
        assert_eq!(memo.of_field(&long), ValueRole::of_field(&long));
    }
}
