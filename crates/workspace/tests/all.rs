//! All tests of the workspace in one program: each program of its own would link the libraries again.

mod inbox;
mod model;
mod operations;

mod backend_recipe;
mod contact_members;
mod deletion_is_final;
mod fuzz_seeds;
mod inbox_blocks;
mod inbox_channels;
mod inbox_tags;
mod keys_of_portfolios;
mod protocol_arguments;
mod protocol_document;
mod protocol_equals_the_model;
mod protocol_refusals;
mod public_types;
mod renamed_tags;
mod rows_in_a_store;
mod rows_of_merged_contacts;
mod segments_and_files;
mod undo_of_derived_values;
mod what_users_may_write;
mod withdrawn_consents;
mod workspace_laws;
mod workspace_state;
