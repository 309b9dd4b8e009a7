//! The cost of merging, undoing and storing patches, by the number and the size of the contacts.

mod generator;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use generator::Random;
use onefold::{Contact, Edits, Field, Merge, MergePolicy, MergeRequest, Normalizer, Patch, Value};

/// The size of a contact.
#[derive(Clone, Copy)]
enum Size {
    /// A name, emails, a phone and a time: about 200 bytes of JSON.
    Small,
    /// In addition, 20 custom fields, 10 tags and a long note: about 3 KB of JSON.
    Large,
}

/// Returns contacts of one person. They share an email, and a phone in several spellings.
fn contacts(count: u64, size: Size) -> Vec<Contact<u64>> {
    let mut random = Random::new(7);
    let contact = |id: u64| {
        let spelling = if id.is_multiple_of(2) { "+1 202 555 0101" } else { "+12025550101" };
        let mut contact = Contact::new(id)
            .with(Field::FirstName, "Ada")
            .with(Field::LastName, format!("Example {}", random.below(3)))
            .with_email("ada@example.com")
            .with_email(format!("ada.{id}@example.com"))
            .with_phone(spelling)
            .with(Field::UpdatedAt, onefold::Time::from_millis(1_700_000_000_000 + i64::try_from(id).expect("small")));
        if matches!(size, Size::Large) {
            for field in 0..20 {
                let name = Field::Custom(format!("field {field}").into());
                contact = contact.with(name, format!("value {} of some length, as people type", random.below(4)));
            }
            let tags = (0..10).map(|_| Value::from(format!("tag {}", random.below(30)))).collect();
            contact =
                contact.with(Field::Tags, Value::List(tags)).with(Field::Other("notes".into()), "note ".repeat(200));
        }
        contact
    };
    (1..=count).map(contact).collect()
}

fn merge(contacts: &[Contact<u64>]) -> Merge<u64> {
    MergePolicy::new().merge(contacts, &MergeRequest::new("merge-1"), &Normalizer::new()).expect("a merge")
}

fn benches(criterion: &mut Criterion) {
    for (name, size) in [("small", Size::Small), ("large", Size::Large)] {
        let mut group = criterion.benchmark_group(name);
        for count in [2, 3, 10, 50] {
            let contacts = contacts(count, size);
            let merged = merge(&contacts);
            let (patch, survivor) = (&merged.patch, merged.survivor());
            let edited = survivor.clone().with(Field::FirstName, "Edited");
            let (json, bytes) = (patch.to_json(), patch.to_bytes());
            let of_contacts: usize =
                contacts.iter().map(|contact| serde_json::to_string(contact).expect("JSON").len()).sum();
            eprintln!(
                "{name} {count}: contacts {of_contacts} bytes of JSON, patch {} as JSON ({:.2}), {} compact ({:.2})",
                json.len(),
                json.len() as f64 / of_contacts as f64,
                bytes.len(),
                bytes.len() as f64 / of_contacts as f64,
            );
            let mut bench = |what: &str, run: &mut dyn FnMut()| {
                group.bench_function(BenchmarkId::new(what, count), |bencher| bencher.iter(&mut *run));
            };
            bench("clone", &mut || drop(black_box(contacts.clone())));
            bench("merge", &mut || drop(black_box(merge(&contacts))));
            bench("undo", &mut || drop(black_box(patch.undo(survivor, Edits::Keep))));
            bench("undo after an edit", &mut || drop(black_box(patch.undo(&edited, Edits::Keep))));
            bench("to bytes", &mut || drop(black_box(patch.to_bytes())));
            bench("from bytes", &mut || drop(black_box(Patch::<u64>::from_bytes(&bytes))));
            bench("to json", &mut || drop(black_box(patch.to_json())));
            bench("from json", &mut || drop(black_box(Patch::<u64>::from_json(&json))));
        }
        group.finish();
    }
}

criterion_group!(merging, benches);
criterion_main!(merging);
