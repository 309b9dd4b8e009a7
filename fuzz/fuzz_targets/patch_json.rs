#![no_main]

#[path = "../laws"]
mod laws {
    pub mod patch_json;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::patch_json::holds(input));
