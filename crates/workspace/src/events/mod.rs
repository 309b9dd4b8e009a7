//! The events that follow from an operation, and their queue for the host.

pub(crate) mod consequences;
pub(crate) mod queue;
