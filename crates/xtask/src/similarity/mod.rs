//! What similarity finds in sets whose truth is known, how long it takes, and the training of its model.

mod accuracy;
mod data_set;
mod training;

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::time::Instant;

use onefold::Normalizer;
use onefold::similarity::{Model, ScopedContact, Similarity};

use crate::similarity::data_set::DataSet;

/// What the command does with the sets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Measures the shipped model.
    Evaluate,
    /// Measures each set with a model that is learnt on the other families.
    LeaveOut,
    /// Writes the model that is learnt on all families.
    Learn,
}

/// Runs the command with its arguments: folders of further sets, `--only PART` of a name, `--details`.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    let data = env::var("ONEFOLD_DATA").map_err(|_| "set ONEFOLD_DATA to the folder of data sets".to_owned())?;
    let mut further = Vec::new();
    let mut mode = Mode::Evaluate;
    let (mut only, mut with_details, mut threshold, mut examples) = (String::new(), false, None, 0);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--only" => only = (*rest.next().ok_or("--only needs a part of a name")?).to_owned(),
            "--examples" => examples = rest.next().and_then(|text| text.parse().ok()).unwrap_or(10),
            "--learn" => mode = Mode::Learn,
            "--leave-out" => mode = Mode::LeaveOut,
            "--details" => with_details = true,
            "--threshold" => threshold = rest.next().and_then(|text| text.parse::<f64>().ok()),
            folder => further.push(PathBuf::from(folder)),
        }
    }
    println!(
        "{:<28} {:>8} {:>8}  {:>6} {:>6} {:>6} {:>6} {:>7} {:>6} {:>7} {:>6} {:>6}",
        "set", "contacts", "pairs", "P", "R", "F1", "B3", "R@.999", ">.95", "us/row", "B/row", "prior"
    );
    let mut model = Model::shipped();
    if let Some(threshold) = threshold {
        model = model.with_threshold(threshold);
    }
    let folders = DataSet::folders(Path::new(&data), &further)?;
    let mut counts = BTreeMap::new();
    if mode != Mode::Evaluate {
        for folder in &folders {
            let set = DataSet::read(folder)?;
            counts.insert(set.name.clone(), training::count_levels(&set, &fit(&set, &model)));
        }
    }
    if mode == Mode::Learn {
        let learnt = training::learn(&model, &counts, None);
        let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../src/similarity/model.json"].iter().collect();
        return std::fs::write(&path, learnt.to_json() + "\n").map_err(|error| format!("{}: {error}", path.display()));
    }
    for folder in folders {
        if only.split(',').any(|only| folder.to_string_lossy().contains(only)) {
            let set = DataSet::read(&folder)?;
            let learnt = match mode {
                Mode::LeaveOut => training::learn(&model, &counts, Some(training::family(&set.name))),
                _ => model.clone(),
            };
            evaluate(&set, &learnt, with_details, examples);
        }
    }
    Ok(())
}

/// Returns the processor seconds that this process has used.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

pub fn fit(set: &DataSet, model: &Model) -> Similarity<u32> {
    let normalizer = Normalizer::builder().region_from_country().build();
    let scoped: Vec<ScopedContact<'_, u32>> = set
        .contacts
        .iter()
        .zip(&set.workspaces)
        .map(|(contact, workspace)| ScopedContact::new(Some(workspace), contact))
        .collect();
    Similarity::fit_scoped(&scoped, &normalizer, model)
}

/// Prints how the rule of names that agree does on pairs with a shared key, before groups are closed.
fn print_rule(set: &DataSet, similarity: &Similarity<u32>) {
    let places: BTreeMap<u32, usize> = set.contacts.iter().enumerate().map(|(at, contact)| (contact.id, at)).collect();
    let (mut agreeing, mut right) = (0_u64, 0_u64);
    for scored in similarity.pairs() {
        let (a, b) = (scored.pair.first(), scored.pair.second());
        if similarity.names_agree(a, b).is_ok() {
            agreeing += 1;
            right += u64::from(set.people[places[a]] == set.people[places[b]]);
        }
    }
    let recall = right as f64 / set.true_pairs().max(1) as f64;
    println!("    names_agree: {agreeing} pairs, P {:.5}, R {recall:.4}", right as f64 / agreeing.max(1) as f64);
}

/// Prints how many of the true pairs are candidates, with the cap and without.
fn print_candidates(set: &DataSet, similarity: &Similarity<u32>) {
    let places: BTreeMap<u32, usize> = set.contacts.iter().enumerate().map(|(at, contact)| (contact.id, at)).collect();
    let recall = |limit: usize| {
        let pairs = similarity.candidates(limit);
        let right =
            pairs.iter().filter(|pair| set.people[places[pair.first()]] == set.people[places[pair.second()]]).count();
        (pairs.len() as f64 / set.contacts.len().max(1) as f64, right as f64 / set.true_pairs().max(1) as f64)
    };
    let ((capped, with_cap), (all, without)) = (recall(16), recall(usize::MAX));
    println!("    candidates: {capped:.1} a contact, recall {with_cap:.4}; without the cap {all:.1}, {without:.4}");
}

fn print_pair(kind: &str, set: &DataSet, similarity: &Similarity<u32>, a: usize, b: usize) {
    let Some(why) = similarity.why(&set.contacts[a].id, &set.contacts[b].id) else { return };
    println!("    {kind} {:.1} bits, prior {:.1} [{} | {}]", why.score.bits, why.prior, set.hazards[a], set.hazards[b]);
    for field in &why.fields {
        println!("        {:>6.1} {} {}: {} | {}", field.bits, field.field, field.level, field.a, field.b);
    }
}

fn evaluate(set: &DataSet, model: &Model, with_details: bool, examples: usize) {
    let (start, wall) = (processor_seconds(), Instant::now());
    let similarity = fit(set, model);
    let suggestions = similarity.suggestions();
    let seconds = processor_seconds() - start;
    let wall = wall.elapsed().as_secs_f64();
    let clusters: Vec<Vec<u32>> = suggestions.into_iter().map(|suggestion| suggestion.members).collect();
    let found = accuracy::accuracy(set, &clusters);
    let (bands, sure_recall) = accuracy::calibration(set, &similarity);
    let (sure, sure_right) =
        bands.iter().take(2).fold((0, 0), |(all, right), band| (all + band.pairs, right + band.right));
    let count = set.contacts.len() as f64;
    println!(
        "{:<28} {:>8} {:>8}  {:.4} {:.4} {:.4} {:.4} {:>7.4} {:.4} {:>7.1} {:>6.0} {:>6.1}",
        set.name,
        set.contacts.len(),
        set.true_pairs(),
        found.precision,
        found.recall,
        found.f1,
        found.b_cubed,
        sure_recall,
        sure_right as f64 / f64::max(sure as f64, 1.0),
        seconds / count * 1e6,
        similarity.memory() as f64 / count,
        similarity.fitted().prior(),
    );
    if examples > 0 {
        let (wrong, missing) = accuracy::wrong_pairs(set, &clusters);
        for (kind, pairs) in [("false", wrong), ("missing", missing)] {
            let step = pairs.len().checked_div(examples).unwrap_or(0).max(1);
            for (a, b) in pairs.into_iter().step_by(step).take(examples) {
                print_pair(kind, set, &similarity, a, b);
            }
        }
    }
    if with_details {
        print_rule(set, &similarity);
        print_candidates(set, &similarity);
        println!("    wall {wall:.1} s");
        println!("    false by hazard {:?}", found.false_by_hazard);
        println!("    missing by hazard {:?}", found.missing_by_hazard);
        for band in bands {
            println!(
                "    from {:.3}: {} pairs, {:.4} right",
                band.from,
                band.pairs,
                band.right as f64 / f64::max(band.pairs as f64, 1.0)
            );
        }
    }
}
