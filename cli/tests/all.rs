//! All tests of the command line in one program: each program of its own would link the library again.

#[allow(dead_code)]
mod command;
#[path = "../../tests/model/mod.rs"]
#[allow(dead_code)]
mod model;
#[allow(dead_code)]
mod rows;

mod commands;
mod fuzz_seeds;
mod in_a_database;
mod input_conformance;
mod input_encodings;
mod input_json;
mod input_mutations;
mod input_options;
mod input_tables;
mod input_unpacking;
mod input_vcards;
mod killed_midway;
mod killed_while_merging;
mod merge_a_file;
mod replay_answers_as_the_protocol;
mod rows_written_again;
mod suggest_reads_tables_in_pieces;
mod undo_a_merge;
mod undo_gives_the_file_back;
mod values_do_not_show;
