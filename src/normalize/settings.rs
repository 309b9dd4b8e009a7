//! The settings of a normaliser as data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::normalize::portfolio::AccountPortfolio;
use crate::normalize::region::Region;

/// The settings of a [`Normalizer`](crate::Normalizer) as plain data, to be read, stored and restored. Any value is
/// legal.
///
/// [`Normalizer::settings`](crate::Normalizer::settings) returns them, and `From` converts them to a normaliser.
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
/// `Debug` shows the number of ignored values and not the values.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
pub struct NormalizerSettings {
    /// The region of phone numbers without country code. With `None` such numbers give no key.
    pub region: Option<Region>,
    /// True if the country of a contact takes precedence over `region`.
    #[cfg_attr(feature = "serde", serde(rename = "reads_country"))]
    pub region_from_country: bool,
    /// True if values are keys exactly as they stand.
    pub as_written: bool,
    /// True if phone numbers give no variants.
    #[cfg_attr(feature = "serde", serde(rename = "no_variants"))]
    pub without_variants: bool,
    /// True if an address with a `+tag` also gives the key of the address without the tag.
    pub plus_tags: bool,
    /// True if an address at Gmail also gives the key of the mailbox without dots.
    pub gmail_dots: bool,
    /// The values that give no key, as the host wrote them.
    pub ignored: BTreeSet<Box<str>>,
    /// The names of the custom fields that are host identifiers.
    pub identifiers: BTreeSet<Box<str>>,
    /// The portfolios of channel accounts, by account name. An account that is not listed has no portfolio.
    #[cfg_attr(feature = "serde", serde(default))]
    pub portfolios: BTreeMap<Box<str>, AccountPortfolio>,
}

impl NormalizerSettings {
    /// Returns the ignored values in the form that is compared: exactly as written if values are keys as they stand,
    /// otherwise trimmed and in lower case.
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

/// Serialises the fields. Human-readable formats omit empty portfolios, because stored forms without the field must
/// stay equal byte for byte. Formats without field names always have all fields.
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
