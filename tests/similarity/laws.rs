//! What holds for any contacts: the order does not matter, a pair has one score, and updates end where a new fit begins.

use onefold::similarity::{FittedModel, Model, ScopedContact, Similarity};
use onefold::{Contact, Normalizer};
use proptest::prelude::*;

use crate::generated_people::{contact, contacts, people};

fn scoped(contacts: &[Contact<u32>]) -> Vec<ScopedContact<'_, u32>> {
    contacts.iter().map(|contact| ScopedContact::new(None, contact)).collect()
}

/// Everything that can be asked.
fn answers(similarity: &Similarity<u32>) -> String {
    let suggestions = similarity.suggestions();
    format!(
        "{suggestions:?} {:?} {:?} {:?}",
        similarity.pairs(),
        similarity.uncertain(5),
        similarity.separations(&suggestions)
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_contacts_does_not_matter(parts in people(0..40), turn in 0..40_usize) {
        let contacts = contacts(&parts);
        let mut turned = contacts.clone();
        turned.rotate_left(turn.min(contacts.len()));
        turned.reverse();
        let (a, b) = (Similarity::fit(&contacts, &Model::shipped()), Similarity::fit(&turned, &Model::shipped()));
        prop_assert_eq!(answers(&a), answers(&b));
        prop_assert_eq!(a.fitted(), b.fitted());
    }

    #[test]
    fn threads_do_not_matter(parts in people(0..40)) {
        let contacts = contacts(&parts);
        let fit = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| answers(&Similarity::fit(&contacts, &Model::shipped())))
        };
        prop_assert_eq!(fit(1), fit(4));
    }

    #[test]
    fn blocked_contacts_have_no_influence(parts in people(0..30)) {
        let all = contacts(&parts);
        let active: Vec<Contact<u32>> = all.iter().filter(|contact| !contact.blocked).cloned().collect();
        let (a, b) = (Similarity::fit(&all, &Model::shipped()), Similarity::fit(&active, &Model::shipped()));
        prop_assert_eq!(answers(&a), answers(&b));
    }

    #[test]
    fn a_pair_has_one_score_and_its_bits_add_up(parts in people(2..12)) {
        let contacts = contacts(&parts);
        let similarity = Similarity::fit(&contacts, &Model::shipped());
        for a in &contacts {
            for b in &contacts {
                prop_assert_eq!(similarity.score(&a.id, &b.id), similarity.score(&b.id, &a.id));
                if let Some(why) = similarity.why(&a.id, &b.id) {
                    let sum = why.prior + why.fields.iter().map(|field| field.bits).sum::<f64>();
                    prop_assert!((sum - why.score.bits).abs() < 0.001, "{sum} {:?}", why.score);
                    prop_assert_eq!(Some(why.score), similarity.score(&a.id, &b.id));
                }
            }
        }
    }

    #[test]
    fn updates_end_where_a_new_start_begins(
        parts in people(1..40),
        changes in prop::collection::vec((0..45_u32, prop::option::weighted(0.7, 0..40_usize)), 1..12),
    ) {
        let start = contacts(&parts);
        let mut similarity = Similarity::fit(&start, &Model::shipped());
        let fitted = similarity.fitted().clone();
        let mut now: std::collections::BTreeMap<u32, Contact<u32>> =
            start.into_iter().map(|contact| (contact.id, contact)).collect();
        for (id, change) in changes {
            match change {
                Some(other) => {
                    let changed = contact(id, parts[other % parts.len()]);
                    similarity.update(&changed);
                    now.insert(id, changed);
                }
                None => {
                    prop_assert_eq!(similarity.remove(&id), now.remove(&id).is_some_and(|contact| !contact.blocked));
                }
            }
        }
        let contacts: Vec<Contact<u32>> = now.into_values().collect();
        let anew = Similarity::with_fitted(&scoped(&contacts), &Normalizer::new(), &fitted);
        prop_assert_eq!(answers(&similarity), answers(&anew));
        similarity.refresh();
        prop_assert_eq!(answers(&similarity), answers(&Similarity::fit(&contacts, &Model::shipped())));
    }

    #[test]
    fn a_fitted_model_is_read_as_it_was_written(parts in people(0..30)) {
        let contacts = contacts(&parts);
        let similarity = Similarity::fit(&contacts, &Model::shipped());
        let read = FittedModel::from_json(&similarity.fitted().to_json());
        prop_assert_eq!(read.as_ref(), Ok(similarity.fitted()));
        let again = Similarity::with_fitted(&scoped(&contacts), &Normalizer::new(), similarity.fitted());
        prop_assert_eq!(answers(&similarity), answers(&again));
    }

    #[test]
    fn workspaces_are_kept_apart(parts in people(2..24)) {
        let contacts = contacts(&parts);
        let workspace = |id: u32| if id.is_multiple_of(2) { "even" } else { "odd" };
        let scoped: Vec<ScopedContact<'_, u32>> =
            contacts.iter().map(|contact| ScopedContact::new(Some(workspace(contact.id)), contact)).collect();
        let similarity = Similarity::fit_scoped(&scoped, &Normalizer::new(), &Model::shipped());
        for suggestion in similarity.suggestions() {
            prop_assert!(suggestion.members.iter().all(|id| workspace(*id) == workspace(suggestion.members[0])));
        }
        prop_assert_eq!(similarity.score(&0, &1), None);
    }
}
