//! All tests of the command line in one program: each program of its own would link the library again.

#[path = "support/address_books.rs"]
mod address_books;
#[allow(dead_code)]
#[path = "support/command.rs"]
mod command;
#[allow(dead_code)]
#[path = "../../workspace/tests/support/model/mod.rs"]
mod model;
#[allow(dead_code)]
#[path = "../../files/tests/support/rows.rs"]
mod rows;

mod suggest {
    mod array_and_card_equality;
    mod commands;
    mod json_lines_equality;
    pub mod scan_equality;
}

mod similar {
    mod document;
    mod forms;
    mod learning;
    mod refusals;
    pub mod suggestions;
}

mod input {
    mod missing_ids;
    mod roles;
    mod unpacking;
    mod unread;
    mod values;
}

mod merge {
    mod address_books;
    mod cautious_rule;
    mod chunks;
    mod crash_consistency;
    mod exported_rows;
    mod files;
}

mod undo {
    mod merges;
    mod refusals;
    mod round_trip;
}

mod db {
    mod commands;
    mod crash_consistency;
    mod readers;
    mod replay;
}

mod output {
    mod escaping;
    mod privacy;
    mod written_files;
}
