//! The command line of onefold.
fn main() {}
