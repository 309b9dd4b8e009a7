//! Input made to hurt costs in proportion to its size: counted are the bytes that are asked for and the comparisons of ids,
//! never seconds. All of it runs in half a megabyte of stack.
#![cfg(feature = "serde")]

use std::cell::Cell;
use std::cmp::Ordering;

use onefold::{
    Bulk, Contact, ContactId, Edits, Field, Index, MergePolicy, MergeRequest, Normalizer, Patch, Reason, Rules, Value,
};
use onefold_workspace::{Protocol, Workspace};

const MILLION: u32 = 1_000_000;

thread_local! {
    static COMPARISONS: Cell<u64> = const { Cell::new(0) };
}

/// An id that counts how often it is compared, on one thread.
#[derive(Clone, Debug)]
struct Id(u32);

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Id {}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        COMPARISONS.set(COMPARISONS.get() + 1);
        self.0.cmp(&other.0)
    }
}

impl ContactId for Id {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        self.0.to_be_bytes()
    }
}

/// What something costs.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// The most bytes held at once beside those that were held before.
    held: u64,
    /// All bytes that were ever asked for.
    asked: u64,
    comparisons: u64,
}

/// Runs on one thread with half a megabyte of stack, and counts.
fn cost(run: impl FnOnce() + Send) -> Cost {
    let on_one_thread = || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().expect("a thread pool");
        pool.install(|| {
            COMPARISONS.set(0);
            let counted = allocation_counter::measure(run);
            Cost { held: counted.bytes_max, asked: counted.bytes_total, comparisons: COMPARISONS.get() }
        })
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn_scoped(scope, on_one_thread);
        thread.expect("a thread").join().expect("no overflow")
    })
}

/// Ten times the input costs about ten times as much.
#[track_caller]
fn assert_in_proportion(what: &str, tenth: Cost, whole: Cost) {
    // A logarithm more, and what growing by doubling may waste.
    assert!(whole.asked <= 24 * tenth.asked, "{what}: {tenth:?} {whole:?}");
    assert!(whole.held <= 22 * tenth.held, "{what}: {tenth:?} {whole:?}");
    assert!(whole.comparisons <= 14 * tenth.comparisons + 1_000, "{what}: {tenth:?} {whole:?}");
}

fn groups_of(n: u32, rules: Rules, contact: &(impl Fn(u32) -> Contact<Id> + Sync), groups: usize) -> Cost {
    cost(|| {
        let mut index = Index::new(Normalizer::new()).with_rules(rules);
        for id in 0..n {
            index.insert(&contact(id)).expect("new");
        }
        let suggestions = index.suggestions();
        assert_eq!(suggestions.len(), groups);
        assert!(suggestions.iter().all(|suggestion| suggestion.members.len() == n as usize));
        drop(suggestions);
        assert_eq!(index.suggestion_for(&Id(n / 2)).is_some(), groups == 1);
        assert_eq!(index.suggestion_counts().contacts, groups * n as usize);
        for id in (0..n).step_by(7) {
            index.remove(&Id(id)).expect("there");
        }
    })
}

#[test]
fn one_key_on_a_million_contacts() {
    let hub = |id: u32| Contact::new(Id(id)).with_email("hub@example.com");
    let common = [MILLION / 10, MILLION].map(|n| groups_of(n, Rules::new(), &hub, 0));
    assert_in_proportion("a common key", common[0], common[1]);
    assert!(common[1].held < 200 * u64::from(MILLION), "{:?}", common[1]);
    let one = [MILLION / 10, MILLION].map(|n| groups_of(n, Rules::new().with_unlimited_holders(), &hub, 1));
    assert_in_proportion("a key of everybody", one[0], one[1]);
    assert!(one[1].comparisons < 300 * u64::from(MILLION), "{:?}", one[1]);
}

#[test]
fn a_chain_of_a_million_contacts() {
    let link = |id: u32| format!("link-{id}@example.com");
    let chain = |id: u32| Contact::new(Id(id)).with_email(link(id)).with_email(link(id + 1));
    let chains = [MILLION / 10, MILLION].map(|n| groups_of(n, Rules::new(), &chain, 1));
    assert_in_proportion("a chain", chains[0], chains[1]);
    assert!(chains[1].comparisons < 300 * u64::from(MILLION), "{:?}", chains[1]);
}

#[test]
fn the_same_in_bulk() {
    let bulk = |n: u32, rules: Rules, contact: &(dyn Fn(u32) -> Contact<u32> + Sync), groups: usize| {
        cost(|| {
            let mut bulk = Bulk::new(Normalizer::new(), rules);
            (0..n).for_each(|id| drop(bulk.add(None, &contact(id))));
            assert_eq!(bulk.groups().len(), groups);
        })
    };
    let hub = |id: u32| Contact::new(id).with_email("hub@example.com");
    let chain = |id: u32| {
        Contact::new(id).with_email(format!("l{id}@example.com")).with_email(format!("l{}@example.com", id + 1))
    };
    for (what, rules, contact, groups) in [
        ("a common key", Rules::new(), &hub as &(dyn Fn(u32) -> Contact<u32> + Sync), 0),
        ("a key of everybody", Rules::new().with_unlimited_holders(), &hub, 1),
        ("a chain", Rules::new(), &chain, 1),
    ] {
        let costs = [MILLION / 10, MILLION].map(|n| bulk(n, rules, contact, groups));
        assert_in_proportion(what, costs[0], costs[1]);
        assert!(costs[1].held < 100 * u64::from(MILLION), "{what}: {costs:?}");
    }
}

/// Nobody who does not know the seed can choose keys that meet in one place; that they do not is seen by work of every
/// insertion alike, which `one_key_on_a_million_contacts` and `a_chain_of_a_million_contacts` count. Ids are in an ordered
/// map and need no seed.
#[test]
fn keys_that_differ_in_one_place_only() {
    let near = |n: u32| {
        cost(|| {
            let mut index = Index::new(Normalizer::new());
            for id in 0..n {
                let zeros = "0".repeat(40);
                index
                    .insert(&Contact::new(Id(id)).with_email(format!("{zeros}{id:08}{zeros:.8}@example.com")))
                    .expect("new");
            }
            assert!(index.suggestions().is_empty());
        })
    };
    let costs = [10_000, 100_000].map(near);
    assert_in_proportion("keys that look alike", costs[0], costs[1]);
}

#[test]
fn a_million_tags() {
    let contact = |id: u32, n: u32| {
        let tags: Vec<Value> = (0..n).map(|tag| format!("{id}-{tag}").into()).collect();
        Contact::new(id).with(Field::Tags, Value::List(tags)).with_email("ada@example.com")
    };
    let round_trip = |n: u32| {
        let json = serde_json::to_string(&contact(1, n)).expect("JSON");
        let cost = cost(|| assert_eq!(Contact::<u32>::from_json(&json).expect("a contact").tags().count(), n as usize));
        assert!(cost.asked < 40 * json.len() as u64, "{cost:?} for {}", json.len());
        cost
    };
    assert_in_proportion("reading tags", round_trip(MILLION / 10), round_trip(MILLION));
    let merged = |n: u32| {
        let contacts = [contact(1, n), contact(2, n)];
        cost(|| {
            let merge =
                MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()).expect("it fits");
            assert_eq!(merge.survivor().tags().count(), 2 * n as usize);
            let undo = merge.patch.undo(merge.survivor(), Edits::Refuse).expect("nothing was edited");
            assert!(undo.survivor == contacts[0]);
            let bytes = merge.patch.to_bytes();
            assert!(Patch::from_bytes(&bytes).as_ref() == Ok(&merge.patch));
        })
    };
    assert_in_proportion("merging tags", merged(30_000), merged(300_000));
    let too_large = [contact(1, MILLION), contact(2, MILLION)];
    let cost = cost(|| {
        assert!(MergePolicy::new().merge(&too_large, &MergeRequest::new("m"), &Normalizer::new()).is_err());
    });
    assert!(cost.asked < 1 << 20, "what is too large is refused before it is worked on: {cost:?}");
}

#[test]
fn texts_of_ten_megabytes() {
    const LONG: usize = 10 << 20;
    for part in ["1", "+1", "a", "@", "a@b.", "\u{e9}", " ", "\u{200b}", "(", ";ext=", "xn--", "\u{661}", "\""] {
        let text = part.repeat(LONG / part.len());
        let normalizer = Normalizer::builder().plus_tags().gmail_dots().identifier("number").build();
        let spent = cost(|| {
            assert!(normalizer.phone(&text, None).is_err() && normalizer.email(&text).is_err());
            assert!(normalizer.identifier_key("number", &text).is_err());
        });
        assert!(spent.asked < 3 * LONG as u64, "{part:?}: {spent:?}");
        let contact =
            Contact::new(1).with_phone(text.as_str()).with_email(text.as_str()).with(Field::FirstName, text.as_str());
        let spent = cost(|| {
            let onefold::index::Built { index, extended, .. } =
                Index::build(normalizer.clone(), std::slice::from_ref(&contact));
            assert!(index.key_count() == 0 && extended.rejections.len() == 2);
            let are_too_long = |reason| matches!(reason, Reason::TooLong | Reason::Empty);
            assert!(extended.rejections.iter().all(|of_contact| are_too_long(of_contact.rejection.reason)));
        });
        assert!(spent.asked < 8 * LONG as u64, "{part:?}: {spent:?}");
    }
}

#[test]
fn json_without_bottom() {
    const DEPTH: usize = 1 << 20;
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":[", "]}]")] {
        let deep = open.repeat(DEPTH) + "1" + &close.repeat(DEPTH);
        for json in [
            deep.clone(),
            format!("{{\"id\":1,\"notes\":{deep}}}"),
            format!("{{\"id\":1,\"emails\":[{deep}]}}"),
            format!("{{\"id\":1,\"custom\":{{\"a\":{deep}}}}}"),
            format!("{{\"id\":1,\"channels\":[{{\"kind\":\"web\",\"more\":{deep}}}]}}"),
            format!("{{\"id\":1,\"provenance\":{deep}}}"),
            format!("{{\"id\":{deep}}}"),
        ] {
            let spent = cost(|| {
                if let Ok(contact) = Contact::<u32>::from_json(&json) {
                    let contacts = [contact, Contact::new(2)];
                    let refused = MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new());
                    assert!(refused.is_err(), "no patch can hold it");
                }
                assert!(serde_json::from_str::<MergePolicy>(&json).is_err());
                assert!(serde_json::from_str::<Index<u32>>(&json).is_err());
                assert!(Patch::<u32>::from_json(&json).is_err() && Workspace::<u32>::from_state(&json).is_err());
            });
            assert!(spent.asked < 12 * json.len() as u64 + (1 << 20), "{open}: {spent:?} for {}", json.len());
        }
        let line = format!("{{\"op\":\"add\",\"id\":\"a\",\"contact\":{{\"notes\":{deep}}}}}");
        let spent = cost(|| {
            let answer = Protocol::new().answer(&line).expect("an answer");
            assert!(answer.contains("\"ok\":true"), "{answer:.100}");
        });
        assert!(spent.asked < 12 * line.len() as u64 + (1 << 20), "{open}: {spent:?}");
    }
}
