//! The protocol answers as the slow model of it does, line for line, whatever the operations.
//!
//! An input is choices: whether there are odd lines, and then all that `sequence_of` asks for.

use onefold_workspace::Protocol;
use serde_json::Value;

use crate::model::Model;
use crate::model::sequences::{Random, sequence_of};

pub fn holds(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else { return };
    let lines = sequence_of(&mut Random::Bytes(rest), first % 2 == 1);
    let mut protocol = Protocol::new().with_state();
    let got = lines.iter().filter_map(|line| protocol.answer(line));
    let got: Vec<Value> = got.map(|answer| Model::comparable(serde_json::from_str(&answer).expect("JSON"))).collect();
    let wanted: Vec<Value> = Model::run(&lines).into_iter().map(Model::comparable).collect();
    assert_eq!(got.len(), wanted.len(), "as many answers as lines");
    for ((got, wanted), place) in got.iter().zip(&wanted).zip(0..) {
        assert!(got == wanted, "answer {place} of {lines:#?}\n{got:#}\n{wanted:#}");
    }
}
