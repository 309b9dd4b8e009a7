//! The judgement of a suggestion: may its contacts be merged automatically, or must a person review it?

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use crate::contact::{Contact, ContactId, Field, Value};
use crate::index::Index;
use crate::key::{Derivation, Key};
use crate::merge::policy::MAX_CONTACTS_PER_MERGE;
use crate::normalize::Normalizer;
use crate::person::birth_date::BirthDate;
use crate::person::person_name::PersonName;
use crate::rules::agreement::{self, Contradiction};
use crate::suggestion::Suggestion;

/// A key held under more unlike names than this is not used for automatic merging.
const MAX_UNLIKE_NAMES: usize = 2;

/// The judgement of a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Judgement<Id> {
    /// The members may be merged without a review.
    Merge,
    /// A person should review the suggestion first.
    Review(ReviewReason<Id>),
}

/// The reason why a suggestion needs a review. It names contacts and a field, never a value. `Display` writes it in
/// words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReviewReason<Id> {
    /// Two members are marked as distinct.
    Distinct {
        /// The member of the pair with the smaller id.
        a: Id,
        /// The other member of the pair.
        b: Id,
    },
    /// The suggestion has more members than the limit allows, or than one merge may have.
    Oversized {
        /// The number of its members.
        members: usize,
    },
    /// A member is blocked.
    Blocked {
        /// The blocked member.
        contact: Id,
    },
    /// A member, or another active contact that holds one of the keys, is missing from the contacts given.
    Missing {
        /// The missing contact.
        contact: Id,
    },
    /// The names of two members contradict each other.
    Names {
        /// The member of the pair with the smaller id.
        a: Id,
        /// The other member of the pair.
        b: Id,
        /// The field that holds the name, in the first member of the pair.
        field: Field,
    },
    /// A member's name stands for several people, and another member has a different name.
    SeveralPeople {
        /// The member of the pair with the smaller id.
        a: Id,
        /// The other member of the pair.
        b: Id,
        /// The field that holds the name, in the first member of the pair.
        field: Field,
    },
    /// Two members differ in a suffix such as Jr or Filho, or only one has a suffix.
    Suffix {
        /// The member of the pair with the smaller id.
        a: Id,
        /// The other member of the pair.
        b: Id,
        /// The field that holds the name, in the first member of the pair.
        field: Field,
    },
    /// The birth dates of two members contradict each other.
    BirthDate {
        /// The member of the pair with the smaller id.
        a: Id,
        /// The other member of the pair.
        b: Id,
        /// The field that holds the date, in the first member of the pair.
        field: Field,
    },
    /// Two members have different values of one of the host's identifiers.
    Identifier {
        /// The member of the pair with the smaller id.
        a: Id,
        /// The other member of the pair.
        b: Id,
        /// The field that holds the identifier.
        field: Field,
    },
    /// Two members share no exact key and no country variant of a number.
    NoExactKey {
        /// The member of the pair with the smaller id.
        a: Id,
        /// The other member of the pair.
        b: Id,
    },
    /// The only keys that two members share are held under more than two unlike names.
    SharedByMany {
        /// The member of the pair with the smaller id.
        a: Id,
        /// The other member of the pair.
        b: Id,
    },
}

impl<Id> ReviewReason<Id> {
    /// Returns the reason's name in summaries and JSON, in snake case.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Distinct { .. } => "distinct",
            Self::Oversized { .. } => "oversized",
            Self::Blocked { .. } => "blocked",
            Self::Missing { .. } => "missing",
            Self::Names { .. } => "names",
            Self::SeveralPeople { .. } => "several_people",
            Self::Suffix { .. } => "suffix",
            Self::BirthDate { .. } => "birth_date",
            Self::Identifier { .. } => "identifier",
            Self::NoExactKey { .. } => "no_exact_key",
            Self::SharedByMany { .. } => "shared_by_many",
        }
    }
}

impl<Id: ContactId> fmt::Display for ReviewReason<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Distinct { a, b } => write!(f, "contacts {a:?} and {b:?} are marked as distinct"),
            Self::Oversized { members } => write!(f, "{members} members are more than the limit"),
            Self::Blocked { contact } => write!(f, "contact {contact:?} is blocked"),
            Self::Missing { contact } => write!(f, "contact {contact:?} is not at hand"),
            Self::Names { a, b, field } => write!(f, "contacts {a:?} and {b:?} have unlike names ({field})"),
            Self::SeveralPeople { a, b, field } => {
                write!(f, "of contacts {a:?} and {b:?} one has the name of several people ({field})")
            }
            Self::Suffix { a, b, field } => {
                write!(f, "a suffix of the name tells contacts {a:?} and {b:?} apart ({field})")
            }
            Self::BirthDate { a, b, field } => write!(f, "contacts {a:?} and {b:?} have two birth dates ({field})"),
            Self::Identifier { a, b, field } => write!(f, "contacts {a:?} and {b:?} have two identifiers ({field})"),
            Self::NoExactKey { a, b } => write!(f, "contacts {a:?} and {b:?} share no exact key"),
            Self::SharedByMany { a, b } => {
                write!(f, "contacts {a:?} and {b:?} share only what people of other names have too")
            }
        }
    }
}

/// The compared values of one contact.
#[derive(PartialEq, Eq, Hash)]
struct Person {
    name: PersonName,
    birth: BirthDate,
    identifiers: Vec<(Field, BTreeSet<Key>)>,
}

/// Judges a suggestion by the cautious rules.
///
/// The members may be merged if both conditions hold for every two of them:
///
/// - They share an exact key, or a number that differs only by a country's rule. A key that is held under more than two
///   unlike names does not count.
/// - No name, suffix, birth date or identifier of one contradicts the other's. A missing value contradicts nothing.
///
/// Every other suggestion is for review.
///
/// `index` must be the index that the suggestion comes from. It gives the other holders of the keys
/// ([`Index::other_holders`]), and its normaliser the [identifiers](crate::normalize::NormalizerBuilder::identifier) that are compared.
/// `contacts` must contain the members and the other holders. If one is missing the suggestion is for review
/// ([`ReviewReason::Missing`]); further contacts are ignored.
///
/// Two names agree if given and family name agree word by word: the words are equal, or one given name is short for the
/// other, or one word is the initial of the other. A birth date is read in any notation, from fields with such a name
/// in several languages.
///
/// The result does not depend on any order. Cost: O(m + k log k) for m contacts and k keys, plus O(d^2 + h^2) for d
/// contacts with different compared values and h holders of a key that not all members hold. Both are at most 1,000,
/// the limit of one merge.
///
/// ```
/// use onefold::rules::{Judgement, ReviewReason, judge};
/// use onefold::{Contact, Field, Index, Normalizer};
///
/// let named = |id, name| Contact::new(id).with(Field::FirstName, name).with_phone("+49 30 12345678");
/// let judged = |contacts: &[Contact<u32>]| {
///     let index = Index::build(Normalizer::new(), contacts).index;
///     judge(&index.suggestion_for(&1).expect("two with one phone"), contacts, &index)
/// };
/// assert_eq!(judged(&[named(1, "Ada"), named(2, "A.")]), Judgement::Merge);
/// assert_eq!(
///     judged(&[named(1, "Ada"), named(2, "Charles")]),
///     Judgement::Review(ReviewReason::Names { a: 1, b: 2, field: Field::FirstName })
/// );
/// ```
pub fn judge<Id: ContactId>(suggestion: &Suggestion<Id>, contacts: &[Contact<Id>], index: &Index<Id>) -> Judgement<Id> {
    judge_with(suggestion, contacts, index.normalizer(), &index.other_holders(suggestion))
}

/// Judges a suggestion like [`judge`], without an index.
///
/// `normalizer` must be the one that the suggestion was found with. `other_holders` are the active contacts outside the
/// suggestion that hold one of its keys, in order of their ids: [`Index::other_holders`] or
/// [`BulkGroups::other_holders`](crate::bulk::BulkGroups::other_holders) gives them. `contacts` must contain the members and the
/// other holders. If one is missing the suggestion is for review ([`ReviewReason::Missing`]); further contacts are ignored.
///
/// Cost: that of [`judge`].
///
/// ```
/// use onefold::rules::{Judgement, judge_with};
/// use onefold::{Bulk, Contact, Normalizer, Rules};
///
/// let named = |id, name| Contact::new(id).with(onefold::Field::FirstName, name).with_email("ada@example.com");
/// let contacts = [named(1, "Ada"), named(2, "A.")];
/// let mut bulk = Bulk::new(Normalizer::new(), Rules::new());
/// for contact in &contacts {
///     bulk.add(None, contact);
/// }
/// let groups = bulk.groups();
/// let suggestions = groups.describe(None, &contacts);
/// assert_eq!(judge_with(&suggestions[0], &contacts, groups.normalizer(), &[]), Judgement::Merge);
/// ```
pub fn judge_with<Id: ContactId>(
    suggestion: &Suggestion<Id>,
    contacts: &[Contact<Id>],
    normalizer: &Normalizer,
    other_holders: &[Id],
) -> Judgement<Id> {
    match reason_to_review(suggestion, contacts, normalizer, other_holders) {
        Some(reason) => Judgement::Review(reason),
        None => Judgement::Merge,
    }
}

fn reason_to_review<Id: ContactId>(
    suggestion: &Suggestion<Id>,
    contacts: &[Contact<Id>],
    normalizer: &Normalizer,
    other_holders: &[Id],
) -> Option<ReviewReason<Id>> {
    let ids = &suggestion.members;
    if let Some(pair) = suggestion.distinct.first() {
        return Some(ReviewReason::Distinct { a: pair.first().clone(), b: pair.second().clone() });
    }
    if suggestion.oversized || ids.len() > MAX_CONTACTS_PER_MERGE {
        return Some(ReviewReason::Oversized { members: ids.len() });
    }
    let known: BTreeMap<&Id, &Contact<Id>> = contacts.iter().map(|contact| (&contact.id, contact)).collect();
    let mut members = Vec::with_capacity(ids.len());
    for id in ids {
        match known.get(id) {
            None => return Some(ReviewReason::Missing { contact: id.clone() }),
            Some(contact) if contact.blocked => return Some(ReviewReason::Blocked { contact: id.clone() }),
            Some(contact) => members.push(*contact),
        }
    }
    let people: Vec<Person> = members.iter().map(|contact| Person::of(contact, normalizer)).collect();
    if let Some(reason) = contradiction(ids, &people) {
        return Some(reason);
    }
    if let Some(contact) = other_holders.iter().find(|id| !known.contains_key(id)) {
        return Some(ReviewReason::Missing { contact: contact.clone() });
    }
    let others = names_of_others(suggestion, &known, normalizer);
    let is_for_one = |key: &Key, holders: &[usize]| {
        // The members agree with each other, so only other holders can have unlike names.
        let Some(others) = others.get(key) else { return true };
        let names = holders.iter().filter_map(|at| people.get(*at)).map(|person| &person.name).chain(others);
        agreement::count_unlike(names, MAX_UNLIKE_NAMES + 1) <= MAX_UNLIKE_NAMES
    };
    let (mut safe, mut common) = (Vec::new(), Vec::new());
    for evidence in &suggestion.evidence {
        let all = |is_wanted: &dyn Fn(Derivation) -> bool| -> Vec<usize> {
            let wanted = evidence.holders.iter().filter(|holder| is_wanted(holder.derivation));
            wanted.filter_map(|holder| ids.binary_search(&holder.contact).ok()).collect()
        };
        let holders = all(&is_exact_or_of_country);
        let is_safe = is_for_one(&evidence.key, &all(&|_| true));
        if is_safe { safe.push(holders) } else { common.push(holders) }
    }
    let (a, b) = unconnected_pair(ids.len(), &safe)?;
    let shares_common = common.iter().any(|holders| holders.contains(&a) && holders.contains(&b));
    let (a, b) = (ids.get(a)?.clone(), ids.get(b)?.clone());
    Some(if shares_common { ReviewReason::SharedByMany { a, b } } else { ReviewReason::NoExactKey { a, b } })
}

/// Returns true if a value gives the key itself, or by a rule that applies to every number of its country.
fn is_exact_or_of_country(derivation: Derivation) -> bool {
    matches!(derivation, Derivation::Direct | Derivation::BrazilNinthDigit | Derivation::MexicoMobileOne)
}

/// Returns the first two members that share none of the keys, given the holders of each key. Cost: O(m^2) for m
/// members.
fn unconnected_pair(members: usize, keys: &[Vec<usize>]) -> Option<(usize, usize)> {
    if keys.iter().any(|holders| holders.len() == members) {
        return None;
    }
    let mut share = vec![false; members * members];
    for holders in keys {
        for (at, a) in holders.iter().enumerate() {
            for b in holders.iter().skip(at + 1) {
                share[a.min(b) * members + a.max(b)] = true;
            }
        }
    }
    let mut pairs = (0..members).flat_map(|a| (a + 1..members).map(move |b| (a, b)));
    pairs.find(|(a, b)| !share[a * members + b])
}

/// Returns the names of the active contacts outside the suggestion that hold one of its keys, by key.
fn names_of_others<Id: ContactId>(
    suggestion: &Suggestion<Id>,
    contacts: &BTreeMap<&Id, &Contact<Id>>,
    normalizer: &Normalizer,
) -> BTreeMap<Key, Vec<PersonName>> {
    let keys: BTreeSet<&Key> = suggestion.evidence.iter().map(|evidence| &evidence.key).collect();
    let is_other = |id: &Id| suggestion.members.binary_search(id).is_err();
    let others = contacts.iter().filter(|(id, contact)| is_other(id) && !contact.blocked);
    let mut names: BTreeMap<Key, Vec<PersonName>> = BTreeMap::new();
    for (_, contact) in others {
        let held: BTreeSet<Key> = normalizer.contact(contact).keys.into_iter().map(|held| held.key).collect();
        for key in held.into_iter().filter(|key| keys.contains(key)) {
            names.entry(key).or_default().push(PersonName::of(*contact));
        }
    }
    names
}

/// Returns the first contradiction between two members, or `None`. Members with the same compared values are compared
/// once.
fn contradiction<Id: ContactId>(ids: &[Id], people: &[Person]) -> Option<ReviewReason<Id>> {
    let mut firsts: HashMap<&Person, usize> = HashMap::with_capacity(people.len());
    for (at, person) in people.iter().enumerate() {
        firsts.entry(person).or_insert(at);
    }
    let mut unlike: Vec<(usize, &Person)> = firsts.into_iter().map(|(person, at)| (at, person)).collect();
    unlike.sort_by_key(|(at, _)| *at);
    for (place, (a_at, a)) in unlike.iter().enumerate() {
        for (b_at, b) in unlike.iter().skip(place + 1) {
            if let Some(differs) = a.differs(b) {
                let (a, b) = (ids.get(*a_at)?.clone(), ids.get(*b_at)?.clone());
                return Some(differs.between(a, b));
            }
        }
    }
    None
}

/// The difference between two people.
enum Difference {
    Name(Contradiction),
    BirthDate(Field),
    Identifier(Field),
}

impl Difference {
    fn between<Id>(self, a: Id, b: Id) -> ReviewReason<Id> {
        match self {
            Self::Name(Contradiction::Unlike(field)) => ReviewReason::Names { a, b, field },
            Self::Name(Contradiction::Several(field)) => ReviewReason::SeveralPeople { a, b, field },
            Self::Name(Contradiction::Suffix(field)) => ReviewReason::Suffix { a, b, field },
            Self::BirthDate(field) => ReviewReason::BirthDate { a, b, field },
            Self::Identifier(field) => ReviewReason::Identifier { a, b, field },
        }
    }
}

impl Person {
    fn of<Id>(contact: &Contact<Id>, normalizer: &Normalizer) -> Self {
        let identifiers = normalizer.identifiers().filter_map(|name| {
            let field = Field::Custom(name.into());
            let texts: Vec<&str> = match contact.get(&field)? {
                Value::List(items) => items.iter().filter_map(Value::as_written).collect(),
                one => one.as_written().into_iter().collect(),
            };
            let keys: BTreeSet<Key> =
                texts.iter().filter_map(|text| normalizer.identifier_key(name, text).ok()).map(|key| key.key).collect();
            (!keys.is_empty()).then_some((field, keys))
        });
        Self { name: PersonName::of(contact), birth: BirthDate::of(contact), identifiers: identifiers.collect() }
    }

    fn differs(&self, other: &Self) -> Option<Difference> {
        if let Some(contradiction) = agreement::contradiction(&self.name, &other.name) {
            return Some(Difference::Name(contradiction));
        }
        if let Some(field) = self.birth.contradiction(&other.birth) {
            return Some(Difference::BirthDate(field.clone()));
        }
        let differs = |(field, keys): &&(Field, BTreeSet<Key>)| {
            other.identifiers.iter().any(|(name, others)| name == field && keys.is_disjoint(others))
        };
        self.identifiers.iter().find(differs).map(|(field, _)| Difference::Identifier(field.clone()))
    }
}
