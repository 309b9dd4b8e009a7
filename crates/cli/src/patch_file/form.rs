//! The form of a run in JSON Lines.

use onefold_files::{Format, InputShape, LineEnd, Options, ZeroIds};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::patch_file::json_bytes::HexOrText;
use crate::patch_file::merge_run::Original;

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
    Vcard,
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

impl From<RowForm> for Original {
    fn from(form: RowForm) -> Self {
        let RowForm { contact, place, row, made, alike } = form;
        Self { contact, place, bytes: row.0, is_made: made, alike }
    }
}

/// The content of the first line of a run.
pub struct RunHeader<'a> {
    /// The shape of the input.
    pub shape: &'a InputShape,
    /// The options of the input.
    pub options: &'a Options,
    /// A digest of the text that was read.
    pub read: String,
    /// A digest of the text that was written.
    pub written: String,
    /// The number of merges.
    pub merges: usize,
}

impl RunHeader<'_> {
    /// Returns the line, with its line end.
    pub fn line(self) -> String {
        let Self { shape, options, read, written, merges } = self;
        let header = HeaderForm {
            onefold_patches: VERSION,
            format: match shape.format {
                Format::Csv => FormatForm::Csv,
                Format::VCard => FormatForm::Vcard,
                _ => FormatForm::Jsonl,
            },
            merges,
            read,
            written,
            map: options.map.iter().map(ToString::to_string).collect(),
            workspace_column: options.workspace_column.clone(),
            identifiers: options.identifiers.clone(),
            zeros_are_no_ids: options.zero_ids == ZeroIds::Placeholders,
            line_end: if shape.line_end == LineEnd::Return { LineEndForm::Cr } else { LineEndForm::Lf },
            header: (!shape.header.is_empty()).then(|| HexOrText(shape.header.clone())),
        };
        let mut line = serde_json::to_string(&header).expect("a header is JSON");
        line.push('\n');
        line
    }
}
