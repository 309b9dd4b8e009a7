//! From a suggestion and its contacts to what becomes of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use crate::contact::{Contact, ContactId, Field, Value};
use crate::index::Index;
use crate::key::{Derivation, Key};
use crate::merge::policy::MAX_CONTACTS_PER_MERGE;
use crate::normalize::Normalizer;
use crate::rules::agreement::{self, Contradiction};
use crate::rules::birth_date::BirthDate;
use crate::rules::person_name::PersonName;
use crate::suggestion::Suggestion;

/// A key that people of more than two unlike names hold merges nobody.
const MAX_UNLIKE_NAMES: usize = 2;

/// What becomes of a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Judgement<Id> {
    /// Its members may be merged without anybody looking at them.
    Merge,
    /// Somebody should look at it first.
    Review(ReviewReason<Id>),
}

/// Why a suggestion is for review. It names contacts and a field, never a value; `Display` says it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReviewReason<Id> {
    /// Two members are marked as distinct.
    Distinct {
        /// One of them, the smaller id.
        a: Id,
        /// The other.
        b: Id,
    },
    /// The suggestion has more members than the limit, or than one merge may have.
    Oversized {
        /// How many it has.
        members: usize,
    },
    /// A member is blocked.
    Blocked {
        /// The member.
        contact: Id,
    },
    /// A member, or another active contact that holds one of the keys, is not among the contacts given.
    Missing {
        /// The member or the holder.
        contact: Id,
    },
    /// The names of two members contradict each other.
    Names {
        /// One of them, the smaller id.
        a: Id,
        /// The other.
        b: Id,
        /// The field with the name, of the first one.
        field: Field,
    },
    /// A member's name is that of several people, and another member's is not the same.
    SeveralPeople {
        /// One of the two, the smaller id.
        a: Id,
        /// The other.
        b: Id,
        /// The field with the name, of the first one.
        field: Field,
    },
    /// A suffix as Jr or Filho tells two members apart, or only one has it.
    Suffix {
        /// One of them, the smaller id.
        a: Id,
        /// The other.
        b: Id,
        /// The field with the name, of the first one.
        field: Field,
    },
    /// The birth dates of two members contradict each other.
    BirthDate {
        /// One of them, the smaller id.
        a: Id,
        /// The other.
        b: Id,
        /// The field with the date, of the first one.
        field: Field,
    },
    /// Two members have different identifiers of the host's own.
    Identifier {
        /// One of them, the smaller id.
        a: Id,
        /// The other.
        b: Id,
        /// The field with the identifier.
        field: Field,
    },
    /// Two members share no exact key, and no number that differs only by a rule of its country.
    NoExactKey {
        /// One of them, the smaller id.
        a: Id,
        /// The other.
        b: Id,
    },
    /// Two members share no other key than one that people of more than two unlike names hold.
    SharedByMany {
        /// One of them, the smaller id.
        a: Id,
        /// The other.
        b: Id,
    },
}

impl<Id> ReviewReason<Id> {
    /// The reason's name in summaries and JSON, in snake case.
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

/// What one contact says that another one can contradict.
#[derive(PartialEq, Eq, Hash)]
struct Person {
    name: PersonName,
    birth: BirthDate,
    identifiers: Vec<(Field, BTreeSet<Key>)>,
}

/// Judges a suggestion by the cautious rules: its members may be merged where every two of them share an exact key or a
/// number that differs only by a rule of its country, and no names, suffix, birth date or identifier of two of them
/// contradict. A missing value contradicts nothing, but a key that people of more than two unlike names hold counts for
/// nothing. Everything else is for review.
///
/// `index` is the one that the suggestion is from. It says who else holds one of the keys
/// ([`Index::other_holders`]), and `contacts` must have them as well as the members: where one is not there the suggestion is for
/// review ([`ReviewReason::Missing`]), and further contacts do no harm. The [identifiers](Normalizer::identifier) of its normaliser
/// are those that may differ.
///
/// Names are equal, one is the initial of the other or short for it (word by word, and in both the given and the family
/// name), or they are unlike. A birth date is read from fields named so in several languages, however it is written.
///
/// The result depends on no order. O(m + k log k) for m contacts and k keys, and for d contacts that differ in what is compared,
/// and h holders of a key that not all members hold, the square of d and of h: at most 1,000 either, as no merge has more.
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
    match reason_to_review(suggestion, contacts, index) {
        Some(reason) => Judgement::Review(reason),
        None => Judgement::Merge,
    }
}

fn reason_to_review<Id: ContactId>(
    suggestion: &Suggestion<Id>,
    contacts: &[Contact<Id>],
    index: &Index<Id>,
) -> Option<ReviewReason<Id>> {
    let normalizer = index.normalizer();
    let ids = &suggestion.members;
    if let Some((a, b)) = suggestion.distinct.first() {
        return Some(ReviewReason::Distinct { a: a.clone(), b: b.clone() });
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
    let others = index.other_holders(suggestion);
    if let Some(contact) = others.into_iter().find(|id| !known.contains_key(id)) {
        return Some(ReviewReason::Missing { contact });
    }
    let others = names_of_others(suggestion, &known, normalizer);
    let is_for_one = |key: &Key, holders: &[usize]| {
        // The members agree with each other, so that only others can have unlike names.
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

/// Whether a value says the key itself, or by a rule that every number of its country follows.
fn is_exact_or_of_country(derivation: Derivation) -> bool {
    matches!(derivation, Derivation::Direct | Derivation::BrazilNinthDigit | Derivation::MexicoMobileOne)
}

/// The first two members that share none of the keys, given the holders of each.
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

/// The names of the active contacts outside of the suggestion that hold one of its keys, by the key.
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

/// What two members contradict each other in, if any do. People who are alike in all are compared once.
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

/// In what two people differ.
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
