//! Scores as people read them: bands, and the bits of each field.

use std::fmt;

use crate::similarity::comparable::{ComparableRow, Texts};
use crate::similarity::comparison;
use crate::similarity::field::ComparedField;
use crate::similarity::scoring::{SCORE_BIT, Weights, in_units, probability};

/// The log-odds that two contacts are one person.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct SimilarityScore {
    /// The log-odds in bits: 0 is even, and each bit doubles the odds.
    pub bits: f64,
    /// The score from 0 to 1 that the log-odds stand for. It is a probability only if the model is calibrated
    /// ([`Model::calibration`](crate::similarity::Model::calibration)); before that read its [`Band`].
    pub score: f64,
}

impl SimilarityScore {
    pub(crate) fn of_units(units: i32) -> Self {
        Self::of_bits(f64::from(units) / SCORE_BIT)
    }

    pub(crate) fn of_bits(bits: f64) -> Self {
        Self { bits, score: probability(bits) }
    }

    /// Returns the band of the score.
    pub fn band(self) -> Band {
        match self.score {
            score if score >= 0.95 => Band::Likely,
            score if score >= 0.5 => Band::Possible,
            _ => Band::Unlikely,
        }
    }
}

/// How likely two contacts are one person, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Band {
    /// The score is below .5.
    Unlikely,
    /// The score is from .5 to .95.
    Possible,
    /// The score is .95 or above.
    Likely,
}

impl Band {
    /// Returns the band's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unlikely => "unlikely",
            Self::Possible => "possible",
            Self::Likely => "likely",
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What one field says about two contacts. `Debug` shows no value.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct FieldEvidence {
    /// The field.
    pub field: ComparedField,
    /// The level of the comparison, such as `nickname`.
    pub level: &'static str,
    /// The bits that it adds to the score, or takes from it.
    pub bits: f64,
    /// The comparable values of the first contact, separated by commas.
    pub a: String,
    /// The comparable values of the second contact.
    pub b: String,
}

impl fmt::Debug for FieldEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("FieldEvidence");
        shown.field("field", &self.field).field("level", &self.level).field("bits", &self.bits).finish_non_exhaustive()
    }
}

/// Why two contacts have their score: what is known before they are compared, and what each field adds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// The score: the sum of all bits.
    pub score: SimilarityScore,
    /// The log-odds in bits that two contacts are one person before they are compared.
    pub prior: f64,
    /// The fields that both contacts have, in order of [`ComparedField`].
    pub fields: Vec<FieldEvidence>,
}

/// Returns the explanation of a pair's score.
pub(crate) fn explanation(weights: &Weights, texts: &Texts, a: &ComparableRow, b: &ComparableRow) -> Explanation {
    let outcome = comparison::compare(texts, a, b);
    let bits = weights.field_bits(texts, &outcome, || texts.whole_name(a));
    let (a_form, b_form) = (texts.form(a), texts.form(b));
    let fields = outcome.given().map(|(field, level)| FieldEvidence {
        field,
        level: field.levels().nth(usize::from(level)).unwrap_or_default(),
        bits: bits.bits[field as usize],
        a: a_form.text_of(field),
        b: b_form.text_of(field),
    });
    Explanation {
        score: SimilarityScore::of_units(in_units(bits.total())),
        prior: bits.prior,
        fields: fields.collect(),
    }
}
