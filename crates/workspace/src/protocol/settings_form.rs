//! The settings of the workspace as the protocol says them.

use std::collections::BTreeSet;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::protocol::argument::NO_REGION;
use crate::settings::Settings;
use onefold::key::Strength;
use onefold::merge::policy::{MAX_CONTACTS_PER_MERGE, MergePolicy};
use onefold::normalize::{Normalizer, Region};

/// The settings of a workspace that nobody has set: as many contacts as are possible can be merged at once.
pub(crate) fn initial() -> Settings {
    let policy =
        MergePolicy::builder().max_contacts(MAX_CONTACTS_PER_MERGE).build().expect("the limit is within itself");
    Settings::new().with_policy(policy)
}

/// All settings, each under the name of the argument that sets it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsForm {
    max_holders: usize,
    max_members: usize,
    ignore: Vec<String>,
    normalize: bool,
    // `none` as in the argument; earlier releases wrote `null`.
    #[serde(default, serialize_with = "region_or_none", deserialize_with = "region_of_text")]
    region: Option<Region>,
    region_from_country: bool,
    // Forms of earlier releases do not have it.
    #[serde(default = "yes")]
    variants: bool,
    plus_tags: bool,
    gmail_dots: bool,
    identifiers: Vec<String>,
    min_strength: Strength,
    policy: MergePolicy,
}

fn yes() -> bool {
    true
}

fn region_or_none<S: Serializer>(region: &Option<Region>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(region.as_ref().map_or(NO_REGION, Region::code))
}

fn region_of_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Region>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let code = text.filter(|text| text != NO_REGION);
    code.map(|code| code.parse().map_err(|_| D::Error::custom("no region"))).transpose()
}

impl SettingsForm {
    /// The form of settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        let (normalizer, rules) = (settings.normalizer.settings(), settings.rules);
        let texts = |texts: &BTreeSet<Box<str>>| texts.iter().map(|text| text.to_string()).collect();
        Self {
            max_holders: rules.max_holders.unwrap_or(usize::MAX),
            max_members: rules.max_members,
            ignore: texts(&normalizer.ignored),
            normalize: !normalizer.as_written,
            region: normalizer.region,
            region_from_country: normalizer.region_from_country,
            variants: !normalizer.without_variants,
            plus_tags: normalizer.plus_tags,
            gmail_dots: normalizer.gmail_dots,
            identifiers: texts(&normalizer.identifiers),
            min_strength: rules.min_strength,
            policy: settings.policy.clone(),
        }
    }

    /// The settings of a form.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = Settings::new().with_policy(self.policy.clone());
        settings.rules.max_holders = Some(self.max_holders).filter(|limit| *limit < usize::MAX);
        settings.rules.max_members = self.max_members;
        settings.rules.min_strength = self.min_strength;
        let mut normalizer = settings.normalizer.settings().clone();
        normalizer.ignored = self.ignore.iter().map(|text| text.as_str().into()).collect();
        normalizer.as_written = !self.normalize;
        normalizer.region = self.region;
        normalizer.region_from_country = self.region_from_country;
        normalizer.without_variants = !self.variants;
        normalizer.plus_tags = self.plus_tags;
        normalizer.gmail_dots = self.gmail_dots;
        normalizer.identifiers = self.identifiers.iter().map(|text| text.as_str().into()).collect();
        settings.with_normalizer(normalizer.into())
    }

    /// Whether a workspace under `settings` is under those of the form. Earlier releases kept the settings in force in the
    /// workspace and all of them in the form: without normalising, only the ignore list, and a policy without flags.
    pub(crate) fn agrees_with(&self, settings: &Settings) -> bool {
        let own = self.settings();
        // What channel accounts belong to is no argument of these operations.
        let mut normalizer = settings.normalizer.settings().clone();
        normalizer.portfolios.clear();
        let settings = Settings { normalizer: normalizer.into(), ..settings.clone() };
        if own == settings {
            return true;
        }
        let folded = self.ignore.iter().map(|text| text.trim().to_ascii_lowercase());
        let before = if self.normalize {
            let mut normalizer = own.normalizer.settings().clone();
            normalizer.ignored = folded.map(String::into_boxed_str).collect();
            Settings { normalizer: normalizer.into(), ..own }
        } else {
            Settings {
                normalizer: Normalizer::builder().as_written().ignore(&self.ignore).build(),
                policy: own.policy.without_field_names(),
                rules: own.rules,
            }
        };
        let policy = before.policy.for_workspace();
        let holders = before.rules.with_max_holders(self.max_holders);
        before.normalizer == settings.normalizer
            && policy == settings.policy
            && [before.rules, holders].contains(&settings.rules)
    }
}
