//! All tests of the command line in one program: each program of its own would link the library again.

#[allow(dead_code)]
mod command;
#[path = "../../workspace/tests/model/mod.rs"]
#[allow(dead_code)]
mod model;
#[allow(dead_code)]
#[path = "../../files/tests/rows/mod.rs"]
mod rows;

mod commands;
mod databases_are_read;
mod files_that_are_written;
mod in_a_database;
mod input_roles;
mod input_unpacking;
mod input_unread;
mod input_values;
mod killed_midway;
mod killed_while_merging;
mod merge_a_file;
mod merge_cautiously;
mod merged_rows_of_exports;
mod replay_answers_as_the_protocol;
mod rows_without_ids;
mod suggest_reads_tables_in_pieces;
mod texts_from_outside;
mod undo_a_merge;
mod undo_gives_the_file_back;
mod undo_refusals;
mod values_do_not_show;
