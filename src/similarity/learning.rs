//! From decisions to coefficients of the fields, and to a line that makes a score a probability.

use crate::similarity::field::FIELDS;
use crate::similarity::model::Calibration;

/// The strength with which a coefficient is drawn towards 1: as if so many decisions said so.
const RIDGE: f64 = 4.0;

/// The number of decisions from which a score is calibrated.
pub(crate) const CALIBRATED_FROM: usize = 100;

/// The most rounds of the fit.
const ROUNDS: usize = 30;

/// The bits of a natural logarithm.
const BITS: f64 = std::f64::consts::LOG2_E;

/// A pair that was decided: the bits of its fields, and whether it is one person.
#[derive(Clone, Debug)]
pub(crate) struct DecidedPair {
    pub(crate) bits: [f64; FIELDS],
    pub(crate) is_same: bool,
}

/// What decisions teach.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Learnt {
    pub(crate) coefficients: [f64; FIELDS],
    pub(crate) calibration: Option<Calibration>,
}

/// Returns the coefficients under which the decisions are most likely, each drawn towards 1, and between 0 and 3. Cost:
/// O(d) for d decisions, in at most 30 rounds.
#[allow(clippy::needless_range_loop, reason = "rows and columns of a matrix")]
pub(crate) fn learn(decided: &[DecidedPair], prior: f64) -> Learnt {
    let mut coefficients = [1.0; FIELDS];
    let scores = |coefficients: &[f64; FIELDS], pair: &DecidedPair| {
        prior + pair.bits.iter().zip(coefficients).map(|(bits, coefficient)| bits * coefficient).sum::<f64>()
    };
    // Pairs that are shown for a decision are uncertain ones, so that the prior of all pairs is not theirs: each of the
    // two answers has the same weight.
    let same = decided.iter().filter(|pair| pair.is_same).count();
    let weight = |is_same: bool| {
        let count = if is_same { same } else { decided.len() - same };
        decided.len() as f64 / 2.0 / count.max(1) as f64
    };
    if same > 0 && same < decided.len() {
        for _ in 0..ROUNDS {
            let mut gradient: [f64; FIELDS] = coefficients.map(|coefficient| RIDGE * (coefficient - 1.0));
            let mut curvature = [[0.0; FIELDS]; FIELDS];
            for (at, row) in curvature.iter_mut().enumerate() {
                row[at] = RIDGE;
            }
            for pair in decided {
                let probability = 1.0 / (1.0 + (-scores(&coefficients, pair) / BITS).exp());
                let weight = weight(pair.is_same);
                let error = weight * (probability - f64::from(u8::from(pair.is_same)));
                let slope = weight * (probability * (1.0 - probability)).max(1e-6);
                for a in 0..FIELDS {
                    gradient[a] += error * pair.bits[a] / BITS;
                    for b in 0..FIELDS {
                        curvature[a][b] += slope * pair.bits[a] * pair.bits[b] / BITS / BITS;
                    }
                }
            }
            let step = solve(curvature, gradient);
            // Half a step at most, so that few decisions do not overshoot.
            let longest = step.iter().fold(0.0_f64, |longest, step| longest.max(step.abs()));
            let factor = if longest > 0.5 { 0.5 / longest } else { 1.0 };
            for (coefficient, step) in coefficients.iter_mut().zip(step) {
                *coefficient = (*coefficient - step * factor).clamp(0.0, 3.0);
            }
            if longest < 1e-9 {
                break;
            }
        }
    }
    // Six digits, so that a model that is written and read again is the same.
    let coefficients = coefficients.map(|coefficient| (coefficient * 1e6).round() / 1e6);
    let enough = decided.len() >= CALIBRATED_FROM && same >= 10 && decided.len() - same >= 10;
    let calibration =
        enough.then(|| line(decided.iter().map(|pair| (scores(&coefficients, pair), pair.is_same)).collect()));
    Learnt { coefficients, calibration }
}

/// Returns the line under which scores are most likely the log-odds of the answers (Platt's scaling).
#[allow(clippy::needless_range_loop, reason = "rows and columns of a matrix")]
fn line(scores: Vec<(f64, bool)>) -> Calibration {
    let (mut slope, mut offset) = (1.0, 0.0);
    for _ in 0..ROUNDS {
        let mut gradient = [RIDGE / 4.0 * (slope - 1.0), RIDGE / 40.0 * offset];
        let mut curvature = [[RIDGE / 4.0, 0.0], [0.0, RIDGE / 40.0]];
        for (score, is_same) in &scores {
            let probability = 1.0 / (1.0 + (-(slope * score + offset) / BITS).exp());
            let error = probability - f64::from(u8::from(*is_same));
            let curve = (probability * (1.0 - probability)).max(1e-6);
            let values = [score / BITS, 1.0 / BITS];
            for a in 0..2 {
                gradient[a] += error * values[a];
                for b in 0..2 {
                    curvature[a][b] += curve * values[a] * values[b];
                }
            }
        }
        let step = solve(curvature, gradient);
        slope = f64::clamp(slope - step[0].clamp(-0.5, 0.5), 0.05, 5.0);
        offset = f64::clamp(offset - step[1].clamp(-2.0, 2.0), -50.0, 50.0);
    }
    let round = |number: f64| (number * 1e6).round() / 1e6;
    Calibration { slope: round(slope), offset: round(offset) }
}

/// Solves a system of linear equations whose matrix is symmetric and positive. Cost: O(n^3).
#[allow(clippy::needless_range_loop, reason = "rows and columns of a matrix")]
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut values: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        let above = matrix[pivot];
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / above[pivot];
            for (entry, above) in matrix[row].iter_mut().zip(above).skip(pivot) {
                *entry -= factor * above;
            }
            values[row] -= factor * values[pivot];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| matrix[row][column] * values[column]).sum();
        values[row] = (values[row] - known) / matrix[row][row];
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(first: f64, second: f64, is_same: bool) -> DecidedPair {
        let mut bits = [0.0; FIELDS];
        (bits[0], bits[1]) = (first, second);
        DecidedPair { bits, is_same }
    }

    #[test]
    fn a_field_that_misleads_counts_less() {
        let pairs: Vec<DecidedPair> =
            (0..40).map(|at| pair(6.0, if at % 2 == 0 { 5.0 } else { -5.0 }, at % 2 == 0)).collect();
        let learnt = learn(&pairs, -6.0);
        assert!(learnt.coefficients[1] >= 1.0, "{:?}", learnt.coefficients);
        let misleading: Vec<DecidedPair> = (0..40)
            .map(|at| pair(if at % 4 < 2 { 8.0 } else { -8.0 }, if at % 2 == 0 { 4.0 } else { -4.0 }, at % 4 < 2))
            .collect();
        let learnt = learn(&misleading, 0.0);
        assert!(learnt.coefficients[1] < 1.0, "{:?}", learnt.coefficients);
        assert_eq!(learnt.calibration, None);
    }

    #[test]
    fn without_both_answers_nothing_changes() {
        assert_eq!(learn(&[], 0.0), Learnt { coefficients: [1.0; FIELDS], calibration: None });
        assert_eq!(learn(&[pair(1.0, 1.0, true)], 0.0).coefficients, [1.0; FIELDS]);
    }

    #[test]
    fn many_decisions_calibrate() {
        let pairs: Vec<DecidedPair> =
            (0..200).map(|at| pair(f64::from(at % 20) - 10.0, 0.0, at % 20 > 9 || at % 7 == 0)).collect();
        let learnt = learn(&pairs, 0.0);
        let line = learnt.calibration.expect("enough decisions");
        let probability = |pair: &DecidedPair| {
            let score: f64 =
                pair.bits.iter().zip(learnt.coefficients).map(|(bits, coefficient)| bits * coefficient).sum();
            1.0 / (1.0 + (-(line.slope * score + line.offset)).exp2())
        };
        // A probability is the share of right answers among the pairs that have it.
        for is_upper in [false, true] {
            let half: Vec<&DecidedPair> = pairs.iter().filter(|pair| (pair.bits[0] >= 0.0) == is_upper).collect();
            let expected: f64 = half.iter().map(|pair| probability(pair)).sum();
            let same = half.iter().filter(|pair| pair.is_same).count() as f64;
            assert!((expected - same).abs() < 0.08 * half.len() as f64, "{line:?}: {expected} of {same}");
        }
    }
}
