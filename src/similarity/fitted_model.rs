//! What was counted and estimated on contacts, so that others can be compared in the same way.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::similarity::comparable::Texts;
use crate::similarity::field::{FIELDS, MAX_LEVELS};
use crate::similarity::frequencies::{CountKind, Frequencies};
use crate::similarity::interned_texts::InternedTexts;
use crate::similarity::model::{Model, ModelError};
use crate::similarity::scoring::Weights;

const FORMAT: &str = "onefold fitted similarity";
const VERSION: u32 = 1;

/// A [`Model`] with what was counted on contacts: how frequent levels are among random pairs, how frequent each value is,
/// and how likely two contacts are one person before they are compared.
///
/// It holds no value of a contact. Frequencies are counts by 64-bit hashes, of values that occur at least twice. Whoever has
/// the file and guesses a value, such as a name, can see how many contacts have it, but not which. A value that occurs once
/// leaves no trace. Treat the file as you treat statistics of your contacts.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedModel {
    given: Model,
    estimated: Model,
    others: [[f64; MAX_LEVELS]; FIELDS],
    prior: f64,
    household: f64,
    contacts: u32,
    // The counts of texts, and those of other values, by their hashes.
    texts: BTreeMap<u64, u32>,
    values: BTreeMap<u64, u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FittedForm {
    format: String,
    version: u32,
    model: serde_json::Value,
    estimated: serde_json::Value,
    /// The log2 of shares in millionths, and the prior in the same unit, so that they are read as they were written.
    others: Vec<Vec<i64>>,
    prior: i64,
    household: i64,
    contacts: u32,
    texts: BTreeMap<String, u32>,
    values: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
struct FittedVersion {
    version: u32,
}

fn millionths(number: f64) -> i64 {
    (number * 1e6).round() as i64
}

/// Returns a number of bits as it is read from the JSON form.
pub(crate) fn rounded(bits: f64) -> f64 {
    millionths(bits) as f64 / 1e6
}

/// Returns shares as they are read from the JSON form.
pub(crate) fn rounded_shares(shares: &[[f64; MAX_LEVELS]; FIELDS]) -> [[f64; MAX_LEVELS]; FIELDS] {
    shares.map(|row| row.map(|share| if share > 0.0 { rounded(share.log2()).exp2() } else { 0.0 }))
}

impl FittedModel {
    /// Returns a model without counts.
    pub(crate) fn unfitted(model: &Model) -> Self {
        let others = rounded_shares(model.shares());
        Self {
            given: model.clone(),
            estimated: model.clone(),
            others,
            prior: 0.0,
            household: 0.0,
            contacts: 2,
            texts: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }

    /// Returns what was fitted, with the frequencies in `texts`. Cost: O(v log v) for v values.
    pub(crate) fn new(
        given: &Model,
        estimated: &Model,
        others: &[[f64; MAX_LEVELS]; FIELDS],
        weights: &Weights,
        texts: &Texts,
    ) -> Self {
        let frequencies = &texts.frequencies;
        let mut counts = BTreeMap::new();
        for (kind, table, of) in tables(texts, frequencies) {
            for (number, count) in (0..).zip(of) {
                if *count > 1 && number > 0 {
                    counts.insert(kind.hash(table.hash(number)), *count);
                }
            }
        }
        let values = frequencies.values.iter().map(|(value, count)| (*value, *count)).collect();
        let (contacts, prior, household) = (frequencies.contacts, weights.prior(), weights.household());
        Self {
            given: given.clone(),
            estimated: estimated.clone(),
            others: *others,
            prior,
            household,
            contacts,
            texts: counts,
            values,
        }
    }

    /// Returns the model as it was given.
    pub fn given(&self) -> &Model {
        &self.given
    }

    /// Returns the model with the shares that were estimated on the contacts.
    pub fn estimated(&self) -> &Model {
        &self.estimated
    }

    /// Returns the number of contacts that were counted.
    pub fn contacts(&self) -> u32 {
        self.contacts
    }

    /// Returns the log-odds in bits that two contacts are one person before they are compared.
    pub fn prior(&self) -> f64 {
        self.prior
    }

    pub(crate) fn weights(&self) -> Weights {
        Weights::new(&self.estimated, &self.others, self.contacts, self.prior).with_household(self.household)
    }

    /// Returns the frequencies of the values in `texts`.
    pub(crate) fn frequencies(&self, texts: &Texts) -> Frequencies {
        let mut frequencies = Frequencies { contacts: self.contacts, ..Frequencies::default() };
        let counts = |kind: CountKind, table: &InternedTexts| -> Vec<u32> {
            (0..table.len() as u32).map(|number| self.count(kind, table.hash(number))).collect()
        };
        frequencies.given = counts(CountKind::Given, &texts.names);
        frequencies.family = counts(CountKind::Family, &texts.names);
        frequencies.companies = counts(CountKind::Company, &texts.companies);
        frequencies.streets = counts(CountKind::Street, &texts.streets);
        frequencies.places = counts(CountKind::Place, &texts.places);
        frequencies.values = self.values.iter().map(|(value, count)| (*value, *count)).collect();
        frequencies
    }

    /// Returns the count of a text.
    fn count(&self, kind: CountKind, text: u64) -> u32 {
        self.texts.get(&kind.hash(text)).copied().unwrap_or(1)
    }

    /// Returns the JSON form.
    ///
    /// # Panics
    /// Never: the form has texts as keys and whole numbers.
    pub fn to_json(&self) -> String {
        let model = |model: &Model| serde_json::from_str(&model.to_json()).expect("a model is JSON");
        let form = FittedForm {
            format: FORMAT.to_owned(),
            version: VERSION,
            model: model(&self.given),
            estimated: model(&self.estimated),
            others: self
                .others
                .iter()
                .map(|row| row.iter().map(|share| millionths(share.log2().max(-99.0))).collect())
                .collect(),
            prior: millionths(self.prior),
            household: millionths(self.household),
            contacts: self.contacts,
            texts: hexadecimal(&self.texts),
            values: hexadecimal(&self.values),
        };
        serde_json::to_string(&form).expect("a fitted model is JSON")
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// - [`ModelError::OtherVersion`] if another release wrote it.
    /// - [`ModelError::Damaged`] if it is no fitted model.
    pub fn from_json(json: &str) -> Result<Self, ModelError> {
        let damaged = |reason: String| ModelError::Damaged { reason };
        let of_serde = |error: serde_json::Error| damaged(error.to_string());
        let FittedVersion { version } = serde_json::from_str(json).map_err(of_serde)?;
        if version != VERSION {
            return Err(ModelError::OtherVersion { version });
        }
        let form: FittedForm = serde_json::from_str(json).map_err(of_serde)?;
        if form.format != FORMAT || form.others.len() != FIELDS {
            return Err(damaged("it is another document".to_owned()));
        }
        let mut others = [[0.0; MAX_LEVELS]; FIELDS];
        for (row, logs) in others.iter_mut().zip(&form.others) {
            if logs.len() != MAX_LEVELS || logs.iter().any(|log| !(-99_000_000..=0).contains(log)) {
                return Err(damaged("its shares are out of range".to_owned()));
            }
            for (share, log) in row.iter_mut().zip(logs) {
                *share = if *log <= -99_000_000 { 0.0 } else { (*log as f64 / 1e6).exp2() };
            }
        }
        let counts = |form: &BTreeMap<String, u32>| -> Result<BTreeMap<u64, u32>, ModelError> {
            let count = |(value, count): (&String, &u32)| Some((u64::from_str_radix(value, 16).ok()?, *count));
            let counts: Option<_> = form.iter().map(count).collect();
            counts.ok_or_else(|| damaged("it has a count of no hash".to_owned()))
        };
        let (texts, values) = (counts(&form.texts)?, counts(&form.values)?);
        let model = |value: &serde_json::Value| Model::from_json(&value.to_string());
        let (given, estimated) = (model(&form.model)?, model(&form.estimated)?);
        Ok(Self {
            given,
            estimated,
            others,
            prior: form.prior as f64 / 1e6,
            household: form.household as f64 / 1e6,
            contacts: form.contacts,
            texts,
            values,
        })
    }
}

fn hexadecimal(counts: &BTreeMap<u64, u32>) -> BTreeMap<String, u32> {
    counts.iter().map(|(value, count)| (format!("{value:016x}"), *count)).collect()
}

/// Returns the counts that are kept by the numbers of texts.
fn tables<'a>(texts: &'a Texts, frequencies: &'a Frequencies) -> [(CountKind, &'a InternedTexts, &'a Vec<u32>); 5] {
    [
        (CountKind::Given, &texts.names, &frequencies.given),
        (CountKind::Family, &texts.names, &frequencies.family),
        (CountKind::Company, &texts.companies, &frequencies.companies),
        (CountKind::Street, &texts.streets, &frequencies.streets),
        (CountKind::Place, &texts.places, &frequencies.places),
    ]
}
