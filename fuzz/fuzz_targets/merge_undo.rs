#![no_main]

#[path = "../laws"]
mod laws {
    pub mod merge_undo;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::merge_undo::holds(input));
