#![no_main]

#[path = "../laws"]
mod laws {
    pub mod email;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::email::holds(input));
