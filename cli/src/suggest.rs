//! `onefold suggest`: which contacts are the same person, with the evidence.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use onefold::{CommonKey, Contact, Index, Rules, Suggestion};
use onefold_cli::input::country;
use serde::Serialize;

use crate::arguments::{InputArguments, SuggestArguments};
use crate::failure::Failure;
use crate::output::{Output, Record, plain};
use crate::reading::{self, Read};
use crate::report::{self, Report};
use crate::values::Kept;

/// How many contacts are read before the index takes them, on all cores.
const BATCH: usize = 16_384;

/// How many common keys are named in the summary.
const NAMED_COMMON_KEYS: usize = 10;

/// An id that the index and the values kept for evidence share.
type Id = Arc<str>;

/// The contacts of one workspace.
struct Workspace {
    index: Index<Id>,
    waiting: Vec<Contact<Id>>,
    kept: HashMap<Id, Kept>,
}

/// Runs the command.
///
/// # Errors
/// A file cannot be used, or the result not be written.
pub fn run(arguments: &SuggestArguments) -> Result<(), Failure> {
    let mut output = Output::open::<SuggestionLine>(&arguments.output, &arguments.files)?;
    let mut report = Report::start();
    let workspaces = read(arguments, &mut report)?;
    let (mut keys, mut suggestions, mut members) = (0, 0, 0);
    let mut common: Vec<CommonKey> = Vec::new();
    for (name, workspace) in &workspaces {
        keys += workspace.index.key_count();
        common.extend(workspace.index.common_keys());
        for suggestion in workspace.index.suggestions() {
            suggestions += 1;
            members += suggestion.members.len();
            output.write(&SuggestionLine::new(name.as_deref(), &suggestion, &workspace.kept))?;
        }
    }
    output.finish()?;
    name_common_keys(&mut common);
    report.finish(&[
        ("keys", keys),
        ("suggestions", suggestions),
        ("contacts in them", members),
        ("common keys", common.len()),
    ]);
    Ok(())
}

fn read(arguments: &SuggestArguments, report: &mut Report) -> Result<BTreeMap<Option<String>, Workspace>, Failure> {
    let mut workspaces: BTreeMap<Option<String>, Workspace> = BTreeMap::new();
    let rules = arguments.rules.rules();
    reading::for_each_contact(
        &arguments.files,
        &arguments.input,
        report,
        |Read { contact, workspace, .. }, report| {
            let workspace = workspaces.entry(workspace).or_insert_with(|| Workspace::new(&arguments.input, rules));
            workspace.waiting.push(country::with_code(contact).map_id(Id::from));
            if workspace.waiting.len() >= BATCH {
                workspace.take_waiting(report);
            }
            Ok(())
        },
    )?;
    workspaces.values_mut().for_each(|workspace| workspace.take_waiting(report));
    Ok(workspaces)
}

impl Workspace {
    fn new(arguments: &InputArguments, rules: Rules) -> Self {
        Self { index: Index::new(arguments.normalizer()).with_rules(rules), waiting: Vec::new(), kept: HashMap::new() }
    }

    fn take_waiting(&mut self, report: &mut Report) {
        let extended = self.index.extend(&self.waiting);
        report.rejected(extended.rejections.iter().map(|(_, rejection)| rejection));
        for contact in self.waiting.drain(..) {
            let keys = self.index.keys_of(&contact.id);
            let kept = Kept::of(&contact, keys.iter().map(|key| &key.place));
            self.kept.insert(contact.id, kept);
        }
    }
}

/// Says which values too many share, those that most share first.
fn name_common_keys(common: &mut [CommonKey]) {
    common.sort_by(|a, b| b.holders.cmp(&a.holders).then_with(|| a.key.cmp(&b.key)));
    for CommonKey { key, holders, .. } in common.iter().take(NAMED_COMMON_KEYS) {
        report::say(&format!("not used: {} {} is shared by {holders} contacts", key.kind().name(), plain(key.value())));
    }
}

/// A suggestion as it is written.
#[derive(Serialize)]
struct SuggestionLine {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
    members: Vec<Id>,
    evidence: Vec<EvidenceLine>,
    apart: Vec<(Id, Id)>,
    bridges: Vec<(Id, Id)>,
    oversized: bool,
    confidence: &'static str,
    /// In the order of the members.
    #[serde(skip)]
    names: Vec<String>,
}

#[derive(Serialize)]
struct EvidenceLine {
    kind: &'static str,
    value: String,
    strength: &'static str,
    holders: Vec<HolderLine>,
}

#[derive(Serialize)]
struct HolderLine {
    contact: Id,
    field: String,
    value: String,
    derivation: &'static str,
}

impl SuggestionLine {
    fn new(workspace: Option<&str>, suggestion: &Suggestion<Id>, kept: &HashMap<Id, Kept>) -> Self {
        let evidence = suggestion.evidence.iter().map(|evidence| EvidenceLine {
            kind: evidence.key.kind().name(),
            value: evidence.key.value().to_owned(),
            strength: evidence.strength.name(),
            holders: evidence
                .holders
                .iter()
                .map(|holder| HolderLine {
                    contact: holder.contact.clone(),
                    field: holder.place.field.to_string(),
                    value: kept.get(&holder.contact).map_or("", |kept| kept.value(&holder.place)).to_owned(),
                    derivation: holder.derivation.name(),
                })
                .collect(),
        });
        let name = |member: &Id| kept.get(member).map_or("", Kept::name).to_owned();
        Self {
            id: suggestion.id.to_string(),
            workspace: workspace.map(str::to_owned),
            evidence: evidence.collect(),
            apart: suggestion.apart.clone(),
            bridges: suggestion.bridges.clone(),
            oversized: suggestion.oversized,
            confidence: suggestion.confidence.name(),
            names: suggestion.members.iter().map(name).collect(),
            members: suggestion.members.clone(),
        }
    }

    /// For each member the evidence it holds, with the value as written there.
    fn evidence_of_members(&self) -> Vec<Vec<(&EvidenceLine, &HolderLine)>> {
        let places: HashMap<&Id, usize> = self.members.iter().zip(0..).collect();
        let mut of_members = vec![Vec::new(); self.members.len()];
        for evidence in &self.evidence {
            for holder in &evidence.holders {
                of_members[places[&holder.contact]].push((evidence, holder));
            }
        }
        of_members
    }
}

impl Record for SuggestionLine {
    const CSV_HEADER: &'static [&'static str] =
        &["suggestion", "contact", "workspace", "confidence", "contested", "oversized", "keys", "values"];
    const TABLE_HEADER: &'static [&'static str] = &["suggestion", "contact", "name", "shared value", "strength"];

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let of_members = self.evidence_of_members();
        let row = |(member, evidence): (&Id, &Vec<(&EvidenceLine, &HolderLine)>)| {
            let keys: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.value.as_str()).collect();
            let values: Vec<&str> = evidence.iter().map(|(_, holder)| holder.value.as_str()).collect();
            let contested = (!self.apart.is_empty()).to_string();
            let (workspace, oversized) = (self.workspace.as_deref().unwrap_or_default(), self.oversized.to_string());
            let cells = [
                &self.id,
                &**member,
                workspace,
                self.confidence,
                &contested,
                &oversized,
                &keys.join("; "),
                &values.join("; "),
            ];
            cells.map(str::to_owned).to_vec()
        };
        self.members.iter().zip(&of_members).map(row).collect()
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        let mut heading = format!("{} {}", &self.id[..8], self.confidence);
        if self.oversized {
            heading.push_str(", oversized");
        }
        let mut rows = Vec::with_capacity(self.members.len());
        for ((member, name), evidence) in self.members.iter().zip(&self.names).zip(self.evidence_of_members()) {
            let values: Vec<String> = evidence.iter().map(|(_, holder)| plain(&holder.value)).collect();
            let strengths: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.strength).collect();
            let heading = std::mem::take(&mut heading);
            rows.push(vec![heading, plain(member), plain(name), values.join("\n"), strengths.join("\n")]);
        }
        rows
    }
}
