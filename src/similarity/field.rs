//! The fields that are compared, and the levels of their comparison.

use std::fmt;

/// A part of two contacts that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ComparedField {
    /// The first of the given names.
    Given,
    /// The family names.
    Family,
    /// Whether given and family name stand in the same order.
    NameOrder,
    /// The further given names.
    Middle,
    /// The suffix of the name.
    Suffix,
    /// The birth date.
    BirthDate,
    /// The email addresses: the two that are most alike.
    Email,
    /// The phone numbers: the two that are most alike.
    Phone,
    /// The company.
    Company,
    /// The street with the number of the house.
    Street,
    /// The city.
    City,
    /// The postcode.
    Postcode,
    /// The state or province.
    State,
    /// The country.
    Country,
    /// The host's identifiers and the identities on channels.
    Identifier,
    /// The gender.
    Gender,
}

/// The number of compared fields.
pub(crate) const FIELDS: usize = 16;

/// The greatest number of levels of a field.
pub(crate) const MAX_LEVELS: usize = 9;

/// The part that the frequency of the compared value has in a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rarity {
    /// The frequency of the value stands in place of the share of the level.
    Whole,
    /// A value that is rarer than others counts half as much more.
    Half,
    /// The value has no part.
    None,
}

use Rarity::{Half, None as No, Whole};

/// The levels of a field: the name of each, and the part of the value's frequency.
pub(crate) type Levels = &'static [(&'static str, Rarity)];

const GIVEN: Levels = &[
    ("exact", Whole),
    ("nickname", Half),
    ("near", Half),
    ("initial", No),
    ("partly", Half),
    ("close", No),
    ("different", No),
    ("several", No),
];
const FAMILY: Levels = &[
    ("exact", Whole),
    ("partly", Whole),
    ("near", Half),
    ("initial", No),
    ("close", No),
    ("mixed", No),
    ("different", No),
];
const NAME_ORDER: Levels = &[("straight", No), ("swapped", No)];
const MIDDLE: Levels = &[("same", No), ("close", No), ("different", No), ("one_sided", No)];
const SUFFIX: Levels = &[("same", No), ("one_sided", No), ("contradicting", No)];
const BIRTH_DATE: Levels = &[
    ("exact", Whole),
    ("exact_january_first", Whole),
    ("day_and_month_swapped", No),
    ("one_edit", No),
    ("same_year_january_first", No),
    ("two_parts", No),
    ("two_edits", No),
    ("near_years", No),
    ("different", No),
];
const EMAIL: Levels = &[
    ("exact", Whole),
    ("near_domain", Half),
    ("same_mailbox_elsewhere", Half),
    ("one_edit", No),
    ("close", No),
    ("after_the_name", No),
    ("domain", No),
    ("different", No),
];
const PHONE: Levels = &[
    ("exact", Whole),
    ("extension_one_sided", Whole),
    ("one_digit", No),
    ("two_digits", No),
    ("extension_differs", No),
    ("different", No),
];
const COMPANY: Levels = &[("exact", Whole), ("near", Half), ("close", No), ("mixed", No), ("different", No)];
const STREET: Levels = &[
    ("exact", Whole),
    ("near_and_number", Half),
    ("exact_without_number", Half),
    ("near_other_number", No),
    ("number", No),
    ("far", No),
    ("different", No),
];
const CITY: Levels = &[("exact", Whole), ("near", Half), ("close", No), ("different", No)];
const POSTCODE: Levels = &[("exact", Whole), ("near", No), ("close", No), ("different", No)];
const STATE: Levels = &[("same", Whole), ("different", No)];
const COUNTRY: Levels = &[("same", No), ("different", No)];
const IDENTIFIER: Levels = &[("same", Whole), ("different", No)];
const GENDER: Levels = &[("same", No), ("different", No)];

impl ComparedField {
    /// Every field, in order.
    pub const ALL: [Self; FIELDS] = [
        Self::Given,
        Self::Family,
        Self::NameOrder,
        Self::Middle,
        Self::Suffix,
        Self::BirthDate,
        Self::Email,
        Self::Phone,
        Self::Company,
        Self::Street,
        Self::City,
        Self::Postcode,
        Self::State,
        Self::Country,
        Self::Identifier,
        Self::Gender,
    ];

    /// Returns the field's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Family => "family",
            Self::NameOrder => "name_order",
            Self::Middle => "middle",
            Self::Suffix => "suffix",
            Self::BirthDate => "birth_date",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Company => "company",
            Self::Street => "street",
            Self::City => "city",
            Self::Postcode => "postcode",
            Self::State => "state",
            Self::Country => "country",
            Self::Identifier => "identifier",
            Self::Gender => "gender",
        }
    }

    /// Returns the names of the field's levels, from the most to the least alike.
    pub fn levels(self) -> impl Iterator<Item = &'static str> {
        self.level_list().iter().map(|(name, _)| *name)
    }

    pub(crate) fn level_list(self) -> Levels {
        match self {
            Self::Given => GIVEN,
            Self::Family => FAMILY,
            Self::NameOrder => NAME_ORDER,
            Self::Middle => MIDDLE,
            Self::Suffix => SUFFIX,
            Self::BirthDate => BIRTH_DATE,
            Self::Email => EMAIL,
            Self::Phone => PHONE,
            Self::Company => COMPANY,
            Self::Street => STREET,
            Self::City => CITY,
            Self::Postcode => POSTCODE,
            Self::State => STATE,
            Self::Country => COUNTRY,
            Self::Identifier => IDENTIFIER,
            Self::Gender => GENDER,
        }
    }

    /// Returns true for fields that are parts of one address, which count once.
    pub(crate) fn is_place(self) -> bool {
        matches!(self, Self::Street | Self::City | Self::Postcode | Self::State)
    }

    /// Returns true for fields whose share among random pairs is not counted but shipped, since their levels have a
    /// meaning only for names that agree.
    pub(crate) fn has_fixed_share(self) -> bool {
        matches!(self, Self::NameOrder | Self::Suffix | Self::Middle | Self::Country)
    }
}

impl fmt::Display for ComparedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_in_order_and_have_their_levels() {
        for (place, field) in ComparedField::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, place);
            assert!((2..=MAX_LEVELS).contains(&field.level_list().len()), "{field}");
        }
    }
}
