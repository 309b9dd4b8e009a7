//! `onefold db merge`: merges contacts of a database.

use std::collections::BTreeSet;
use std::io::{self, Write};

use onefold::rules::{self, Judgement, ReviewReason};
use onefold::{Contact, Field, Merge, MergePolicy, MergeRequest, Suggestion, Value};
use serde::Serialize;

use crate::arguments::db::DatabaseMergeArguments;
use crate::commands::db::database::{Database, StoredContactId, act};
use crate::commands::db::settings;
use crate::commands::id_lists;
use crate::commands::merge::selection::{Skipped, SuggestionSelection, reason_to_skip};
use crate::failure::Failure;
use crate::input::policy_file;
use crate::output::json_line;
use crate::report::Report;

/// The contacts of a merge and its name.
struct Group {
    name: String,
    members: Vec<StoredContactId>,
}

/// A merge as it is written.
#[derive(Serialize)]
struct MergedLine<'a> {
    merge: &'a str,
    survivor: &'a str,
    retired: Vec<&'a str>,
    choices: Vec<ChoiceLine>,
    lost: Vec<LostLine<'a>>,
}

#[derive(Serialize)]
struct ChoiceLine {
    field: String,
    why: String,
}

#[derive(Serialize)]
struct LostLine<'a> {
    contact: &'a str,
    field: String,
    value: &'a Value,
}

/// A suggestion that needs review, as it is written.
#[derive(Serialize)]
struct ReviewLine<'a> {
    review: String,
    members: Vec<&'a str>,
    reason: &'static str,
    why: String,
}

impl<'a> ReviewLine<'a> {
    fn new(suggestion: &'a Suggestion<StoredContactId>, reason: &ReviewReason<StoredContactId>) -> Self {
        Self {
            review: suggestion.id.to_string(),
            members: suggestion.members.iter().map(|id| &**id).collect(),
            reason: reason.name(),
            why: reason.to_string(),
        }
    }
}

/// Runs the command. Each merge is stored before it is written to standard output as a line of JSON.
///
/// # Errors
/// The database cannot be used, the policy cannot be read, an id names no suggestion, a named merge is refused, or the results
/// cannot be written.
pub fn run(arguments: &DatabaseMergeArguments) -> Result<(), Failure> {
    let mut report = Report::start_without_values();
    let policy = policy_file::load(arguments.policy.as_deref())?;
    if arguments.policy.is_some() && arguments.dry_run {
        let what = "a policy is the database's own from the merge on; --dry-run shows what its policy of now would do";
        return Err(Failure::Usage(what.to_owned()));
    }
    let mut database =
        if arguments.dry_run { Database::read(&arguments.database)? } else { Database::open(&arguments.database)? };
    if arguments.policy.is_some() {
        let settings = database.workspace.settings().clone().with_policy(policy.clone());
        settings::set(&mut database, settings)?;
    }
    let mut skipped = Skipped::default();
    let groups = groups(&database, arguments, &mut skipped)?;
    let is_chosen = !arguments.choice.only.is_empty() || !arguments.members.is_empty();
    if !is_chosen && (!arguments.set.is_empty() || !arguments.take.is_empty() || arguments.name.is_some()) {
        let what = "--set, --take and --name are about one merge; say which with --only or --members";
        return Err(Failure::Usage(what.to_owned()));
    }
    let (mut merges, mut away, mut lost) = (0, 0, 0);
    for group in groups {
        match merge(&mut database, &group, &policy, arguments)? {
            Ok(merge) => {
                tell(&merge)?;
                merges += 1;
                away += merge.patch.retired().len();
                lost += merge.lost.len();
            }
            Err(refused) if is_chosen => {
                return Err(Failure::Input(format!("{} cannot be merged: {refused}", group.name)));
            }
            Err(refused) => {
                report.problem(&database.name, 0, &format!("{} is not merged: {refused}", group.name));
                skipped.skip("refused");
            }
        }
    }
    report.contacts = database.workspace.len();
    let mut counts = vec![("merges", merges), ("contacts retired", away), ("values lost", lost)];
    counts.extend(skipped.counts());
    report.finish(&counts);
    Ok(())
}

/// Returns the groups to merge: the named contacts, the named suggestions, or all suggestions that need no review. With `--dry-run`
/// writes those that need review.
fn groups(
    database: &Database,
    arguments: &DatabaseMergeArguments,
    skipped: &mut Skipped,
) -> Result<Vec<Group>, Failure> {
    let DatabaseMergeArguments { members, name, .. } = arguments;
    if !members.is_empty() {
        let members = members.iter().map(|typed| StoredContactId::from(typed.as_str())).collect();
        let count = database.workspace.history().count();
        let name = name.clone().unwrap_or_else(|| free_name(database, &format!("m{}", count + 1)));
        return Ok(vec![Group { name, members }]);
    }
    let suggestions = database.workspace.index().suggestions();
    let known: BTreeSet<String> = suggestions.iter().map(|suggestion| suggestion.id.to_string()).collect();
    let named = id_lists::named(&arguments.choice.only, &known, "suggestion")?;
    let mut meant: Vec<Suggestion<StoredContactId>> = Vec::new();
    for suggestion in suggestions {
        match SuggestionSelection::of(&arguments.choice) {
            SuggestionSelection::Named if named.contains(&suggestion.id.to_string()) => meant.push(suggestion),
            SuggestionSelection::Named => skipped.skip("not named"),
            SuggestionSelection::Keys => match reason_to_skip(&suggestion) {
                Some(reason) => skipped.skip(reason),
                None => meant.push(suggestion),
            },
            SuggestionSelection::Rules => match judge(database, &suggestion) {
                Judgement::Review(reason) => {
                    skipped.review(&reason);
                    if arguments.dry_run {
                        write(&ReviewLine::new(&suggestion, &reason))?;
                    }
                }
                _ => meant.push(suggestion),
            },
        }
    }
    let one_name = name.clone().filter(|_| meant.len() == 1);
    let group = |suggestion: Suggestion<StoredContactId>| Group {
        name: one_name.clone().unwrap_or_else(|| free_name(database, &suggestion.id.to_string())),
        members: suggestion.members,
    };
    Ok(meant.into_iter().map(group).collect())
}

/// Returns the judgement of the merge rules about a suggestion.
fn judge(database: &Database, suggestion: &Suggestion<StoredContactId>) -> Judgement<StoredContactId> {
    let index = database.workspace.index();
    let others = index.other_holders(suggestion);
    let contacts: Vec<Contact<StoredContactId>> =
        suggestion.members.iter().chain(&others).filter_map(|id| database.workspace.get(id)).cloned().collect();
    rules::judge(suggestion, &contacts, index)
}

/// Returns a name that no merge has: the same suggestion may be merged again after an undo.
fn free_name(database: &Database, wanted: &str) -> String {
    let names = std::iter::once(wanted.to_owned()).chain((2..).map(|number| format!("{wanted}-{number}")));
    let is_free = |name: &String| database.workspace.merge_record(name).is_none();
    names.into_iter().find(is_free).unwrap_or_default()
}

/// Merges a group, or only plans the merge with `--dry-run`. The inner error is the reason of a refusal.
fn merge(
    database: &mut Database,
    group: &Group,
    policy: &MergePolicy,
    arguments: &DatabaseMergeArguments,
) -> Result<Result<Merge<StoredContactId>, String>, Failure> {
    let request = request(group, arguments)?;
    let contacts: Vec<Contact<StoredContactId>> =
        group.members.iter().filter_map(|id| database.workspace.get(id)).cloned().collect();
    if contacts.len() < group.members.len() {
        let missing = group.members.iter().find_map(|id| database.workspace.check_live(id).err());
        return Ok(Err(missing.map_or_else(String::new, |error| error.to_string())));
    }
    // The policy chooses the survivor, which the workspace needs to know.
    let asked = request.clone().allow_distinct().allow_blocked();
    let survivor = match policy.merge(&contacts, &asked, database.workspace.index().normalizer()) {
        Ok(merge) => merge.patch.survivor_id().clone(),
        Err(refused) => return Ok(Err(refused.to_string())),
    };
    let retire: Vec<StoredContactId> = group.members.iter().filter(|id| **id != survivor).cloned().collect();
    let act = act();
    let planned = match database.workspace.preview_merge(&request, &survivor, &retire, &act) {
        Ok(planned) => planned,
        Err(refused) => return Ok(Err(refused.to_string())),
    };
    if !arguments.dry_run {
        let done = database.carry_out(|workspace| workspace.merge(&request, &survivor, &retire, &act))?;
        if let Err(refused) = done {
            return Ok(Err(refused.to_string()));
        }
    }
    Ok(Ok(planned))
}

fn request(group: &Group, options: &DatabaseMergeArguments) -> Result<MergeRequest<StoredContactId>, Failure> {
    let mut request = MergeRequest::new(group.name.as_str());
    if options.allow_distinct {
        request = request.allow_distinct();
    }
    if options.allow_blocked {
        request = request.allow_blocked();
    }
    let split = |text: &str| {
        let parts = text.split_once('=').map(|(field, value)| (field.trim().to_owned(), value.to_owned()));
        let (name, value) = parts.ok_or_else(|| Failure::Usage(format!("{text:?} is not of the form FIELD=...")))?;
        let is_none = matches!(name.as_str(), "" | "custom." | "id" | "blocked" | "custom" | "provenance");
        if is_none {
            return Err(Failure::Usage(format!(
                "{name:?} in {text:?} names no field of a contact that a merge chooses"
            )));
        }
        Ok((Field::from_name(&name), value))
    };
    for text in &options.set {
        let (field, value) = split(text)?;
        let value = match field {
            Field::Phone | Field::Email | Field::Tags => Value::from(vec![value]),
            _ => Value::from(value),
        };
        request = request.set(field, value);
    }
    for text in &options.take {
        let (field, id) = split(text)?;
        if id.is_empty() {
            return Err(Failure::Usage(format!("{text:?} names no contact")));
        }
        request = request.take(field, id.into());
    }
    Ok(request)
}

fn tell(merge: &Merge<StoredContactId>) -> Result<(), Failure> {
    let choice = |choice: &onefold::merge::Choice<StoredContactId>| ChoiceLine {
        field: choice.field.to_string(),
        why: choice.to_string(),
    };
    let line = MergedLine {
        merge: merge.patch.merge_id(),
        survivor: merge.patch.survivor_id(),
        retired: merge.retired().map(|id| &**id).collect(),
        choices: merge.choices.iter().map(choice).collect(),
        lost: merge
            .lost
            .iter()
            .map(|of| LostLine { contact: &of.contact, field: of.field.to_string(), value: &of.value })
            .collect(),
    };
    write(&line)
}

/// Writes a line of JSON to standard output.
fn write(line: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(line).map_err(|error| Failure::Input(error.to_string()))?;
    let written = writeln!(io::stdout().lock(), "{}", json_line(text));
    written.map_err(|error| Failure::writing("standard output", &error))
}
