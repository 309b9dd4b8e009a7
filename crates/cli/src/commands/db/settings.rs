//! The settings of a database.

use std::path::Path;

use onefold_workspace::Settings;

use crate::arguments::input::ValueArguments;
use crate::arguments::rules::RulesArguments;
use crate::commands::db::database::{Database, act};
use crate::failure::Failure;

/// Creates a database with the options of the arguments as its settings.
///
/// # Errors
/// The database cannot be created or written.
pub fn make(path: &Path, values: &ValueArguments, rules: &RulesArguments) -> Result<Database, Failure> {
    let mut database = Database::open_or_make(path)?;
    let policy = database.workspace.settings().policy.clone();
    let settings = Settings::new().with_normalizer(values.normalizer()).with_rules(rules.rules()).with_policy(policy);
    set(&mut database, settings)?;
    // The settings of a new workspace need no event.
    if let Some(number) = database.workspace.events().last().map(|event| event.number) {
        let _ = database.carry_out(|workspace| Ok(workspace.acknowledge_events(number)))?;
    }
    Ok(database)
}

/// Changes the settings of a database.
///
/// # Errors
/// The database cannot be written.
pub fn set(database: &mut Database, settings: Settings) -> Result<(), Failure> {
    let set = database.carry_out(|workspace| workspace.set_settings(settings, &act()))?;
    set.map_err(|error| Failure::Input(format!("{} does not take the settings: {error}", database.name)))
}
