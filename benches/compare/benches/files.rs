//! The groups in a table of 100,000 contacts on one thread: by a program written by hand, and by the library from parsed
//! rows.

use std::fs;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onefold::normalize::DerivedKey;
use onefold::{Bulk, Normalizer, Rules};
use onefold_compare::{generate, groups_by_hand};

const ROWS: u64 = 100_000;

fn groups_by_library(table: &[u8]) -> (usize, usize) {
    let mut reader = csv::Reader::from_reader(table);
    let normalizer = Normalizer::new();
    let mut bulk = Bulk::new(normalizer.clone(), Rules::new());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).expect("a table") {
        let phone = normalizer.phone(record.get(4).unwrap_or_default(), None);
        let email = normalizer.email(record.get(3).unwrap_or_default());
        let keys: Vec<DerivedKey> = phone.into_iter().chain(email).flatten().collect();
        bulk.add_keys(None, false, keys);
    }
    let groups = bulk.groups();
    (groups.len(), groups.members().len())
}

fn files(criterion: &mut Criterion) {
    let mut table = Vec::new();
    generate(ROWS, &mut table).expect("a vector takes all");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("files.csv");
    fs::write(&file, &table).expect("the target folder can be written");
    let by_hand = || groups_by_hand(&file, 1).expect("a table");
    assert_eq!(groups_by_library(&table), by_hand());
    let mut group = criterion.benchmark_group("files");
    group.throughput(Throughput::Elements(ROWS)).sample_size(10);
    group.bench_function("by hand", |bencher| bencher.iter(by_hand));
    group.bench_function("onefold", |bencher| bencher.iter(|| groups_by_library(&table)));
    group.finish();
}

criterion_group!(benches, files);
criterion_main!(benches);
