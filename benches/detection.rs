//! The cost of each stage at three sizes, which show the growth, and of shapes that are slow in naive programs.

mod generator;

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use generator::{Random, Shape, contacts};
use onefold::{Index, Normalizer, Rules};

const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];

fn normalize(criterion: &mut Criterion) {
    let mut random = Random::new(1);
    let phones: Vec<String> = (0..10_000).map(|person| generator::phone(&mut random, person)).collect();
    let emails: Vec<String> = (0..10_000).map(|person| generator::email(&mut random, person)).collect();
    let normalizer = Normalizer::new();
    let mut group = criterion.benchmark_group("normalize");
    group.throughput(Throughput::Elements(10_000));
    group.bench_function("phone", |bencher| {
        bencher.iter(|| phones.iter().filter(|raw| normalizer.phone(black_box(raw), None).is_ok()).count())
    });
    group.bench_function("email", |bencher| {
        bencher.iter(|| emails.iter().filter(|raw| normalizer.email(black_box(raw)).is_ok()).count())
    });
    group.finish();
}

fn whole_workspace(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("whole");
    group.sample_size(10);
    for size in SIZES {
        let contacts = contacts(size, Shape::Crm);
        group.throughput(Throughput::Elements(size.into()));
        group.bench_with_input(BenchmarkId::new("build", size), &contacts, |bencher, contacts| {
            bencher.iter_with_large_drop(|| Index::build(Normalizer::new(), contacts));
        });
        let index = Index::build(Normalizer::new(), &contacts).index;
        group.bench_with_input(BenchmarkId::new("suggestions", size), &index, |bencher, index| {
            bencher.iter_with_large_drop(|| index.suggestions());
        });
        group.bench_with_input(BenchmarkId::new("counts", size), &index, |bencher, index| {
            bencher.iter(|| index.suggestion_counts())
        });
    }
    group.finish();
}

fn one_contact(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one");
    for size in SIZES {
        let contacts = contacts(size, Shape::Crm);
        let mut index = Index::build(Normalizer::new(), &contacts).index;
        let mut random = Random::new(2);
        let mut any = || random.below(size.into()) as u32;
        group.bench_function(BenchmarkId::new("suggestion_for", size), |bencher| {
            bencher.iter_batched(&mut any, |id| index.suggestion_for(&id), BatchSize::SmallInput);
        });
        group.bench_function(BenchmarkId::new("update", size), |bencher| {
            bencher.iter_batched(&mut any, |id| index.update(&contacts[id as usize]).is_ok(), BatchSize::SmallInput);
        });
        group.bench_function(BenchmarkId::new("remove and insert", size), |bencher| {
            bencher.iter_batched(
                &mut any,
                |id| index.remove(&id).is_ok() && index.insert(&contacts[id as usize]).is_ok(),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn shapes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("shape");
    group.sample_size(10);
    let size = 1_000_000;
    for (name, shape, marked_distinct) in [
        ("apart", Shape::Distinct, 0),
        ("hub", Shape::Hub, 0),
        ("hub with pairs marked distinct", Shape::Hub, 1_000),
        ("chain", Shape::Chain, 0),
    ] {
        let mut index = Index::build(Normalizer::new(), &contacts(size, shape)).index;
        for other in 1..=marked_distinct {
            index.mark_distinct(&0, &other).expect("two contacts of the index");
        }
        for (limit, rules) in [("limit", Rules::new()), ("no limit", Rules::new().with_unlimited_holders())] {
            index.set_rules(rules);
            group.bench_function(BenchmarkId::new(name, limit), |bencher| {
                bencher.iter_with_large_drop(|| index.suggestions())
            });
        }
    }
    group.finish();
}

criterion_group!(benches, normalize, whole_workspace, one_contact, shapes);
criterion_main!(benches);
