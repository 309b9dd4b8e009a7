//! All integration tests in one program: each program of its own would link the library again, which takes most of the time.

mod generated;
mod inbox;
#[cfg(feature = "serde")]
mod merge_cases;
#[cfg(feature = "serde")]
mod model;
#[allow(dead_code)]
mod naive;
mod operations;
#[path = "generated/spellings.rs"]
#[allow(dead_code)]
mod spellings;

mod backend_recipe;
mod bulk_equals_the_index;
mod contact_members;
mod deletion_is_final;
mod emails_the_short_way;
mod floods;
mod fuzz_seeds;
mod inbox_blocks;
mod inbox_channels;
mod inbox_tags;
mod judge_suggestions;
mod keys_of_portfolios;
mod large_groups;
mod layers;
mod limits;
mod memory_of_an_index;
mod merge_laws;
mod merge_lists;
mod merge_refusals;
mod merge_rules;
mod merges_against_naive;
mod names_in_the_forms;
mod normalize_conformance;
mod normalize_laws;
mod numbering_plans;
mod parts_of_one_contact;
mod patch_forms;
mod phone_golden;
mod phones_by_tables;
mod policy_document;
mod privacy;
mod protocol_arguments;
mod protocol_document;
mod protocol_equals_the_model;
mod protocol_refusals;
mod public_api;
mod relay_addresses;
mod renamed_tags;
mod rows_in_a_store;
mod rows_of_merged_contacts;
mod second_opinion;
mod segments_and_files;
mod serialised_index;
mod shared_values;
mod stable_suggestion_ids;
mod suggestions_against_naive;
mod told_apart_and_blocked;
mod undo_after_edits;
mod undo_of_derived_values;
mod unicode_traps;
mod verified_values;
mod what_users_may_write;
mod withdrawn_consents;
mod workspace_laws;
mod workspace_state;
