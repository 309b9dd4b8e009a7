//! From the name of a field to the part of a comparable form that it gives.

use std::collections::HashMap;

use crate::contact::{Field, field_words};
use crate::field_names::parts::part::{FieldPart, Whole, part_of};

/// The part of a comparable form that a custom field gives. Names and birth dates are read elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FieldRole {
    Gender,
    Company,
    Street,
    HouseNumber,
    City,
    Postcode,
    State,
}

/// The names of fields, each written as one word. The first of each list is the well-known one.
const NAMES: [(&str, FieldRole); 7] = [
    ("gender sex geschlecht genero sexo sexe sesso", FieldRole::Gender),
    (
        "company companyname organization organisation organizationname employer firm firma empresa unternehmen entreprise \
societe azienda ditta accountname businessname",
        FieldRole::Company,
    ),
    ("street address streetaddress addressline1 address1 street1 strasse rua calle rue via", FieldRole::Street),
    ("housenumber streetnumber hausnummer numero", FieldRole::HouseNumber),
    (
        "city town suburb locality municipality birthplace placeofbirth ort stadt wohnort cidade ciudad ville citta \
municipio",
        FieldRole::City,
    ),
    ("postcode postalcode zip zipcode plz postleitzahl cep codigopostal codepostal cap", FieldRole::Postcode),
    ("state province region statecode bundesland estado provincia", FieldRole::State),
];

/// The roles of fields by their names, each looked up once.
#[derive(Default)]
pub(crate) struct FieldRoles {
    known: HashMap<Box<str>, Option<FieldRole>>,
}

impl FieldRoles {
    /// Returns the role of a field. Cost: O(n) in the length of its name, and more when the name is new.
    pub(crate) fn of(&mut self, field: &Field) -> Option<FieldRole> {
        let (Field::Custom(name) | Field::Other(name)) = field else { return None };
        if let Some(role) = self.known.get(name) {
            return *role;
        }
        let role = role_of(name);
        self.known.insert(name.clone(), role);
        role
    }
}

fn role_of(name: &str) -> Option<FieldRole> {
    let word = field_words(name).concat();
    let listed = NAMES.iter().find(|(names, _)| names.split(' ').any(|listed| listed == word));
    if let Some((_, role)) = listed {
        return Some(*role);
    }
    // The parts of one unnamed address: `Postal Address - City` and the like have other words and may be a firm's.
    match part_of(name) {
        Some((Whole::Address(beside), part)) if beside.is_empty() => match part {
            FieldPart::Street => Some(FieldRole::Street),
            FieldPart::City => Some(FieldRole::City),
            FieldPart::HouseNumber => Some(FieldRole::HouseNumber),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_by_their_names() {
        let mut roles = FieldRoles::default();
        for (name, expected) in [
            ("company", Some(FieldRole::Company)),
            ("Company Name", Some(FieldRole::Company)),
            ("postal_code", Some(FieldRole::Postcode)),
            ("house_number", Some(FieldRole::HouseNumber)),
            ("street", Some(FieldRole::Street)),
            ("state", Some(FieldRole::State)),
            ("gender", Some(FieldRole::Gender)),
            ("plan", None),
        ] {
            assert_eq!(roles.of(&Field::Custom(name.into())), expected, "{name}");
            assert_eq!(roles.of(&Field::Other(name.into())), expected, "{name}");
        }
        assert_eq!(roles.of(&Field::FirstName), None);
    }
}
