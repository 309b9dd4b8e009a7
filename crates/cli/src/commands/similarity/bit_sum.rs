//! Why two contacts have their score, as a sum of bits: for programs in JSON, for people in one line.

use onefold::similarity::{Explanation, FieldEvidence, SimilarityScore};

use crate::output::JsonText;

/// Fields that say less than this are not shown to people.
const SHOWN_BITS: f64 = 0.05;

/// Writes `,"score":0.97,"bits":5.1,"band":"likely"`.
pub fn put_score(score: SimilarityScore, to: &mut Vec<u8>) {
    to.put(",\"score\":");
    put_number(score.score, 1e4, to);
    to.put(",\"bits\":");
    put_number(score.bits, 1e3, to);
    to.put(",\"band\":\"");
    to.put(score.band().name());
    to.put("\"");
}

/// Writes `,"prior":-14.2,"fields":[..]`: what is known before the two are compared, and what each field adds, with its level and
/// both values in their comparable form.
pub fn put_sum(explanation: &Explanation, to: &mut Vec<u8>) {
    to.put(",\"prior\":");
    put_number(explanation.prior, 1e3, to);
    to.put(",\"fields\":");
    to.put_list(&explanation.fields, |evidence, to| {
        to.put("{\"field\":\"");
        to.put(evidence.field.name());
        to.put("\",\"level\":\"");
        to.put(evidence.level);
        to.put("\",\"bits\":");
        put_number(evidence.bits, 1e3, to);
        to.put(",\"values\":");
        to.put_list(&[&evidence.a, &evidence.b], |value, to| to.put_text(value));
        to.put("}");
    });
}

/// Returns the fields that speak for one person, then those that speak against it, the strongest first: `family near +6.1, given
/// exact +4.0, city different -1.2`.
pub fn short(explanation: &Explanation) -> String {
    let mut shown: Vec<_> = explanation.fields.iter().filter(|evidence| evidence.bits.abs() >= SHOWN_BITS).collect();
    shown.sort_by(|a, b| {
        let rank = |bits: f64| (bits < 0.0, -bits.abs());
        rank(a.bits).partial_cmp(&rank(b.bits)).unwrap_or(std::cmp::Ordering::Equal).then(a.field.cmp(&b.field))
    });
    let text = |evidence: &&FieldEvidence| {
        format!("{} {} {:+.1}", words(evidence.field.name()), words(evidence.level), evidence.bits)
    };
    shown.iter().map(text).collect::<Vec<String>>().join(", ")
}

/// Returns a score for people.
pub fn score_text(score: SimilarityScore) -> String {
    format!("{:.2}", score.score)
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// Writes a number to so many parts of one.
fn put_number(number: f64, parts: f64, to: &mut Vec<u8>) {
    // Adding zero makes -0 to 0.
    to.put(&((number * parts).round() / parts + 0.0).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_json() {
        for (number, json) in [(-14.23456, "-14.235"), (0.0, "0"), (-0.0001, "0"), (1.0, "1"), (1e-3, "0.001")] {
            let mut written = Vec::new();
            put_number(number, 1e3, &mut written);
            assert_eq!(String::from_utf8(written).as_deref(), Ok(json));
        }
    }
}
