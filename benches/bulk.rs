//! The cost of groups among contacts with known keys: its growth, the gain from a second thread, and the shapes of
//! groups that are slow in naive programs.

mod generator;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use generator::{Shape, each_contact};
use onefold::normalize::DerivedKey;
use onefold::{Bulk, Contact, Normalizer, Rules};
use rayon::prelude::*;

/// The number of contacts that a thread processes at a time.
const PART: usize = 65_536;

/// The keys of all contacts in sequence, with the number of keys per contact.
struct Keys {
    all: Vec<DerivedKey>,
    each: usize,
}

fn keys(size: u32, shape: Shape) -> Keys {
    let normalizer = Normalizer::new();
    let of_contact = |contact: Contact<u32>| normalizer.contact(&contact).keys.into_iter();
    let keys = each_contact(size, shape).flat_map(of_contact);
    let all: Vec<DerivedKey> = keys.map(|key| DerivedKey { key: key.key, derivation: key.derivation }).collect();
    Keys { each: all.len() / size as usize, all }
}

/// Returns the number of groups.
fn groups(keys: &Keys, rules: Rules) -> usize {
    let mut bulk = Bulk::new(Normalizer::new(), rules);
    let part = |of_part: &[DerivedKey]| {
        let mut part = bulk.part();
        of_part.chunks(keys.each).for_each(|keys| part.add_keys(None, false, keys));
        part.settle();
        part
    };
    let parts: Vec<Bulk> = keys.all.par_chunks(PART * keys.each).map(part).collect();
    parts.into_iter().for_each(|part| bulk.append(part));
    bulk.groups().len()
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bulk");
    group.sample_size(10);
    for size in [100_000, 1_000_000, 10_000_000] {
        let keys = keys(size, Shape::Crm);
        group.throughput(Throughput::Elements(size.into()));
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            group.bench_function(BenchmarkId::new(format!("{threads} threads"), size), |bencher| {
                bencher.iter(|| pool.install(|| groups(black_box(&keys), Rules::new())));
            });
        }
    }
    group.finish();
}

fn shapes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bulk shape");
    group.sample_size(10);
    let shapes = [
        ("apart", Shape::Distinct),
        ("apart by three", Shape::DistinctByThree),
        ("hub", Shape::Hub),
        ("chain", Shape::Chain),
    ];
    for (name, shape) in shapes {
        let keys = keys(1_000_000, shape);
        for (limit, rules) in [("limit", Rules::new()), ("no limit", Rules::new().with_unlimited_holders())] {
            for threads in [1, 2] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
                group.bench_function(BenchmarkId::new(format!("{name}, {threads} threads"), limit), |bencher| {
                    bencher.iter(|| pool.install(|| groups(black_box(&keys), rules)));
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, growth, shapes);
criterion_main!(benches);
