//! The file of a model: weights and counts, and no value of a contact.

use std::fs;
use std::io::Write;
use std::path::Path;

use onefold::similarity::Model;

use crate::failure::Failure;
use crate::output::{Finished, NewFile};

/// Returns the model of a file, or the one that comes with onefold if none is named.
///
/// # Errors
/// The file cannot be read, or is no model of this release.
pub fn read(path: Option<&Path>) -> Result<Model, Failure> {
    let Some(path) = path else { return Ok(Model::shipped()) };
    let what = || format!("cannot use {}", path.display());
    let json = fs::read_to_string(path).map_err(|error| Failure::caused(what(), error))?;
    Model::from_json(&json).map_err(|error| Failure::caused(what(), error))
}

/// Writes a model to a new file. `path` is for messages.
///
/// # Errors
/// The file cannot be written.
pub fn write(model: &Model, mut file: NewFile, path: &Path) -> Result<(), Failure> {
    let written = writeln!(file, "{}", model.to_json()).and_then(|()| file.finish()).and_then(Finished::persist);
    written.map_err(|error| Failure::writing(&path.display().to_string(), &error))
}
