//! `onefold keys`: every value with its key, or why it has none.

use onefold::normalize::{ContactKey, Place, Rejection};
use onefold::{Contact, Field, KeyKind, Normalizer};
use onefold_files::country;
use serde::Serialize;

use crate::arguments::suggest::KeysArguments;
use crate::failure::Failure;
use crate::input::rows::{self, RowOptions, RowRead};
use crate::output::{Output, OutputRecord, plain, write_json};
use crate::report::Report;

/// A value and its key, or the reason why it has none.
#[derive(Serialize)]
struct ValueLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
    contact: String,
    field: String,
    value: String,
    kind: &'static str,
    #[serde(flatten)]
    outcome: KeyOutcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum KeyOutcome {
    Key { key: String, variants: Vec<String>, strength: &'static str },
    Reason { reason: &'static str },
}

/// Runs the command.
///
/// # Errors
/// The file cannot be used, or the result not be written.
pub fn run(arguments: &KeysArguments) -> Result<(), Failure> {
    let files = std::slice::from_ref(&arguments.file);
    let mut output = Output::open::<ValueLine>(&arguments.output, files)?;
    let normalizer = arguments.input.normalizer();
    let mut report = Report::start();
    let mut with_key = 0;
    let how = RowOptions::of(&arguments.input);
    rows::for_each_contact(files, &how, &mut report, |RowRead { contact, workspace, .. }, report| {
        for line in value_lines(&normalizer, country::with_code(contact), workspace.as_deref(), report) {
            with_key += usize::from(matches!(line.outcome, KeyOutcome::Key { .. }));
            output.write(&line)?;
        }
        Ok(())
    })?;
    output.finish()?;
    report.finish(&[("values with key", with_key)]);
    Ok(())
}

/// Returns the values of a contact in order, each with its keys or its reason. A channel has a line for each kind of key.
fn value_lines(
    normalizer: &Normalizer,
    contact: Contact<String>,
    workspace: Option<&str>,
    report: &mut Report,
) -> Vec<ValueLine> {
    let found = normalizer.contact(&contact);
    report.rejected(&found.rejections);
    let line = |place: &Place, kind: KeyKind, value: &str, outcome: KeyOutcome| ValueLine {
        workspace: workspace.map(str::to_owned),
        contact: contact.id.clone(),
        field: place.field.to_string(),
        value: value.to_owned(),
        kind: kind.name(),
        outcome,
    };
    let of_keys = |keys: &[ContactKey]| {
        let first = &keys[0];
        let outcome = KeyOutcome::Key {
            key: first.key.value().to_owned(),
            variants: keys[1..].iter().map(|key| key.key.value().to_owned()).collect(),
            strength: first.derivation.strength().name(),
        };
        line(&first.place, first.key.kind(), first.place.value_in(&contact).unwrap_or_default(), outcome)
    };
    let of_rejection = |rejection: &Rejection| {
        let outcome = KeyOutcome::Reason { reason: rejection.reason.name() };
        line(&rejection.place, kind_of(&rejection.place.field), &rejection.value, outcome)
    };
    let same_line = |a: &ContactKey, b: &ContactKey| a.place == b.place && a.key.kind() == b.key.kind();
    let mut lines: Vec<((usize, usize), ValueLine)> = Vec::new();
    for keys in found.keys.chunk_by(same_line) {
        lines.push((rank(&keys[0].place), of_keys(keys)));
    }
    for rejection in &found.rejections {
        lines.push((rank(&rejection.place), of_rejection(rejection)));
    }
    // Keys and rejections are each in the order of the values; a stable sort combines them.
    lines.sort_by_key(|(rank, _)| *rank);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Returns the rank of a value in its contact: phones, emails, channels, then identifiers.
fn rank(place: &Place) -> (usize, usize) {
    let field = match place.field {
        Field::Phone => 0,
        Field::Email => 1,
        Field::Channels => 2,
        _ => 3,
    };
    (field, place.position)
}

fn kind_of(field: &Field) -> KeyKind {
    match field {
        Field::Phone => KeyKind::Phone,
        Field::Email => KeyKind::Email,
        Field::Channels => KeyKind::ChannelId,
        _ => KeyKind::Custom,
    }
}

impl OutputRecord for ValueLine {
    const CSV_HEADER: &'static [&'static str] =
        &["workspace", "contact", "field", "value", "kind", "key", "variants", "strength", "reason"];
    const TABLE_HEADER: &'static [&'static str] =
        &["contact", "field", "value", "key", "variants", "strength or reason"];

    fn write_json(&self, to: &mut Vec<u8>) {
        write_json(self, to);
    }

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let (key, variants, strength, reason) = match &self.outcome {
            KeyOutcome::Key { key, variants, strength } => (key.as_str(), variants.join(" "), *strength, ""),
            KeyOutcome::Reason { reason } => ("", String::new(), "", *reason),
        };
        let workspace = self.workspace.as_deref().unwrap_or_default();
        let cells = [workspace, &self.contact, &self.field, &self.value, self.kind, key, &variants, strength, reason];
        vec![cells.map(str::to_owned).to_vec()]
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        let (key, variants, judgement) = match &self.outcome {
            KeyOutcome::Key { key, variants, strength } => (key.as_str(), variants.join(" "), *strength),
            KeyOutcome::Reason { reason } => ("", String::new(), *reason),
        };
        vec![[&self.contact, &self.field, &self.value, key, &variants, judgement].map(plain).to_vec()]
    }
}
