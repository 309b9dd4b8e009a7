//! All tests of reading files in one program: each program of its own would link the library again.

#[allow(dead_code)]
mod rows;

mod conformance;
mod encodings;
mod fuzz_seeds;
mod json;
mod json_layouts;
mod mutations;
mod options;
mod rows_written_again;
mod tables;
mod vcard_lines;
mod vcards;
