//! The form of a run in JSON Lines.

use onefold_files::{Format, LineEnd, ZeroIds};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::patch_file::json_bytes::HexOrText;
use crate::patch_file::merge_run::{FileMerge, MergeRun, Original};

/// The version written, and the only one there has been.
pub const VERSION: u64 = 1;

/// The first line of a run.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderForm {
    pub onefold_patches: u64,
    pub format: FormatForm,
    pub merges: usize,
    pub read: String,
    pub written: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub map: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_column: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub zeros_are_no_ids: bool,
    pub line_end: LineEndForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<HexOrText>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormatForm {
    Csv,
    Jsonl,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEndForm {
    Lf,
    Cr,
}

/// The line of a merge.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatchFileMerge {
    pub merge: String,
    pub survivor: RowForm,
    pub written: HexOrText,
    pub retired: Vec<RowForm>,
    pub patch: Box<RawValue>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowForm {
    pub contact: String,
    pub place: usize,
    pub row: HexOrText,
    #[serde(default, skip_serializing_if = "is_false")]
    pub made: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub alike: usize,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl RowForm {
    fn new(contact: &str, original: &Original) -> Self {
        let Original { place, bytes, is_made, alike } = original;
        Self {
            contact: contact.to_owned(),
            place: *place,
            row: HexOrText(bytes.clone()),
            made: *is_made,
            alike: *alike,
        }
    }
}

impl From<RowForm> for Original {
    fn from(form: RowForm) -> Self {
        Self { place: form.place, bytes: form.row.0, is_made: form.made, alike: form.alike }
    }
}

/// Returns the lines of a run.
pub fn lines(run: &MergeRun) -> String {
    let header = HeaderForm {
        onefold_patches: VERSION,
        format: if run.shape.format == Format::Csv { FormatForm::Csv } else { FormatForm::Jsonl },
        merges: run.merges.len(),
        read: run.read.clone(),
        written: run.written.clone(),
        map: run.options.map.iter().map(ToString::to_string).collect(),
        workspace_column: run.options.workspace_column.clone(),
        identifiers: run.options.identifiers.clone(),
        zeros_are_no_ids: run.options.zero_ids == ZeroIds::Placeholders,
        line_end: if run.shape.line_end == LineEnd::Return { LineEndForm::Cr } else { LineEndForm::Lf },
        header: (!run.shape.header.is_empty()).then(|| HexOrText(run.shape.header.clone())),
    };
    let mut lines = serde_json::to_string(&header).expect("a header is JSON");
    lines.push('\n');
    for merged in &run.merges {
        lines.push_str(&line(merged));
        lines.push('\n');
    }
    lines
}

fn line(merged: &FileMerge) -> String {
    let mut rows = merged.rows().map(|(contact, original)| RowForm::new(contact, original));
    let survivor = rows.next().expect("a merge has a survivor");
    let form = PatchFileMerge {
        merge: merged.id().to_owned(),
        survivor,
        written: HexOrText(merged.written.clone()),
        retired: rows.collect(),
        patch: RawValue::from_string(merged.patch.to_json()).expect("a patch is JSON"),
    };
    serde_json::to_string(&form).expect("a merge is JSON")
}
