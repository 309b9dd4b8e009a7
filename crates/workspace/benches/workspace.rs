//! What operations on a workspace cost, by the number of contacts in it: they should cost what they touch.
//!
//! Each bench does something and takes it back, so that the workspace stays as large as it is; `mixed` does all of it.

#[path = "../../../benches/generator/mod.rs"]
mod generator;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use generator::{Random, Shape};
use onefold::{ChannelKind, Contact, Field, MergeRequest, Normalizer, Time, Value};
use onefold_workspace::{Act, Existing, Selection, Settings, UndoRequest, Workspace};

type Id = u32;
type Step = fn(&mut Workspace<Id>, &mut Random, &Act);

const STEPS: [(&str, Step); 9] = [
    ("add and delete", add_and_delete),
    ("edit twice", edit_twice),
    ("set field", set_field),
    ("merge and undo", merge_and_undo),
    ("block and unblock", block_and_unblock),
    ("mark distinct and clear", mark_distinct_and_clear),
    ("assign and remove tag", assign_and_remove_tag),
    ("receive", receive),
    ("delete of a batch", delete_of_a_batch),
];

fn workspace(count: Id) -> Workspace<Id> {
    let mut workspace = Workspace::new(Settings::new().with_normalizer(Normalizer::new()));
    let act = Act::new(Time::from_millis(1_700_000_000_000), "bench");
    let _ = workspace.set_account("wa-1", ChannelKind::WhatsApp, "Sales", &act).expect("the host may");
    // The region of the generator's numbers is written in them.
    for part in generator::contacts(count, Shape::Crm).chunks(100_000) {
        let _ = workspace.import(part.iter().cloned(), Existing::Reject, &act).expect("the host may");
        let _ = workspace.drain_events();
    }
    assert_eq!(workspace.len(), count as usize);
    workspace
}

fn someone(workspace: &Workspace<Id>, random: &mut Random) -> Contact<Id> {
    let id = random.below(workspace.len() as u64) as Id;
    workspace.get(&id).or_else(|| workspace.contacts().next()).cloned().expect("a workspace with contacts")
}

/// An id above all others; of several in a row the last digit is theirs.
fn new_id(random: &mut Random, place: Id) -> Id {
    2_000_000_000 + random.below(200_000_000) as Id * 10 + place
}

fn add_and_delete(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let like = someone(workspace, random);
    let id = new_id(random, 0);
    let _ = workspace.add(like.map_id(|_| id), act).expect("a new id");
    let _ = workspace.delete(&id, act).expect("live");
}

fn edit_twice(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let before = someone(workspace, random);
    let _ = workspace.edit(before.clone().with_email("edited@example.com"), act).expect("live");
    let _ = workspace.edit(before, act).expect("live");
}

fn set_field(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let id = someone(workspace, random).id;
    let name = format!("Ada {}", random.below(1 << 30));
    let _ = workspace.set_field(&id, &Field::FirstName, Value::from(name), act).expect("live");
}

fn merge_and_undo(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let (a, b) = (someone(workspace, random).id, someone(workspace, random).id);
    if a != b {
        let name = format!("m{}", random.below(u64::MAX));
        let _ = workspace.merge(&MergeRequest::new(name.as_str()), &a, &[b], act).expect("live");
        let _ = workspace.undo(&name, &UndoRequest::new(), act).expect("stands");
    }
}

fn block_and_unblock(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let id = someone(workspace, random).id;
    let _ = workspace.block(&id, act).expect("live");
    let _ = workspace.unblock(&id, act).expect("live");
}

fn mark_distinct_and_clear(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let (a, b) = (someone(workspace, random).id, someone(workspace, random).id);
    if a != b {
        let _ = workspace.mark_distinct(&a, &b, act).expect("live");
        let _ = workspace.clear_distinct(&a, &b, act).expect("live");
    }
}

fn assign_and_remove_tag(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let id = someone(workspace, random).id;
    let tag = ["vip", "new", "customer"][random.below(3) as usize];
    let _ = workspace.assign_tags(&[id], &[tag], act).expect("live");
    let _ = workspace.remove_tags(&[id], &[tag], act).expect("live");
}

fn receive(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let id = someone(workspace, random).id;
    black_box(workspace.receive(&id, None, act).expect("live"));
}

fn delete_of_a_batch(workspace: &mut Workspace<Id>, random: &mut Random, act: &Act) {
    let ids: Vec<Id> = (0..10).map(|place| new_id(random, place)).collect();
    for id in &ids {
        let like = someone(workspace, random);
        let _ = workspace.add(like.map_id(|_| *id), act).expect("a new id");
    }
    let begun = workspace.begin_deletion(&Selection::Contacts(ids), 10, act).expect("all are live");
    while !workspace.continue_deletion(begun.outcome, 4, act).expect("begun").outcome.is_finished() {}
}

fn operations(criterion: &mut Criterion) {
    for count in [10_000, 100_000, 1_000_000] {
        let mut workspace = workspace(count);
        let act = Act::new(Time::from_millis(1_700_000_000_001), "bench");
        let mut random = Random::new(11);
        let mut group = criterion.benchmark_group("workspace");
        group.sample_size(20);
        for (name, step) in STEPS {
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| step(&mut workspace, &mut random, &act));
                let _ = workspace.drain_events();
            });
        }
        group.bench_function(BenchmarkId::new("mixed", count), |bencher| {
            bencher.iter(|| {
                STEPS.iter().for_each(|(_, step)| step(&mut workspace, &mut random, &act));
                black_box(workspace.drain_events());
            });
        });
        group.bench_function(BenchmarkId::new("suggestion of one contact", count), |bencher| {
            bencher.iter(|| {
                let id = someone(&workspace, &mut random).id;
                black_box(workspace.index().suggestion_for(&id))
            });
        });
        group.finish();
        assert_eq!(workspace.len(), count as usize);
    }
}

criterion_group!(benches, operations);
criterion_main!(benches);
