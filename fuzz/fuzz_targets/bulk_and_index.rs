#![no_main]

#[path = "../laws"]
mod laws {
    pub mod bulk_and_index;
    #[allow(dead_code)]
    pub mod choices;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::bulk_and_index::holds(input));
