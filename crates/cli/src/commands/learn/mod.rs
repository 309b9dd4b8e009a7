//! `onefold learn`: from decisions about pairs to a model, and the pairs whose decision would teach most.

mod asked_pair;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use onefold::Rules;
use onefold::contact::ContactPair;
use onefold::similarity::{Decisions, Model, PairDecision, Similarity};

use crate::arguments::output::OutputArguments;
use crate::arguments::similarity::LearnArguments;
use crate::commands::learn::asked_pair::AskedPair;
use crate::commands::similarity::contact_list::ContactList;
use crate::commands::similarity::decision_file::DecisionFile;
use crate::commands::similarity::model_file;
use crate::failure::Failure;
use crate::input::values::name_of;
use crate::output::{ExistingFile, NewFile, Output, check_is_no_input};
use crate::report::{self, Report};
use crate::scan::key_scan::{CHUNK_BYTES, KeyScan, ScanSettings};

/// Decisions about contacts of the run, by their places.
type PlacedDecisions = Vec<(ContactPair<u32>, PairDecision)>;

/// Runs the command.
///
/// # Errors
/// A file cannot be used, decisions contradict each other or teach nothing, or a result cannot be written.
pub fn run(arguments: &LearnArguments) -> Result<(), Failure> {
    let mut report = Report::start_without_values();
    // Files that cannot be used are refused before contacts are read.
    let given = model_file::read(arguments.model.as_deref())?;
    let file = arguments.decisions.as_deref().map(DecisionFile::read).transpose()?;
    let inputs: Vec<PathBuf> =
        arguments.files.iter().chain(&arguments.model).chain(&arguments.decisions).cloned().collect();
    let model_output = arguments.output.as_deref().map(|path| new_model(path, arguments, &inputs)).transpose()?;
    let output = arguments.ask.map(|_| Output::open::<AskedPair<'_>>(&asked_output(arguments), &inputs)).transpose()?;
    let settings = ScanSettings { input: &arguments.input, rules: Rules::new(), chunk_bytes: CHUNK_BYTES };
    let scan = KeyScan::read(&arguments.files, settings)?;
    let contacts = ContactList::read(&scan)?;
    let mut similarity = contacts.fit(scan.groups.normalizer(), &given);
    scan.report(&mut report)?;
    let decided = match &file {
        Some(file) => used_decisions(file, &contacts, &similarity, &mut report)?,
        None => Vec::new(),
    };
    let model = learnt(&similarity, &decided)?;
    if let (Some(output), Some(count)) = (output, arguments.ask) {
        if model != given {
            similarity = contacts.fit(scan.groups.normalizer(), &model);
        }
        ask(&similarity, &contacts, &decided, count as usize, output)?;
    }
    scan.check_unchanged()?;
    if let (Some(output), Some(path)) = (model_output, &arguments.output) {
        model_file::write(&model, output, path)?;
    }
    say_what_was_learnt(&model, file.as_ref(), &decided, &mut report);
    Ok(())
}

fn new_model(path: &Path, arguments: &LearnArguments, inputs: &[PathBuf]) -> Result<NewFile, Failure> {
    check_is_no_input(path, inputs)?;
    NewFile::create(path, if arguments.force { ExistingFile::GivesWay } else { ExistingFile::Stays })
}

/// Returns the output of pairs: standard output.
fn asked_output(arguments: &LearnArguments) -> OutputArguments {
    OutputArguments { format: arguments.format, output: None, force: false, no_guard: arguments.no_guard }
}

/// Returns the decisions that can be learnt from, and reports the others.
///
/// # Errors
/// There is none.
fn used_decisions(
    file: &DecisionFile,
    contacts: &ContactList,
    similarity: &Similarity<u32>,
    report: &mut Report,
) -> Result<PlacedDecisions, Failure> {
    let mut decided = file.resolve(contacts, report);
    let resolved = decided.len();
    decided.retain(|(pair, _)| similarity.score(pair.first(), pair.second()).is_some());
    let blocked = resolved - decided.len();
    if blocked > 0 {
        let problem = format!("decisions about blocked contacts, which are left out: {blocked}");
        report.problem(file.name(), 0, &problem);
    }
    match (file.decided(), decided.len()) {
        (0, _) => Err(Failure::Input(format!("{} has no decision: write same or distinct for a pair", file.name()))),
        (_, 0) => Err(Failure::Input(format!("{} has no decision about two contacts of the input", file.name()))),
        _ => Ok(decided),
    }
}

/// Returns the model after decisions: without any, that of the comparison.
///
/// # Errors
/// Decisions contradict each other.
fn learnt(similarity: &Similarity<u32>, decided: &PlacedDecisions) -> Result<Model, Failure> {
    if decided.is_empty() {
        return Ok(similarity.model().clone());
    }
    let of = |wanted: PairDecision| {
        let pairs = decided.iter().filter(move |(_, decision)| *decision == wanted);
        pairs.map(|(pair, _)| *pair)
    };
    let decisions = Decisions::from_pairs(of(PairDecision::Same), of(PairDecision::Distinct));
    let decisions = decisions.map_err(|error| Failure::caused("cannot learn".to_owned(), error))?;
    Ok(similarity.learn(&decisions))
}

/// Writes the pairs whose decision would teach most.
fn ask(
    similarity: &Similarity<u32>,
    contacts: &ContactList,
    decided: &PlacedDecisions,
    count: usize,
    mut output: Output,
) -> Result<(), Failure> {
    let known: BTreeSet<&ContactPair<u32>> = decided.iter().map(|(pair, _)| pair).collect();
    let uncertain = similarity.uncertain(count.saturating_add(known.len()));
    for scored in uncertain.into_iter().filter(|scored| !known.contains(&scored.pair)).take(count) {
        let [a, b] = scored.pair.ids();
        let names = (contacts.name(*a), contacts.name(*b));
        let ((Some(of_a), Some(of_b)), Some(explanation)) = (names, similarity.why(a, b)) else { continue };
        let name = |place: &u32| contacts.contact(*place).map(name_of).unwrap_or_default();
        output.write(&AskedPair {
            workspace: of_a.workspace.as_deref(),
            ids: [&of_a.id, &of_b.id],
            names: [name(a), name(b)],
            explanation,
        })?;
    }
    output.finish()
}

/// Says what the decisions were, and what a score of the model is.
fn say_what_was_learnt(model: &Model, file: Option<&DecisionFile>, decided: &PlacedDecisions, report: &mut Report) {
    let Some(file) = file else { return report.finish(&[]) };
    let same = decided.iter().filter(|(_, decision)| *decision == PairDecision::Same).count();
    let distinct = decided.len() - same;
    report.finish(&[
        ("decisions", decided.len()),
        ("  same", same),
        ("  distinct", distinct),
        ("pairs without decision", file.undecided),
    ]);
    if same == 0 || distinct == 0 {
        report::say("nothing was learnt: it takes decisions of both kinds, same and distinct");
    } else if model.calibration().is_some() {
        report::say("a score under this model is a probability");
    } else {
        report::say(
            "a score under this model is an order, no probability: that takes 100 decisions, at least 10 of each kind",
        );
    }
}
