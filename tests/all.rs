//! All integration tests in one program: each program of its own would link the library again, which takes most of the time.

#[path = "support/generated/mod.rs"]
mod generated;
#[cfg(feature = "serde")]
#[path = "support/generated_people.rs"]
mod generated_people;
#[path = "support/import_graph.rs"]
mod import_graph;
#[cfg(feature = "serde")]
#[path = "support/merge_cases.rs"]
mod merge_cases;
#[allow(dead_code)]
#[path = "support/naive/mod.rs"]
mod naive;
#[allow(dead_code)]
#[path = "support/spellings.rs"]
mod spellings;

mod complexity;
mod limits;
mod privacy;

mod normalize {
    mod conformance;
    mod golden_phones;
    mod laws;
    mod numbering_plans;
    mod phone_tables;
    mod plain_emails;
    mod plain_phones;
    mod second_phone_library;
    mod shared_values;
    mod unicode;
}

mod index {
    mod distinct_and_blocked;
    mod memory;
    mod serialised_form;
}

mod suggestion {
    mod large_groups;
    mod naive_finder;
    mod rules;
    mod stable_ids;
}

mod bulk {
    mod index_equality;
}

mod merge {
    mod field_groups;
    mod laws;
    mod lists;
    mod naive_merge;
    mod policy_document;
    mod refusals;
    mod relay_addresses;
    mod rules;
    mod verified_values;
}

#[cfg(feature = "serde")]
mod similarity {
    mod bad_input;
    mod laws;
    mod naive_similarity;
    mod names_of_the_world;
}

mod undo {
    mod later_edits;
    mod patch_forms;
}

mod repository {
    mod documents;
    mod fuzz_seeds;
    mod json_names;
    mod layers;
    mod names;
    mod public_api;
    mod public_types;
    mod publishing;
    mod test_files;
}
