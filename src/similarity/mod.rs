//! From contacts to scored pairs and clusters: the same person without a shared key, and different people with one.
//!
//! [`Similarity::fit`] compares contacts, and everything else asks the result: [`Similarity::suggestions`],
//! [`Similarity::score`] and [`Similarity::why`] of two contacts, [`Similarity::uncertain`] for the pairs that a person
//! should look at first.

mod block_keys;
mod candidates;
mod clusters;
mod comparable;
mod comparison;
mod estimation;
mod explanation;
mod field;
mod frequencies;
mod model;
mod nicknames;
mod scoring;
mod similarity_index;
mod stable_hash;
mod text_distance;
mod text_table;

pub use comparable::ComparableForm;
pub use explanation::{Band, Explanation, FieldEvidence, SimilarityScore};
pub use field::ComparedField;
pub use model::{Calibration, Model, ModelError};
pub use similarity_index::{ScopedContact, ScoredPair, SimilarSuggestion, Similarity};
