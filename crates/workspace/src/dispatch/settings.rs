//! The operations that change settings.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::protocol::Protocol;
use crate::protocol::argument::{DefaultRegion, Limit};
use crate::protocol::refusal::Refusal;
use crate::settings::Settings;
use onefold::key::Strength;
use onefold::merge::policy::MergePolicy;

/// The arguments of `config`. A setting that is `None` does not change.
pub(crate) struct Limits {
    pub(crate) max_holders: Option<Limit>,
    pub(crate) max_members: Option<Limit>,
    pub(crate) ignore: Option<Vec<String>>,
    pub(crate) normalize: Option<bool>,
}

/// The settings of the normaliser in `settings`. A setting that is `None` does not change.
pub(crate) struct NormalizerForm {
    pub(crate) region: Option<DefaultRegion>,
    pub(crate) region_from_country: Option<bool>,
    pub(crate) variants: Option<bool>,
    pub(crate) plus_tags: Option<bool>,
    pub(crate) gmail_dots: Option<bool>,
    pub(crate) identifiers: Option<Vec<String>>,
}

fn set_of(texts: Vec<String>) -> BTreeSet<Box<str>> {
    texts.into_iter().map(String::into_boxed_str).collect()
}

impl Protocol {
    pub(crate) fn configure(&mut self, given: Limits, act: &Act) -> Result<(), Refusal> {
        let mut settings = self.workspace.settings().clone();
        let mut normalizer = settings.normalizer.settings().clone();
        if let Some(Limit(limit)) = given.max_holders {
            settings.rules.max_holders = Some(limit);
        }
        if let Some(Limit(limit)) = given.max_members {
            settings.rules.max_members = limit;
        }
        normalizer.ignored = given.ignore.map_or(normalizer.ignored, set_of);
        normalizer.as_written = given.normalize.map_or(normalizer.as_written, |normalize| !normalize);
        self.put_under(settings.with_normalizer(normalizer.into()), act)
    }

    pub(crate) fn set_settings(
        &mut self,
        given: NormalizerForm,
        min_strength: Option<Strength>,
        policy: Option<MergePolicy>,
        act: &Act,
    ) -> Result<(), Refusal> {
        let mut settings = self.workspace.settings().clone();
        let mut normalizer = settings.normalizer.settings().clone();
        if let Some(DefaultRegion(region)) = given.region {
            normalizer.region = region;
        }
        normalizer.region_from_country = given.region_from_country.unwrap_or(normalizer.region_from_country);
        normalizer.without_variants = given.variants.map_or(normalizer.without_variants, |variants| !variants);
        normalizer.plus_tags = given.plus_tags.unwrap_or(normalizer.plus_tags);
        normalizer.gmail_dots = given.gmail_dots.unwrap_or(normalizer.gmail_dots);
        normalizer.identifiers = given.identifiers.map_or(normalizer.identifiers, set_of);
        settings.rules.min_strength = min_strength.unwrap_or(settings.rules.min_strength);
        settings.policy = policy.unwrap_or(settings.policy);
        self.put_under(settings.with_normalizer(normalizer.into()), act)
    }

    fn put_under(&mut self, settings: Settings, act: &Act) -> Result<(), Refusal> {
        Ok(self.workspace.write(|workspace| workspace.set_settings(settings, act))?)
    }
}
