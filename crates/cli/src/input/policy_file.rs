//! Reads the file of a merge policy.

use std::path::Path;

use onefold::MergePolicy;

use crate::failure::Failure;

/// Returns the policy in a file, which is JSON by its name or else TOML, or the default policy without a file.
///
/// # Errors
/// The file cannot be read, or is not a policy.
pub fn load(path: Option<&Path>) -> Result<MergePolicy, Failure> {
    let Some(path) = path else { return Ok(MergePolicy::new()) };
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| Failure::Input(format!("cannot read {name}: {error}")))?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let policy = if is_json {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        toml::from_str(&text).map_err(|error| {
            let line = error.span().map(|span| 1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count());
            let place = line.map_or_else(String::new, |line| format!(", at line {line}"));
            format!("{}{place}", error.message())
        })
    };
    policy.map_err(|what: String| Failure::Input(format!("{name} is not a policy: {what}")))
}
