//! From the levels of a comparison to bits of evidence.

use crate::similarity::comparable::{ComparableRow, Texts};
use crate::similarity::comparison::{self, Outcome};
use crate::similarity::field::{ComparedField, FIELDS, MAX_LEVELS, Rarity};
use crate::similarity::frequencies::CountKind;
use crate::similarity::model::{Calibration, Model};

/// One bit, as a score that is added without rounding.
pub(crate) const SCORE_BIT: f64 = 1_024.0;

/// The part of a weight that the smaller parts of one address count.
const FURTHER_PLACE: f64 = 0.35;

/// How much more often a whole name occurs than its parts say.
const NAME_CORRELATION: f64 = 3.0;

/// The share of other holders of a name that are taken for other people.
const OTHER_HOLDERS: f64 = 0.5;

/// A near phone or email is worth at most so many bits more than it takes to find one contact among all.
const NEAR_BITS: f64 = 2.0;

/// The log-odds, in bits, for one person against two of one household, before they are estimated.
const HOUSEHOLD: f64 = 3.0;

/// The weights of all levels, for the contacts at hand.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    /// log2 of the share of each level among pairs that are one person.
    log_shares: [[f64; MAX_LEVELS]; FIELDS],
    /// log2 of that share over the share among other pairs.
    ratios: [[f64; MAX_LEVELS]; FIELDS],
    /// The rarity in bits of an average value of each field.
    mean_rarity: [f64; FIELDS],
    /// log2 of the number of contacts.
    log_contacts: f64,
    /// The log-odds, in bits, that two contacts are one person before they are compared.
    prior: f64,
    /// The same for two contacts who share a family name and a phone or an address, and may be of one household.
    household: f64,
    coefficients: [f64; FIELDS],
    calibration: Option<Calibration>,
}

/// The bits that each field gives to a score.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldBits {
    pub(crate) bits: [f64; FIELDS],
    pub(crate) prior: f64,
}

impl FieldBits {
    /// Returns the sum in bits.
    pub(crate) fn total(&self) -> f64 {
        self.bits.iter().sum::<f64>() + self.prior
    }
}

impl Weights {
    /// Returns the weights of a model where `others` are the shares of levels among pairs of other people.
    pub(crate) fn new(model: &Model, others: &[[f64; MAX_LEVELS]; FIELDS], contacts: u32, prior: f64) -> Self {
        let mut weights = Self {
            log_shares: [[0.0; MAX_LEVELS]; FIELDS],
            ratios: [[0.0; MAX_LEVELS]; FIELDS],
            mean_rarity: [0.0; FIELDS],
            log_contacts: f64::from(contacts.max(2)).log2(),
            prior,
            household: HOUSEHOLD,
            coefficients: ComparedField::ALL.map(|field| model.coefficient(field)),
            calibration: model.calibration(),
        };
        for field in ComparedField::ALL {
            let at = field as usize;
            for (level, other) in others[at].iter().enumerate().take(field.level_list().len()) {
                let share = model.shares()[at][level];
                weights.log_shares[at][level] = share.log2();
                weights.ratios[at][level] = (share / other).log2();
            }
            weights.mean_rarity[at] = -others[at][0].log2();
        }
        weights
    }

    pub(crate) fn with_prior(mut self, prior: f64) -> Self {
        self.prior = prior;
        self
    }

    pub(crate) fn with_household(mut self, household: f64) -> Self {
        self.household = household;
        self
    }

    pub(crate) fn household(&self) -> f64 {
        self.household
    }

    pub(crate) fn prior(&self) -> f64 {
        self.prior
    }

    /// Returns the bits of each field, without the prior and before the coefficients.
    pub(crate) fn raw_bits(&self, texts: &Texts, outcome: &Outcome, name: impl Fn() -> u64) -> [f64; FIELDS] {
        let mut bits = [0.0; FIELDS];
        for (field, level) in outcome.given() {
            bits[field as usize] = self.level_bits(texts, field, level, outcome.value(field));
        }
        if outcome.is_same_name {
            self.limit_whole_name(texts, &mut bits, name());
        }
        reduce_places(&mut bits);
        bits
    }

    fn level_bits(&self, texts: &Texts, field: ComparedField, level: u8, value: u32) -> f64 {
        let (at, level) = (field as usize, usize::from(level));
        let (_, rarity) = field.level_list()[level];
        let limit = self.log_contacts + NEAR_BITS;
        match rarity {
            Rarity::Whole => self.log_shares[at][level] + self.rarity(texts, field, value),
            Rarity::Half => {
                let bits = self.ratios[at][level] + (self.rarity(texts, field, value) - self.mean_rarity[at]) / 2.0;
                bits.min(limit)
            }
            Rarity::None => self.ratios[at][level].min(limit),
        }
    }

    /// Returns how rare a value is, in bits.
    fn rarity(&self, texts: &Texts, field: ComparedField, value: u32) -> f64 {
        let frequencies = &texts.frequencies;
        let count = match field {
            ComparedField::Given => frequencies.given(value),
            ComparedField::Family => frequencies.family(value),
            ComparedField::BirthDate => frequencies.value(CountKind::BirthDate, value.into()),
            ComparedField::Email => frequencies.email_people(value),
            ComparedField::Phone => frequencies.phone_people(value),
            ComparedField::Company => frequencies.company(value),
            ComparedField::Street => frequencies.street(value),
            ComparedField::City | ComparedField::Postcode | ComparedField::State => frequencies.place(value),
            ComparedField::Country => frequencies.value(CountKind::Country, value.into()),
            _ => 1,
        };
        (self.log_contacts - f64::from(count).log2()).max(0.0)
    }

    /// Limits the bits of a name that is the same in both to what the frequency of the whole name allows.
    fn limit_whole_name(&self, texts: &Texts, bits: &mut [f64; FIELDS], name: u64) {
        let (given, family) = (ComparedField::Given as usize, ComparedField::Family as usize);
        let parts = bits[given] + bits[family];
        let shares = self.log_shares[given][usize::from(comparison::given::EXACT)]
            + self.log_shares[family][usize::from(comparison::family::EXACT)];
        let by_parts = parts - shares - NAME_CORRELATION.log2();
        let others = f64::from(texts.frequencies.value(CountKind::WholeName, name)) - 2.0;
        let by_holders = self.log_contacts - (others * OTHER_HOLDERS).max(0.25).log2();
        let excess = parts - shares - by_parts.min(by_holders).max(0.0);
        if bits[given] != 0.0 && bits[family] != 0.0 && excess > 0.0 {
            bits[given] -= excess / 2.0;
            bits[family] -= excess / 2.0;
        }
    }

    /// Returns the bits of each field and the prior.
    pub(crate) fn field_bits(&self, texts: &Texts, outcome: &Outcome, name: impl Fn() -> u64) -> FieldBits {
        let mut bits = self.raw_bits(texts, outcome, name);
        if has_unlike_given_names(outcome) && shares_a_household(outcome) {
            consider_household(&mut bits, self.prior, self.household);
        }
        let line = self.calibration.unwrap_or(Calibration { slope: 1.0, offset: 0.0 });
        for (bits, coefficient) in bits.iter_mut().zip(self.coefficients) {
            *bits *= coefficient * line.slope;
        }
        FieldBits { bits, prior: self.prior * line.slope + line.offset }
    }

    /// Returns the weights without what decisions taught.
    pub(crate) fn without_learnt(&self) -> Self {
        Self { coefficients: [1.0; FIELDS], calibration: None, ..self.clone() }
    }

    /// Returns the bits of each field of two contacts, and the prior.
    pub(crate) fn bits_of(&self, texts: &Texts, a: &ComparableRow, b: &ComparableRow) -> FieldBits {
        let outcome = comparison::compare(texts, a, b);
        self.field_bits(texts, &outcome, || texts.whole_name(a))
    }

    /// Returns the score of two contacts in [`SCORE_BIT`]s. The same for both orders of the two.
    pub(crate) fn score(&self, texts: &Texts, a: &ComparableRow, b: &ComparableRow) -> i32 {
        let [score] = Self::scores([self], texts, a, b);
        score
    }

    /// Returns the scores of two contacts by several weights, with one comparison.
    pub(crate) fn scores<const N: usize>(
        weights: [&Self; N],
        texts: &Texts,
        a: &ComparableRow,
        b: &ComparableRow,
    ) -> [i32; N] {
        let outcome = comparison::compare(texts, a, b);
        let name = if outcome.is_same_name { texts.whole_name(a) } else { 0 };
        weights.map(|weights| in_units(weights.field_bits(texts, &outcome, || name).total()))
    }
}

/// Returns bits as a whole number of [`SCORE_BIT`]s.
pub(crate) fn in_units(bits: f64) -> i32 {
    (bits * SCORE_BIT).round().clamp(-1e6, 1e6) as i32
}

/// Returns the probability that corresponds to log-odds in bits.
pub(crate) fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

/// Returns true if two contacts share a family name and a phone, a street or a postcode.
pub(crate) fn shares_a_household(outcome: &Outcome) -> bool {
    use comparison::{family, phone};
    let is_at_most = |field: ComparedField, greatest: u8| outcome.level(field).is_some_and(|level| level <= greatest);
    is_at_most(ComparedField::Family, family::NEAR)
        && (is_at_most(ComparedField::Phone, phone::EXACT)
            || is_at_most(ComparedField::Street, 1)
            || is_at_most(ComparedField::Postcode, 0))
}

/// Returns true if the given names are those of two people.
pub(crate) fn has_unlike_given_names(outcome: &Outcome) -> bool {
    use comparison::given;
    outcome.level(ComparedField::Given).is_some_and(|level| matches!(level, given::DIFFERENT | given::SEVERAL))
}

/// Returns the bits that a field says for one person and against two of one household, if it says so many for one person
/// and against strangers.
fn bits_in_household(field: ComparedField, bits: f64) -> f64 {
    match field {
        ComparedField::Family => bits.min(-0.5),
        ComparedField::Phone => bits.min(1.0),
        ComparedField::Email => bits.min(6.0),
        field if field.is_place() => bits.min(0.0),
        _ => bits,
    }
}

/// Reduces what members of a household share, if the contacts are more likely two of them than two strangers. `prior` is
/// the log-odds for one person against strangers, and `household` those against members of a household.
fn consider_household(bits: &mut [f64; FIELDS], prior: f64, household: f64) {
    let against_strangers = prior + bits.iter().sum::<f64>();
    let in_household = ComparedField::ALL.map(|field| bits_in_household(field, bits[field as usize]));
    let against_household = household + in_household.iter().sum::<f64>();
    // Two people are strangers or of one household, so the likelihoods of the two add.
    let against_both = -((-against_strangers).exp2() + (-against_household).exp2()).log2();
    let gain: f64 = bits.iter().zip(in_household).map(|(bits, other)| bits - other).sum();
    let excess = (against_strangers - against_both.max(-1e3)).clamp(0.0, gain.max(0.0));
    if gain > 0.0 {
        for (bits, other) in bits.iter_mut().zip(in_household) {
            *bits -= (*bits - other) * excess / gain;
        }
    }
}

/// The parts of one address say the same, so the greatest counts whole and the others in part.
fn reduce_places(bits: &mut [f64; FIELDS]) {
    let places = || ComparedField::ALL.into_iter().filter(|field| field.is_place()).map(|field| field as usize);
    let greatest = places().max_by(|a, b| bits[*a].total_cmp(&bits[*b])).filter(|place| bits[*place] > 0.0);
    let least = places().min_by(|a, b| bits[*a].total_cmp(&bits[*b])).filter(|place| bits[*place] < 0.0);
    for place in places() {
        if Some(place) != greatest && Some(place) != least {
            bits[place] *= FURTHER_PLACE;
        }
    }
}
