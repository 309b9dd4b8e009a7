#![no_main]

#[path = "../laws"]
mod laws {
    #[allow(dead_code)]
    pub mod phone;
    pub mod phone_by_tables;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::phone_by_tables::holds(input));
