#![no_main]

#[path = "../../crates/workspace/tests/support/model/mod.rs"]
#[allow(dead_code)]
mod model;
#[path = "../laws"]
mod laws {
    pub mod operations;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::operations::holds(input));
