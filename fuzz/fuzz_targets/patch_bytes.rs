#![no_main]

#[path = "../laws"]
mod laws {
    pub mod patch_bytes;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::patch_bytes::holds(input));
