//! All tests of reading files in one program: each program of its own would link the library again.

#[path = "support/generated_objects.rs"]
mod generated_objects;
#[path = "support/merged_rows.rs"]
mod merged_rows;
#[allow(dead_code)]
#[path = "support/rows.rs"]
mod rows;

mod bytes {
    mod conformance;
    mod encodings;
    mod fuzz_seeds;
    mod mutations;
}

mod csv {
    mod tables;
}

mod json {
    mod layouts;
    mod records;
}

mod mapping {
    mod composed_examples;
    mod composed_rows;
    mod options;
}

mod scan {
    mod file_items;
    mod plain_objects;
}

mod vcard {
    mod cards;
    mod lines;
    mod random_cards;
    mod written_cards;
}
