//! The comparison of two names: can they be names of one person?
//!
//! Names agree only if the comparison is certain, because a person can review the others.

use crate::contact::Field;
use crate::person::person_name::{People, PersonName};
use crate::person::{families_agree, parts_agree};

/// The way in which two names contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Contradiction {
    /// The names belong to two people.
    Unlike(Field),
    /// One of the names stands for several people.
    Several(Field),
    /// The names differ in a suffix, or only one has a suffix.
    Suffix(Field),
}

/// Returns the contradiction between two names, or `None` if they can be names of one person. Cost: O(w) for w words,
/// at most a dozen in each of two fields.
pub(super) fn contradiction(a: &PersonName, b: &PersonName) -> Option<Contradiction> {
    let has_display_name = a.displayed.is_some() || b.displayed.is_some();
    between(a, b).or_else(|| if has_display_name { between(a.fullest(), b.fullest()) } else { None })
}

/// Returns the contradiction between two names without their display names.
fn between(a: &PersonName, b: &PersonName) -> Option<Contradiction> {
    let field = || a.field.clone();
    let differ_in_title = matches!((a.gender, b.gender), (Some(a), Some(b)) if a != b);
    match (&a.people, &b.people) {
        _ if differ_in_title => Some(Contradiction::Unlike(field())),
        (People::Unnamed, _) | (_, People::Unnamed) => None,
        (People::One { words: a_words, .. }, People::One { words: b_words, .. }) => {
            if a.suffix != b.suffix {
                return Some(Contradiction::Suffix(field()));
            }
            if may_be_couple(&a.people, &b.people) {
                return Some(Contradiction::Several(field()));
            }
            if a_words != b_words && !agree(a, b) {
                return Some(Contradiction::Unlike(unlike_field(a, b).unwrap_or_else(field)));
            }
            (!parts_agree(&a.middle, &b.middle)).then(|| Contradiction::Unlike(field()))
        }
        (People::Several { words: a_words }, People::Several { words: b_words })
            if a_words == b_words && a.suffix == b.suffix =>
        {
            None
        }
        _ => Some(Contradiction::Several(field())),
    }
}

/// Returns true if one name has a comma and the other is a single word. `Anna, Max` may be two people, of whom one is
/// in the other record.
fn may_be_couple(a: &People, b: &People) -> bool {
    let (People::One { words: a_words, has_comma: a_has, .. }, People::One { words: b_words, has_comma: b_has, .. }) =
        (a, b)
    else {
        return false;
    };
    a_has != b_has && if *a_has { b_words.len() == 1 } else { a_words.len() == 1 }
}

/// Returns true if the words of both names can be split into given and family names that agree.
fn agree(a: &PersonName, b: &PersonName) -> bool {
    let (People::One { words: a, given: a_range, .. }, People::One { words: b, given: b_range, .. }) =
        (&a.people, &b.people)
    else {
        return false;
    };
    let are_known = a_range.start() == a_range.end() && b_range.start() == b_range.end();
    a_range.clone().any(|a_at| {
        b_range.clone().any(|b_at| {
            let (Some((a_given, a_family)), Some((b_given, b_family))) =
                (a.split_at_checked(a_at), b.split_at_checked(b_at))
            else {
                return false;
            };
            let compares_one = |a: &[String], b: &[String]| !a.is_empty() && !b.is_empty();
            // A single word that may be a given or a family name must occur in the other name.
            let is_compared = are_known || compares_one(a_given, b_given) || compares_one(a_family, b_family);
            is_compared && parts_agree(a_given, b_given) && families_agree(a_family, b_family)
        })
    })
}

/// Returns the field in which two names do not agree, if both have two fields.
fn unlike_field(a: &PersonName, b: &PersonName) -> Option<Field> {
    if a.field == Field::DisplayName {
        return None;
    }
    let (People::One { words: a, given: a_range, .. }, People::One { words: b, given: b_range, .. }) =
        (&a.people, &b.people)
    else {
        return None;
    };
    let are_known = a_range.start() == a_range.end() && b_range.start() == b_range.end();
    let (given, other) = (a.get(..*a_range.start())?, b.get(..*b_range.start())?);
    are_known.then(|| if parts_agree(given, other) { Field::LastName } else { Field::FirstName })
}

/// Returns the least number of people who have these names, counted up to `limit`: the number of groups of names that
/// do not agree. Cost: O(n g) for n names and g groups.
pub(super) fn count_unlike<'a>(names: impl IntoIterator<Item = &'a PersonName>, limit: usize) -> usize {
    let mut names: Vec<&PersonName> = names.into_iter().filter(|name| !name.is_unnamed()).collect();
    // The fullest names come first, because an initial agrees with several names that do not agree with each other.
    names.sort_by_cached_key(|name| std::cmp::Reverse(fullness(name)));
    let mut groups: Vec<&PersonName> = Vec::new();
    for name in names {
        if groups.iter().all(|group| contradiction(group, name).is_some()) {
            groups.push(name);
        }
        if groups.len() >= limit {
            break;
        }
    }
    groups.len()
}

fn fullness(name: &PersonName) -> (usize, usize) {
    match &name.fullest().people {
        People::Unnamed => (0, 0),
        People::One { words, .. } | People::Several { words } => (words.len(), words.iter().map(String::len).sum()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::Contact;

    /// Returns a name with the text before `|` as first name and the rest as last name, or without `|` as display name.
    fn name(text: &str) -> PersonName {
        let contact = match text.split_once('|') {
            Some((given, family)) => Contact::new(1).with(Field::FirstName, given).with(Field::LastName, family),
            None => Contact::new(1).with(Field::DisplayName, text),
        };
        PersonName::of(&contact)
    }

    #[track_caller]
    fn assert_agree(a: &str, b: &str, agree: bool) {
        assert_eq!(contradiction(&name(a), &name(b)).is_none(), agree, "{a} and {b}");
        assert_eq!(contradiction(&name(b), &name(a)).is_none(), agree, "{b} and {a}");
    }

    #[test]
    fn equal_initial_beginning_and_missing_agree() {
        for (a, b) in [
            ("Anna|Muster", "ANNA|muster"),
            ("Jos\u{e9}|N\u{fa}\u{f1}ez", "Jose|Nunez"),
            ("Anna|Muster", "A.|Muster"),
            ("Anna|Muster", "Anna|M"),
            ("Anna|Example", "Anna|E"),
            ("Alex|Muster", "Alexander|Muster"),
            ("Max|Muster", "Maximilian|Muster"),
            ("Ben|Muster", "Benjamin|Muster"),
            ("Chris|Muster", "Christopher|Muster"),
            ("Dan|Muster", "Daniel|Muster"),
            ("Th.|Muster", "Thomas|Muster"),
            ("Anna|Muster", "Anna|"),
            ("Anna|Muster", "|Muster"),
            ("Anna|Muster", "|"),
            ("Anna|Muster", "+49 30 12345678"),
            ("Anna|Muster", "anna@example.com"),
            ("J. P.|Muster", "Jean-Paul|Muster"),
            ("Anna-Maria|Muster", "Anna Maria|Muster"),
            ("Anna|O'Brien", "Anna|O\u{2019}Brien"),
            ("Anna|van der Berg", "Anna|Berg"),
            ("Ana|Costa e Silva", "Ana|Costa Silva"),
            ("Dr. Anna|Muster", "Frau Anna|Muster PhD"),
            ("Max|Muster Jr.", "Max|Muster, junior"),
            ("Anna|Muster", "Anna Muster"),
            ("Anna|Muster", "Muster, Anna"),
            ("Anna|Muster", "Anna"),
            ("Anna|Muster", "Muster"),
            ("Anna|Muster", "Anna Muster|"),
            ("Anna|Muster", "|Anna Muster"),
            ("Anna \u{1f338}", "Anna"),
            ("A Muster", "Anna Muster"),
            ("Anna und Max|Muster", "anna und max|muster"),
            ("\u{674e}\u{660e}", "\u{674e}\u{660e}"),
        ] {
            assert_agree(a, b, true);
        }
    }

    #[test]
    fn what_is_not_surely_the_same_contradicts() {
        for (a, b) in [
            ("Anna|Muster", "Max|Muster"),
            ("Anna|Muster", "Anna|Bauer"),
            ("Anna|Muster", "M.|Muster"),
            ("Anna", "Max"),
            ("Muster", "Anna|"),
            // Initials and short forms are compared within one word.
            ("Anna|Muster", "Anna Maria|Muster"),
            ("Anna Muster", "Anna Maria Muster"),
            // Names of a man and a woman.
            ("Paul|Muster", "Paula|Muster"),
            ("Daniel|Muster", "Daniela|Muster"),
            ("Herr|Muster", "Frau|Muster"),
            ("Mr Muster", "Mrs Muster"),
            // Last words that look like degrees or particles are names.
            ("Minh Le", "Minh Tran"),
            ("Anna Do", "Anna Smith"),
            ("Le Minh", "Tran Minh"),
            ("Jack Ma", "Jack Smith"),
            ("Jack MA", "Jack Smith"),
            ("JACK MA", "JACK SMITH"),
            ("Jack Ma|", "Jack Smith|"),
            ("Kok Eng", "Kok Wei"),
            ("Kok Eng|Tan", "Kok Wei|Tan"),
            ("Eng Kok", "Wei Kok"),
            ("Anna Mba", "Anna Nguema"),
            ("Anna|Tran Le", "Anna|Tran Do"),
            // The same words in another order.
            ("Martin|Thomas", "Thomas|Martin"),
            // In scripts without case each letter is a word of its own.
            ("\u{674e}\u{660e}", "\u{674e}\u{660e}\u{534e}"),
            ("\u{660e}|\u{674e}", "\u{660e}\u{534e}|\u{674e}"),
            ("Acme GmbH", "Anna|Muster"),
            // Family names of a man and a woman, and names with the same beginning.
            ("Иван|Иванов", "Мария|Иванова"),
            ("А.|Иванов", "Анна|Иванова"),
            ("Иванов", "Иванова"),
            ("Александр|Петров", "Александра|Петрова"),
            ("Иван|Петров", "Иван|Петровский"),
            ("Роман|Ким", "Романенко|Ким"),
            ("Jan|Nov\u{e1}k", "Jana|Nov\u{e1}kov\u{e1}"),
            ("J.|Kowalski", "Joanna|Kowalska"),
            ("Anna|Muster", "Anna|Musterfrau"),
            ("Ivan|Petrov", "Ivan|Petrovsky"),
        ] {
            assert_agree(a, b, false);
        }
    }

    #[test]
    fn names_that_begin_alike_are_of_two_people() {
        for (a, b) in [
            ("Andrea", "Andreas"),
            ("Andr\u{e9}", "Andreas"),
            ("Ann", "Anna"),
            ("Anton", "Antonino"),
            ("Carlo", "Carlotta"),
            ("Chris", "Christine"),
            ("Dan", "Dana"),
            ("Daniel", "Danielle"),
            ("Gabriel", "Gabrielle"),
            ("George", "Georgette"),
            ("Henri", "Henriette"),
            ("Jan", "Jana"),
            ("Jan", "Jantje"),
            ("Joseph", "Josephine"),
            ("Jos\u{e9}", "Josefa"),
            ("Jos\u{e9}", "Josefina"),
            ("Juan", "Juanita"),
            ("Juan", "Juanito"),
            ("Julia", "Julian"),
            ("Julie", "Julienne"),
            ("Karl", "Karlheinz"),
            ("Maria", "Marian"),
            ("Maria", "Mariano"),
            ("Maria", "Marianne"),
            ("Max", "Maxine"),
            ("Michel", "Michelle"),
            ("Victor", "Victoria"),
        ] {
            assert_agree(&format!("{a}|Muster"), &format!("{b}|Muster"), false);
        }
        assert_agree("Anna|Hoff", "Anna|Hoffmann", false);
    }

    #[test]
    fn a_degree_is_cut_where_it_cannot_be_a_name() {
        for with_degree in ["Jack Smith MA", "Jack Smith, Ma", "Jack Smith M.A.", "Eng. Jack Smith", "Jack Smith phd"] {
            assert_agree(with_degree, "Jack Smith", true);
        }
        assert_agree("Jack|Smith MA", "Jack|Smith", true);
        assert_agree("Anna von Muster", "Anna Muster", true);
    }

    #[test]
    fn a_display_name_contradicts_where_the_name_is_not_whole() {
        let named = |fields: &[(Field, &str)]| {
            let add = |contact: Contact<u32>, (field, text): &(Field, &str)| contact.with(field.clone(), *text);
            PersonName::of(&fields.iter().fold(Contact::new(1), add))
        };
        let given = |first, shown| named(&[(Field::FirstName, first), (Field::DisplayName, shown)]);
        let family = |last, shown| named(&[(Field::LastName, last), (Field::DisplayName, shown)]);
        let unlike = Some(Contradiction::Unlike(Field::DisplayName));
        let (muster, bauer) = (given("Anna", "Anna Muster"), given("Anna", "Anna Bauer"));
        assert_eq!(contradiction(&muster, &bauer), unlike);
        assert_eq!(contradiction(&muster, &name("Anna|Bauer")), unlike);
        assert!(contradiction(&name("Anna|Bauer"), &muster).is_some());
        assert_eq!(contradiction(&family("Muster", "Anna Muster"), &family("Muster", "Max Muster")), unlike);
        let several = contradiction(&given("Anna", "Anna und Max Muster"), &given("Anna", "Anna Muster"));
        assert_eq!(several, Some(Contradiction::Several(Field::DisplayName)));
        let filho = given("Jo\u{e3}o", "Jo\u{e3}o Silva Filho");
        assert!(matches!(contradiction(&filho, &name("Jo\u{e3}o|Silva")), Some(Contradiction::Suffix(_))));
        assert_eq!(contradiction(&filho, &given("Joao", "J. Silva Filho")), None);
        for agrees in
            [given("Anna", "A. Muster"), given("Anna", "anna@example.com"), name("Anna|Muster"), name("Anna|")]
        {
            assert_eq!(contradiction(&muster, &agrees), None, "{agrees:?}");
        }
        assert_eq!(count_unlike(&[muster, bauer, name("Anna|")], 9), 2);
    }

    #[test]
    fn a_suffix_on_one_side_tells_people_apart() {
        let unlike = |a: &str, b: &str| contradiction(&name(a), &name(b));
        let suffix = Some(Contradiction::Suffix(Field::FirstName));
        for other in ["Jo\u{e3}o|Silva Filho", "Jo\u{e3}o|Silva Neto", "Joao|Silva, J\u{fa}nior", "Jo\u{e3}o|Silva III"]
        {
            assert_eq!(unlike("Jo\u{e3}o|Silva", other), suffix, "{other}");
        }
        assert_eq!(unlike("Max|Muster Jr", "Max|Muster Sr"), suffix);
        // A suffix is found without a family name, too.
        assert_eq!(unlike("Jo\u{e3}o|", "Jo\u{e3}o|J\u{fa}nior"), suffix);
        assert_eq!(unlike("Max Muster Jr.|", "Max|Muster"), suffix);
        let field = |suffix: &str| {
            let contact =
                Contact::new(1).with(Field::FirstName, "Max").with(Field::Other("Name Suffix".into()), suffix);
            PersonName::of(&contact)
        };
        assert_eq!(contradiction(&field("Jr."), &name("Max|Muster")), suffix);
        assert_eq!(contradiction(&field("PhD"), &name("Max|Muster")), None);
        assert_eq!(unlike("Max|Muster Jr", "|"), None, "a missing name contradicts nothing");
    }

    #[test]
    fn middle_names_in_a_field_of_their_own_are_compared() {
        let middle = |text: &str| {
            let contact = Contact::new(1).with(Field::FirstName, "Ada").with(Field::Other("Middle Name".into()), text);
            PersonName::of(&contact)
        };
        for (a, b, agree) in [("Maria", "M.", true), ("Maria", "", true), ("Maria", "Eva", false)] {
            assert_eq!(contradiction(&middle(a), &middle(b)).is_none(), agree, "{a} and {b}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_name_for_two_contradicts_each_of_them() {
        for both in [
            "Anna und Max|Muster", "Anna u. Max|Muster", "Anna & Max|Muster", "Anna&Max|Muster",
            "Anna and Max|Muster", "Anna e Max|Muster", "Anna y Max|Muster", "Anna et Max|Muster", "Anna+Max|Muster",
            "Anna / Max|Muster", "Anna, Max|Muster", "Anna|und Max Muster", "Anna|e Max Muster",
            "Anna und Max Muster", "Anna Muster & Max Muster", "|Anna und Max Muster", "Familie Muster",
            "|Familie Muster", "Mr. & Mrs.|Muster", "Mr/Mrs|Muster", "Anna ja Max|Muster", "Anna oraz Max Muster",
            "Anna with Max|Muster", "Anna \u{e9}s Max|Muster", "Anna a Max|Muster", "Anna - Max|Muster",
            "Anna \u{2013} Max|Muster", "Anna \\ Max", "Anna \u{2764}\u{fe0f} Max|Muster", "Anna\nMax",
            "Anna for Max", "Anna; Max|Muster", "Mother of Anna", "Anna's husband", "Anna\u{2019}s husband|Muster",
            "Anna (mum)|Muster", "Anna (Mama)", "Anna's work", "Anna's iPhone", "Mama Anna", "Mann von Anna",
            "M\u{e3}e da Anna", "Anna (Frau)", "Wife Max|Muster", "Мама Anna",
        ] {
            for one in ["Anna|Muster", "Max|Muster", "Anna Muster", "A.|Muster", "|Muster"] {
                assert!(
                    matches!(contradiction(&name(both), &name(one)), Some(Contradiction::Several(_))),
                    "{both} and {one}"
                );
            }
            assert_agree(both, "|", true);
            assert_agree(both, both, true);
        }
    }

    #[test]
    fn a_name_with_a_comma_may_be_a_couple() {
        for one in ["Anna", "Max", "Anna|", "Max|", "|Anna", "A.|"] {
            assert_agree("Anna, Max", one, false);
        }
        assert_agree("Muster, Anna", "Anna|Muster", true);
        assert_agree("Muster, Anna", "Muster, A.", true);
        assert_agree("Anna, Max", "Anna, Max", true);
    }

    #[test]
    fn unlike_names_are_counted_as_groups() {
        let count = |texts: &[&str]| {
            let names: Vec<PersonName> = texts.iter().map(|text| name(text)).collect();
            count_unlike(&names, 9)
        };
        assert_eq!(count(&[]), 0);
        assert_eq!(count(&["|", "A.|", "Anna|Muster", "Anna|M"]), 1);
        // An initial that agrees with two names belongs to one of them.
        assert_eq!(count(&["A.|", "Anna|", "Andrea|", "Max|"]), 3);
        assert_eq!(count(&["Anna und Max|", "Anna|", "Max|"]), 3);
    }

    #[test]
    fn a_field_for_titles_says_who_is_meant() {
        let titled = |title: &str| {
            let contact = Contact::new(1).with(Field::LastName, "Muster").with(Field::Other("Anrede".into()), title);
            PersonName::of(&contact)
        };
        let unlike = |a: &str, b: &str| contradiction(&titled(a), &titled(b));
        for (a, b) in [("Herr", "Frau"), ("Mr", "Mrs"), ("Herrn", "Frau Dr."), ("господин", "госпожа")] {
            assert!(matches!(unlike(a, b), Some(Contradiction::Unlike(_))), "{a} and {b}");
        }
        for both in ["Herr und Frau", "Mr. & Mrs.", "Mr/Mrs", "Familie"] {
            for one in ["Herr", "Mrs", "Dr.", ""] {
                assert!(matches!(unlike(both, one), Some(Contradiction::Several(_))), "{both} and {one}");
            }
            assert_eq!(unlike(both, both), None);
        }
        assert_eq!(unlike("Herr", "Dr."), None);
    }
}
