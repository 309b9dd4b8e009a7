//! A cache of the roles of fields, so that each name is interpreted once.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};

use crate::contact::Field;
use crate::field_names::role::value_role::{NamedRole, ValueRole};

/// The number of cached names. If another name occupies the slot of a name, its role is computed on each call.
const PLACES: usize = 128;

/// The greatest length of a cached name.
const MAX_NAME_BYTES: usize = 128;

/// A cache for [`ValueRole::of_field`].
///
/// Lookups do not block each other. Clones share the cached roles, which depend only on the names.
#[derive(Clone, Default)]
pub(crate) struct RoleMemo(OnceLock<Arc<[Remembered; PLACES]>>);

/// A cached field with its role.
type Remembered = OnceLock<(Field, Option<NamedRole>)>;

impl RoleMemo {
    /// Returns the role of a field, as [`ValueRole::of_field`] does. Cost: O(n) in the length of the name.
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

/// All caches are equal, because a cache affects no result.
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
        // More names than slots, so that names collide.
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
