//! All tests of the workspace in one program: each program of its own would link the libraries again.

#[path = "support/filled_inbox.rs"]
mod filled_inbox;
#[path = "support/model/mod.rs"]
mod model;
#[path = "support/operations.rs"]
mod operations;
#[path = "support/requests.rs"]
mod requests;

mod protocol {
    mod answers;
    mod arguments;
    mod contact_members;
    mod document;
    mod fuzz_seeds;
    mod model_equality;
    mod refusals;
}

mod inbox {
    mod blocks;
    mod channels;
    mod permissions;
    mod portfolio_keys;
    mod renamed_tags;
    mod segments;
    mod tags;
}

mod merges {
    mod deletion;
    mod derived_values;
    mod source_rows;
    mod withdrawn_consents;
}

mod state {
    mod backend_recipe;
    mod laws;
    mod public_types;
    mod saved_states;
    mod store_rows;
}
