//! The stricter rule for automatic merging: a shared key under names that agree.

use std::fmt;

use crate::contact::ContactId;
use crate::person::name_words::may_cut_off;
use crate::similarity::comparable::{ComparableRow, Texts};
use crate::similarity::comparison::{self, email, family, given, phone};
use crate::similarity::field::ComparedField;
use crate::similarity::similarity_index::Similarity;

/// A key that more people have says nothing of two of them.
const MAX_PEOPLE: u32 = 2;

/// The reason why two contacts may not be merged without a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Disagreement {
    /// They share no phone, email, identifier or channel identity.
    NoSharedKey,
    /// More than two people have each key that they share.
    SharedByMany,
    /// A given name is missing, or the two are neither equal, short for each other, near, nor initials.
    GivenName,
    /// A family name is missing, or the two are neither equal, in part equal, nor near.
    FamilyName,
    /// A suffix differs, or only one name has one: a father is not his son.
    Suffix,
    /// The birth dates differ by more than a slip.
    BirthDate,
    /// An identifier of the host differs.
    Identifier,
}

impl Disagreement {
    /// Returns the reason's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoSharedKey => "no_shared_key",
            Self::SharedByMany => "shared_by_many",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Suffix => "suffix",
            Self::BirthDate => "birth_date",
            Self::Identifier => "identifier",
        }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSharedKey => "the contacts share no exact key",
            Self::SharedByMany => "more than two people have the shared keys",
            Self::GivenName => "the given names do not agree",
            Self::FamilyName => "the family names do not agree",
            Self::Suffix => "a suffix tells the names apart",
            Self::BirthDate => "the birth dates contradict each other",
            Self::Identifier => "the identifiers contradict each other",
        })
    }
}

impl std::error::Error for Disagreement {}

impl<Id: ContactId> Similarity<Id> {
    /// Checks that two contacts share an exact key under names that agree. It is a rule, not a score: on generated contacts
    /// of a CRM more than 999 in 1,000 such pairs are one person.
    ///
    /// A key counts if at most two people have it: groups of holders with unlike names. Given names agree if they are equal,
    /// short for each other, near, or one is the other's initial or beginning; family names if they are equal, equal in part,
    /// or near. Both must be there. Cost: that of one comparison.
    ///
    /// # Errors
    /// - The first [`Disagreement`] in order. Also [`Disagreement::NoSharedKey`] if one is not here, or if they are in two
    ///   workspaces.
    pub fn names_agree(&self, a: &Id, b: &Id) -> Result<(), Disagreement> {
        let (a, b) = self.two(a, b).ok_or(Disagreement::NoSharedKey)?;
        agreement(&self.set.texts, a, b)
    }
}

fn agreement(texts: &Texts, a: &ComparableRow, b: &ComparableRow) -> Result<(), Disagreement> {
    let outcome = comparison::compare(texts, a, b);
    let level = |field: ComparedField| outcome.level(field);
    let frequencies = &texts.frequencies;
    let has_email = level(ComparedField::Email) == Some(email::EXACT);
    let has_phone = level(ComparedField::Phone) == Some(phone::EXACT);
    let has_identifier = level(ComparedField::Identifier) == Some(0);
    if !has_email && !has_phone && !has_identifier {
        return Err(Disagreement::NoSharedKey);
    }
    let is_for_one = has_identifier
        || has_email && frequencies.email_people(outcome.value(ComparedField::Email)) <= MAX_PEOPLE
        || has_phone && frequencies.phone_people(outcome.value(ComparedField::Phone)) <= MAX_PEOPLE;
    if !is_for_one {
        return Err(Disagreement::SharedByMany);
    }
    let given_agrees = match level(ComparedField::Given) {
        Some(given::EXACT | given::NICKNAME | given::NEAR | given::INITIAL | given::PARTLY) => true,
        Some(given::CLOSE) => is_beginning(texts, a, b),
        _ => false,
    };
    if !given_agrees {
        return Err(Disagreement::GivenName);
    }
    if !matches!(level(ComparedField::Family), Some(family::EXACT | family::PARTLY | family::NEAR)) {
        return Err(Disagreement::FamilyName);
    }
    if level(ComparedField::Suffix).is_some_and(|level| level > 0) {
        return Err(Disagreement::Suffix);
    }
    // Exact, day and month exchanged, one digit, and the first of January of the same year.
    if level(ComparedField::BirthDate).is_some_and(|level| level > 4) {
        return Err(Disagreement::BirthDate);
    }
    if level(ComparedField::Identifier) == Some(1) {
        return Err(Disagreement::Identifier);
    }
    Ok(())
}

/// Returns true if the first given name of one is the beginning of the other's.
fn is_beginning(texts: &Texts, a: &ComparableRow, b: &ComparableRow) -> bool {
    let first =
        |row: &ComparableRow| row.given().first().map(|name| texts.names.text(*name).to_owned()).unwrap_or_default();
    let (a, b) = (first(a), first(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // Paul is not short for Paula.
    !short.is_empty() && long.strip_prefix(short.as_str()).is_some_and(may_cut_off)
}
