//! The model: how often each level occurs among contacts that are one person, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::similarity::field::{ComparedField, FIELDS, MAX_LEVELS};

/// The version of the model's form and of the levels that it counts.
pub(crate) const VERSION: u32 = 1;

const SHIPPED: &str = include_str!("model.json");

/// The weights of a comparison before it has seen the contacts: for each level of each field, its share among pairs that
/// are one person.
///
/// [`Model::shipped`] is the model that comes with this release. Most of its shares are means over public and generated sets
/// with known answers, and some were set by hand; `cargo run --release -p xtask -- similarity --learn` counts them on other
/// sets. [`Similarity::learn`] teaches it by the decisions of a user. A model holds shares and coefficients, and no value of
/// a contact.
///
/// [`Similarity::learn`]: crate::similarity::Similarity::learn
///
/// ```
/// use onefold::similarity::Model;
///
/// let model = Model::shipped();
/// assert_eq!(Model::from_json(&model.to_json()), Ok(model));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    // Invariant: the shares of a field's levels add up to 1, and none is below `MIN_SHARE`.
    shares: [[f64; MAX_LEVELS]; FIELDS],
    // For fields with a fixed share: that among other pairs.
    others: [[f64; MAX_LEVELS]; FIELDS],
    // Invariant: every coefficient is from 0 to 3.
    coefficients: [f64; FIELDS],
    calibration: Option<Calibration>,
    threshold: f64,
    decisions: u32,
}

/// A line that turns a score in bits into a calibrated one, learnt from decisions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// The factor of the score.
    pub slope: f64,
    /// What is added to it, in bits.
    pub offset: f64,
}

/// The reason why a text is no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The text is no JSON, or not of a model's form.
    #[error("the model is damaged: {reason}")]
    Damaged {
        /// What is wrong with it.
        reason: String,
    },
    /// The model was written by another release.
    #[error("the model has version {version}, and this release reads {VERSION}")]
    OtherVersion {
        /// The version of the model.
        version: u32,
    },
}

/// The least share of a level, so that no single field decides alone.
const MIN_SHARE: f64 = 1e-4;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelForm {
    format: String,
    version: u32,
    /// The share of each level among pairs that are one person.
    shares: BTreeMap<String, BTreeMap<String, f64>>,
    /// For fields whose shares are not counted: the share of each level among other pairs.
    others: BTreeMap<String, BTreeMap<String, f64>>,
    coefficients: BTreeMap<String, f64>,
    calibration: Option<Calibration>,
    threshold: f64,
    decisions: u32,
}

#[derive(Deserialize)]
struct VersionForm {
    version: u32,
}

const FORMAT: &str = "onefold similarity model";

impl Model {
    /// Returns the model that comes with this release.
    ///
    /// # Panics
    /// Never: a test reads the shipped model.
    pub fn shipped() -> Self {
        Self::from_json(SHIPPED).expect("the shipped model is a model")
    }

    /// Reads a model from its JSON form.
    ///
    /// # Errors
    /// - [`ModelError::OtherVersion`] if another release wrote it.
    /// - [`ModelError::Damaged`] if it is no model, or one of its numbers is out of range.
    pub fn from_json(json: &str) -> Result<Self, ModelError> {
        let damaged = |reason: &str| ModelError::Damaged { reason: reason.to_owned() };
        let of_serde = |error: serde_json::Error| damaged(&error.to_string());
        let VersionForm { version } = serde_json::from_str(json).map_err(of_serde)?;
        if version != VERSION {
            return Err(ModelError::OtherVersion { version });
        }
        let form: ModelForm = serde_json::from_str(json).map_err(of_serde)?;
        if form.format != FORMAT {
            return Err(damaged("it is another document"));
        }
        let mut model = Self {
            shares: table(&form.shares).map_err(|reason| damaged(&reason))?,
            others: [[0.0; MAX_LEVELS]; FIELDS],
            coefficients: [1.0; FIELDS],
            calibration: form.calibration,
            threshold: form.threshold,
            decisions: form.decisions,
        };
        for field in ComparedField::ALL {
            if let Some(coefficient) = form.coefficients.get(field.name()) {
                if !(0.0..=3.0).contains(coefficient) {
                    return Err(damaged(&format!("the coefficient of {field} is out of range")));
                }
                model.coefficients[field as usize] = *coefficient;
            }
        }
        if form.coefficients.keys().any(|name| ComparedField::ALL.iter().all(|field| field.name() != name)) {
            return Err(damaged("it has a coefficient of an unknown field"));
        }
        let fixed: BTreeMap<_, _> = form.others;
        for field in ComparedField::ALL.into_iter().filter(|field| field.has_fixed_share()) {
            model.others[field as usize] = row(field, fixed.get(field.name())).map_err(|reason| damaged(&reason))?;
        }
        let is_line = |line: &Calibration| (0.01..=10.0).contains(&line.slope) && line.offset.abs() <= 100.0;
        if !(0.0..1.0).contains(&model.threshold) || !model.calibration.iter().all(is_line) {
            return Err(damaged("its threshold or its calibration is out of range"));
        }
        Ok(model)
    }

    /// Returns the model's JSON form.
    ///
    /// # Panics
    /// Never: the form has texts as keys and finite numbers.
    pub fn to_json(&self) -> String {
        let rows = |table: &[[f64; MAX_LEVELS]; FIELDS], is_in: fn(ComparedField) -> bool| {
            let fields = ComparedField::ALL.into_iter().filter(|field| is_in(*field));
            fields
                .map(|field| {
                    let shares = field.levels().map(str::to_owned).zip(table[field as usize]);
                    (field.name().to_owned(), shares.collect())
                })
                .collect()
        };
        let form = ModelForm {
            format: FORMAT.to_owned(),
            version: VERSION,
            shares: rows(&self.shares, |_| true),
            others: rows(&self.others, ComparedField::has_fixed_share),
            coefficients: ComparedField::ALL
                .map(|field| (field.name().to_owned(), self.coefficients[field as usize]))
                .into(),
            calibration: self.calibration,
            threshold: self.threshold,
            decisions: self.decisions,
        };
        serde_json::to_string_pretty(&form).expect("a model is JSON")
    }

    /// Returns the model with another threshold of suggestions, a score from 0 to 1 (without 1). The default is .8.
    #[must_use]
    pub fn with_threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold.clamp(0.0, 0.999_999);
        self
    }

    /// Returns the least score of a suggestion.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Returns the share of a level among pairs that are one person, or `None` for an unknown level.
    pub fn share(&self, field: ComparedField, level: &str) -> Option<f64> {
        let at = field.levels().position(|name| name == level)?;
        self.shares.get(field as usize)?.get(at).copied()
    }

    /// Returns the factor of a field's weights, which is 1 before decisions teach another.
    pub fn coefficient(&self, field: ComparedField) -> f64 {
        self.coefficients[field as usize]
    }

    /// Returns the line that makes a score a probability, once there are enough decisions.
    pub fn calibration(&self) -> Option<Calibration> {
        self.calibration
    }

    /// Returns the number of decisions that the coefficients were learnt from.
    pub fn decisions(&self) -> u32 {
        self.decisions
    }

    /// Returns the model with other shares, from counts of levels by field and level. For the program that learns them.
    #[doc(hidden)]
    #[must_use]
    pub fn with_counts(mut self, counts: &[Vec<f64>]) -> Self {
        for field in ComparedField::ALL {
            let Some(counts) = counts.get(field as usize).filter(|counts| counts.iter().sum::<f64>() > 0.0) else {
                continue;
            };
            let levels = field.level_list().len();
            let total: f64 = counts.iter().take(levels).sum();
            for (share, count) in self.shares[field as usize].iter_mut().zip(counts).take(levels) {
                *share = (count / total).max(MIN_SHARE);
            }
            normalise(&mut self.shares[field as usize]);
        }
        self
    }

    pub(crate) fn shares(&self) -> &[[f64; MAX_LEVELS]; FIELDS] {
        &self.shares
    }

    pub(crate) fn others(&self) -> &[[f64; MAX_LEVELS]; FIELDS] {
        &self.others
    }

    pub(crate) fn with_learnt(
        mut self,
        coefficients: [f64; FIELDS],
        calibration: Option<Calibration>,
        decisions: u32,
    ) -> Self {
        self.coefficients = coefficients;
        self.calibration = calibration;
        self.decisions = decisions;
        self
    }

    pub(crate) fn with_shares(mut self, shares: [[f64; MAX_LEVELS]; FIELDS]) -> Self {
        self.shares = shares.map(|row| row.map(|share| (share * 1e6).round() / 1e6));
        self
    }
}

/// Divides shares by their sum, to six digits, so that a model that is written and read again is the same.
fn normalise(shares: &mut [f64; MAX_LEVELS]) {
    let total: f64 = shares.iter().sum();
    if (total - 1.0).abs() > 1e-5 {
        shares.iter_mut().for_each(|share| *share = (*share / total * 1e6).round() / 1e6);
    }
}

fn table(form: &BTreeMap<String, BTreeMap<String, f64>>) -> Result<[[f64; MAX_LEVELS]; FIELDS], String> {
    let mut table = [[0.0; MAX_LEVELS]; FIELDS];
    for field in ComparedField::ALL {
        table[field as usize] = row(field, form.get(field.name()))?;
    }
    Ok(table)
}

fn row(field: ComparedField, form: Option<&BTreeMap<String, f64>>) -> Result<[f64; MAX_LEVELS], String> {
    let form = form.ok_or_else(|| format!("it has no shares of {field}"))?;
    let mut shares = [0.0; MAX_LEVELS];
    for (share, level) in shares.iter_mut().zip(field.levels()) {
        let given = form.get(level).ok_or_else(|| format!("it has no share of the level {level} of {field}"))?;
        if !(0.0..=1.0).contains(given) {
            return Err(format!("the share of the level {level} of {field} is out of range"));
        }
        *share = given.max(MIN_SHARE);
    }
    if form.len() != field.level_list().len() {
        return Err(format!("it has an unknown level of {field}"));
    }
    normalise(&mut shares);
    Ok(shares)
}
