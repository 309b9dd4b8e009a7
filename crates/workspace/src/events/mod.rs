//! What happened, what follows from an operation, and telling the host.

pub(crate) mod consequences;
pub(crate) mod queue;
