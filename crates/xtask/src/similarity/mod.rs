//! What similarity finds in sets whose truth is known, how long it takes, and the training of its model.

mod accuracy;
mod data_set;

use std::env;
use std::path::{Path, PathBuf};
use std::time::Instant;

use onefold::Normalizer;
use onefold::similarity::{Model, ScopedContact, Similarity};

use crate::similarity::data_set::DataSet;

/// Runs the command with its arguments: folders of further sets, `--only PART` of a name, `--details`.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    let data = env::var("ONEFOLD_DATA").map_err(|_| "set ONEFOLD_DATA to the folder of data sets".to_owned())?;
    let mut further = Vec::new();
    let (mut only, mut with_details, mut threshold, mut examples) = (String::new(), false, None, 0);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--only" => only = (*rest.next().ok_or("--only needs a part of a name")?).to_owned(),
            "--examples" => examples = rest.next().and_then(|text| text.parse().ok()).unwrap_or(10),
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
    for folder in DataSet::folders(Path::new(&data), &further)? {
        if only.split(',').any(|only| folder.to_string_lossy().contains(only)) {
            evaluate(&DataSet::read(&folder)?, &model, with_details, examples);
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
        similarity.prior_bits(),
    );
    if examples > 0 {
        let (wrong, missing) = accuracy::wrong_pairs(set, &clusters);
        for (kind, pairs) in [("false", wrong), ("missing", missing)] {
            let step = (pairs.len() / examples).max(1);
            for (a, b) in pairs.into_iter().step_by(step).take(examples) {
                print_pair(kind, set, &similarity, a, b);
            }
        }
    }
    if with_details {
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
