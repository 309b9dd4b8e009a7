//! Contact tables of any size, and a program written by hand that finds their groups.

mod by_hand;
mod generator;

pub use by_hand::groups_by_hand;
pub use generator::generate;
