//! The two files that a run writes.

use std::io::{self, Write};

use onefold_files::Options;

use crate::arguments::merge::MergeArguments;
use crate::commands::merge::merged_text::{MergedText, TextPass};
use crate::commands::merge::patch_lines::PatchLines;
use crate::failure::Failure;
use crate::input::rows;
use crate::output::{ExistingFile, Finished, NewFile, check_are_two, check_is_no_input};
use crate::patch_file::{RunHeader, TextDigest};
use crate::scan::key_scan::FileScan;

/// The two files that a run writes.
pub struct Targets {
    output: NewFile,
    output_name: String,
    patches: NewFile,
    patches_name: String,
}

/// The input of a run.
pub struct RunInput<'a> {
    /// The file.
    pub file: &'a FileScan,
    /// The options that its rows are read by.
    pub options: &'a Options,
    /// The digest of its text.
    pub digest: String,
}

impl Targets {
    /// Opens the files to write, or returns `None` for a dry run.
    ///
    /// # Errors
    /// A file is an input, exists and may not be replaced, or cannot be written.
    pub fn open(arguments: &MergeArguments) -> Result<Option<Self>, Failure> {
        let (Some(output), Some(patches), false) = (&arguments.output, &arguments.patches, arguments.dry_run) else {
            return Ok(None);
        };
        let mut inputs = vec![arguments.file.clone()];
        inputs.extend(arguments.policy.clone());
        for path in [output, patches] {
            if path.as_os_str() == "-" {
                return Err(Failure::Usage("merge writes two files, and none to standard output".to_owned()));
            }
            check_is_no_input(path, &inputs)?;
        }
        check_are_two(output, patches, "the contacts and the patches")?;
        let existing = if arguments.force { ExistingFile::GivesWay } else { ExistingFile::Stays };
        Ok(Some(Self {
            output: NewFile::create(output, existing)?,
            output_name: output.display().to_string(),
            patches: NewFile::create(patches, ExistingFile::IsTheSame)?,
            patches_name: patches.display().to_string(),
        }))
    }

    /// Returns an empty list of lines for the patch file.
    ///
    /// # Errors
    /// The folder of the patch file cannot be written to.
    pub fn patch_lines(&self) -> Result<PatchLines, Failure> {
        let temporary = std::env::temp_dir();
        let lines = PatchLines::create_in(self.patches.folder().unwrap_or(&temporary));
        lines.map_err(|error| Failure::writing(&self.patches_name, &error))
    }

    /// Returns the failure of writing the patches.
    pub fn patches_failure(&self, error: &io::Error) -> Failure {
        Failure::writing(&self.patches_name, error)
    }

    /// Writes both files. The patches get their name first, so that merged contacts never exist without the patches that undo them.
    ///
    /// # Errors
    /// A file cannot be read or written, exists already, or a row of the result is not at its position.
    pub fn write(mut self, text: &MergedText<'_>, lines: PatchLines, input: RunInput<'_>) -> Result<(), Failure> {
        let mut digest = TextDigest::default();
        if self.output.is_direct() {
            // A reader of a pipe sees the contacts at once, so the patches must exist before.
            text.write(TextPass::Checked, |piece| {
                digest.add(piece);
                Ok(())
            })?;
        } else {
            put_prefix(&mut self.output, &self.output_name, input.file)?;
            text.write(TextPass::Checked, |piece| {
                digest.add(piece);
                put(&mut self.output, &self.output_name, piece)
            })?;
        }
        let header = RunHeader {
            shape: input.file.file.shape(),
            options: input.options,
            read: input.digest,
            written: digest.finish(),
            merges: lines.merges(),
        };
        let written = self.patches.write_all(header.line().as_bytes());
        let written = written.and_then(|()| lines.copy_to(&mut self.patches, |contact| text.count_alike(contact)));
        let patches = written.and_then(|()| self.patches.finish());
        let patches = patches.map_err(|error| Failure::writing(&self.patches_name, &error))?;
        if patches.is_blocked().map_err(|error| Failure::writing(&self.patches_name, &error))? {
            let name = &self.patches_name;
            return Err(Failure::Usage(format!(
                "{name} exists already and holds something else; it is never replaced"
            )));
        }
        input.file.file.check_unchanged().map_err(rows::failure)?;
        let name_patches =
            |patches: Finished| patches.persist().map_err(|error| Failure::writing(&self.patches_name, &error));
        let patches = if self.output.is_direct() {
            name_patches(patches)?;
            put_prefix(&mut self.output, &self.output_name, input.file)?;
            text.write(TextPass::Again, |piece| put(&mut self.output, &self.output_name, piece))?;
            None
        } else {
            Some(patches)
        };
        let output = self.output.finish().map_err(|error| Failure::writing(&self.output_name, &error))?;
        if output.is_blocked().map_err(|error| Failure::writing(&self.output_name, &error))? {
            return Err(Failure::Usage(format!("{} exists already; --force replaces it", self.output_name)));
        }
        patches.map_or(Ok(()), name_patches)?;
        output.persist().map_err(|error| Failure::writing(&self.output_name, &error))
    }
}

/// Writes the byte order mark, if the result gets one.
fn put_prefix(output: &mut NewFile, name: &str, file: &FileScan) -> Result<(), Failure> {
    // UTF-16 input has a byte order mark, so the UTF-8 output gets one too.
    put(output, name, if file.file.was_recoded() { b"\xef\xbb\xbf" } else { file.file.prefix() })
}

fn put(output: &mut NewFile, name: &str, piece: &[u8]) -> Result<(), Failure> {
    output.write_all(piece).map_err(|error| Failure::writing(name, &error))
}
