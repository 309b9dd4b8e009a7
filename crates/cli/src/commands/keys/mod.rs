//! `onefold keys`: every value with its key, or why it has none; with `--similar` the comparable form of every contact.

mod comparable_line;

use std::collections::BTreeMap;

use onefold::normalize::{ContactKey, Place, Rejection};
use onefold::similarity::ComparableForm;
use onefold::{Contact, Field, KeyKind, Normalizer, Reason, Rules};
use onefold_files::country;
use onefold_files::scan::{ChunkRows, TableRow};
use onefold_files::{IdOrigin, Item};
use serde::Serialize;

use crate::arguments::suggest::KeysArguments;
use crate::commands::keys::comparable_line::ComparableLine;
use crate::failure::Failure;
use crate::input::rows;
use crate::output::{Encoded, Encoder, Output, OutputRecord, plain, write_in_order, write_json};
use crate::report::Report;
use crate::scan::contact_rows::{self, ScannedContact};
use crate::scan::key_scan::{CHUNK_BYTES, FileScan, KeyScan, NumberedChunk, ScanSettings};

/// How many chunks are read together before their values are written.
const CHUNKS: usize = 8;

/// A value and its key, or the reason why it has none.
#[derive(Serialize)]
struct ValueLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<&'a str>,
    contact: &'a str,
    field: String,
    value: &'a str,
    kind: &'static str,
    #[serde(flatten)]
    outcome: KeyOutcome<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum KeyOutcome<'a> {
    Key { key: &'a str, variants: Vec<&'a str>, strength: &'static str },
    Reason { reason: &'static str },
}

/// The values of a chunk in the format of the output, and their numbers.
struct ChunkValues {
    encoded: Encoded,
    with_key: usize,
    rejections: BTreeMap<Reason, usize>,
}

/// Writes the values of rows.
struct ValueWriter<'a> {
    scan: &'a KeyScan,
    normalizer: &'a Normalizer,
    identifiers: &'a [String],
    encoder: Encoder,
}

/// Runs the command.
///
/// # Errors
/// The file cannot be used, or the result not be written.
pub fn run(arguments: &KeysArguments) -> Result<(), Failure> {
    if arguments.similar { write_forms(arguments) } else { write_keys(arguments) }
}

/// Writes the comparable form of every contact.
fn write_forms(arguments: &KeysArguments) -> Result<(), Failure> {
    let files = std::slice::from_ref(&arguments.file);
    let mut output = Output::open::<ComparableLine<'_>>(&arguments.output, files)?;
    let mut report = Report::start_without_values();
    let settings = ScanSettings { input: &arguments.input, rules: Rules::new(), chunk_bytes: CHUNK_BYTES };
    let scan = KeyScan::read(files, settings)?;
    scan.report(&mut report)?;
    let encoder = output.encoder();
    let encode = |numbered: &NumberedChunk| {
        let mut encoded = encoder.start();
        for ScannedContact { workspace, contact, .. } in contact_rows::of_chunk(&scan, numbered)? {
            let form = ComparableForm::of(&contact, scan.groups.normalizer());
            let line = ComparableLine { workspace: workspace.as_deref(), contact: &contact.id, form: &form };
            encoder.add(&line, &mut encoded);
        }
        Ok(encoded)
    };
    write_in_order(&scan.chunks, CHUNKS, encode, |encoded| output.put(encoded))?;
    scan.check_unchanged()?;
    output.finish()?;
    report.finish(&[]);
    Ok(())
}

/// Writes every value with its key, or why it has none.
fn write_keys(arguments: &KeysArguments) -> Result<(), Failure> {
    let files = std::slice::from_ref(&arguments.file);
    let mut output = Output::open::<ValueLine<'_>>(&arguments.output, files)?;
    let mut report = Report::start();
    let settings = ScanSettings { input: &arguments.input, rules: Rules::new(), chunk_bytes: CHUNK_BYTES };
    let scan = KeyScan::read(files, settings)?;
    scan.report(&mut report)?;
    let writer = ValueWriter {
        scan: &scan,
        normalizer: scan.groups.normalizer(),
        identifiers: &arguments.input.values.identifier,
        encoder: output.encoder(),
    };
    let mut with_key = 0;
    let put = |values: ChunkValues| {
        with_key += values.with_key;
        values.rejections.into_iter().for_each(|(reason, count)| report.rejected_for(reason, count));
        output.put(values.encoded)
    };
    write_in_order(&scan.chunks, CHUNKS, |chunk| writer.chunk(chunk), put)?;
    scan.check_unchanged()?;
    output.finish()?;
    report.finish(&[("values with key", with_key)]);
    Ok(())
}

impl ValueWriter<'_> {
    fn chunk(&self, numbered: &NumberedChunk) -> Result<ChunkValues, Failure> {
        let Some(file) = self.scan.files.get(numbered.file) else { return Ok(self.no_values()) };
        let values = file.file.read_again(&numbered.chunk, |rows| self.rows(rows, file, numbered));
        values.map_err(rows::failure)
    }

    fn no_values(&self) -> ChunkValues {
        ChunkValues { encoded: self.encoder.start(), with_key: 0, rejections: BTreeMap::new() }
    }

    fn rows(&self, rows: &mut ChunkRows<'_>, file: &FileScan, numbered: &NumberedChunk) -> ChunkValues {
        let mut values = self.no_values();
        let mut number = 0;
        while let Some(next) = rows.read_next() {
            let (contact, workspace) = match next.row {
                TableRow::Plain(row) => {
                    let id = file.id(row.id, numbered.line_of(number));
                    (row.contact(id, self.identifiers), row.workspace.map(str::to_owned))
                }
                TableRow::Other(Item::Contact(row)) => {
                    let given = if row.id_origin == IdOrigin::Given { row.contact.id.as_str() } else { "" };
                    let id = file.id(given, numbered.line_of(number));
                    (row.contact.map_id(|_| id), row.workspace)
                }
                TableRow::Other(_) => continue,
            };
            let is_duplicate = self.scan.duplicates.binary_search(&(numbered.first_contact + number)).is_ok();
            number += 1;
            if !is_duplicate {
                self.values(&country::with_code(contact), workspace.as_deref(), &mut values);
            }
        }
        values
    }

    /// Writes the values of a contact in order, each with its keys or its reason. A channel has a line for each kind of key.
    fn values(&self, contact: &Contact<String>, workspace: Option<&str>, values: &mut ChunkValues) {
        let found = self.normalizer.contact(contact);
        for rejection in &found.rejections {
            *values.rejections.entry(rejection.reason).or_default() += 1;
        }
        let line = |place: &Place, kind: KeyKind, value, outcome| {
            let (contact, field) = (contact.id.as_str(), place.field.to_string());
            ValueLine { workspace, contact, field, value, kind: kind.name(), outcome }
        };
        let same_line = |a: &ContactKey, b: &ContactKey| a.place == b.place && a.key.kind() == b.key.kind();
        let mut lines: Vec<((usize, usize), ValueLine<'_>)> = Vec::new();
        for keys in found.keys.chunk_by(same_line) {
            let (first, variants) = (&keys[0], keys.get(1..).unwrap_or_default());
            values.with_key += 1;
            let outcome = KeyOutcome::Key {
                key: first.key.value(),
                variants: variants.iter().map(|key| key.key.value()).collect(),
                strength: first.derivation.strength().name(),
            };
            let value = first.place.value_in(contact).unwrap_or_default();
            lines.push((rank(&first.place), line(&first.place, first.key.kind(), value, outcome)));
        }
        for Rejection { place, value, reason, .. } in &found.rejections {
            let outcome = KeyOutcome::Reason { reason: reason.name() };
            lines.push((rank(place), line(place, kind_of(&place.field), value, outcome)));
        }
        // Keys and rejections are each in the order of the values; a stable sort combines them.
        lines.sort_by_key(|(rank, _)| *rank);
        lines.iter().for_each(|(_, line)| self.encoder.add(line, &mut values.encoded));
    }
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

impl OutputRecord for ValueLine<'_> {
    const CSV_HEADER: &'static [&'static str] =
        &["workspace", "contact", "field", "value", "kind", "key", "variants", "strength", "reason"];
    const TABLE_HEADER: &'static [&'static str] =
        &["contact", "field", "value", "key", "variants", "strength or reason"];

    fn write_json(&self, to: &mut Vec<u8>) {
        write_json(self, to);
    }

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let (key, variants, strength, reason) = match &self.outcome {
            KeyOutcome::Key { key, variants, strength } => (*key, variants.join(" "), *strength, ""),
            KeyOutcome::Reason { reason } => ("", String::new(), "", *reason),
        };
        let workspace = self.workspace.unwrap_or_default();
        let cells = [workspace, self.contact, &self.field, self.value, self.kind, key, &variants, strength, reason];
        vec![cells.map(str::to_owned).to_vec()]
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        let (key, variants, judgement) = match &self.outcome {
            KeyOutcome::Key { key, variants, strength } => (*key, variants.join(" "), *strength),
            KeyOutcome::Reason { reason } => ("", String::new(), *reason),
        };
        vec![[self.contact, &self.field, self.value, key, &variants, judgement].map(plain).to_vec()]
    }
}
