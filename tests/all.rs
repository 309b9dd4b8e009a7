//! All integration tests in one program: each program of its own would link the library again, which takes most of the time.

mod generated;
#[cfg(feature = "serde")]
mod merge_cases;
#[allow(dead_code)]
mod naive;
#[path = "generated/spellings.rs"]
#[allow(dead_code)]
mod spellings;

mod bulk_equals_the_index;
mod distinct_and_blocked;
mod emails_the_short_way;
mod floods;
mod fuzz_seeds;
mod judge_suggestions;
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
mod public_api;
mod public_types;
mod relay_addresses;
mod second_opinion;
mod serialised_index;
mod shared_values;
mod stable_suggestion_ids;
mod suggestions_against_naive;
mod undo_after_edits;
mod unicode_traps;
mod verified_values;
