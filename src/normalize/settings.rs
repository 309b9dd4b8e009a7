//! What a normaliser can be set to, as data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::normalize::portfolio::AccountPortfolio;
use crate::normalize::region::Region;

/// The settings of a [`Normalizer`](crate::Normalizer), to be read, stored and set again: plain data, of which any value is
/// legal. [`Normalizer::settings`](crate::Normalizer::settings) reads them, and a normaliser is made `From` them.
///
/// ```
/// use onefold::normalize::NormalizerSettings;
/// use onefold::Normalizer;
///
/// let mut settings = NormalizerSettings::default();
/// settings.region = Some("GB".parse()?);
/// assert_eq!(Normalizer::from(settings), Normalizer::builder().region("GB".parse()?).build());
/// # Ok::<(), onefold::normalize::UnknownRegion>(())
/// ```
///
/// `Debug` shows how many values are ignored and none of them.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub struct NormalizerSettings {
    /// The region of numbers without country code; without one they give no key.
    pub region: Option<Region>,
    /// Whether a contact's own country comes before that region.
    #[cfg_attr(feature = "serde", serde(rename = "reads_country"))]
    pub region_from_country: bool,
    /// Whether values are keys just as they stand.
    pub as_written: bool,
    /// Whether the other spellings of phone numbers are left out.
    #[cfg_attr(feature = "serde", serde(rename = "no_variants"))]
    pub without_variants: bool,
    /// Whether an address with a `+tag` also gives the key of the address without it.
    pub plus_tags: bool,
    /// Whether an address at Gmail also gives the key of the mailbox without dots.
    pub gmail_dots: bool,
    /// The values that give no key, as they were given.
    pub ignored: BTreeSet<Box<str>>,
    /// The custom fields that are identifiers of the host's own.
    pub identifiers: BTreeSet<Box<str>>,
    /// What channel accounts belong to, by their names. Accounts that are not here belong to nothing.
    #[cfg_attr(feature = "serde", serde(default))]
    pub portfolios: BTreeMap<Box<str>, AccountPortfolio>,
}

impl NormalizerSettings {
    /// The values that give no key, in the form in which values are compared with them: exactly as given where values are
    /// keys as they stand, otherwise trimmed and in lower case.
    pub(super) fn compared(&self) -> BTreeSet<Box<str>> {
        let compared = |value: &str| -> Box<str> {
            if self.as_written { value.into() } else { value.trim().to_ascii_lowercase().into() }
        };
        self.ignored.iter().map(|value| compared(value)).collect()
    }

    pub(super) fn fmt_fields(&self, to: &mut fmt::DebugStruct<'_, '_>) -> fmt::Result {
        to.field("region", &self.region)
            .field("region_from_country", &self.region_from_country)
            .field("as_written", &self.as_written)
            .field("without_variants", &self.without_variants)
            .field("plus_tags", &self.plus_tags)
            .field("gmail_dots", &self.gmail_dots)
            .field("ignored", &self.ignored.len())
            .field("identifiers", &self.identifiers)
            .field("portfolios", &self.portfolios)
            .finish()
    }
}

impl fmt::Debug for NormalizerSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_fields(&mut f.debug_struct("NormalizerSettings"))
    }
}

/// As its fields, the portfolios left out in JSON where there are none: what was written before there were any stays the
/// same. Forms without names have all fields always.
#[cfg(feature = "serde")]
impl serde::Serialize for NormalizerSettings {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let with_portfolios = !serializer.is_human_readable() || !self.portfolios.is_empty();
        let mut fields = serializer.serialize_struct("Normalizer", 8 + usize::from(with_portfolios))?;
        fields.serialize_field("region", &self.region)?;
        fields.serialize_field("reads_country", &self.region_from_country)?;
        fields.serialize_field("as_written", &self.as_written)?;
        fields.serialize_field("no_variants", &self.without_variants)?;
        fields.serialize_field("plus_tags", &self.plus_tags)?;
        fields.serialize_field("gmail_dots", &self.gmail_dots)?;
        fields.serialize_field("ignored", &self.ignored)?;
        fields.serialize_field("identifiers", &self.identifiers)?;
        if with_portfolios {
            fields.serialize_field("portfolios", &self.portfolios)?;
        }
        fields.end()
    }
}
