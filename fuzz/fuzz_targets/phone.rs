#![no_main]

#[path = "../laws"]
mod laws {
    pub mod phone;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::phone::holds(input));
