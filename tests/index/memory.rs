//! What an index takes, counted at the allocator.

use onefold::{Contact, Index, Normalizer};

const CONTACTS: u64 = 200_000;

/// A phone, and an email of 21 bytes; every seventh contact shares a phone or an email with the one before.
fn contact(id: u64) -> Contact<u64> {
    let phone = if id.is_multiple_of(14) { id + 1 } else { id };
    let email = if id % 14 == 7 { id + 1 } else { id };
    Contact::new(id).with_phone(format!("+4915{phone:09}")).with_email(format!("p{email:08}@example.com"))
}

fn bytes_of(build: impl FnOnce() -> Index<u64> + Send) -> (Index<u64>, usize) {
    // The counter is a thread's own, so that all is done by this one.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().expect("a pool of one");
    let mut index = None;
    let counted = allocation_counter::measure(|| index = Some(pool.install(build)));
    (index.expect("it was built"), usize::try_from(counted.bytes_current).expect("more than before"))
}

#[test]
fn at_most_a_hundred_bytes_a_contact() {
    let contacts: Vec<Contact<u64>> = (0..CONTACTS).map(contact).collect();
    assert_eq!(contacts[0].emails().next().map(str::len), Some(21));
    // What the library sets up once is not the index's.
    let _ = Index::new(Normalizer::new()).insert(&contacts[0]);
    let (index, bytes) = bytes_of(|| Index::build(Normalizer::new(), &contacts).index);
    assert_eq!(index.suggestion_counts().contacts, 2 * (CONTACTS as usize).div_ceil(7));
    let each = bytes as f64 / CONTACTS as f64;
    eprintln!("{each:.1} bytes a contact");
    assert!(each <= 100.0, "{each}");
    let estimate = index.memory() as f64 / bytes as f64;
    assert!((0.8..1.25).contains(&estimate), "the index says {estimate} of what it takes");
}

#[test]
fn what_is_removed_is_given_back_or_used_again() {
    let contacts: Vec<Contact<u64>> = (0..CONTACTS).map(contact).collect();
    let (mut index, full) = bytes_of(|| Index::build(Normalizer::new(), &contacts).index);
    let mut churn = |round: u64| {
        let churned = allocation_counter::measure(|| {
            for id in (0..CONTACTS).step_by(2) {
                index.remove(&id).expect("known");
            }
            for id in (0..CONTACTS).step_by(2) {
                // Other keys each time, so that those before are held by nobody.
                let email = format!("q{:08}@example.com", id * 10 + round);
                index.insert(&contact(id).with_email(email)).expect("new");
            }
        });
        churned.bytes_current as f64 / full as f64
    };
    // Half of the contacts hold three keys now instead of two; after that nothing grows.
    let first = churn(0);
    let later: f64 = (1..=6).map(&mut churn).sum();
    eprintln!("{first:.2} of what it took more after one round, and {later:.2} after six others");
    assert!(first < 0.9 && later < 0.2, "{first} {later}");
}
