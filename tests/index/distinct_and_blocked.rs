//! What distinct pairs, blocks and common keys mean, one rule a test.

use onefold::contact::ContactPair;
use onefold::{
    Confidence, Contact, Edits, Index, IndexError, MergePolicy, MergeRequest, Normalizer, Patch, Rules, Strength,
};

fn with(id: u32, emails: &[&str]) -> Contact<u32> {
    emails.iter().fold(Contact::new(id), |contact, email| contact.with_email(*email))
}

fn index_of(contacts: &[Contact<u32>]) -> Index<u32> {
    let onefold::index::Built { index, extended, .. } = Index::build(Normalizer::new(), contacts);
    assert_eq!((extended.inserted, extended.rejections.len()), (contacts.len(), 0));
    index
}

fn groups(index: &Index<u32>) -> Vec<Vec<u32>> {
    index.suggestions().into_iter().map(|suggestion| suggestion.members).collect()
}

#[test]
fn an_undo_of_another_merge_is_refused_and_changes_nothing() {
    let contacts = [1, 2, 3].map(|id| with(id, &["desk@example.com"]));
    let mut index = index_of(&contacts);
    let merge = |name: &str, contacts: &[Contact<u32>]| -> Patch<u32> {
        MergePolicy::new().merge(contacts, &MergeRequest::new(name), &Normalizer::new()).expect("a merge").patch
    };
    let (first, other) = (merge("m", &contacts[..2]), merge("n", &[contacts[0].clone(), contacts[2].clone()]));
    let undo = |patch: &Patch<u32>| patch.undo(patch.survivor_merged(), Edits::Keep).expect("an undo");
    index.apply_merge(&first).expect("all are there");
    let before = index.ids().copied().collect::<Vec<_>>();
    assert_eq!(index.apply_undo(&first, &undo(&other)), Err(IndexError::OtherUndo { survivor: 1 }));
    assert_eq!(index.apply_undo(&other, &undo(&first)), Err(IndexError::OtherUndo { survivor: 1 }));
    assert_eq!(index.ids().copied().collect::<Vec<_>>(), before);
    // Taken back, and merged into another contact.
    index.apply_undo(&first, &undo(&first)).expect("its own");
    let elsewhere = merge("o", &[contacts[2].clone(), contacts[1].clone()]);
    index.apply_merge(&elsewhere).expect("all are there");
    let refused = index.apply_undo(&first, &undo(&first));
    assert_eq!(refused, Err(IndexError::NotMerged { id: 2, survivor: 1 }));
}

#[test]
fn what_both_shared_then_no_longer_joins_and_something_new_does() {
    let mut index = index_of(&[with(1, &["a@example.com"]), with(2, &["a@example.com"])]);
    index.mark_distinct(&2, &1).expect("two contacts");
    assert_eq!(groups(&index), Vec::<Vec<u32>>::new());
    index.update(&with(2, &["a@example.com", "b@example.com"])).expect("known");
    assert_eq!(groups(&index), Vec::<Vec<u32>>::new(), "only one of them has the new address");
    index.update(&with(1, &["a@example.com", "b@example.com"])).expect("known");
    assert_eq!(groups(&index), [[1, 2]]);
    assert_eq!(index.suggestions()[0].evidence.len(), 2, "what was known then counts again with the news");
    index.update(&with(1, &["a@example.com"])).expect("known");
    assert_eq!(groups(&index), Vec::<Vec<u32>>::new());
}

#[test]
fn forever_is_forever_until_it_is_cleared() {
    let mut index = index_of(&[with(1, &["a@example.com"]), with(2, &["a@example.com", "b@example.com"])]);
    index.mark_distinct_forever(&1, &2).expect("two contacts");
    index.update(&with(1, &["a@example.com", "b@example.com"])).expect("known");
    assert_eq!(groups(&index), Vec::<Vec<u32>>::new());
    assert_eq!(index.clear_distinct(&2, &1), Ok(true));
    assert_eq!(index.clear_distinct(&2, &1), Ok(false));
    assert_eq!(groups(&index), [[1, 2]]);
}

#[test]
fn a_common_key_is_no_news_until_fewer_hold_it() {
    let mut index = index_of(&[with(1, &[]), with(2, &[]), with(3, &["hub@example.com"])])
        .with_rules(Rules::new().with_max_holders(2));
    index.mark_distinct(&1, &2).expect("two contacts");
    index.update(&with(1, &["hub@example.com"])).expect("known");
    index.update(&with(2, &["hub@example.com"])).expect("known");
    assert_eq!(groups(&index), Vec::<Vec<u32>>::new());
    assert_eq!(index.common_keys()[0].holders, 3);
    index.block(&3).expect("known");
    assert_eq!(groups(&index), [[1, 2]]);
}

#[test]
fn a_key_that_links_too_weakly_is_no_news() {
    let phone = |id, text: &str| Contact::new(id).with_phone(text);
    let mut index = index_of(&[Contact::new(1), phone(2, "+1 202 555 0101 ext. 5")]);
    index.mark_distinct(&1, &2).expect("two contacts");
    index.update(&phone(1, "+1 202 555 0101")).expect("known");
    assert_eq!(groups(&index), Vec::<Vec<u32>>::new());
    // The pair is not open again: a key that joins others with both leaves the two marked distinct.
    index.insert(&phone(3, "+1 202 555 0101").with_email("c@example.com")).expect("new");
    index.update(&phone(2, "+1 202 555 0101 ext. 5").with_email("c@example.com")).expect("known");
    assert_eq!(groups(&index), [[1, 2, 3]]);
    assert_eq!(index.suggestions()[0].distinct, [ContactPair::new(1, 2)]);
    // Whoever asks for weak links has news.
    index.set_rules(Rules::new().with_min_strength(Strength::Weak));
    assert_eq!(index.suggestions()[0].distinct, []);
}

#[test]
fn a_third_contact_brings_a_pair_together_and_the_group_is_contested() {
    let mut index = index_of(&[with(1, &["a@example.com"]), with(2, &["a@example.com"]), with(3, &["a@example.com"])]);
    assert_eq!(index.suggestions()[0].confidence, Confidence::High);
    assert_eq!(index.suggestions()[0].bridges, []);
    index.mark_distinct(&1, &3).expect("two contacts");
    let suggestion = &index.suggestions()[0];
    assert_eq!(suggestion.members, [1, 2, 3]);
    assert_eq!(
        (suggestion.distinct.as_slice(), suggestion.is_contested()),
        ([ContactPair::new(1, 3)].as_slice(), true)
    );
    assert_eq!(suggestion.bridges, [ContactPair::new(1, 2), ContactPair::new(2, 3)]);
    assert_eq!(suggestion.confidence, Confidence::Low);
    assert_eq!(index.why(&1, &3).expect("a chain").len(), 2);
}

#[test]
fn a_blocked_contact_neither_appears_nor_bridges_and_comes_back_whole() {
    let mut index = index_of(&[
        with(1, &["a@example.com"]),
        with(2, &["a@example.com", "b@example.com"]),
        with(3, &["b@example.com"]),
    ]);
    let before = index.suggestions();
    assert_eq!(index.block(&2), Ok(true));
    assert_eq!(index.block(&2), Ok(false));
    assert_eq!(groups(&index), Vec::<Vec<u32>>::new());
    assert_eq!(index.suggestion_for(&2), None);
    let back = with(9, &["b@example.com"]);
    assert_eq!(index.matches_blocked(&back)[0].contact, 2);
    assert_eq!(index.contacts_like(&back).iter().map(|alike| alike.contact).collect::<Vec<_>>(), [3]);
    assert_eq!(index.unblock(&2), Ok(true));
    assert_eq!(index.suggestions(), before);
}

#[test]
fn an_update_keeps_decisions_and_a_removal_forgets_them() {
    let mut index = index_of(&[with(1, &["a@example.com"]), with(2, &["a@example.com"])]);
    index.block(&1).expect("known");
    index.mark_distinct(&1, &2).expect("two contacts");
    index.update(&with(1, &["a@example.com"])).expect("known");
    assert!(index.is_blocked(&1));
    index.remove(&1).expect("known");
    index.insert(&with(1, &["a@example.com"])).expect("new");
    assert_eq!(groups(&index), [[1, 2]]);
}

#[test]
fn refused_requests_name_the_contact_and_change_nothing() {
    let mut index = index_of(&[with(1, &["a@example.com"]), with(2, &["a@example.com"])]);
    let before = index.suggestions();
    assert_eq!(index.insert(&with(1, &[])), Err(IndexError::DuplicateContact { id: 1 }));
    assert_eq!(index.update(&with(7, &[])), Err(IndexError::UnknownContact { id: 7 }));
    assert_eq!(index.remove(&7), Err(IndexError::UnknownContact { id: 7 }));
    assert_eq!(index.block(&7), Err(IndexError::UnknownContact { id: 7 }));
    assert_eq!(index.mark_distinct(&1, &7), Err(IndexError::UnknownContact { id: 7 }));
    assert_eq!(index.mark_distinct(&1, &1), Err(IndexError::SameContact { id: 1 }));
    assert_eq!(index.suggestions(), before);
    for (error, text) in [
        (IndexError::DuplicateContact { id: 1 }, "contact 1 is in the index already"),
        (IndexError::UnknownContact { id: 7 }, "contact 7 is not in the index"),
        (IndexError::SameContact { id: 1 }, "contact 1 cannot be marked distinct from itself"),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn duplicates_and_rejections_of_a_bulk_build_are_reported_and_the_rest_goes_in() {
    let contacts = [with(1, &["a@example.com", "nonsense"]), with(1, &["b@example.com"]), with(2, &["a@example.com"])];
    let onefold::index::Built { index, extended, .. } = Index::build(Normalizer::new(), &contacts);
    assert_eq!((extended.inserted, extended.duplicates), (2, vec![1]));
    let rejected = &extended.rejections[0];
    assert_eq!((rejected.contact, rejected.rejection.place.position), (1, 1));
    assert_eq!(groups(&index), [[1, 2]]);
}

#[test]
fn a_blocked_contact_is_judged_as_any_other() {
    let mut index = index_of(&[with(1, &[]), with(2, &[])]);
    index.mark_distinct(&1, &2).expect("two contacts");
    index.block(&1).expect("known");
    assert!(index.is_distinct(&1, &2));
    for id in [1, 2] {
        index.update(&with(id, &["a@example.com"])).expect("known");
    }
    assert!(!index.is_distinct(&1, &2), "only one active contact holds the key, and it is news all the same");
}

#[test]
fn an_index_is_empty_until_somebody_is_in_it() {
    let mut index = index_of(&[]);
    assert!(index.is_empty());
    assert_eq!(index.len(), 0);
    index.insert(&with(1, &[]).blocked()).expect("new");
    index.insert(&with(2, &[])).expect("new");
    assert!(!index.is_empty());
    assert_eq!(index.len(), 2);
    index.remove(&1).expect("known");
    index.remove(&2).expect("known");
    assert!(index.is_empty());
}

#[test]
fn blocking_one_leaves_all_others_as_they_were() {
    let contacts: Vec<Contact<u32>> = (0..300).map(|id| with(id, &["a@example.com"])).collect();
    let mut index = index_of(&contacts);
    for id in [290, 5, 130, 64] {
        index.block(&id).expect("known");
    }
    index.unblock(&130).expect("known");
    index.unblock(&7).expect("known");
    assert_eq!(index.blocked_ids().copied().collect::<Vec<_>>(), [5, 64, 290]);
    assert!((0..300).all(|id| index.is_blocked(&id) == [5, 64, 290].contains(&id)));
}
