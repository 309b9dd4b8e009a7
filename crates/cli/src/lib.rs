//! What the command `onefold` is made of.

#![warn(missing_docs)]

pub mod input;
