#![no_main]

#[path = "../laws"]
mod laws {
    pub mod contact_json;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::contact_json::holds(input));
