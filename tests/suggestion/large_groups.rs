//! Groups of any size and shape are found, in little stack and without looking at every pair.

use onefold::contact::ContactPair;
use onefold::{Confidence, Contact, Index, Normalizer, Rules};

const MANY: u32 = 100_000;

/// Runs on a thread with half a megabyte of stack.
fn in_little_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(512 * 1024).spawn(test).expect("a thread").join().expect("the test passes");
}

fn index_of(contact: impl Fn(u32) -> Contact<u32>) -> Index<u32> {
    let contacts: Vec<Contact<u32>> = (0..MANY).map(contact).collect();
    Index::build(Normalizer::new(), &contacts).index
}

#[test]
fn one_key_on_everybody() {
    in_little_stack(|| {
        let mut index = index_of(|id| Contact::new(id).with_email("hub@example.com"));
        assert_eq!(index.suggestions(), []);
        assert_eq!(index.suggestion_for(&7), None);
        assert_eq!(index.common_keys()[0].holders, MANY as usize);

        index.set_rules(Rules::new().with_unlimited_holders());
        for other in 1..100 {
            index.mark_distinct(&0, &other).expect("two contacts");
        }
        let all = index.suggestions();
        assert_eq!((all.len(), all[0].members.len(), all[0].oversized), (1, MANY as usize, true));
        assert_eq!((all[0].distinct.len(), all[0].bridges.len(), all[0].confidence), (99, 0, Confidence::Low));
        assert_eq!(index.suggestion_for(&(MANY - 1)).as_ref(), all.first());
        assert_eq!(index.suggestions_page(None, 1).suggestions, all);
        assert_eq!(index.why(&0, &5).expect("a chain").len(), 2);
    });
}

#[test]
fn one_number_with_an_extension_for_everybody_joins_nobody() {
    in_little_stack(|| {
        let mut index = index_of(|id| Contact::new(id).with_phone(format!("+1 202 555 0101 ext. {id}")));
        index.set_rules(Rules::new().with_unlimited_holders().with_min_strength(onefold::Strength::Weak));
        assert_eq!(index.suggestions(), []);
        assert_eq!(index.suggestion_for(&7), None);
        assert_eq!(index.suggestions_page(None, 10).suggestions, []);
        index.insert(&Contact::new(MANY).with_phone("+1 202 555 0101")).expect("new");
        let all = index.suggestions();
        assert_eq!((all[0].members.len(), all[0].bridges.len()), (MANY as usize + 1, MANY as usize));
        assert_eq!(index.why(&1, &2).expect("a chain").len(), 2);
    });
}

#[test]
fn a_chain_of_everybody() {
    in_little_stack(|| {
        let link = |id: u32| format!("link-{id}@example.com");
        let index = index_of(|id| Contact::new(id).with_email(link(id)).with_email(link(id + 1)));
        let all = index.suggestions();
        assert_eq!((all.len(), all[0].members.len(), all[0].bridges.len()), (1, MANY as usize, MANY as usize - 1));
        assert_eq!(index.suggestion_for(&1).as_ref(), all.first());
        assert_eq!(index.why(&0, &(MANY - 1)).expect("a chain").len(), MANY as usize - 1);
        assert_eq!(index.suggestions_page(Some(&0), 5).suggestions, []);
    });
}

#[test]
fn a_distinct_pair_that_shares_thousands_of_keys() {
    in_little_stack(|| {
        let contact =
            |id| (0..5_000).fold(Contact::new(id), |contact, n| contact.with_email(format!("mail-{n}@example.com")));
        let mut index = Index::build(Normalizer::new(), &[contact(1), contact(2)]).index;
        index.mark_distinct(&1, &2).expect("two contacts");
        assert_eq!(index.suggestions(), []);
        assert!(index.is_distinct(&1, &2));
    });
}

#[test]
fn a_contact_distinct_from_everybody() {
    in_little_stack(|| {
        let mut index = index_of(|id| Contact::new(id).with_email(format!("pair-{}@example.com", id / 2)));
        for other in 1..MANY {
            index.mark_distinct(&0, &other).expect("two contacts");
        }
        assert_eq!(index.suggestion_for(&0), None);
        index.insert(&Contact::new(MANY).with_email("pair-0@example.com")).expect("new");
        assert_eq!(index.suggestion_for(&0).map(|suggestion| suggestion.distinct), Some(vec![ContactPair::new(0, 1)]));
    });
}
