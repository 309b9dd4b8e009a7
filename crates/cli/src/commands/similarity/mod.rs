//! The common parts of commands that compare contacts by all their values.
//!
//! ```text
//! files -> scan -> ContactList -> Similarity -> suggestions (commands/suggest), model and questions (commands/learn)
//! ```

pub mod bit_sum;
pub mod contact_list;
pub mod decision_file;
pub mod model_file;
