//! After every operation on an index, every way of asking agrees with the naive finder.
//!
//! An input is choices: for each operation what it is, and then its arguments.

use crate::naive::operations::{IDS, Op, apply, check, empty};
use crate::naive::{Id, VALUES};

use super::choices::Choices;

const MAX: usize = 40;

pub fn holds(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (mut index, mut naive) = empty();
    for _ in 0..MAX {
        if choices.is_over() {
            break;
        }
        apply(&operation(&mut choices), &mut index, &mut naive);
        check(&index, &naive);
    }
}

fn operation(choices: &mut Choices<'_>) -> Op {
    fn id(choices: &mut Choices<'_>) -> Id {
        choices.byte() % IDS
    }
    let values = |choices: &mut Choices<'_>| choices.several(3, |choices| choices.below(VALUES.len()));
    match choices.below(16) {
        0..=4 => Op::Insert(id(choices), values(choices), choices.below(10) == 9),
        5..=7 => Op::Update(id(choices), values(choices)),
        8 => Op::Remove(id(choices)),
        9 => Op::Block(id(choices)),
        10 => Op::Unblock(id(choices)),
        11 | 12 => Op::MarkDistinct(id(choices), id(choices)),
        13 => Op::MarkDistinctForever(id(choices), id(choices)),
        14 => Op::ClearDistinct(id(choices), id(choices)),
        _ => {
            let holders = choices.below(5);
            Op::Rules((holders > 0).then_some(holders), 2 + choices.below(6), 1 + choices.byte() % 3)
        }
    }
}
