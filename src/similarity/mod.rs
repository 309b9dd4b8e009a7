//! From contacts to scored pairs and clusters: the same person without a shared key, and different people with one.
//!
//! [`Similarity::fit`] compares contacts, and everything else asks the result: [`Similarity::suggestions`] for the clusters,
//! [`Similarity::score`] and [`Similarity::why`] of two contacts, [`Similarity::uncertain`] for the pairs that a person
//! should look at first. [`Similarity::update`] and [`Similarity::remove`] follow the contacts, [`Similarity::learn`] follows
//! the decisions of people.
//!
//! A score is the log-odds that two contacts are one person, in bits: what is known before they are compared, plus what
//! each field says. A field says the binary logarithm of how much more often its level occurs among records of one person
//! than among those of two (Fellegi and Sunter's model). The first number ships with the library as a [`Model`], and the
//! second is counted on the contacts themselves: a rare name says more than a common one, and a phone says the less, the
//! more people have it.
//!
//! Each file imports only from the files before it: `stable_hash`, `text_distance`, `interned_texts`, `nicknames`, `field`,
//! `frequencies`, `comparable`, `comparison`, `model`, `scoring`, `block_keys`, `candidates`, `live_blocks`, `fitted_model`,
//! `estimation`, `explanation`, `compared_contacts`, `clusters`, `linkage`, `decisions`, `learning`, `similarity_index`,
//! `similar_suggestion`, `separation`, `agreement_rule`, `updates`.

mod agreement_rule;
mod block_keys;
mod candidates;
mod clusters;
mod comparable;
mod compared_contacts;
mod comparison;
mod decisions;
mod estimation;
mod explanation;
mod field;
mod fitted_model;
mod frequencies;
mod interned_texts;
mod learning;
mod linkage;
mod live_blocks;
mod model;
mod nicknames;
mod scoring;
mod separation;
mod similar_suggestion;
mod similarity_index;
mod stable_hash;
mod text_distance;
mod updates;

pub use agreement_rule::Disagreement;
pub use comparable::ComparableForm;
pub use compared_contacts::ScopedContact;
pub use decisions::{DecisionError, Decisions, PairDecision};
pub use explanation::{Band, Explanation, FieldEvidence, SimilarityScore};
pub use field::ComparedField;
pub use fitted_model::FittedModel;
pub use model::{Calibration, Model, ModelError};
pub use separation::{Separation, SharedBy};
pub use similar_suggestion::SimilarSuggestion;
pub use similarity_index::{ScoredPair, Similarity};
