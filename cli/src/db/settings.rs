//! The settings of a database, set as `onefold replay` sets them, so that it finds them in its own form.

use std::path::Path;

use onefold_sqlite::Store;
use serde_json::{Value, json};

use crate::arguments::{InputArguments, RulesArguments};
use crate::failure::Failure;

/// Makes a database whose values are read and whose contacts are joined as the arguments say.
///
/// # Errors
/// It cannot be made, or not keep what the arguments say.
pub fn make(path: &Path, input: &InputArguments, rules: &RulesArguments) -> Result<(), Failure> {
    if input.no_variants {
        let what = "a database keeps the other spellings of numbers; --no-variants is for files";
        return Err(Failure::Usage(what.to_owned()));
    }
    let asked = rules.rules();
    let config = json!({
        "op": "config",
        "max_holders": asked.max_holders.unwrap_or(usize::MAX),
        "max_members": asked.max_members,
        "ignore": input.ignore,
    });
    let settings = json!({
        "op": "settings",
        "region": input.region,
        "region_from_country": input.region_from_country,
        "plus_tags": input.plus_tags,
        "gmail_dots": input.gmail_dots,
        "identifiers": input.identifier,
        "min_strength": asked.min_strength,
    });
    // Nobody needs to be told of the settings of a new workspace.
    carry_out(path, &[config, settings, json!({"op": "events"})])
}

/// Carries operations of the protocol out on a database, which is closed again.
///
/// # Errors
/// The database cannot be used, or an operation is refused.
pub fn carry_out(path: &Path, operations: &[Value]) -> Result<(), Failure> {
    let name = path.display();
    let opened = Store::open_protocol(path);
    let (mut store, mut protocol) = opened.map_err(|error| Failure::caused(format!("cannot open {name}"), error))?;
    for operation in operations {
        let answer = protocol.answer_stored(&operation.to_string(), |writes| store.write(writes));
        let answer: Value = serde_json::from_str(&answer.unwrap_or_default()).unwrap_or_default();
        if answer.get("ok") != Some(&Value::Bool(true)) {
            let why = ["error", "why"].map(|part| answer.get(part).and_then(Value::as_str).unwrap_or("refused"));
            return Err(Failure::Input(format!("{name} does not take the settings: {}", why.join(", "))));
        }
    }
    Ok(())
}
