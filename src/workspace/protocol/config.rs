//! The settings behind the operations `config` and `settings`.

use serde::{Deserialize, Serialize};

use crate::index::Rules;
use crate::key::Strength;
use crate::normalize::{Normalizer, Region};
use crate::policy::{MAX_CONTACTS_PER_MERGE, MergePolicy};
use crate::workspace::Settings;
use crate::workspace::act::Act;
use crate::workspace::protocol::Protocol;
use crate::workspace::protocol::answer::Answer;
use crate::workspace::protocol::arguments::Arguments;
use crate::workspace::protocol::refusal::Refusal;

/// What the two operations set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    pub(super) max_holders: usize,
    pub(super) max_members: usize,
    pub(super) ignore: Vec<String>,
    pub(super) normalize: bool,
    region: Option<Region>,
    region_from_country: bool,
    plus_tags: bool,
    gmail_dots: bool,
    identifiers: Vec<String>,
    min_strength: Strength,
    policy: MergePolicy,
}

impl Default for Config {
    fn default() -> Self {
        let rules = Rules::new();
        let policy = MergePolicy::new().max_contacts(MAX_CONTACTS_PER_MERGE).expect("the limit is within itself");
        Self {
            max_holders: rules.max_holders.unwrap_or(usize::MAX),
            max_members: rules.max_members,
            ignore: Vec::new(),
            normalize: true,
            region: None,
            region_from_country: false,
            plus_tags: false,
            gmail_dots: false,
            identifiers: Vec::new(),
            min_strength: rules.min_strength,
            policy,
        }
    }
}

impl Config {
    /// Without normalising, values are keys as they stand, and custom fields are all alike.
    pub(super) fn settings(&self) -> Settings {
        let (normalizer, policy) = match self.normalize {
            true => (self.normalizer(), self.policy.clone()),
            false => (Normalizer::new().as_written(), self.policy.clone().without_flags()),
        };
        let rules = Rules::new().max_holders(self.max_holders).max_members(self.max_members);
        let rules = rules.min_strength(self.min_strength);
        Settings::new().normalizer(normalizer.ignore(&self.ignore)).rules(rules).policy(policy)
    }

    fn normalizer(&self) -> Normalizer {
        let mut normalizer = Normalizer::new();
        if let Some(region) = self.region {
            normalizer = normalizer.region(region);
        }
        for (is_on, switch) in [
            (self.region_from_country, Normalizer::region_from_country as fn(Normalizer) -> Normalizer),
            (self.plus_tags, Normalizer::plus_tags),
            (self.gmail_dots, Normalizer::gmail_dots),
        ] {
            if is_on {
                normalizer = switch(normalizer);
            }
        }
        self.identifiers.iter().fold(normalizer, |normalizer, name| normalizer.identifier(name.as_str()))
    }
}

impl Protocol {
    pub(super) fn settings(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let mut config = self.workspace.config().clone();
        if given.raw("region").is_some() {
            config.region = given.read("region")?;
        }
        config.region_from_country = given.read("region_from_country")?.unwrap_or(config.region_from_country);
        config.plus_tags = given.read("plus_tags")?.unwrap_or(config.plus_tags);
        config.gmail_dots = given.read("gmail_dots")?.unwrap_or(config.gmail_dots);
        config.identifiers = given.read("identifiers")?.unwrap_or(config.identifiers);
        config.min_strength = given.read("min_strength")?.unwrap_or(config.min_strength);
        config.policy = given.read("policy")?.unwrap_or(config.policy);
        Ok(self.workspace.put_under(config, act)?)
    }
}
