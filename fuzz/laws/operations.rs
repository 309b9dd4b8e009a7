//! The protocol answers as the slow model of it does, line for line, whatever the operations.
//!
//! An input is choices: whether there are odd lines, and then all that `sequence_of` asks for.

use onefold::Protocol;
use serde_json::Value;

use crate::model::Model;
use crate::model::sequences::{Random, sequence_of};

pub fn holds(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else { return };
    let lines = sequence_of(&mut Random::Bytes(rest), first % 2 == 1);
    let mut protocol = Protocol::new().with_state();
    let got = lines.iter().filter_map(|line| protocol.answer(line));
    let got: Vec<Value> = got.map(|answer| in_order(serde_json::from_str(&answer).expect("JSON"))).collect();
    let wanted: Vec<Value> = Model::run(&lines).into_iter().map(in_order).collect();
    assert_eq!(got.len(), wanted.len(), "as many answers as lines");
    for ((got, wanted), place) in got.iter().zip(&wanted).zip(0..) {
        assert!(got == wanted, "answer {place} of {lines:#?}\n{got:#}\n{wanted:#}");
    }
}

/// The same answer with what has no order in a fixed one.
fn in_order(mut answer: Value) -> Value {
    for name in ["lost", "conflicts"] {
        if let Some(items) = answer.get_mut(name).and_then(Value::as_array_mut) {
            items.sort_by_key(Value::to_string);
        }
    }
    answer
}
